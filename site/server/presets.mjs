/** Presets: values of all pages, or of one, under a name; saved, applied and deleted. */

import { element, fill, keyed, pageName } from './dom.mjs'

const ALL = 'all', THIS = 'this'

export class Presets {
  /** `acts`: `save(name, module)`, with null for all of them, `apply(name)`, `remove(name)`. */
  constructor(acts) {
    this.acts = acts
    this.title = element('h3')
    this.about = element('p', { className: 'about' })
    this.list = element('ul')
    this.list.setAttribute('aria-labelledby', this.title.id = 'server-presets')
    this.name = element('input', { type: 'text', maxLength: 60, required: true })
    this.what = element('select', {}, new Option('', THIS), new Option('', ALL))
    this.save = element('button', { type: 'submit' })
    this.form = element('form', { onsubmit: event => this.submit(event) },
      element('label', {}, element('span'), this.name),
      element('label', {}, element('span'), this.what), this.save)
    this.box = element('div', { className: 'presets' }, this.title, this.about, this.list,
      this.form)
  }

  async submit(event) {
    event.preventDefault()
    const all = this.what.value === ALL
    if (await this.acts.save(this.name.value.trim(), all ? null : this.module)) this.name.value = ''
  }

  /** `presets`: name, shipped, by, values; `module`: the page's, null where it has none. */
  paint({ words, presets, module, state }) {
    const said = words.presets, off = state !== 'on'
    if (module && !this.module) this.what.value = THIS
    this.module = module
    this.title.textContent = words.parts.presets
    this.about.textContent = said.about
    keyed(this.list, presets, it => it.name, it => this.entry(it),
      (entry, it) => this.paintEntry(entry, it, said, off))
    const [name, what] = this.form.querySelectorAll('label > span')
    name.textContent = said.name
    what.textContent = said.what
    this.what.options[0].textContent = said.this
    this.what.options[0].disabled = !module
    this.what.options[1].textContent = said.all
    if (!module) this.what.value = ALL
    this.save.textContent = said.save
    this.save.disabled = off
  }

  entry({ name }) {
    return element('li', {}, element('span', {}, element('strong', { textContent: name }), ' ',
      element('span')),
    element('button', { type: 'button', onclick: () => this.acts.apply(name) }),
    element('button', { type: 'button', onclick: () => this.acts.remove(name) }))
  }

  paintEntry(entry, { name, shipped, by, values }, said, off) {
    const [about, apply, remove] = entry.children
    const pages = Object.keys(values).map(pageName), few = pages.length < 3
    about.lastChild.textContent = [few ? pages.join(', ') : fill(said.pages,
      { count: pages.length }), ...(shipped ? [] : [by])].join(' · ')
    for (const [button, word] of [[apply, 'apply'], [remove, 'delete']]) {
      button.textContent = said[word]
      button.setAttribute('aria-label', `${said[word]} ${name}`)
      button.disabled = off
    }
    remove.hidden = shipped
  }
}
