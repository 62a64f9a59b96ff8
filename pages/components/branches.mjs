import { make } from './shared.mjs'

// A tree of one Tab stop: up and down walk the lines, left goes to the branch it left, right to
// its first own branch; Enter shows it above, Delete forgets it. On a wide screen each line begins
// below the very letter where it parts; on a phone it is set in by its depth.
export function render({ model, el }) {
  const title = make('h2', { id: 'title' }), lead = make('p', { className: 'lead' })
  const tree = make('div', { className: 'tree' }), frame = make('div', { className: 'frame' }, tree)
  const live = make('p', { className: 'unseen' })
  tree.setAttribute('role', 'tree')
  tree.setAttribute('aria-labelledby', 'title')
  live.setAttribute('role', 'status')
  let rows = [], current = 0  // the line that Tab reaches

  function token(it, index, row) {
    const made = make('span', { className: index ? 'token' : 'token fork', textContent: it.token })
    made.dataset.at = row.from + index
    made.classList.toggle('picked', Boolean(it.picked))
    return made
  }

  // The line that leads down from the parent to this row, past the rows in between.
  function rise(place) {
    const parent = rows.findIndex(it => it.index === rows[place].parent)
    return parent < 0 ? 0 : place - parent
  }

  function line(row, place) {
    const remove = make('button', { type: 'button', className: 'remove', textContent: '✕',
      tabIndex: -1, title: model.words.remove })
    remove.setAttribute('aria-label', model.words.remove)
    remove.hidden = rows.length === 1
    remove.onclick = event => { event.stopPropagation(); forget(place) }
    const words = make('span', { className: 'words', lang: 'pt-BR' },
      ...row.tokens.flatMap((it, index) => [  // a line may end before a word
        ...(it.token.startsWith('·') ? [make('wbr')] : []), token(it, index, row)]))
    if (!row.tokens.length) words.append(make('span', { className: 'soft', textContent: '…' }))
    const made = make('div', { className: 'line' }, make('span', { className: 'knee' }),
      make('span', { className: 'unseen', textContent: `${row.place} ` }), words,
      make('span', { className: 'figures soft number', textContent: row.figures }), remove)
    made.style.setProperty('--column', row.column)
    made.style.setProperty('--depth', row.depth)
    made.style.setProperty('--rise', rise(place))
    made.setAttribute('role', 'treeitem')
    made.setAttribute('aria-level', row.depth + 1)
    made.setAttribute('aria-selected', row.current)
    made.dataset.place = place
    made.classList.toggle('root', row.parent < 0)
    made.tabIndex = place === current ? 0 : -1
    return made
  }

  function paint() {
    const focused = tree.contains(el.getRootNode().activeElement)
    rows = JSON.parse(model.rows)
    title.textContent = model.title
    lead.textContent = model.lead
    current = Math.max(0, Math.min(current, rows.length - 1))
    tree.replaceChildren(...rows.map(line))
    frame.hidden = !rows.length
    if (focused) tree.children[current]?.focus()
  }

  function walk(place) {
    tree.children[current].tabIndex = -1
    current = Math.max(0, Math.min(rows.length - 1, place))
    tree.children[current].tabIndex = 0
    tree.children[current].focus()
  }

  const show = (place, at = -1) => model.send_msg({ go: rows[place].index, at })
  function forget(place) {
    if (rows.length < 2) return
    live.textContent = model.words.removed
    model.send_msg({ remove: rows[place].index })
  }

  tree.onclick = event => {
    const place = Number(event.target.closest?.('.line')?.dataset.place ?? -1)
    if (place < 0) return
    walk(place)
    show(place, Number(event.target.dataset?.at ?? -1))
  }
  tree.onkeydown = event => {
    const parent = rows.findIndex(it => it.index === rows[current].parent)
    const child = rows.findIndex(it => it.parent === rows[current].index)
    const moves = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: rows.length - 1,
      ArrowLeft: parent < 0 ? current : parent, ArrowRight: child < 0 ? current : child }
    if (event.key in moves) walk(moves[event.key])
    else if (event.key === 'Enter' || event.key === ' ') show(current)
    else if (event.key === 'Delete' || event.key === 'Backspace') forget(current)
    else return
    event.preventDefault()
  }

  model.on(['rows', 'title', 'lead', 'words'], paint)
  paint()
  el.append(title, lead, frame, live)
}
