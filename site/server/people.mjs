/** Who is connected: since when, which page they look at; ending a connection, and the controls. */

import { element, fill, keyed, pageName } from './dom.mjs'

export class People {
  /** `acts`: `kick(client)`, and `controls()` takes or gives them. */
  constructor(acts) {
    this.acts = acts
    this.title = element('h3')
    this.list = element('ul', { tabIndex: 0 })  // it may scroll
    this.list.setAttribute('aria-labelledby', this.title.id = 'server-people')
    this.may = element('p', { className: 'about' })
    this.controls = element('p')
    this.take = element('button', { type: 'button', onclick: () => acts.controls() })
    this.box = element('div', { className: 'people' }, this.title, this.list, this.may,
      this.controls, this.take)
  }

  /** `isMine(client)`: this person's own; `mayKick`: see clients.py. */
  paint({ words, people, holder, me, isMine, mayKick, state }) {
    this.title.textContent = words.parts.people
    keyed(this.list, people, it => it.client, it => this.entry(it),
      (entry, it) => this.paintEntry(entry, it, { words, me, isMine, mayKick }))
    this.may.textContent = mayKick ? '' : words.people.may_not
    this.may.hidden = mayKick || people.every(it => isMine(it.client))
    this.controls.textContent = !holder ? words.controls.all
      : holder.mine ? words.controls.mine : fill(words.controls.other, { name: holder.name })
    this.take.textContent = holder ? words.controls.give : words.controls.take
    this.take.disabled = state !== 'on'
  }

  entry(it) {
    return element('li', {}, element('span', {}, element('strong'), ' ', element('span')),
      element('button', { type: 'button', onclick: () => this.acts.kick(it) }))
  }

  paintEntry(entry, it, { words, me, isMine, mayKick }) {
    const { people, tag } = words, [said, kick] = entry.children
    const time = new Date(1000 * it.since).toLocaleTimeString(tag,
      { hour: '2-digit', minute: '2-digit' })
    said.firstChild.textContent = it.name
    said.lastChild.textContent = [it.client === me ? people.you : '', people.kinds[it.kind],
      fill(people.since, { time }), it.page ? fill(people.page, { page: pageName(it.page) }) : '']
      .filter(Boolean).join(' · ')
    kick.textContent = people.kick
    kick.setAttribute('aria-label', fill(people.kick_who, { name: it.name }))
    kick.hidden = !mayKick || isMine(it.client)
  }
}
