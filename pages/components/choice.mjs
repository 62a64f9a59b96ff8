import { keepFocus, make } from './shared.mjs'

// The browser's own radio buttons: one Tab stop, arrow keys choose.
export function render({ model, el }) {
  const group = make('fieldset'), legend = make('legend'), options = make('div')
  const note = make('p', { className: 'soft', id: 'note' })
  group.setAttribute('aria-describedby', 'note')
  group.append(legend, options, note)

  function option({ id, label }) {
    const input = make('input', { type: 'radio', name: 'choice', value: id })
    const whole = make('label')
    input.onchange = () => { model.value = id }
    whole.append(input, label)
    return whole
  }

  function paint() {
    legend.textContent = model.label
    note.textContent = model.note
    keepFocus(options, () => options.replaceChildren(...model.options.map(option)))
    choose()
  }
  const choose = () => {
    for (const input of options.querySelectorAll('input')) {
      input.checked = input.value === model.value
    }
  }

  model.on(['options', 'label', 'note'], paint)
  model.on('value', choose)
  paint()
  el.append(group)
}
