import { hovered, make } from './shared.mjs'

// A list box: one Tab stop, arrow keys move and choose, as radio buttons do.
export function render({ model, el }) {
  const title = make('h3', { id: 'title' })
  const row = make('div', { className: 'row', lang: 'pt-BR' })
  const about = make('p', { className: 'about soft' })
  row.setAttribute('role', 'listbox')
  row.setAttribute('aria-labelledby', 'title')
  let tokens = []

  function paint() {
    tokens = JSON.parse(model.tokens)
    title.textContent = model.title
    const focused = row.contains(el.getRootNode().activeElement)
    // Elements stay from one text to the next, of which a key changes little.
    while (row.childElementCount > tokens.length) row.lastChild.remove()
    tokens.forEach(({ token, about: said }, index) => {
      const it = row.children[index] ?? row.appendChild(option(index))
      if (it.textContent !== token) it.textContent = token
      if (it.ariaLabel !== said) it.ariaLabel = said
    })
    row.hidden = !tokens.length
    choose()
    if (focused) row.children[model.chosen]?.focus()
  }

  function option(index) {
    const made = make('span', { className: 'token' })
    made.setAttribute('role', 'option')
    made.dataset.index = index
    return made
  }

  function choose() {
    for (const it of row.children) {
      const is = Number(it.dataset.index) === model.chosen
      it.setAttribute('aria-selected', is)
      it.tabIndex = is ? 0 : -1
    }
    tell()
  }

  function tell(index = model.chosen) { about.textContent = tokens[index]?.about ?? '' }

  function go(index) {
    const to = Math.max(0, Math.min(tokens.length - 1, index))
    if (to === model.chosen) return
    model.chosen = to
    choose()
    row.children[to].focus()
  }

  const indexOf = event => Number(event.target.closest?.('.token')?.dataset.index ?? -1)
  row.onclick = event => { if (indexOf(event) >= 0) go(indexOf(event)) }
  hovered(row, event => { if (indexOf(event) >= 0) tell(indexOf(event)) }, () => tell())
  row.onkeydown = event => {
    const at = model.chosen
    const moves = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1,
      Home: 0, End: tokens.length - 1 }
    if (!(event.key in moves)) return
    event.preventDefault()
    go(moves[event.key])
  }

  model.on(['tokens', 'title'], paint)
  model.on('chosen', choose)
  paint()
  el.append(title, row, about)
}
