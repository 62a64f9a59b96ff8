import { make } from './shared.mjs'

// One Tab stop that behaves as a slider over the places of the vector: arrow keys read each out.
// Colour never speaks alone: a value above zero has its edge on top, one below zero at the bottom.
export function render({ model, el }) {
  const title = make('h3', { id: 'title' })
  const legend = make('p', { className: 'legend' })
  const strips = make('div', { className: 'strips', tabIndex: 0 })
  const about = make('p', { className: 'about number', id: 'about' })
  strips.setAttribute('role', 'slider')
  strips.setAttribute('aria-labelledby', 'title')
  let vectors = []
  let current = -1
  let columns = 0

  const decimals = value => value.toLocaleString(model.locale,
    { minimumFractionDigits: 3, maximumFractionDigits: 3 }).replace('-', '−')
  const length = () => vectors[0]?.values.length ?? 0

  // As many cells a line as fit, so that lines are equally long.
  function fitting() {
    const most = Math.max(8, Math.floor((strips.clientWidth || 1000) / 9))
    let fits = length()
    while (fits > most) fits = Math.ceil(fits / 2)
    return fits
  }

  function cell(value, index, bound) {
    const made = make('i')
    const strength = Math.min(1, Math.abs(value) / (bound || 1))
    made.dataset.index = index
    made.className = value < 0 ? 'below' : value > 0 ? 'above' : ''  // zero has no edge
    made.style.setProperty('--strength', `${(100 * strength).toFixed(1)}%`)
    return made
  }

  // Where a vector takes several lines, the same places of all vectors stand below each other.
  function paint() {
    vectors = JSON.parse(model.vectors)
    title.textContent = model.title
    columns = fitting()
    strips.replaceChildren()
    for (let from = 0; from < length(); from += columns) {
      const block = make('div', { className: 'block' })
      for (const { name, values, bound } of vectors) {
        const cells = make('div', { className: 'cells' },
          ...values.slice(from, from + columns).map((value, i) => cell(value, from + i, bound)))
        cells.style.gridTemplateColumns = `repeat(${columns}, minmax(0, 1fr))`
        block.append(make('span', { className: 'name', textContent: name }), cells)
      }
      strips.append(block)
    }
    strips.setAttribute('aria-valuemin', 1)
    strips.setAttribute('aria-valuemax', length() || 1)
    current = Math.min(current, length() - 1)
    paintLegend()
    tell()
  }

  // One scale for each bound: vectors to be compared have the same.
  function paintLegend() {
    if (!model.words.legend) return
    const end = (sign, bound) => make('span', { className: 'number',
      textContent: `${sign}${decimals(bound)}` })
    const bounds = [...new Set(vectors.map(it => it.bound))]
    legend.replaceChildren(...bounds.map(bound => {
      const names = vectors.filter(it => it.bound === bound).map(it => it.name).join(' · ')
      return make('span', { className: 'one' }, `${names}:`, end('−', bound),
        make('span', { className: 'scale' }), end('+', bound))
    }), make('span', { className: 'soft', textContent: model.words.legend }))
  }

  function tell() {
    for (const it of strips.querySelectorAll('.here')) it.classList.remove('here')
    strips.setAttribute('aria-valuenow', Math.max(0, current) + 1)
    if (!model.words.place || !length()) return
    const place = Math.max(0, current)
    const said = vectors.map(({ name, values }) => `${name} ${decimals(values[place])}`)
      .join('  ·  ')
    about.textContent = current < 0 ? model.words.hint
      : `${model.words.place.replace('{index}', place + 1).replace('{length}', length())} ${said}`
    strips.setAttribute('aria-valuetext', `${place + 1}: ${said}`)
    if (current < 0) return
    for (const it of strips.querySelectorAll(`[data-index="${current}"]`)) it.classList.add('here')
  }

  function look(index) {
    current = index
    tell()
  }

  strips.onpointerover = event => {
    if (event.target.dataset?.index) look(Number(event.target.dataset.index))
  }
  strips.onclick = strips.onpointerover
  strips.onkeydown = event => {
    const last = length() - 1
    const moves = { ArrowRight: current + 1, ArrowLeft: current - 1, ArrowUp: current - columns,
      ArrowDown: current + columns, Home: 0, End: last }
    if (!(event.key in moves)) return
    event.preventDefault()
    look(Math.max(0, Math.min(last, moves[event.key])))
  }
  strips.onfocus = () => { if (current < 0) look(0) }

  model.on(['vectors', 'title', 'words', 'locale'], paint)
  paint()
  el.append(title, legend, strips, about)
  new ResizeObserver(() => { if (fitting() !== columns) paint() }).observe(strips)
}
