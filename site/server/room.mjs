/** Who is here, who has the controls, and what this person may do. */

import { chosen, remember } from '../assets/preferences.mjs'

const TABS = 20  // of this browser's, remembered

export class Room {
  constructor() {
    this.people = []
    this.holder = null    // who has the controls alone
    this.local = false    // this person sits at the server's machine
  }

  /** What the server says, as far as it is about people. */
  take(message) {
    if (message.type === 'welcome') {
      Object.assign(this, { me: message.client, holder: message.controls, local: message.local })
      remember('clients', [...this.mine.slice(-TABS), message.client].join(' '))
    } else if (message.type === 'lost') {
      this.people = []
    } else if (message.type === 'clients') {
      Object.assign(this, { people: message.clients, holder: message.controls })
    } else if (message.type === 'controls') {
      this.holder = message.holder
    }
  }

  get mine() { return (chosen('clients') ?? '').split(' ') }

  /** This tab, or another of this browser's. */
  isMine(client) { return this.mine.includes(client) }

  /** For the panel: see people.mjs. */
  view() {
    const mine = Boolean(this.holder) && this.isMine(this.holder.client)
    return { people: this.people, me: this.me, isMine: client => this.isMine(client),
      holder: this.holder && { ...this.holder, mine }, mayKick: this.local || mine }
  }
}
