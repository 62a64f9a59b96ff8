import { fill, make } from './shared.mjs'

// The box belongs to its reader: Python fills it only when another text came into use.
export function render({ model, el }) {
  const fold = make('details'), handle = make('summary'), inUse = make('p', { id: 'in-use' })
  const zone = make('div', { className: 'zone' })
  const head = make('div', { className: 'head' }), label = make('label', { htmlFor: 'text' })
  const count = make('span', { id: 'count', className: 'soft number' })
  const text = make('textarea', { id: 'text', rows: 5, spellcheck: false, dir: 'auto' })
  const file = make('input', { type: 'file', accept: '.txt,.md,.csv,text/*', hidden: true })
  const [use, open, back] = ['use', 'open', 'shipped'].map(id =>
    make('button', { type: 'button', id, className: id }))
  const acts = make('div', { className: 'acts' })
  const drop = make('p', { className: 'soft' }), said = make('p', { id: 'said' })
  said.setAttribute('role', 'status')
  text.setAttribute('aria-describedby', 'count in-use')
  head.append(label, count)
  acts.append(use, open, back)
  zone.append(head, text, acts, file, drop)
  fold.append(handle, inUse, zone, said)
  let taken = null  // the text that Python put into the box last

  function paintWords() {
    const { words } = model
    handle.textContent = words.title
    label.textContent = words.label
    text.placeholder = words.placeholder
    use.textContent = words.use
    open.textContent = words.open
    back.textContent = words.shipped
    file.setAttribute('aria-label', words.file)
    drop.textContent = fill(words.drop, { limit: model.limit / 1e6 })
    paintCount()
  }

  function paintCount() {
    // As Python counts: an emoji is one character, not two.
    let length = 0
    for (const _ of text.value) length += 1
    const { one, more } = model.words.characters
    // A browser's first number of a language costs 15 ms, which the first picture need not wait for.
    const written = length < 1000 ? `${length}` : length.toLocaleString(model.locale)
    count.textContent = length === 1 ? one : fill(more, { count: written })
  }

  function paintText() {
    if (model.text !== taken && model.text) text.value = model.text
    taken = model.text
    paintCount()
  }

  function paintState() {
    inUse.textContent = model.in_use
    said.textContent = model.said
    said.className = model.refused ? 'bad' : ''
    text.setAttribute('aria-invalid', model.refused)
    back.hidden = !model.own
  }

  async function take(chosen) {
    if (!chosen) return
    const { name, size } = chosen
    if (size > model.limit) {
      model.send_msg({ too_big: name, size })
      return
    }
    try {
      const bytes = new Uint8Array(await chosen.arrayBuffer())
      let binary = ''
      for (let i = 0; i < bytes.length; i += 32768) {
        binary += String.fromCharCode(...bytes.subarray(i, i + 32768))
      }
      model.send_msg({ file: name, base64: btoa(binary) })
    } catch {
      model.send_msg({ unreadable: name })
    }
  }

  text.oninput = paintCount
  use.onclick = () => model.send_msg({ use: text.value })
  open.onclick = () => file.click()
  back.onclick = () => { use.focus(); model.send_msg({ shipped: true }) }
  file.onchange = () => { take(file.files[0]); file.value = '' }
  const holdsFile = event => event.dataTransfer?.types.includes('Files')
  zone.ondragover = event => {
    if (!holdsFile(event)) return
    event.preventDefault()
    zone.classList.add('over')
  }
  zone.ondragleave = event => {
    if (!zone.contains(event.relatedTarget)) zone.classList.remove('over')
  }
  zone.ondrop = event => {
    zone.classList.remove('over')
    if (!holdsFile(event)) return
    event.preventDefault()
    take(event.dataTransfer.files[0])
  }

  model.on(['words', 'locale'], paintWords)
  model.on('text', paintText)
  model.on(['in_use', 'said', 'refused', 'own'], paintState)
  paintWords(); paintText(); paintState()
  el.append(fold)
}
