import { hovered, make } from './shared.mjs'

// One Tab stop; arrow keys move and show how a number came to be, Enter chooses the row.
export function render({ model, el }) {
  const title = make('h3', { id: 'title' })
  const lead = make('p', { className: 'lead soft' })
  const list = make('ol', { className: 'list' })
  const about = make('p', { className: 'about', id: 'about' })
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-labelledby', 'title')
  let rows = []
  let current = 0

  function row(it, index) {
    const bar = make('span', { className: it.part < 0 ? 'bar negative' : 'bar' })
    const made = make('li', { className: 'row' },
      make('span', { className: 'rank number soft', textContent: it.rank }), ' ',
      make('span', { className: 'label', textContent: it.label }), ' ',
      make('span', { className: 'mark', textContent: it.mark ?? '' }), ' ',
      make('span', { className: 'value number', textContent: it.value }),
      make('span', { className: 'track' }, bar))
    bar.style.width = `${Math.min(100, 100 * Math.abs(it.part))}%`
    made.setAttribute('role', 'option')
    made.setAttribute('aria-selected', 'false')
    made.dataset.index = index
    made.dataset.id = it.id
    made.dataset.value = it.exact ?? ''
    made.tabIndex = index === current ? 0 : -1
    return made
  }

  function paint() {
    rows = JSON.parse(model.rows)
    title.textContent = model.title
    title.hidden = !model.title
    lead.textContent = model.lead
    lead.hidden = !model.lead
    current = Math.max(0, Math.min(current, rows.length - 1))
    const focused = list.contains(el.getRootNode().activeElement)
    list.replaceChildren(...rows.map(row))
    list.hidden = !rows.length
    list.style.setProperty('--hue', `var(--${model.hue})`)
    list.classList.toggle('choosable', model.choosable)
    if (focused) list.children[current]?.focus()
    light()
  }

  function light() {
    const spokenOf = model.pointed === -2 ? model.lit : model.pointed
    let lit = -1
    rows.forEach((it, index) => {
      const is = it.id === spokenOf
      list.children[index]?.classList.toggle('lit', is)
      if (is) lit = index
    })
    tell(lit)
  }

  function tell(index) { about.textContent = rows[index < 0 ? 0 : index]?.about ?? '' }

  function look(index) {
    tell(index)
    const id = index < 0 ? -2 : rows[index].id
    if (id !== model.pointed) model.pointed = id
  }

  function go(index) {
    list.children[current]?.setAttribute('tabindex', '-1')
    current = Math.max(0, Math.min(rows.length - 1, index))
    list.children[current].tabIndex = 0
    list.children[current].focus()
  }

  const indexOf = event => Number(event.target.closest?.('.row')?.dataset.index ?? -1)
  const choose = index => { if (model.choosable) model.send_msg({ choose: rows[index].id }) }
  list.onclick = event => { if (indexOf(event) >= 0) choose(indexOf(event)) }
  hovered(list, event => look(indexOf(event)), () => look(-1))
  list.addEventListener('focusin', event => look(indexOf(event)))
  list.addEventListener('focusout', () => look(-1))
  list.onkeydown = event => {
    const moves = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: rows.length - 1 }
    if (event.key in moves) go(moves[event.key])
    else if (event.key === 'Enter') choose(current)
    else return
    event.preventDefault()
  }

  model.on(['rows', 'title', 'lead', 'hue'], paint)
  model.on(['pointed', 'lit'], light)
  paint()
  el.append(title, lead, list, about)
}
