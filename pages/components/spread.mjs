import { hovered, make } from './shared.mjs'

// One Tab stop that behaves as a slider over the bins: arrow keys read each out for all rows.
export function render({ model, el }) {
  const title = make('h3', { id: 'title' })
  const rowsBox = make('div', { className: 'rows', tabIndex: 0 })
  const axis = make('div', { className: 'axis number', ariaHidden: 'true' })
  const unit = make('p', { className: 'unit soft' })
  const about = make('p', { className: 'about', id: 'about' })
  rowsBox.setAttribute('role', 'slider')
  rowsBox.setAttribute('aria-labelledby', 'title')
  let rows = []
  let current = -1

  const number = value => value.toLocaleString(model.locale,
    { minimumFractionDigits: 2, maximumFractionDigits: 2 }).replace('-', '−')
  const bins = () => rows[0]?.counts.length ?? 0
  const place = value => `${50 + 50 * Math.max(-1, Math.min(1, value / model.bound))}%`

  function row({ name, counts, mean, deviation, about: said }) {
    const most = Math.max(1, ...counts)
    const bars = make('div', { className: 'bars' }, ...counts.map((count, i) => {
      const bar = make('i', {})
      bar.dataset.index = i
      const fill = make('b', {})
      fill.style.height = `${100 * count / most}%`
      bar.append(fill)
      return bar
    }))
    const range = make('span', { className: 'range' })
    range.style.left = place(mean - deviation)
    range.style.right = `calc(100% - ${place(mean + deviation)})`
    const middle = make('span', { className: 'middle' })
    middle.style.left = place(mean)
    return make('div', { className: 'one' }, make('p', { className: 'name' },
      make('strong', { textContent: name }), ' ',
      make('span', { className: 'number soft', textContent: said })),
      bars, make('div', { className: 'marks' }, range, middle))
  }

  function paint() {
    rows = JSON.parse(model.rows)
    title.textContent = model.title
    rowsBox.replaceChildren(...rows.map(row))
    axis.replaceChildren(...[-1, -0.5, 0, 0.5, 1].map(part => {
      const tick = make('span', { textContent: number(part * model.bound) })
      tick.style.left = place(part * model.bound)
      return tick
    }))
    unit.textContent = model.words.axis ?? ''
    rowsBox.setAttribute('aria-valuemin', 1)
    rowsBox.setAttribute('aria-valuemax', bins() || 1)
    current = Math.min(current, bins() - 1)
    tell()
  }

  function tell() {
    for (const it of rowsBox.querySelectorAll('.here')) it.classList.remove('here')
    rowsBox.setAttribute('aria-valuenow', Math.max(0, current) + 1)
    if (!bins() || !model.words.bin) return
    const at = Math.max(0, current), width = 2 * model.bound / bins()
    const said = rows.map(({ name, counts }) => model.words.bin.replace('{name}', name)
      .replace('{count}', counts[at]).replace('{low}', number(at * width - model.bound))
      .replace('{high}', number((at + 1) * width - model.bound))).join('  ')
    about.textContent = current < 0 ? model.words.hint : said
    rowsBox.setAttribute('aria-valuetext', said)
    if (current < 0) return
    for (const it of rowsBox.querySelectorAll(`[data-index="${current}"]`)) it.classList.add('here')
  }

  function look(index) {
    current = index
    tell()
  }

  const indexOf = event => event.target.closest?.('i')?.dataset.index
  hovered(rowsBox, event => { if (indexOf(event)) look(Number(indexOf(event))) }, () => look(-1))
  rowsBox.onkeydown = event => {
    const last = bins() - 1
    const moves = { ArrowRight: current + 1, ArrowUp: current + 1, ArrowLeft: current - 1,
      ArrowDown: current - 1, Home: 0, End: last }
    if (!(event.key in moves)) return
    event.preventDefault()
    look(Math.max(0, Math.min(last, moves[event.key])))
  }

  model.on(['rows', 'title', 'bound', 'words', 'locale'], paint)
  paint()
  el.append(title, rowsBox, axis, unit, about)
}
