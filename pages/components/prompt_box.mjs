import { make } from './shared.mjs'

// A text area whose value follows every key stroke. Python's word replaces it only when it differs.
export function render({ model, el }) {
  const label = make('label', { htmlFor: 'text' })
  const text = make('textarea', { id: 'text', rows: model.rows, spellcheck: false })
  const info = make('span', { id: 'info', className: 'soft number' })
  const error = make('p', { id: 'error' })
  const examples = make('div', { className: 'examples' })
  const head = make('div', { className: 'head' })
  error.setAttribute('role', 'alert')
  examples.setAttribute('role', 'group')
  text.setAttribute('aria-describedby', 'info error')
  text.lang = 'pt-BR'
  head.append(label, info)

  function paintValue() { if (text.value !== model.value) text.value = model.value }

  function paintError() {
    error.textContent = model.error
    error.hidden = !model.error
    text.setAttribute('aria-invalid', Boolean(model.error))
  }

  function paintWords() {
    label.textContent = model.words.label
    examples.setAttribute('aria-label', model.words.examples)
    examples.replaceChildren(...model.examples.map(example => {
      const button = make('button', { type: 'button', textContent: example, lang: 'pt-BR' })
      button.onclick = () => { text.value = model.value = example }
      return button
    }))
  }

  const paintInfo = () => { info.textContent = model.info }
  text.oninput = () => { model.value = text.value }
  model.on('value', paintValue)
  model.on('error', paintError)
  model.on('info', paintInfo)
  model.on(['words', 'examples'], paintWords)
  paintValue(); paintError(); paintInfo(); paintWords()
  el.append(head, text, error, examples)
}
