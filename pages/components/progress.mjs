import { make } from './shared.mjs'

// The text is told to a screen reader when the work ends, not at each step.
export function render({ model, el }) {
  const bar = make('progress', { max: 1 }), text = make('div', { className: 'lines' })
  const error = make('p', { className: 'error' })
  text.setAttribute('role', 'status')
  error.setAttribute('role', 'alert')

  function paint() {
    bar.hidden = !model.running
    bar.value = model.share
    bar.setAttribute('aria-label', model.words.label)
    text.setAttribute('aria-busy', model.running)
    text.replaceChildren(...model.lines.map(line => make('p', { textContent: line })))
    error.textContent = model.error
    error.hidden = !model.error
  }

  model.on(['lines', 'share', 'running', 'error', 'words'], paint)
  paint()
  el.append(bar, text, error)
}
