import { fill, make } from './shared.mjs'

// One Tab stop; arrow keys move and read out, Enter chooses. The bar is the surprise, the line
// across it the entropy: where they meet, the token was as surprising as was to be expected.
export function render({ model, el }) {
  const title = make('h3', { id: 'title' }), legend = make('p', { className: 'legend soft' })
  const strip = make('div', { className: 'strip', lang: 'pt-BR' })
  const about = make('p', { className: 'about' })
  strip.setAttribute('role', 'listbox')
  strip.setAttribute('aria-labelledby', 'title')
  let tokens = [], current = 0

  const decimals = (value, digits) => value.toLocaleString(model.locale,
    { minimumFractionDigits: digits, maximumFractionDigits: digits })
  // Powers of two say a probability in words that everybody can check.
  function describe(index) {
    const { token, bits, entropy } = tokens[index]
    if (bits === undefined) return fill(model.words.first, { token })
    const share = 2 ** -bits
    return fill(model.words.token, { token, number: index + 1, bits: decimals(bits, 2),
      share: share >= 0.0001 ? decimals(share, 4)
        : share.toLocaleString(model.locale, { notation: 'scientific', maximumSignificantDigits: 2 }),
      entropy: decimals(entropy, 2), choices: decimals(2 ** entropy, entropy < 4 ? 1 : 0) })
  }

  function option(it, index, tallest) {
    const well = make('span', { className: 'well' })
    if (it.bits !== undefined) {
      well.append(make('i', { className: 'bar' }), make('i', { className: 'line' }))
      well.style.setProperty('--bits', it.bits / tallest)
      well.style.setProperty('--entropy', it.entropy / tallest)
    }
    const made = make('span', { className: it.given ? 'token given' : 'token' }, well,
      make('span', { className: 'text', textContent: it.token }))
    made.setAttribute('role', 'option')
    made.setAttribute('aria-label', describe(index))
    made.dataset.index = index
    made.dataset.bits = it.bits ?? ''
    made.dataset.entropy = it.entropy ?? ''
    return made
  }

  function paint() {
    title.textContent = model.words.title
    legend.replaceChildren(...['bar', 'line'].map(name => make('span', {},
      make('i', { className: `key ${name}` }), model.words[name])))
    tokens = JSON.parse(model.tokens)
    const focused = strip.contains(el.getRootNode().activeElement)
    const tallest = Math.max(1, ...tokens.map(it => Math.max(it.bits ?? 0, it.entropy ?? 0)))
    current = Math.max(0, Math.min(current, tokens.length - 1))
    strip.replaceChildren(...tokens.map((it, index) => option(it, index, tallest)))
    strip.hidden = !tokens.length
    if (tokens.length) strip.children[current].tabIndex = 0
    if (focused) strip.children[current]?.focus()
    mark()
  }

  function mark() {
    for (const [index, it] of [...strip.children].entries()) {
      it.setAttribute('aria-selected', index === model.shown)
      if (index !== current) it.tabIndex = -1
    }
    tell(model.shown)
  }

  const tell = index => { about.textContent = tokens[index] ? describe(index) : model.words.hint }

  function go(index) {
    strip.children[current].tabIndex = -1
    current = Math.max(0, Math.min(tokens.length - 1, index))
    strip.children[current].tabIndex = 0
    strip.children[current].focus()
  }

  const indexOf = event => Number(event.target.closest?.('.token')?.dataset.index ?? -1)
  const choose = index => { if (index >= 0) model.send_msg({ choose: index }) }
  strip.onclick = event => choose(indexOf(event))
  strip.onpointerover = event => { if (indexOf(event) >= 0) tell(indexOf(event)) }
  strip.onpointerleave = () => tell(model.shown)
  strip.addEventListener('focusin', event => tell(indexOf(event)))
  strip.addEventListener('focusout', () => tell(model.shown))
  strip.onkeydown = event => {
    const moves = { ArrowRight: current + 1, ArrowDown: current + 1, ArrowLeft: current - 1,
      ArrowUp: current - 1, Home: 0, End: tokens.length - 1 }
    if (event.key in moves) go(moves[event.key])
    else if (event.key === 'Enter' || event.key === ' ') choose(current)
    else return
    event.preventDefault()
  }

  model.on(['tokens', 'words', 'locale'], paint)
  model.on('shown', mark)
  paint()
  el.append(title, legend, strip, about)
}
