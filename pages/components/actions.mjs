// Buttons stay focusable while they are off, so that their reason can be read.
export function render({ model, el }) {
  const row = document.createElement('div')
  row.className = 'row'
  row.setAttribute('role', 'group')
  const buttons = new Map()

  function button(id) {
    const made = Object.assign(document.createElement('button'), { type: 'button', id })
    made.onclick = () => {
      if (made.getAttribute('aria-disabled') !== 'true') model.send_msg({ press: id })
    }
    buttons.set(id, made)
    row.append(made)
    return made
  }

  function paint() {
    row.setAttribute('aria-label', model.words.group)
    const wanted = new Set(model.buttons.map(it => it.id))
    for (const [id, it] of buttons) {
      if (!wanted.has(id)) { it.remove(); buttons.delete(id) }
    }
    for (const { id, label, primary, reason } of model.buttons) {
      const it = buttons.get(id) ?? button(id)
      it.textContent = label
      it.classList.toggle('primary', Boolean(primary))
      it.setAttribute('aria-disabled', Boolean(reason))
      it.title = reason ?? ''
    }
  }

  model.on(['buttons', 'words'], paint)
  paint()
  el.append(row)
}
