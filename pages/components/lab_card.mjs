import { make } from './shared.mjs'

// Facts in a grid, sentences, three buttons. A file can also be dropped anywhere on the card.
export function render({ model, el }) {
  const title = make('h2'), list = make('dl'), about = make('div', { className: 'about soft' })
  const row = make('div', { className: 'row' })
  const said = make('p', { className: 'said' }), error = make('p', { className: 'error' })
  const input = make('input', { type: 'file', accept: '.safetensors', hidden: true })
  said.setAttribute('role', 'status')
  error.setAttribute('role', 'alert')
  const LARGEST = 500_000_000  // bytes; more would fill the browser's memory

  const buttons = ['open', 'save', 'back'].map(id => {
    const button = make('button', { type: 'button', id, onclick: () => {
      if (button.getAttribute('aria-disabled') === 'true') return
      if (id === 'open') input.click()
      else model.send_msg({ press: id })
    } })
    return button
  })

  function paint() {
    title.textContent = model.words.title
    list.replaceChildren(...model.facts.map(({ name, value }) => {
      const pair = make('div')
      pair.append(make('dt', { textContent: name, className: 'soft' }),
        make('dd', { textContent: value, className: 'number' }))
      return pair
    }))
    about.replaceChildren(...model.about.map(text => make('p', { textContent: text })))
    for (const button of buttons) {
      const reason = model.buttons[button.id] ?? ''
      button.textContent = model.words[button.id]
      button.setAttribute('aria-disabled', Boolean(reason))
      button.title = reason
    }
    said.textContent = model.said
    error.textContent = model.error
  }

  async function open(file) {
    if (!file) return
    if (file.size > LARGEST) { error.textContent = model.words.tooLarge; return }
    const reader = new FileReader()
    reader.onerror = () => { error.textContent = model.words.unreadable }
    reader.onload = () => model.send_msg({ name: file.name, base64: reader.result.split(',')[1] ?? '' })
    reader.readAsDataURL(file)
  }

  input.onchange = () => { open(input.files[0]); input.value = '' }
  el.ondragover = event => { event.preventDefault(); el.classList.add('over') }
  el.ondragleave = () => el.classList.remove('over')
  el.ondrop = event => {
    event.preventDefault()
    el.classList.remove('over')
    open(event.dataTransfer.files[0])
  }

  function download({ name, base64 }) {
    const data = Uint8Array.from(atob(base64), char => char.charCodeAt(0))
    const link = make('a', { download: name, href: URL.createObjectURL(new Blob([data])) })
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
  }

  model.on(['facts', 'about', 'buttons', 'said', 'error', 'words'], paint)
  model.on('msg:custom', event => download(event.data ?? event))
  paint()
  row.append(...buttons)
  el.append(title, about, list, row, said, error, input)
}
