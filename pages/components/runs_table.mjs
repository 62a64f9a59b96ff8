import { fill, keepFocus, make } from './shared.mjs'

// A table whose name column is a text field; the reader's typing is not touched by a new paint.
export function render({ model, el }) {
  const SVG = 'http://www.w3.org/2000/svg'
  const DASHES = { solid: '', dashed: '7 4', dotted: '2 4', dotdash: '8 3 2 3' }
  const title = make('h3', { id: 'title' }), lead = make('p', { className: 'soft lead' })
  const head = make('tr'), body = make('tbody')
  const table = make('table', {}, make('thead', {}, head), body)
  table.setAttribute('aria-labelledby', 'title')
  const frame = make('div', { className: 'frame' }, table)

  function swatch(dash) {
    const svg = document.createElementNS(SVG, 'svg'), line = document.createElementNS(SVG, 'line')
    for (const [name, value] of Object.entries({ width: 26, height: 8, 'aria-hidden': 'true' })) {
      svg.setAttribute(name, value)
    }
    for (const [name, value] of Object.entries({ x1: 1, x2: 25, y1: 4, y2: 4,
      stroke: 'currentColor', 'stroke-width': 2, 'stroke-dasharray': DASHES[dash] ?? '' })) line.setAttribute(name, value)
    svg.append(line)
    return svg
  }

  function row(it) {
    const { words } = model
    const shown = make('input', { type: 'checkbox', checked: it.shown, disabled: it.present })
    shown.setAttribute('aria-label', fill(words.show ?? '', it))
    shown.dataset.key = `show ${it.id}`
    shown.onchange = () => model.send_msg({ id: it.id, shown: shown.checked })
    const name = make('input', { type: 'text', value: it.name, maxLength: 40 })
    name.setAttribute('aria-label', fill(words.rename ?? '', it))
    name.dataset.key = `name ${it.id}`
    name.onchange = () => model.send_msg({ id: it.id, name: name.value })
    const act = key => {
      const button = make('button', { type: 'button', textContent: words[key] })
      button.setAttribute('aria-label', `${words[key]}: ${it.name}`)
      button.dataset.key = `${key} ${it.id}`
      button.onclick = () => model.send_msg({ id: it.id, [key]: true })
      return button
    }
    const number = (column, said) => {  // on a phone without a head above it
      const cell = make('td', { textContent: said, className: 'number' })
      cell.dataset.label = words.columns?.[column] ?? ''
      return cell
    }
    const line = make('tr', { className: it.present ? 'present' : '' },
      make('td', {}, make('label', { className: 'show' }, shown, swatch(it.dash))),
      make('th', { scope: 'row' }, name),
      number(2, it.steps), number(3, it.loss),
      make('td', { className: 'words' }, make('span', { textContent: it.differs }),
        make('span', { className: 'verdict', textContent: it.verdict })),
      make('td', { className: 'acts' }, act('use'), ...(it.removable ? [act('remove')] : [])))
    line.dataset.id = it.id
    return line
  }

  function paint() {
    const rows = JSON.parse(model.rows), active = el.getRootNode().activeElement
    if (active?.matches?.('input[type=text]') && table.contains(active)) return
    title.textContent = model.words.title ?? ''
    lead.textContent = rows.length ? model.words.lead ?? '' : model.words.empty ?? ''
    head.replaceChildren(...(model.words.columns ?? []).map(name =>
      make('th', { scope: 'col', textContent: name })))
    keepFocus(body, () => body.replaceChildren(...rows.map(row)))
    table.hidden = !rows.length
  }

  model.on(['rows', 'words'], paint)
  paint()
  el.append(title, lead, frame)
}
