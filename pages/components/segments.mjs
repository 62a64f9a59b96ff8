import { make } from './shared.mjs'

// Radio buttons that look like one button cut in pieces; the browser's own keys work.
export function render({ model, el }) {
  const legend = make('legend')
  const row = make('div', { className: 'row' })
  const note = make('p', { className: 'note soft' })
  const group = make('fieldset', {}, legend, row, note)

  function paint() {
    legend.textContent = model.label
    note.textContent = model.note
    if (row.children.length !== model.options.length) {
      row.replaceChildren(...model.options.map(({ id }) => {
        const input = make('input', { type: 'radio', name: 'one', value: id })
        input.onchange = () => { model.value = id }
        return make('label', {}, input, make('span'))
      }))
    }
    model.options.forEach(({ id, label }, index) => {
      const [input, words] = row.children[index].children
      input.value = id
      input.checked = id === model.value
      words.textContent = label
    })
  }

  model.on(['value', 'label', 'options', 'note'], paint)
  paint()
  el.append(group)
}
