import { hovered, make } from './shared.mjs'

// A grid whose rows are one Tab stop: arrow keys move and tell, Enter opens the part in the block.
export function render({ model, el }) {
  const title = make('h2', { id: 'title' })
  const lead = make('p', { className: 'lead soft' })
  const head = make('div', { className: 'row head' })
  const body = make('div', { className: 'body' })
  const grid = make('div', { className: 'grid' }, head, body)
  const legend = make('p', { className: 'legend soft' })
  const about = make('p', { className: 'about' })
  for (const [it, role] of [[grid, 'grid'], [head, 'row'], [body, 'rowgroup']]) {
    it.setAttribute('role', role)
  }
  grid.setAttribute('aria-labelledby', 'title')
  about.setAttribute('aria-live', 'polite')
  let rows = []
  let current = 0

  const percent = share => share.toLocaleString(model.locale, { style: 'percent',
    maximumFractionDigits: share < 0.0995 ? 1 : 0 })
  const signed = value => (value > 0 ? '+' : '') + value.toLocaleString(model.locale,
    { minimumFractionDigits: 2, maximumFractionDigits: 2 }).replace('-', '−')

  function cell(kind, ...children) {
    const made = make('div', { className: `cell ${kind}` }, ...children)
    made.setAttribute('role', 'gridcell')
    if (model.words.columns) made.dataset.column = model.words.columns[kind]
    return made
  }

  function shareCell(kind, share) {
    const fill = make('span', { className: 'fill' })
    fill.style.width = `${100 * share}%`
    return cell(kind, make('span', { className: 'track' }, fill),
      make('span', { className: 'number', textContent: percent(share) }))
  }

  // Above zero to the right of the middle, below zero to the left.
  function directCell(value) {
    const fill = make('span', { className: value < 0 ? 'fill below' : 'fill above' })
    fill.style.width = `${50 * Math.min(1, Math.abs(value) / (model.bound || 1))}%`
    return cell('direct', make('span', { className: 'track middle' }, fill),
      make('span', { className: 'number', textContent: signed(value) }))
  }

  function row(it, index) {
    const words = it.words.map(({ word, share }) => {
      const made = make('span', { className: 'word' },
        make('span', { textContent: word, lang: 'pt-BR' }), ' ',
        make('small', { className: 'number', textContent: percent(share) }))
      made.style.setProperty('--share', `${Math.round(100 * share)}%`)
      return made
    })
    const made = make('div', { className: `row ${it.kind}` },
      cell('where', make('span', { textContent: it.name })), cell('words', ...words),
      shareCell('target', it.target),
      it.direct === null ? cell('direct') : directCell(it.direct),
      it.without === undefined ? cell('without') : it.without === null
        ? cell('without', make('span', { className: 'soft', textContent: model.words.wait ?? '' }))
        : shareCell('without', it.without))
    made.setAttribute('role', 'row')
    made.setAttribute('aria-selected', it.key === model.chosen)
    made.dataset.index = index
    made.dataset.key = it.key
    made.tabIndex = index === current ? 0 : -1
    return made
  }

  function paint() {
    rows = JSON.parse(model.rows)
    title.textContent = model.title
    lead.textContent = model.lead
    legend.textContent = model.words.legend ?? ''
    const names = ['where', 'words', 'target', 'direct', 'without']
    head.replaceChildren(...names.map(name => {
      const made = make('div', { className: `cell ${name}`,
        textContent: model.words.columns?.[name] ?? '' })
      made.setAttribute('role', 'columnheader')
      return made
    }))
    const focused = body.contains(el.getRootNode().activeElement)
    current = Math.max(0, Math.min(current, rows.length - 1))
    body.replaceChildren(...rows.map(row))
    grid.hidden = !rows.length
    if (focused) body.children[current]?.focus()
    tell()
  }

  function choose() {
    for (const it of body.children) {
      it.setAttribute('aria-selected', it.dataset.key === model.chosen)
    }
  }

  function tell(index = -1) {
    about.textContent = rows[index]?.about ?? model.words.hint ?? ''
  }

  function go(index) {
    body.children[current]?.setAttribute('tabindex', '-1')
    current = Math.max(0, Math.min(rows.length - 1, index))
    body.children[current].tabIndex = 0
    body.children[current].focus()
  }

  const indexOf = event => Number(event.target.closest?.('.row')?.dataset.index ?? -1)
  const open = index => model.send_msg({ choose: rows[index].key })
  body.onclick = event => { if (indexOf(event) >= 0) { go(indexOf(event)); open(current) } }
  hovered(body, event => tell(indexOf(event)), () => tell())
  body.addEventListener('focusin', event => tell(indexOf(event)))
  body.addEventListener('focusout', () => tell())
  body.onkeydown = event => {
    const moves = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: rows.length - 1 }
    if (event.key in moves) go(moves[event.key])
    else if (event.key === 'Enter' || event.key === ' ') open(current)
    else return
    event.preventDefault()
  }

  model.on(['rows', 'title', 'lead', 'bound', 'words', 'locale'], paint)
  model.on('chosen', choose)
  paint()
  el.append(title, lead, grid, legend, about)
}
