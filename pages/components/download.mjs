import { make } from './shared.mjs'

// Asks Python for the file, then saves it as the browser saves any download.
export function render({ model, el }) {
  const whole = make('div'), title = make('h2'), about = make('p', { className: 'soft' })
  const button = make('button', { type: 'button' }), said = make('p', { className: 'said soft' })
  said.setAttribute('role', 'status')
  button.onclick = () => {
    if (!model.reason) model.send_msg({ wanted: true })
  }

  function save({ name, base64 }) {
    const bytes = Uint8Array.from(atob(base64), char => char.charCodeAt(0))
    const href = URL.createObjectURL(new Blob([bytes]))
    make('a', { href, download: name }).click()
    setTimeout(() => URL.revokeObjectURL(href), 60_000)
    said.textContent = model.words.saved.replace('{name}', name)
  }

  function paint() {
    const { words } = model
    whole.className = words.title ? 'part' : ''
    title.textContent = words.title ?? ''
    about.textContent = words.about ?? ''
    title.hidden = !words.title
    about.hidden = !words.about
    button.textContent = words.button
    button.title = model.reason
    button.setAttribute('aria-disabled', Boolean(model.reason))
  }

  model.on(['words', 'reason'], paint)
  model.on('msg:custom', event => save(event.data ?? event))
  paint()
  whole.append(title, about, button, said)
  el.append(whole)
}
