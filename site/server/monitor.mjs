/** How the server is doing, as it goes: charts of the last two minutes, and the same as a table. */

import { Chart } from './chart.mjs'
import { element, fill } from './dom.mjs'

const KEPT = 120          // figures, one a second

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
  /** `words()`: the server's words, `tag()`: the language's; `loadPlots()` brings Bokeh. */
  constructor(words, tag, loadPlots) {
    Object.assign(this, { words, tag, loadPlots, figures: [] })
    this.boxes = {}
    for (const [name, { lines }] of Object.entries(CHARTS)) {
      const title = element('span'), now = element('strong')
      const place = element('div', { className: 'plot' })
      place.setAttribute('role', 'img')
      this.boxes[name] = { title, now, place, chart: new Chart(place, lines, KEPT),
        box: element('figure', { className: 'chart' }, element('figcaption', {}, title, now),
          place) }
    }
    this.table = element('table')
    this.fold = element('details', {}, element('summary'), this.table)
    this.box = element('div', {}, element('div', { className: 'charts' },
      ...Object.values(this.boxes).map(it => it.box)), this.fold)
    new MutationObserver(() => this.wear()).observe(document.documentElement,
      { attributeFilter: ['data-theme'] })
  }

  /** The drawer is open: draw, when there is room to draw in. */
  async open() {
    await this.loadPlots()
    for (const { chart } of Object.values(this.boxes)) await chart.open()
    this.paint()
  }

  wear() { for (const { chart } of Object.values(this.boxes)) chart.wear() }

  take(figures) {
    this.figures = [...this.figures, figures].slice(-KEPT)
    this.paint()
  }

  /** After a pause nothing is known of the time between. */
  clear() { this.figures = [] }

  paint() {
    const words = this.words().monitor, tag = this.tag(), rows = []
    for (const [name, { lines, unit = 1, digits, top }] of Object.entries(CHARTS)) {
      const number = value => value.toLocaleString(tag,
        { minimumFractionDigits: digits, maximumFractionDigits: digits })
      const values = lines.map(line => this.figures.map(it => (it[line] ?? 0) / unit))
      const { title, now, place, chart } = this.boxes[name]
      const [a = '–', b = '–'] = values.map(it => it.length ? number(it.at(-1)) : '–')
      title.textContent = words[name].title
      now.textContent = fill(words[name].now, { a, b })
      place.setAttribute('aria-label', words[name].title)
      values.forEach((line, i) => rows.push([lines.length > 1 ? `${words[name].title}: ${
        words[name].names[i]}` : words[name].title, words[name].unit, ...(line.length
        ? [line.at(-1), Math.min(...line), Math.max(...line)].map(number) : ['–', '–', '–'])]))
      chart.paint({ values, least: top, tag, number,
        words: { x: words.ago, y: words[name].unit, names: words[name].names ?? [''] } })
    }
    this.paintTable(words, rows)
  }

  paintTable(words, rows) {
    this.fold.firstChild.textContent = words.table
    if (!this.fold.open) return
    const row = (cell, texts) => element('tr', {}, ...texts.map(it => element(cell,
      { textContent: it })))
    this.table.replaceChildren(element('thead', {}, row('th', words.head)),
      element('tbody', {}, ...rows.map(it => row('td', it))))
  }
}
