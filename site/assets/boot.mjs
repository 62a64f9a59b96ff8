/** What the reader sees until Python is there, and when it fails. */

import { STEPS } from './protocol.mjs'

const PATIENCE = 500  // ms until the reader is told how far it is: most visits are live by then
const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name])
const formats = new Map()  // language → how it writes megabytes: slow to make

function megabytes(bytes, tag) {
  if (!formats.has(tag)) {
    formats.set(tag, new Intl.NumberFormat(tag, { minimumFractionDigits: 1, maximumFractionDigits: 1 }))
  }
  return formats.get(tag).format(bytes / 1e6)
}

export class BootIndicator {
  /** `words()` gives the present language's locale; `retry` is called by the button. */
  constructor(words, retry) {
    this.words = words
    this.box = document.getElementById('boot')
    this.live = document.getElementById('live')
    const part = name => this.box.querySelector(name)
    this.parts = { title: part('.boot-title'), now: part('.boot-now'), bar: part('progress'),
      bytes: part('.boot-bytes'), steps: part('.boot-steps'), error: part('.boot-error'),
      details: part('.boot-details'), retry: part('.boot-retry') }
    this.parts.retry.onclick = retry
    this.restart()
  }

  restart() {
    this.step = STEPS[0]
    this.loaded = this.total = 0
    this.failure = null
    this.box.hidden = true
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.show(), PATIENCE)
  }

  show() {
    clearTimeout(this.timer)
    this.box.hidden = false
    this.paint()
  }

  progress(step, loaded, total) {
    if (step !== this.step) this.live.textContent = this.words().boot[step]
    this.step = step
    if (total) Object.assign(this, { loaded, total })
    if (this.box.hidden || this.due) return
    this.due = true  // once a frame
    requestAnimationFrame(() => {
      this.due = false
      this.paint()
    })
  }

  done() {
    clearTimeout(this.timer)
    this.box.hidden = true
    this.live.textContent = ''
  }

  /** `failure` is an error message of the protocol; `live` whether the page was there before. */
  fail(failure, live) {
    this.failure = { ...failure, live }
    this.show()
    this.parts.retry.focus({ preventScroll: true })
    this.box.scrollIntoView({ block: 'nearest' })
  }

  /** What failed. Where the site is a folder, its reader can put a file there. */
  sentence(boot) {
    const { kind, file } = this.failure, place = globalThis.minigptPlace
    if (place && file) return fill(boot.folder, { file: place(file) })
    return fill(boot.errors[kind], { ...this.failure, seconds: 20 })
  }

  paint() {
    if (this.box.hidden) return
    const { boot, tag } = this.words(), { parts, failure } = this
    const { title, now, bar, bytes, steps, error, details, retry } = parts
    title.textContent = failure ? (failure.live ? boot.broke : boot.failed) : boot.title
    for (const part of [now, bar, bytes, steps]) part.hidden = Boolean(failure)
    for (const part of [error, details, retry]) part.hidden = !failure
    if (failure) {
      error.textContent = this.sentence(boot)
      details.firstChild.textContent = boot.details
      details.lastChild.textContent = failure.details
      details.hidden = !failure.details
      retry.textContent = boot.retry
      return
    }
    error.textContent = ''
    const at = STEPS.indexOf(this.step)
    now.textContent = boot[this.step]
    // The download is the only part that can be measured; the rest moves by steps.
    const part = at ? 1 : this.total ? this.loaded / this.total : 0
    bar.value = 0.6 * part + 0.4 * at / STEPS.length
    bar.setAttribute('aria-label', boot.title)
    bytes.textContent = this.total
      ? `${fill(boot.bytes, { loaded: megabytes(at ? this.total : this.loaded, tag),
        total: megabytes(this.total, tag) })} · ${boot.once}` : ''
    steps.replaceChildren(...STEPS.map((step, i) => {
      const item = Object.assign(document.createElement('li'), { textContent: boot[step] })
      item.className = i < at ? 'past' : i === at ? 'now' : ''
      if (i === at) item.setAttribute('aria-current', 'step')
      return item
    }))
  }
}
