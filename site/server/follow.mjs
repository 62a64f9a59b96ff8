/** Keeps the pages' states and the server's equal, unless the reader goes their own way. */

import { chosen, remember } from '../assets/preferences.mjs'
import { changed, difference, linkChanges } from './spelling.mjs'

const GATHER = 60      // ms in which changes of the reader's go out as one
const TYPING = 1500    // ms after a key in a text, before a change of others may come in
const TOUCHING = 350   // the same after any other input
const AGAIN = 150      // ms until it is tried again
const TEXTS = 'textarea, input[type=text], input:not([type])'
const PASSING = { inference: ['shown', 'at'] }  // change by themselves, as the model writes

export class Follow {
  /**
   * `modules`: how links spell parameters, by page; `ask(message)` the connection's; `shell`: see
   * shell.mjs; `refused(error)`: a change of the reader's was not taken.
   */
  constructor(modules, ask, shell, refused) {
    Object.assign(this, { modules, ask, shell, refused })
    this.on = chosen('follow') !== 'no'
    this.shared = {}          // the server's state: module → values
    this.pending = {}         // page → changes of others that it has not taken
    this.mine = {}            // page → changes of the reader's that are to be sent
    this.unanswered = {}      // page → how many sets are on their way
    this.following = new Set()  // pages that take a change now
    this.known = new Map()    // page → the state it told last
    const [{ type } = {}] = performance.getEntriesByType('navigation')
    const byLink = type === 'navigate' && Object.keys(shell.query(shell.page())).length
    this.linked = new Set(byLink ? [shell.page()] : [])  // a reload is no link
    this.quietFrom = 0
    const touch = event => {
      const text = event.composedPath()[0]?.matches?.(TEXTS)
      this.quietFrom = performance.now() + (text ? TYPING : TOUCHING)
    }
    for (const kind of ['input', 'keydown', 'pointerdown']) {
      addEventListener(kind, touch, { capture: true })
    }
    this.held = false
    addEventListener('pointerdown', () => { this.held = true }, { capture: true })
    for (const kind of ['pointerup', 'pointercancel', 'blur']) {
      addEventListener(kind, () => { this.held = false }, { capture: true })
    }
  }

  turn(on) {
    this.on = on
    remember('follow', on ? 'yes' : 'no')
    this.pending = {}
    this.mine = {}
    if (on) this.takeAll()
  }

  // What the server says

  heard(message, me) {
    if (message.type === 'snapshot') {
      const before = this.shared
      this.shared = message.parameters
      if (this.on) Object.keys(before).length ? this.takeNews(before) : this.takeAll()
    } else if (message.type === 'change') {
      Object.assign(this.shared[message.module] ??= {}, message.values)
      if (this.on) this.take(message.module, message.values, message.by === me)
    }
  }

  /** Every page becomes as the state is; but one opened by a link stays as the link says. */
  takeAll() {
    for (const [page, values] of Object.entries(this.shared)) {
      if (!this.linked.delete(page)) this.take(page, values)
    }
  }

  /** After a time without the server: what others changed meanwhile, not what the reader did. */
  takeNews(before) {
    for (const [page, values] of Object.entries(this.shared)) {
      this.take(page, Object.fromEntries(Object.entries(values)
        .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[page]?.[name]))))
    }
  }

  take(page, values, own = false) {
    if (!this.modules[page] || (own && (this.unanswered[page] || this.mine[page]))) return
    const changes = linkChanges(values, this.modules[page])
    const present = { ...this.shell.query(page), ...this.pending[page] }
    const news = Object.entries(changes).filter(([key, text]) => text !== (present[key] ?? null))
    if (!news.length) return
    Object.assign(this.pending[page] ??= {}, Object.fromEntries(news))
    this.apply(page)
  }

  /** Let a page take what others changed, once the reader does nothing on it. */
  apply(page) {
    if (!this.pending[page]) return
    if (!this.shell.isOpen(page)) {  // it will be opened so
      this.shell.adopt(page, changed(this.shell.query(page), this.pending[page]))
      delete this.pending[page]
      return
    }
    if (page !== this.shell.page()) return  // when it is shown
    clearTimeout(this.timer)
    const busy = this.held || performance.now() < this.quietFrom || this.mine[page]
      || this.following.has(page) || !this.shell.isStill(page)
    if (busy) {
      this.timer = setTimeout(() => this.apply(page), AGAIN)
      return
    }
    const changes = this.pending[page]
    delete this.pending[page]
    this.following.add(page)
    this.shell.follow(page, changes)
  }

  /** The reader followed a link to this page: that is its state now. */
  forget(page) { delete this.pending[page] }

  followed(page) {
    this.following.delete(page)
    this.apply(page)
  }

  /** Python starts anew, elsewhere: nothing is on its way any more. */
  restarted() {
    this.following.clear()
    this.known.clear()
  }

  // What the reader does

  /** A page told its state; `own`: the reader made it so. */
  told(page, query, own) {
    const before = this.known.get(page) ?? this.shell.query(page)
    this.known.set(page, query)
    if (!own || !this.on || !this.modules[page]) return
    const changes = difference(before, query)
    for (const key of PASSING[page] ?? []) delete changes[key]
    if (!Object.keys(changes).length) return
    for (const key of Object.keys(changes)) delete this.pending[page]?.[key]
    const first = !this.mine[page]
    Object.assign(this.mine[page] ??= {}, changes)
    if (first) setTimeout(() => this.send(page), GATHER)
  }

  async send(page) {
    const changes = this.mine[page]
    delete this.mine[page]
    if (!changes || !this.on) return
    const texts = {}, values = {}
    for (const [key, text] of Object.entries(changes)) {
      const parameter = this.modules[page][key]
      if (parameter && text !== null) texts[parameter.name] = text
      else if (parameter) values[parameter.name] = parameter.default
    }
    for (const part of [{ texts }, { values }]) {
      if (!Object.keys(Object.values(part)[0]).length) continue
      this.unanswered[page] = (this.unanswered[page] ?? 0) + 1
      const answer = await this.ask({ type: 'set', module: page, ...part })
      this.unanswered[page] -= 1
      if (answer.type === 'error') this.refused(answer)
      if (answer.type !== 'done') continue
      // What others did meanwhile may have come after it.
      const sent = Object.keys(Object.values(part)[0])
      this.take(page, Object.fromEntries(Object.entries(this.shared[page] ?? {})
        .filter(([name]) => sent.includes(name))), true)
    }
  }
}
