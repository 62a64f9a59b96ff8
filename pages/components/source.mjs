import { fill, make } from './shared.mjs'

// Code as text with line numbers; comments, strings and keywords differ in weight and slant, not in
// hue: hues are kept for roles.
export function render({ model, el }) {
  const fold = make('details'), handle = make('summary'), title = make('h2')
  const about = make('p', { className: 'soft' }), list = make('div', { className: 'list' })
  const shut = new Set()  // names the reader closed, or all but the first
  handle.append(title)
  fold.append(handle, about, list)
  fold.ontoggle = () => { if (model.open !== fold.open) model.open = fold.open }

  function line(pieces, number) {
    const made = make('span', { className: 'line' })
    const code = make('code')
    made.dataset.number = number
    code.append(...pieces.map(([kind, text]) => kind
      ? make('span', { className: kind, textContent: text }) : text), '\n')
    made.append(code)
    return made
  }

  function part({ name, file, first, lines }, index) {
    const made = make('details', { open: index === 0 ? !shut.has(name) : shut.has(`+${name}`) })
    const head = make('summary'), code = make('pre', { tabIndex: 0 })
    const last = first + lines.length - 1
    head.append(make('h3', { textContent: name }),
      make('span', { className: 'soft', textContent: fill(model.words.lines, { file, first, last }) }))
    code.setAttribute('role', 'region')
    code.setAttribute('aria-label', fill(model.words.code, { name }))
    code.append(...lines.map((pieces, i) => line(pieces, first + i)))
    made.append(head, code)
    made.ontoggle = () => {
      const mark = index === 0 ? name : `+${name}`
      if (made.open === (index === 0)) shut.delete(mark)
      else shut.add(mark)
    }
    return made
  }

  function paint() {
    title.textContent = model.words.title
    about.textContent = model.words.about
    list.replaceChildren(...JSON.parse(model.pieces).map(part))
  }

  model.on(['pieces', 'words'], paint)
  paint()
  el.append(fold)
}
