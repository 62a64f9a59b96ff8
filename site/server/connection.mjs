/** The connection to /ws: says who this is, hears every event in order, comes back when lost. */

import { chosen, remember } from '../assets/preferences.mjs'
import { socketUrl } from './remote.mjs'

const FIRST_PAUSE = 500, LONGEST_PAUSE = 15_000  // ms before another try
const STREAMS = ['clients', 'training']

/** A secret of this browser's: all its tabs are one person. */
function personKey() {
  const kept = chosen('key')
  if (/^[\w-]{16,64}$/.test(kept ?? '')) return kept
  const key = Array.from(crypto.getRandomValues(new Uint8Array(16)),
    byte => byte.toString(16).padStart(2, '0')).join('')
  remember('key', key)
  return key
}

export class Connection {
  /** `name()`: what this person is called; `page()`: what they look at; `hear(message)` gets what
   * the server says, and `{type: 'lost'}` when it is gone. */
  constructor(name, page, hear) {
    Object.assign(this, { name, page, hear, key: personKey(), client: '', seq: null,
      pause: FIRST_PAUSE, id: 0, waiting: new Map(), streams: STREAMS, gone: false })
    addEventListener('online', () => this.again(0))
    this.connect()
  }

  get open() { return this.socket?.readyState === WebSocket.OPEN && Boolean(this.client) }

  connect() {
    clearTimeout(this.timer)
    const socket = this.socket = new WebSocket(socketUrl('ws'))
    socket.onopen = () => this.say({ type: 'hello', name: this.name(), kind: 'page', key: this.key,
      modules: '*', streams: this.streams, page: this.page(),
      ...(this.seq !== null && { since: this.seq, life: this.life }) })
    socket.onmessage = ({ data }) => { if (socket === this.socket) this.take(JSON.parse(data)) }
    socket.onclose = () => { if (socket === this.socket) this.lost() }
  }

  take(message) {
    if (message.type === 'welcome') {
      // Numbers of another start of the server count for nothing: it is told of which they are.
      Object.assign(this, { client: message.client, life: message.life, pause: FIRST_PAUSE })
    } else if (message.type === 'bye') {
      this.gone = message.reason === 'kicked'
    } else if (message.seq !== undefined && message.type !== 'pong' && message.type !== 'done') {
      this.seq = message.seq
    }
    if (message.id !== undefined) {
      this.waiting.get(message.id)?.(message)
      this.waiting.delete(message.id)
    }
    this.hear(message)
  }

  lost() {
    this.client = ''
    for (const answered of this.waiting.values()) answered({ type: 'lost' })
    this.waiting.clear()
    this.hear({ type: 'lost' })
    this.again(this.gone ? 60_000 : this.pause * (0.75 + Math.random() / 2))
    this.pause = Math.min(2 * this.pause, LONGEST_PAUSE)
  }

  again(pause) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => { if (this.socket.readyState > 1) this.connect() }, pause)
  }

  say(message) { this.socket.send(JSON.stringify(message)) }

  /** Ask for something: a promise of the answer, `done`, `error` or `lost`. */
  ask(message) {
    if (!this.open) return Promise.resolve({ type: 'lost' })
    const id = ++this.id
    return new Promise(resolve => {
      this.waiting.set(id, resolve)
      this.say({ ...message, id })
    })
  }
}
