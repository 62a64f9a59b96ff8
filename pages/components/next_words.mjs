import { hovered, make } from './shared.mjs'

// Two bars a word. One Tab stop; arrow keys move, Enter chooses the word that the page explains.
export function render({ model, el }) {
  const headline = make('h3', { id: 'headline' })
  const lead = make('p', { className: 'lead soft' })
  const back = make('button', { type: 'button', id: 'back' })
  const head = make('div', { className: 'columns soft', ariaHidden: 'true' })
  const list = make('div', { className: 'list' })
  const about = make('p', { className: 'about' })
  headline.setAttribute('role', 'status')
  list.setAttribute('role', 'listbox')
  let rows = []
  let current = 0

  const percent = share => share.toLocaleString(model.locale, { style: 'percent',
    maximumFractionDigits: share < 0.0995 ? 2 : 1, minimumFractionDigits: share < 0.0995 ? 2 : 1 })

  function bar(share, kind) {
    const fill = make('span', { className: 'fill' })
    fill.style.width = `${100 * Math.min(1, share)}%`
    return [make('span', { className: `track ${kind}` }, fill),
      make('span', { className: `value number ${kind}`, textContent: percent(share) })]
  }

  function row(it, index) {
    const made = make('div', { className: 'row' },
      make('span', { className: 'word', textContent: it.word, lang: 'pt-BR' }),
      ...bar(it.before, 'before'), ...(model.changed ? bar(it.after, 'after') : []))
    made.setAttribute('role', 'option')
    made.setAttribute('aria-selected', it.id === model.chosen)
    made.classList.toggle('others', it.id < 0)
    made.dataset.index = index
    made.tabIndex = index === current ? 0 : -1
    return made
  }

  function paint() {
    rows = JSON.parse(model.rows)
    headline.textContent = model.headline
    lead.textContent = model.lead
    back.textContent = model.words.back ?? ''
    back.hidden = !model.changed
    list.setAttribute('aria-label', model.words.table ?? '')
    const titles = [['', ''], ['before', model.words.before], ...(model.changed
      ? [['after', model.words.after]] : [])]
    head.replaceChildren(...titles.map(([kind, text]) => make('span', { className: kind,
      textContent: text })))
    head.hidden = list.hidden = !rows.length
    el.classList.toggle('changed', model.changed)
    for (const it of [head, list]) it.classList.toggle('two', model.changed)
    current = Math.max(0, Math.min(current, rows.length - 1))
    const focused = list.contains(el.getRootNode().activeElement)
    list.replaceChildren(...rows.map(row))
    if (focused) list.children[current]?.focus()
    tell()
  }

  function tell(index = rows.findIndex(it => it.id === model.chosen)) {
    about.textContent = rows[index]?.about ?? ''
  }

  function go(index) {
    list.children[current]?.setAttribute('tabindex', '-1')
    current = Math.max(0, Math.min(rows.length - 1, index))
    list.children[current].tabIndex = 0
    list.children[current].focus()
  }

  function choose(index) {
    if (rows[index]?.id >= 0) model.chosen = rows[index].id
  }

  const indexOf = event => Number(event.target.closest?.('.row')?.dataset.index ?? -1)
  const look = event => { if (indexOf(event) >= 0) tell(indexOf(event)) }
  list.onclick = event => { if (indexOf(event) >= 0) { go(indexOf(event)); choose(current) } }
  hovered(list, look, () => tell())
  list.addEventListener('focusin', look)
  list.addEventListener('focusout', () => tell())
  list.onkeydown = event => {
    const moves = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: rows.length - 1 }
    if (event.key in moves) go(moves[event.key])
    else if (event.key === 'Enter' || event.key === ' ') choose(current)
    else return
    event.preventDefault()
  }
  back.onclick = () => {
    list.children[current]?.focus()  // the button goes
    model.send_msg({ back: true })
  }

  model.on(['rows', 'headline', 'lead', 'changed', 'words', 'locale', 'chosen'], paint)
  paint()
  el.append(make('div', { className: 'head' }, headline, back), lead, head, list, about)
}
