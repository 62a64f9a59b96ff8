/** What one person does to others and for all, by REST: ends a connection; keeps presets. */

import { ask } from './rest.mjs'

export class ForAll {
  /** `person()`: name and key; `refused(error)`: the server did not take something. */
  constructor(person, refused) {
    Object.assign(this, { person, refused, presets: [] })
  }

  /** What the server answers, or null where it was not done. */
  async do(method, path, body) {
    const answer = await ask(method, path, this.person(), body)
    if (answer?.error) this.refused(answer.error)
    return answer?.error ? null : answer
  }

  kick(client) { return this.do('DELETE', `clients/${client}`) }

  /** Values of one module, or of all. */
  save(name, module) { return this.do('PUT', at(name), module ? { modules: [module] } : {}) }

  apply(name) { return this.do('POST', `${at(name)}/apply`) }

  remove(name) { return this.do('DELETE', at(name)) }

  async readPresets() {
    this.presets = (await this.do('GET', 'presets'))?.presets ?? this.presets
  }
}

const at = name => `presets/${encodeURIComponent(name)}`
