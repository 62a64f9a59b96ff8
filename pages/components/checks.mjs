import { make } from './shared.mjs'

// The browser's own check boxes.
export function render({ model, el }) {
  const group = make('fieldset'), legend = make('legend'), all = make('div')
  group.append(legend, all)

  function box({ id, label, reason }) {
    const input = make('input', { type: 'checkbox', id, disabled: Boolean(reason),
      checked: model.value.includes(id) })
    const whole = make('label'), note = make('p', { className: 'soft', textContent: reason,
      id: `${id}-note` })
    input.setAttribute('aria-describedby', note.id)
    input.onchange = () => {
      model.value = input.checked ? [...model.value, id] : model.value.filter(it => it !== id)
    }
    whole.append(input, label)
    const pair = make('div')
    pair.append(whole, note)
    return pair
  }

  function paint() {
    legend.textContent = model.label
    const focused = el.getRootNode().activeElement?.id
    all.replaceChildren(...model.boxes.map(box))
    if (focused) [...all.querySelectorAll('input')].find(it => it.id === focused)?.focus()
  }
  const check = () => {
    for (const input of all.querySelectorAll('input')) {
      input.checked = model.value.includes(input.id)
    }
  }

  model.on(['boxes', 'label'], paint)
  model.on('value', check)
  paint()
  el.append(group)
}
