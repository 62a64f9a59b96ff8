import { make } from './shared.mjs'

// Buttons stay focusable while they are off, so that their reason can be read; pressed all the
// same, as by a finger, which sees no tooltip, they say it below.
export function render({ model, el }) {
  const row = document.createElement('div')
  row.className = 'row'
  row.setAttribute('role', 'group')
  const buttons = new Map()
  const why = make('p', { className: 'why soft', hidden: true })
  why.setAttribute('role', 'status')

  function say(reason) {
    why.textContent = reason
    why.hidden = !reason
  }
  function button(id) {
    const made = make('button', { type: 'button', id })
    made.onclick = () => {
      if (made.getAttribute('aria-disabled') === 'true') say(made.title)
      else model.send_msg({ press: id })
    }
    buttons.set(id, made)
    return made
  }

  function paint() {
    row.setAttribute('aria-label', model.words.group)
    const wanted = new Set(model.buttons.map(it => it.id))
    let held = -1  // the place of a button that goes away with the focus
    for (const [id, it] of buttons) {
      if (wanted.has(id)) continue
      if (it === el.getRootNode().activeElement) held = [...row.children].indexOf(it)
      it.remove()
      buttons.delete(id)
    }
    for (const [place, { id, label, primary, reason }] of model.buttons.entries()) {
      const it = buttons.get(id) ?? button(id)
      if (row.children[place] !== it) row.insertBefore(it, row.children[place] ?? null)
      it.textContent = label
      it.classList.toggle('primary', Boolean(primary))
      it.setAttribute('aria-disabled', Boolean(reason))
      it.title = reason ?? ''
    }
    if (held >= 0) row.children[Math.min(held, row.children.length - 1)]?.focus()
    if (!model.buttons.some(it => it.reason === why.textContent)) say('')
  }

  model.on(['buttons', 'words'], paint)
  paint()
  el.append(row, why)
}
