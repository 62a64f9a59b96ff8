import { make } from './shared.mjs'

// Buttons inside a sentence; the chosen one stays pressed, its result stands below.
export function render({ model, el }) {
  const sentence = make('p', { className: 'sentence' })
  const result = make('ul', { className: 'result' })
  result.setAttribute('role', 'status')
  const buttons = new Map()

  function word(key) {
    if (!buttons.has(key)) {
      const button = make('button', { type: 'button' })
      button.onclick = () => model.send_msg({ choose: key })
      buttons.set(key, button)
    }
    const button = buttons.get(key)
    button.textContent = model.labels[key]
    button.setAttribute('aria-pressed', model.chosen === key)
    return button
  }

  function paintSentence() {
    sentence.replaceChildren(...model.sentence.split(/(\{\w+\})/).map(part =>
      /^\{\w+\}$/.test(part) ? word(part.slice(1, -1)) : part))
  }
  function paint() {
    for (const [key, button] of buttons) button.setAttribute('aria-pressed', model.chosen === key)
    result.replaceChildren(...model.result.map(text => make('li', { textContent: text })))
  }

  model.on(['sentence', 'labels'], paintSentence)
  model.on(['chosen', 'result'], paint)
  paintSentence()
  paint()
  el.append(sentence, result)
}
