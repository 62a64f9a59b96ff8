/** The footer's line on who computes: NumPy, SIMD kernels, the graphics card; and the choice of it. */

import { chosen, language, remember } from './preferences.mjs'

const SERVER = 'server'  // among the choices, beside the names of backends
const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name])

/** The reader's choice on an earlier visit, or 'auto'. */
export function chosenBackend() {
  const name = chosen('backend') ?? 'auto'
  return /^[a-z]+$/.test(name) ? name : 'auto'
}

export class Computes {
  /**
   * `words()`: the present language's locale; `choose(name)` is called with the reader's choice.
   * Where there is a server that computes, `server` is its words, `move(place)` goes there or back,
   * and `place` is where Python runs, 'server' or 'browser'.
   */
  constructor(words, choose) {
    this.words = () => words().computes
    this.box = document.getElementById('computes')
    this.select = this.box.querySelector('select')
    this.state = null
    this.place = 'browser'
    this.server = this.move = null
    this.select.onchange = () => {
      const name = this.select.value
      if (name === SERVER) { this.move('server'); return }
      remember('backend', name)
      if (this.place === 'server') this.move('browser')
      else choose(name)
    }
  }

  /** `state`: a message `computes` of the protocol. */
  show(state) {
    this.state = state
    this.paint()
  }

  /** "SIMD relaxado · 1 thread" */
  nameInUse() {
    const { computes, build, threads } = this.state, { names, one, many } = this.words()
    const name = names[build] ?? names[computes]
    return computes === 'webgpu' ? name : fill(threads === 1 ? one : many, { name, count: threads })
  }

  paint() {
    if (!this.state) return
    const { names, summary, label, auto, why } = this.words()
    const { choices } = this.state, remote = this.place === 'server'
    const asked = remote ? SERVER : this.state.asked
    const inUse = remote ? fill(this.server().name, { name: this.nameInUse() }) : this.nameInUse()
    this.box.querySelector('summary').textContent = fill(summary, { name: inUse })
    this.box.querySelector('label span').textContent = label
    this.select.replaceChildren(
      new Option(asked === 'auto' ? fill(auto, { name: inUse }) : names.auto, 'auto'),
      ...choices.map(({ name }) => new Option(names[name], name)),
      ...(this.server ? [new Option(this.server().option, SERVER)] : []))
    for (const { name, here } of choices) {
      this.select.querySelector(`option[value=${name}]`).disabled = !here
    }
    this.select.value = asked
    this.box.querySelector('ul').replaceChildren(...choices.filter(it => it.why).map(it =>
      Object.assign(document.createElement('li'),
        { textContent: fill(why, { name: names[it.name], reason: it.why[language()] }) })))
    this.box.hidden = false
  }
}
