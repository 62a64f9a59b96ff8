import { make } from './shared.mjs'

export function render({ model, el }) {
  const label = make('label', { htmlFor: 'list' }), list = make('select', { id: 'list' })
  const note = make('p', { className: 'soft', id: 'note' })
  list.setAttribute('aria-describedby', 'note')
  list.onchange = () => { model.value = list.value }

  function paint() {
    label.textContent = model.label
    note.textContent = model.reason || model.note
    list.replaceChildren(...model.options.map(it =>
      make('option', { value: it.id, textContent: it.label })))
    list.value = model.value
    list.disabled = Boolean(model.reason)
  }

  model.on(['options', 'label', 'note', 'reason'], paint)
  model.on('value', () => { list.value = model.value })
  paint()
  el.append(label, list, note)
}
