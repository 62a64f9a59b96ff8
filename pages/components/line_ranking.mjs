import { make } from './shared.mjs'

// One Tab stop; arrow keys move and show how a number came to be, a click pins it, Esc lets go. While
// lines are still ranked they change places: what is pinned or in focus is a line, not a place.
export function render({ model, el }) {
  const title = make('h3', { id: 'title' }), list = make('ol'), about = make('p', { className: 'about' })
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-labelledby', 'title')
  let rows = [], current = 0, pinned = ''

  const keyOf = it => it ? `${it.line} ${it.exact}` : ''
  const pinnedPlace = () => rows.findIndex(it => keyOf(it) === pinned)

  function row(it, index) {
    const bar = make('span', { className: it.part < 0 ? 'bar negative' : 'bar' })
    bar.style.width = `${Math.min(100, 100 * Math.abs(it.part))}%`
    const made = make('li', {},
      make('span', { className: 'rank number soft', textContent: it.rank }),
      make('span', { className: 'text', lang: 'pt-BR' }, ...it.pieces.map(([text, marked]) =>
        marked ? make('mark', { textContent: text }) : text)),
      make('span', { className: 'value number', textContent: it.value }),
      make('span', { className: 'track' }, bar))
    made.setAttribute('role', 'option')
    made.setAttribute('aria-selected', keyOf(it) === pinned)
    made.dataset.index = index
    made.dataset.line = it.line
    made.dataset.value = it.exact
    made.tabIndex = index === current ? 0 : -1
    return made
  }

  function paint() {
    const focused = list.contains(el.getRootNode().activeElement)
    const here = keyOf(rows[current])
    rows = JSON.parse(model.rows)
    title.textContent = model.title
    title.hidden = list.hidden = about.hidden = !rows.length
    const moved = focused ? rows.findIndex(it => keyOf(it) === here) : -1
    current = Math.max(0, Math.min(moved < 0 ? current : moved, rows.length - 1))
    list.replaceChildren(...rows.map(row))
    if (focused) list.children[current]?.focus()
    tell(pinnedPlace())
  }

  const tell = index => { about.textContent = rows[Math.max(0, index)]?.about ?? '' }

  function pin(index) {
    pinned = keyOf(rows[index])
    for (const [place, it] of [...list.children].entries()) {
      it.setAttribute('aria-selected', place === index)
    }
    tell(index)
  }

  function go(index) {
    list.children[current]?.setAttribute('tabindex', '-1')
    current = Math.max(0, Math.min(rows.length - 1, index))
    list.children[current].tabIndex = 0
    list.children[current].focus()
  }

  const indexOf = event => Number(event.target.closest?.('li')?.dataset.index ?? -1)
  list.onclick = event => { if (indexOf(event) >= 0) { go(indexOf(event)); pin(current) } }
  list.onpointerover = event => { if (indexOf(event) >= 0) tell(indexOf(event)) }
  list.onpointerleave = () => tell(pinnedPlace())
  list.addEventListener('focusin', event => tell(indexOf(event)))
  list.addEventListener('focusout', () => tell(pinnedPlace()))
  list.onkeydown = event => {
    const moves = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: rows.length - 1 }
    if (event.key in moves) go(moves[event.key])
    else if (event.key === 'Enter' || event.key === ' ') pin(current)
    else if (event.key === 'Escape') pin(-1)
    else return
    event.preventDefault()
  }

  model.on(['rows', 'title'], paint)
  paint()
  el.append(title, list, about)
}
