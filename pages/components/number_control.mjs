import { make } from './shared.mjs'

// A number field and a slider on one value. The field is read with the reader's decimal mark or
// with a point, and counts only while it holds a number within the bounds.
export function render({ model, el }) {
  const label = make('label', { id: 'label', htmlFor: 'number' })
  const number = make('input', { id: 'number', type: 'text', inputMode: 'decimal',
    autocomplete: 'off' })
  const slider = make('input', { type: 'range' })
  const toggle = make('input', { type: 'checkbox', id: 'toggle' })
  const toggleLabel = make('label', { htmlFor: 'toggle', className: 'toggle' })
  const toggleText = make('span')
  const note = make('p', { id: 'note', className: 'soft' })
  slider.setAttribute('aria-labelledby', 'label')
  for (const input of [number, slider]) input.setAttribute('aria-describedby', 'note')
  toggleLabel.append(toggle, toggleText)

  const written = value => value.toLocaleString(model.locale,
    { useGrouping: false, maximumFractionDigits: 4 })
  const read = () => Number(number.value.trim().replace(',', '.') || NaN)
  const isWhole = value => !Number.isInteger(model.step) || Number.isInteger(value)
  const fits = value => value >= model.start && value <= model.end && isWhole(value)
  const off = () => Boolean(model.reason) || (model.switchable && !model.active)

  function paint() {
    label.textContent = model.label
    toggleLabel.hidden = !model.switchable
    toggleText.textContent = model.words.on
    toggle.setAttribute('aria-label', `${model.label}: ${model.words.on}`)
    toggle.checked = model.active
    toggle.disabled = Boolean(model.reason)
    number.disabled = slider.disabled = off()
    Object.assign(slider, { min: model.start, max: model.end, step: model.step })
    slider.value = model.value
    slider.setAttribute('aria-valuetext', written(model.value))
    if (read() !== model.value) number.value = written(model.value)
    say()
  }

  function say() {
    const bad = !off() && !fits(read())
    number.setAttribute('aria-invalid', bad)
    note.classList.toggle('bad', bad)
    note.textContent = bad ? model.words.bounds.replace('{start}', written(model.start))
      .replace('{end}', written(model.end)) : model.reason || model.note
  }

  function take(value) {
    model.value = Number(Math.min(model.end, Math.max(model.start, value)).toFixed(4))
    paint()
  }

  slider.oninput = () => take(slider.valueAsNumber)
  number.oninput = () => {
    if (fits(read())) model.value = read()
    slider.value = model.value
    say()
  }
  number.onkeydown = event => {
    const steps = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key]
    if (!steps) return
    event.preventDefault()
    take(model.value + steps * model.step)
  }
  number.onchange = () => { if (fits(read())) number.value = written(model.value) }
  toggle.onchange = () => { model.active = toggle.checked; paint() }
  const watched = ['value', 'start', 'end', 'step', 'label', 'note', 'switchable', 'active',
    'reason', 'words']
  model.on(watched, paint)
  model.on('locale', () => { number.value = written(model.value) })

  const head = make('div', { className: 'head' })
  head.append(label, toggleLabel, number)
  paint()
  el.append(head, slider, note)
}
