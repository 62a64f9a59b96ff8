import { make } from './shared.mjs'

// Terms flow like a line of text; the note opens below the line that its term stands in, so that
// no term moves away under the pointer and nothing is covered.
export function render({ model, el }) {
  const fold = make('details', { open: matchMedia('(min-width: 900px)').matches })
  const handle = make('summary'), title = make('h2'), about = make('p', { className: 'soft' })
  const list = make('ul'), note = make('li', { id: 'note', hidden: true })
  handle.append(title)
  fold.append(handle, about, list)

  const buttons = () => [...list.querySelectorAll('button')]
  const buttonOf = key => buttons().find(it => it.dataset.key === key)

  function item({ key, term }) {
    const button = make('button', { type: 'button', textContent: term })
    button.dataset.key = key
    button.setAttribute('aria-controls', 'note')
    button.onclick = () => { open(model.opened === key ? '' : key) }
    const made = make('li')
    made.append(button)
    return made
  }

  function open(key) {
    model.opened = key
    paintNote()
  }

  function paintNote() {
    const entry = JSON.parse(model.entries).find(it => it.key === model.opened)
    for (const it of buttons()) {
      it.setAttribute('aria-expanded', it.dataset.key === entry?.key)
      if (it.dataset.key === entry?.key) it.setAttribute('aria-describedby', 'note')
      else it.removeAttribute('aria-describedby')
    }
    note.hidden = !entry
    note.textContent = entry?.note ?? ''
    place()
  }

  /** Put the note after the last term of its term's line. */
  function place() {
    note.remove()
    const chosen = buttonOf(model.opened)?.parentElement
    if (!chosen) return
    let last = chosen
    while (last.nextElementSibling?.offsetTop === chosen.offsetTop) last = last.nextElementSibling
    last.after(note)
  }

  function paint() {
    title.textContent = model.words.title
    about.textContent = model.words.about
    list.replaceChildren(...JSON.parse(model.entries).map(item))
    paintNote()
  }

  fold.onkeydown = event => {
    if (event.key !== 'Escape' || !model.opened) return
    event.preventDefault()
    const button = buttonOf(model.opened)
    open('')
    button.focus()
  }
  new ResizeObserver(place).observe(list)
  model.on(['entries', 'words'], paint)
  model.on('opened', paintNote)
  paint()
  el.append(fold)
}
