/** The server on the page: a button in the header that says how it stands, a drawer behind it. */

import { element, fill } from './dom.mjs'
import { People } from './people.mjs'
import { Presets } from './presets.mjs'

export class Panel {
  /** `view`: what there is to say, see join.mjs; `acts`: what the reader may do here. */
  constructor(view, acts, monitor) {
    Object.assign(this, { view, acts, monitor })
    this.dot = element('span', { className: 'dot', ariaHidden: 'true' })
    this.label = element('span', { className: 'label' })
    this.count = element('span', { className: 'count' })
    this.toggle = element('button', { type: 'button', id: 'open-server', className: 'theme',
      onclick: () => this.turn(!this.isOpen),
      onkeydown: event => { if (event.key === 'Escape') this.turn(false) } },
    this.dot, this.label, ' ', this.count)
    this.toggle.setAttribute('aria-controls', 'server')
    document.querySelector('.choices').prepend(this.toggle)

    this.title = element('h2', { id: 'server-title' })
    this.close = element('button', { type: 'button', onclick: () => this.turn(false) })
    this.state = element('p', { className: 'state' })
    this.about = element('p', { className: 'about' })
    this.name = element('input', { type: 'text', maxLength: 40, onchange: () =>
      acts.rename(this.name.value) })
    this.nameLabel = element('label', { className: 'name' }, element('span'), this.name)
    this.follow = element('input', { type: 'checkbox', onchange: () =>
      acts.follow(this.follow.checked) })
    this.followLabel = element('label', { className: 'follow' }, this.follow, element('span'))
    this.place = element('button', { type: 'button', onclick: () => acts.move() })
    this.people = new People(acts)
    this.presets = new Presets(acts.presets)
    this.token = this.tokenForm()
    this.parts = { place: element('h3'), monitor: element('h3') }
    this.links = element('p', { className: 'links' })
    this.body = element('div', { className: 'view', tabIndex: -1 },
      element('div', { className: 'first' }, this.state, this.token, this.followLabel,
        this.nameLabel, this.parts.place, this.about, this.place),
      this.people.box, this.presets.box,
      element('div', { className: 'monitor' }, this.parts.monitor, monitor.box, this.links))
    this.box = element('aside', { id: 'server', className: 'console server', hidden: true,
      onkeydown: event => { if (event.key === 'Escape') this.turn(false) } },
    element('div', { className: 'bar' }, this.title, this.close), this.body)
    this.box.setAttribute('aria-labelledby', 'server-title')
    document.getElementById('console').before(this.box)
    this.paint()
  }

  get isOpen() { return !this.box.hidden }

  turn(open) {
    if (open === this.isOpen) return
    this.box.hidden = !open
    this.acts.opened(open)
    this.paint()
    if (!open) this.toggle.focus()
  }

  tokenForm() {
    const field = element('input', { type: 'password', autocomplete: 'off', required: true })
    const form = element('form', { className: 'token', onsubmit: event => {
      event.preventDefault()
      location.search = new URLSearchParams({ token: field.value.trim() })
    } }, element('label', {}, element('span'), field), element('button', { type: 'submit' }))
    return form
  }

  paint() {
    const view = this.view()
    const { words, state, follows, place, people, name, canMove } = view
    const known = state !== 'token'
    this.toggle.dataset.state = state
    this.label.textContent = words.short
    this.count.textContent = state === 'on' ? String(people.length) : state === 'token' ? '?' : '–'
    const says = fill(words.states[state], { count: people.length })
    // What is seen is part of what is said.
    this.toggle.setAttribute('aria-label', `${words.short} ${this.count.textContent}: ${says}`)
    this.toggle.title = says
    this.toggle.setAttribute('aria-expanded', this.isOpen)
    this.title.textContent = words.title
    this.close.textContent = words.close
    this.state.textContent = says
    this.token.hidden = known
    const [tokenWords, tokenButton] = [this.token.querySelector('span'),
      this.token.querySelector('button')]
    tokenWords.textContent = words.token.label
    tokenButton.textContent = words.token.enter
    for (const part of [this.followLabel, this.nameLabel, this.about, this.place,
      ...Object.values(this.parts), this.people.box, this.presets.box, this.monitor.box,
      this.links]) part.hidden = !known
    if (!known) return
    this.follow.checked = follows
    this.followLabel.lastChild.textContent = words.follow
    this.nameLabel.firstChild.textContent = words.name
    if (document.activeElement !== this.name) this.name.value = name
    for (const [part, it] of Object.entries(this.parts)) it.textContent = words.parts[part]
    this.about.textContent = words.place[place].about
    this.place.textContent = words.place[place].button
    this.place.disabled = !canMove
    this.people.paint(view)
    this.presets.paint(view)
    this.links.replaceChildren(
      element('a', { href: 'api/v1/docs', textContent: words.links.docs }), ' · ',
      element('a', { href: 'metrics', textContent: words.links.metrics }))
    this.monitor.paint()
  }
}
