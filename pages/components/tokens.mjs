import { fill, make } from './shared.mjs'

// The text as a list box: one Tab stop, arrow keys move, Enter pins, Esc lets go.
// Elements are kept from one paint to the next, so that the focus stays while text grows.
export function render({ model, el }) {
  const title = make('h2', { id: 'title' })
  const status = make('p', { className: 'status soft number' })
  const strip = make('div', { className: 'strip', lang: 'pt-BR' })
  const about = make('p', { className: 'about soft' })
  const notes = make('ul', { className: 'notes' })
  const live = make('p', { className: 'unseen' })
  const head = make('div', { className: 'head' })
  strip.setAttribute('role', 'listbox')
  strip.setAttribute('aria-labelledby', 'title')
  live.setAttribute('role', 'status')
  head.append(title, status)
  let tokens = []
  let current = 0  // the option that Tab reaches

  // A NumberFormat is dear to make and is wanted some thousand times a second.
  const formats = new Map()
  function written(value, options) {
    const key = model.locale + JSON.stringify(options)
    if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(model.locale, options))
    return formats.get(key).format(value)
  }
  const percent = share => written(share,
    { style: 'percent', maximumFractionDigits: share < 0.01 ? 2 : 1 })
  const position = index => index - model.prompt_len  // among the generated tokens

  function option(index) {
    const made = make('span', { className: 'token' })
    made.setAttribute('role', 'option')
    made.dataset.index = index
    return made
  }

  function paintToken(node, token, index) {
    const place = position(index)
    node.tabIndex = index === current ? 0 : -1
    const key = [token?.id, token?.probability, token?.picked, model.prompt_len, model.shown === place,
      model.pinned === place, index < model.forgotten, model.words.title].join()
    if (node.dataset.key === key) return  // most tokens stay as they are while the text grows
    node.dataset.key = key
    node.textContent = token ? token.token : '?'
    node.classList.toggle('prompt', place < 0)
    node.classList.toggle('picked', Boolean(token?.picked))
    node.classList.toggle('pending', !token)
    node.classList.toggle('forgotten', index < model.forgotten)
    node.classList.toggle('shown', place === model.shown)
    node.setAttribute('aria-selected', place >= 0 && place === model.pinned)
    node.setAttribute('aria-label', describe(index))
    node.style.setProperty('--share', token?.probability ?? 0)
  }

  function describe(index) {
    const token = tokens[index]
    if (!token) return model.words.pending
    const values = { ...token, number: index + 1, probability: percent(token.probability ?? 0) }
    const kind = position(index) < 0 ? 'given' : token.picked ? 'picked' : 'drawn'
    const gone = index < model.forgotten ? ` ${model.words.forgotten}` : ''
    return fill(model.words[kind], values) + gone
  }

  function paint() {
    title.textContent = model.words.title
    tokens = JSON.parse(model.tokens)
    const count = tokens.length + (model.running ? 0 : 1)
    while (strip.children.length > count) strip.lastChild.remove()
    current = Math.min(current, count - 1)
    for (let i = 0; i < count; i++) {
      const node = strip.children[i] ?? strip.appendChild(option(i))
      paintToken(node, tokens[i], i)
    }
    strip.setAttribute('aria-busy', model.running)
    paintWords()
  }

  function paintWords() {
    status.replaceChildren(...model.status.map(text => make('span', { textContent: text })))
    notes.replaceChildren(...model.notes.map(text => make('li', { textContent: text })))
    if (live.textContent !== model.announcement) live.textContent = model.announcement
    tell()
  }

  function tell(index = model.prompt_len + model.shown) {
    about.textContent = describe(Math.min(index, tokens.length))
  }

  function go(index) {
    const last = strip.children.length - 1
    strip.children[current]?.setAttribute('tabindex', '-1')
    current = Math.max(0, Math.min(last, index))
    strip.children[current].tabIndex = 0
    strip.children[current].focus()
  }

  function pin(index) { if (position(index) >= 0) model.pinned = position(index) }

  const indexOf = event => Number(event.target.closest?.('.token')?.dataset.index ?? -1)
  strip.onclick = event => {
    const index = indexOf(event)
    if (index >= 0) { go(index); pin(index) }
  }
  strip.onpointerover = event => { if (indexOf(event) >= 0) tell(indexOf(event)) }
  strip.onpointerleave = () => tell()
  strip.addEventListener('focusin', event => tell(indexOf(event)))
  strip.addEventListener('focusout', () => tell())
  strip.onkeydown = event => {
    const moves = { ArrowRight: current + 1, ArrowDown: current + 1, ArrowLeft: current - 1,
      ArrowUp: current - 1, Home: 0, End: strip.children.length - 1 }
    if (event.key in moves) go(moves[event.key])
    else if (event.key === 'Enter' || event.key === ' ') pin(current)
    else if (event.key === 'Escape') model.pinned = -1
    else return
    event.preventDefault()
  }

  model.on(['tokens', 'pinned', 'shown', 'forgotten', 'running', 'prompt_len', 'words', 'locale'],
    paint)
  model.on(['status', 'notes', 'announcement'], paintWords)
  paint()
  el.append(head, strip, about, notes, live)
}
