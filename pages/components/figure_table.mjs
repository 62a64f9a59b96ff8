import { hovered, make } from './shared.mjs'

// The cells are a grid with one Tab stop; the number under pointer or focus is explained below.
export function render({ model, el }) {
  const title = make('h2', { id: 'title' }), lead = make('p', { className: 'soft lead' })
  const head = make('tr'), body = make('tbody')
  const table = make('table', {}, make('thead', {}, head), body)
  const about = make('p', { className: 'about' }), note = make('p', { className: 'soft note' })
  table.setAttribute('role', 'grid')
  table.setAttribute('aria-labelledby', 'title')
  about.setAttribute('aria-live', 'polite')
  let at = [0, 0]

  const cells = () => [...body.children].map(row => [...row.querySelectorAll('td')])

  function cell({ text, about: sum }, share) {
    const it = make('td', { textContent: text, tabIndex: -1 })
    it.dataset.about = sum
    if (share !== undefined) {
      const bar = make('span', { className: 'bar' })
      bar.style.setProperty('--part', share)
      it.append(bar)
    }
    return it
  }

  function paint() {
    const { words } = model, rows = JSON.parse(model.rows)
    title.textContent = words.title
    lead.textContent = words.lead
    note.textContent = model.note
    head.replaceChildren(...model.head.map(name => make('th', { scope: 'col', textContent: name })))
    const focused = table.contains(el.getRootNode().activeElement)
    body.replaceChildren(...rows.map(({ name, cells: all, share }) => make('tr', {},
      make('th', { scope: 'row', textContent: name }), ...all.map((it, i) =>
        cell(it, i === all.length - 1 ? share : undefined)))))
    table.hidden = !rows.length
    const grid = cells()
    at = [Math.min(at[0], Math.max(0, grid.length - 1)),
      Math.min(at[1], (grid[0]?.length ?? 1) - 1)]
    const stop = grid[at[0]]?.[at[1]]
    if (stop) stop.tabIndex = 0
    if (focused) stop?.focus()
    tell()
  }

  function tell(it) { about.textContent = it?.dataset.about || model.words.about }

  function go(row, column) {
    const grid = cells()
    const next = grid[row]?.[column]
    if (!next) return
    grid[at[0]][at[1]].tabIndex = -1
    at = [row, column]
    next.tabIndex = 0
    next.focus()
  }
  table.onkeydown = event => {
    const [row, column] = at
    const moves = { ArrowDown: [row + 1, column], ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1], ArrowLeft: [row, column - 1], Home: [row, 0],
      End: [row, (cells()[row]?.length ?? 1) - 1] }
    if (!(event.key in moves)) return
    event.preventDefault()
    go(...moves[event.key])
  }
  hovered(table, event => tell(event.target.closest('td')),
    () => tell(el.getRootNode().activeElement?.closest?.('td')))
  table.addEventListener('focusin', event => {
    cells().forEach((row, i) => {
      const j = row.indexOf(event.target)
      if (j >= 0 && (at[0] !== i || at[1] !== j)) go(i, j)
    })
    tell(event.target)
  })
  table.addEventListener('focusout', () => tell())

  model.on(['head', 'rows', 'note', 'words'], paint)
  paint()
  el.append(title, lead, make('div', { className: 'frame' }, table), about, note)
}
