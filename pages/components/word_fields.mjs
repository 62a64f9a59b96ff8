import { make } from './shared.mjs'

// Python's word replaces what stands in a field only when the reader is not writing there.
export function render({ model, el }) {
  const row = make('div', { className: 'row' })
  const examples = make('p', { className: 'examples' })
  examples.setAttribute('role', 'group')
  const parts = new Map()

  const tell = () => model.send_msg({ values: Object.fromEntries(
    [...parts].map(([id, { input }]) => [id, input.value])) })

  function field(id) {
    const input = make('input', { id, type: 'text', autocomplete: 'off', spellcheck: false,
      maxLength: model.wide ? 400 : 200, lang: 'pt-BR' })
    const label = make('label', { htmlFor: id })
    const before = make('span', { className: 'before number' })
    const note = make('p', { className: 'note soft', id: `${id}-note` })
    const error = make('p', { className: 'error', id: `${id}-error` })
    error.setAttribute('role', 'alert')
    input.setAttribute('aria-describedby', `${id}-note ${id}-error`)
    input.oninput = tell
    row.append(make('div', { className: 'field' }, label,
      make('div', { className: 'line' }, before, input), note, error))
    parts.set(id, { input, label, before, note, error })
    return parts.get(id)
  }

  function paint() {
    row.classList.toggle('wide', model.wide)
    for (const it of model.fields) {
      const { input, label, before, note, error } = parts.get(it.id) ?? field(it.id)
      label.textContent = it.label
      before.textContent = it.before ?? ''
      note.textContent = it.note
      error.textContent = it.error
      error.hidden = !it.error
      input.setAttribute('aria-invalid', Boolean(it.error))
      const writing = el.getRootNode().activeElement === input
      if (!writing && input.value !== it.value) input.value = it.value
    }
  }

  function paintExamples() {
    examples.hidden = !model.examples.length
    examples.setAttribute('aria-label', model.words.examples ?? '')
    examples.replaceChildren(`${model.words.examples ?? ''} `, ...model.examples.map(it => {
      const button = make('button', { type: 'button', textContent: it.label })
      button.onclick = () => {
        for (const [id, value] of Object.entries(it.values)) parts.get(id).input.value = value
        tell()
      }
      return button
    }))
  }

  model.on('fields', paint)
  model.on(['examples', 'words'], paintExamples)
  paint()
  paintExamples()
  el.append(row, examples)
}
