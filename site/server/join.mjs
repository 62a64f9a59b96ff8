/** Joins the page and the integration server: loaded only where there is one. */

import { chosen, language, remember } from '../assets/preferences.mjs'
import { Connection } from './connection.mjs'
import { fill } from './dom.mjs'
import { Follow } from './follow.mjs'
import { ForAll } from './for_all.mjs'
import { Monitor } from './monitor.mjs'
import { Panel } from './panel.mjs'
import { RemoteWorker } from './remote.mjs'
import { Room } from './room.mjs'

const ABOUT_PEOPLE = new Set(['welcome', 'lost', 'bye', 'clients', 'controls', 'snapshot'])
const FULL = 4013  // the server computes for as many as it can

/**
 * `facts`: /server.json; `shell`: see shell.mjs. What is returned: `place`, where Python runs or is
 * to run, 'browser' or 'server'; `worker(onlost)`; and what the shell tells it of.
 */
export function join(facts, shell) {
  document.head.append(Object.assign(document.createElement('link'),
    { rel: 'stylesheet', href: 'server/server.css' }))
  return new Joined(facts, shell)
}

class Joined {
  constructor({ server, words, modules }, shell) {
    Object.assign(this, { shell, allWords: words })
    this.state = server.needsToken ? 'token' : 'waiting'  // or 'on', 'lost'
    this.place = chosen('place') === 'server' && !server.needsToken ? 'server' : 'browser'
    this.room = new Room()
    this.forAll = new ForAll(() => ({ name: this.name, key: this.connection.key }),
      error => this.refused(error))
    this.monitor = new Monitor(() => this.words, () => this.words.tag, shell.loadPlots)
    this.panel = new Panel(() => this.view(), {
      rename: name => this.rename(name), follow: on => this.turnFollow(on),
      move: () => this.move(this.place === 'server' ? 'browser' : 'server'),
      controls: () => this.ask({ type: 'controls', action: this.room.holder ? 'give' : 'take' }),
      kick: it => this.kick(it), presets: this.forAll,
      opened: open => this.opened(open) }, this.monitor)
    if (server.needsToken) return
    this.follow = new Follow(modules, message => this.connection.ask(message), shell,
      error => this.refused(error))
    this.connection = new Connection(() => this.name, () => shell.page(),
      message => this.heard(message))
    this.paint()
  }

  get words() { return { ...this.allWords[language()], tag: document.documentElement.lang } }

  /** What the reader is called: what they said, or a made-up number. */
  get name() {
    const number = parseInt(this.connection?.key.slice(0, 4) ?? '0', 16) % 900 + 100
    return chosen('name') || `${this.words.visitor} ${number}`
  }

  view() {
    const page = this.shell.page()
    return { ...this.room.view(), words: this.words, state: this.state, place: this.place,
      name: this.name, follows: Boolean(this.follow?.on), presets: this.forAll.presets,
      module: this.follow?.modules[page] ? page : null,
      canMove: this.state === 'on' || this.place === 'server' }
  }

  heard(message) {
    this.room.take(message)
    if (message.type === 'welcome') {
      this.state = 'on'
      if (this.panel.isOpen) this.opened(true)
      if (this.wasLost) this.cameBack()
      this.wasLost = this.quiet = false
    } else if (message.type === 'lost') {
      if (this.state === 'on' && !this.quiet) this.wasLost = true
      this.state = this.quiet ? 'waiting' : 'lost'
      this.monitor.clear()
      if (this.wasLost) this.say('lost')
    } else if (message.type === 'presets') {
      if (this.panel.isOpen) this.readPresets()
    } else if (message.type === 'metrics') {
      this.monitor.take(message)
      return
    }
    this.follow.heard(message, this.connection.client)
    if (ABOUT_PEOPLE.has(message.type)) this.paint()
  }

  async ask(message) {
    const answer = await this.connection.ask(message)
    if (answer.type === 'error') this.refused(answer)
    return answer
  }

  /** The server did not take something: say why, in its words. */
  refused({ message }) {
    const said = message[language()]
    this.shell.notice.tell('', `${said[0].toUpperCase()}${said.slice(1)}.`)
  }

  /** One of the server's own notices. */
  say(about) { this.shell.notice.tell('', this.words.notices[about]) }

  opened(open) {
    if (open) this.shell.closeConsole()
    if (this.connection?.open) this.connection.ask({ type: 'metrics', every: open ? 1 : 0 })
    if (!open) return
    this.monitor.clear()
    if (!this.connection?.open) return
    this.monitor.open()
    this.readPresets()
  }

  async kick({ client, name }) {
    if (await this.forAll.kick(client)) {
      this.shell.notice.tell('', fill(this.words.notices.kicked, { name }))
    }
  }

  async readPresets() {
    await this.forAll.readPresets()
    this.paint()
  }

  rename(name) {
    remember('name', name.trim().slice(0, 40))
    this.quiet = true  // it says goodbye, and hello again under this name
    this.connection.pause = 50
    this.connection.socket.close()
  }

  turnFollow(on) {
    this.follow.turn(on)
    this.paint()
  }

  /** A page that could not go on without the server, for it is not kept here, starts again. */
  cameBack() {
    this.say('back')
    if (document.documentElement.dataset.state !== 'error') return
    this.place = chosen('place') === 'server' ? 'server' : 'browser'
    this.shell.restart()
  }

  // Where Python runs

  /** The reader's choice, remembered. */
  move(place) {
    if (place === this.place) return
    remember('place', place)
    this.place = place
    this.shell.restart()
    this.paint()
  }

  /** In the place of the browser's own worker. */
  worker() {
    const worker = new RemoteWorker(this.connection.key)
    worker.onrefused = message => this.refused({ message })
    worker.onlost = code => {
      if (this.place !== 'server') return
      this.place = 'browser'  // until the reader chooses again, or comes back
      this.say(code === FULL ? 'full' : 'lost')
      this.shell.restart()
      this.paint()
    }
    return worker
  }

  paint() {
    document.documentElement.dataset.place = this.place
    this.paintFooter()
    this.panel.paint()
    const { computes } = this.shell
    computes.place = this.place
    computes.server = this.state === 'on' || this.place === 'server' ? () => this.words.computes
      : null
    computes.move = place => this.move(place)
    computes.paint()
  }

  /** What is computed where, and who gets to see what one writes: never less than the truth. */
  paintFooter() {
    const alone = this.place === 'browser' && (!this.follow?.on || this.state !== 'on')
    const line = document.querySelector('footer > p')
    for (const [lang, words] of Object.entries(this.allWords)) {
      const said = line.querySelector(`[data-lang=${lang}]`)
      said.dataset.alone ??= said.textContent
      said.textContent = alone ? said.dataset.alone : words.footer[this.place]
    }
  }

  // What the shell tells

  told(page, query, own) { this.follow?.told(page, query, own) }

  followed(page) { this.follow?.followed(page) }

  shown(page) {
    this.follow?.apply(page)
    if (this.connection?.open && page !== this.looksAt) this.ask({ type: 'subscribe', page })
    this.looksAt = page
    if (this.panel.isOpen) this.panel.paint()
  }

  /** A link asked for a page's state, which goes before what others set. */
  linked(page) { this.follow?.forget(page) }

  restarted() { this.follow?.restarted() }

  closePanel() { this.panel.turn(false) }

  refuseConsole() { this.say('console') }

  bootWords(words) { return { ...words, boot: { ...words.boot, ...this.words.boot } } }
}
