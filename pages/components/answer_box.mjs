import { keepFocus, make, together } from './shared.mjs'

// A form: Enter checks. What is typed stays until the question changes.
export function render({ model, el }) {
  const input = make('input', { type: 'text', autocomplete: 'off', id: 'answer',
    inputMode: 'decimal' })
  const label = make('label', { htmlFor: 'answer' })
  const field = make('div', { className: 'field' }, label, input)
  const legend = make('legend'), options = make('div', { className: 'options' })
  const group = make('fieldset', {}, legend, options)
  const check = make('button', { type: 'submit', className: 'primary' })
  const hinting = make('button', { type: 'button', className: 'plain' })
  const restore = make('button', { type: 'button', className: 'plain' })
  const acts = make('div', { className: 'acts' }, check, hinting, restore)
  const hint = make('p', { className: 'hint', id: 'hint', hidden: true })
  const verdict = make('p', { className: 'verdict' }), solved = make('p', { className: 'solved' })
  const printed = make('pre', { tabIndex: 0 }), name = make('p', { className: 'soft' })
  const out = make('div', { className: 'out' }, name, printed)
  const form = make('form', {}, solved, field, group, acts, hint, verdict, out)
  let key = null  // of the question painted
  verdict.setAttribute('role', 'status')
  printed.setAttribute('role', 'region')
  hinting.setAttribute('aria-controls', 'hint')
  hinting.onclick = () => { hint.hidden = !hint.hidden; paintHint() }
  restore.onclick = () => { check.focus(); model.send_msg({ restore: true }) }  // it may go
  form.onsubmit = event => {
    event.preventDefault()
    if (model.busy) return
    const chosen = options.querySelector('input:checked')
    model.send_msg({ answer: model.ask === 'choice' ? chosen?.value ?? '' : input.value })
  }

  function option({ id, label: text }) {
    const radio = make('input', { type: 'radio', name: 'choice', value: id })
    radio.checked = id === model.given
    return make('label', {}, radio, make('span', { textContent: text }))
  }

  function paintHint() {
    const { words } = model
    hinting.textContent = (hint.hidden ? words.hint : words.hideHint) ?? ''
    hinting.setAttribute('aria-expanded', !hint.hidden)
  }

  function paint() {
    const { words, ask } = model, fresh = key !== model.key
    key = model.key
    form.hidden = !key
    if (fresh) { input.value = model.given; hint.hidden = true }
    const chosen = fresh ? model.given : options.querySelector('input:checked')?.value
    keepFocus(options, () => options.replaceChildren(...JSON.parse(model.choices).map(option)))
    for (const it of options.querySelectorAll('input')) it.checked = it.value === chosen
    field.hidden = ask !== 'number'
    group.hidden = ask !== 'choice'
    label.textContent = words.number ?? ''
    legend.textContent = words.choice ?? ''
    check.textContent = (model.busy ? words.busy : words.check) ?? ''
    check.setAttribute('aria-disabled', model.busy)
    check.classList.toggle('primary', !model.solved)
    restore.textContent = words.restore ?? ''
    restore.hidden = !model.can_restore
    hint.textContent = model.hint
    solved.textContent = model.solved ? words.solved ?? '' : ''
    if (verdict.textContent !== model.verdict) verdict.textContent = model.verdict
    verdict.className = `verdict ${model.right ? 'right' : 'wrong'}`
    input.setAttribute('aria-invalid', Boolean(model.verdict) && !model.right)
    out.hidden = !model.printed
    name.textContent = words.printed ?? ''
    printed.textContent = model.printed
    printed.setAttribute('aria-label', words.printed ?? '')
    paintHint()
  }

  model.on(['key', 'ask', 'choices', 'given', 'hint', 'verdict', 'right', 'solved', 'printed',
    'busy', 'can_restore', 'words'], together(queueMicrotask, paint))
  paint()
  el.append(form)
}
