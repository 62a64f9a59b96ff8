import { make } from './shared.mjs'

// Two rankings side by side. Each is one Tab stop; a row's sum with its values stands below it.
export function render({ model, el }) {
  const legend = make('p', { className: 'legend' })
  const columns = make('div', { className: 'columns' })

  function column(it) {
    const list = make('ol', { className: 'list' })
    const about = make('p', { className: 'about' })
    const title = make('h3', { id: it.id, textContent: it.title })
    list.setAttribute('role', 'listbox')
    list.setAttribute('aria-labelledby', it.id)
    list.append(...it.rows.map(row))
    list.hidden = !it.rows.length
    const tell = index => { about.textContent = it.rows[Math.max(0, index)]?.about ?? '' }
    const indexOf = event => [...list.children].indexOf(event.target.closest?.('.row'))
    list.onpointerover = event => tell(indexOf(event))
    list.addEventListener('focusin', event => tell(indexOf(event)))
    list.onkeydown = event => {
      const now = indexOf(event), last = list.children.length - 1
      const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: last }[event.key]
      if (to === undefined) return
      event.preventDefault()
      list.children[now].tabIndex = -1
      const next = list.children[Math.max(0, Math.min(last, to))]
      next.tabIndex = 0
      next.focus()
    }
    tell(0)
    const whole = make('section', {}, title,
      make('p', { className: 'lead soft', textContent: it.lead }), list, about)
    whole.style.setProperty('--hue', `var(--${it.hue})`)
    return whole
  }

  function row(it, index) {
    const bar = make('span', { className: 'bar' })
    bar.style.width = `${100 * it.part}%`
    const words = make('p', { className: 'words', dir: 'auto' }, ...it.pieces.map(([text, kind]) =>
      kind ? make('mark', { className: kind, textContent: text }) : text))
    const made = make('li', { className: 'row', tabIndex: index ? -1 : 0 },
      make('span', { className: 'rank number', textContent: `${it.rank}.` }),
      make('strong', { textContent: it.label }),
      make('span', { className: 'tag', textContent: it.mark }),
      make('span', { className: 'value number', textContent: it.value }),
      make('span', { className: 'track' }, bar), words)
    made.dataset.value = it.exact
    made.setAttribute('role', 'option')
    made.setAttribute('aria-selected', 'false')
    return made
  }

  function paint() {
    const { words } = model
    legend.replaceChildren(make('mark', { className: 'word', textContent: words.word }), ' ',
      make('mark', { className: 'answer', textContent: words.answer }))
    const lists = JSON.parse(model.lists)
    columns.replaceChildren(...lists.map(column))
    legend.hidden = !lists.some(it => it.rows.length)
  }
  model.on(['lists', 'words'], paint)
  paint()
  el.append(legend, columns)
}
