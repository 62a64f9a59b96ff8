/** How the server is doing, as it goes: a few lines over the last minutes. */

import { drawing, element, fill } from './dom.mjs'

const KEPT = 120          // figures, one a second
const WIDTH = 200, HEIGHT = 44

const MEGA = 1e6
/** Name → lines in the server's figures, what they are divided by, digits, and the least top. */
const CHARTS = {
  cpu: { lines: ['cpu_percent'], digits: 0, top: 100 },
  memory: { lines: ['memory_bytes'], unit: MEGA, digits: 0, top: 100 },
  requests: { lines: ['requests_per_second'], digits: 1, top: 1 },
  latency: { lines: ['latency_median_seconds', 'latency_p95_seconds'], unit: 1e-3, digits: 1,
    top: 1 },
  tokens: { lines: ['tokens_per_second', 'training_tokens_per_second'], digits: 0, top: 10 },
  clients: { lines: ['clients'], digits: 0, top: 4 },
}

export class Monitor {
  /** `words()`: the server's words, `tag()`: the language's. */
  constructor(words, tag) {
    Object.assign(this, { words, tag, figures: [] })
    this.charts = Object.fromEntries(Object.keys(CHARTS).map(name => [name, new Chart()]))
    this.box = element('div', { className: 'charts' },
      ...Object.values(this.charts).map(it => it.box))
  }

  take(figures) {
    this.figures = [...this.figures, figures].slice(-KEPT)
    this.paint()
  }

  /** After a pause nothing is known of the time between. */
  clear() { this.figures = [] }

  paint() {
    const words = this.words().monitor
    for (const [name, { lines, unit = 1, digits, top }] of Object.entries(CHARTS)) {
      const number = value => value.toLocaleString(this.tag(),
        { minimumFractionDigits: digits, maximumFractionDigits: digits })
      const values = lines.map(line => this.figures.map(it => (it[line] ?? 0) / unit))
      const last = values.map(line => number(line.at(-1) ?? 0))
      this.charts[name].paint({ values, title: words[name].title,
        now: fill(words[name].now, { a: last[0], b: last[1] }), least: top, number,
        about: values[0].length ? fill(words.about, { now: fill(words[name].now,
          { a: last[0], b: last[1] }), low: number(Math.min(...values[0])),
        high: number(Math.max(...values[0])), seconds: values[0].length }) : words.none })
    }
  }
}

class Chart {
  constructor() {
    this.title = element('span')
    this.now = element('strong')
    this.most = element('span', { className: 'most' })
    this.svg = drawing('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none',
      role: 'img' })
    this.box = element('figure', { className: 'chart' },
      element('figcaption', {}, this.title, this.now), this.most)
    this.box.append(this.svg)
  }

  paint({ values, title, now, about, least, number }) {
    const top = Math.max(least, ...values.flat()) * 1.05
    const place = (value, i, line) => {
      const x = WIDTH * (KEPT - line.length + i) / (KEPT - 1)
      return `${x.toFixed(1)},${(HEIGHT - 2 - (HEIGHT - 4) * value / top).toFixed(1)}`
    }
    this.title.textContent = title
    this.now.textContent = now
    this.most.textContent = number(top / 1.05)
    this.svg.setAttribute('aria-label', `${title}: ${about}`)
    this.svg.replaceChildren(...values.map((line, index) => drawing('polyline', {
      points: line.map(place).join(' '), class: index ? 'second' : 'first' })))
  }
}
