import { fill, hovered, make } from './shared.mjs'

// The text as a list box whose options are chunks, each up to where the next begins: one Tab stop,
// arrow keys move, Enter pins, Esc lets go.
const MARKS = { size: '╱', word: '␣', clause: ',', line: '↵', sentence: '.', paragraph: '¶',
  topic: '≠', density: '≈', end: '■' }
const FACTS = ['place', 'characters', 'tokens', 'overlap', 'density', 'quality', 'reason']

export function render({ model, el }) {
  const title = make('h2', { id: 'title' }), totals = make('ul', { className: 'totals soft' })
  const legend = make('ul', { className: 'legend' })
  const text = make('div', { className: 'text' })
  const heading = make('h3'), facts = make('dl'), about = make('p', { className: 'about soft' })
  const card = make('aside', { className: 'card' }, heading, facts, about)
  const near = make('section', { className: 'near' })
  const live = make('p', { className: 'unseen' })
  text.setAttribute('role', 'listbox')
  text.setAttribute('aria-labelledby', 'title')
  card.setAttribute('aria-labelledby', 'card')
  heading.id = 'card'
  near.tabIndex = 0  // so that a keyboard can scroll it
  near.setAttribute('aria-labelledby', 'near')
  live.setAttribute('role', 'status')
  const lines = new Map()  // the name of a fact → its elements
  for (const name of FACTS) {
    const it = { dt: make('dt'), value: make('span', { className: 'value' }),
      sum: make('span', { className: 'sum soft' }) }
    facts.append(make('div', { className: name }, it.dt, make('dd', {}, it.value, it.sum)))
    lines.set(name, it)
  }
  let picture = { segments: [], chunks: [] }
  let current = 0        // the option that Tab reaches, among options()
  let preview = null     // index of the chunk under the pointer or the focus

  const formats = new Map()
  function written(value, digits = 0) {
    const key = model.locale + digits
    if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(model.locale,
      { minimumFractionDigits: digits, maximumFractionDigits: digits }))
    return formats.get(key).format(value)
  }
  const options = () => [...text.children]
  const described = index => picture.chunks.find(it => it.index === index)
  // One or two ends: an even chunk has whole lines, an odd one dashed; what repeats has both.
  const parity = ({ first, last }) => first === last ? ['even', 'odd'][first % 2] : 'both'

  function segment(it) {
    const node = make('span', { className: `segment ${parity(it)}`, textContent: it.text })
    Object.assign(node.dataset, { first: it.first, last: it.last })
    return node
  }

  function mark(reason, index) {
    const node = make('span', { className: 'why', textContent: MARKS[reason],
      title: fill(model.words.ends, { number: written(index + 1),
        reason: model.words.reasons[reason] }) })
    node.dataset.reason = reason
    node.setAttribute('aria-hidden', true)
    return node
  }

  function option(index) {
    const node = make('span', { className: 'chunk', id: `chunk-${index}` })
    node.setAttribute('role', 'option')
    node.dataset.index = index
    node.append(make('span', { className: 'unseen', textContent: fill(model.words.option,
      { ...spoken(described(index)), count: written(model.count) }) }))
    return node
  }

  function paintText() {
    const focused = el.getRootNode().activeElement?.dataset?.index
    const held = text.children[current]?.dataset.index
    const nodes = []
    for (const it of picture.segments) {
      if (nodes.at(-1)?.dataset.index !== String(it.last)) {
        nodes.push(option(it.last))
        if (it.opens >= 0) {
          const badge = make('span', { className: 'badge', textContent: written(it.opens + 1) })
          badge.setAttribute('aria-hidden', true)
          nodes.at(-1).append(badge)
        }
      }
      nodes.at(-1).append(segment(it))
      if (it.closes >= 0) nodes.at(-1).append(mark(described(it.closes).reason, it.closes))
    }
    text.replaceChildren(...nodes)
    text.lang = model.written_in
    const placeOf = index => nodes.findIndex(node => node.dataset.index === String(index))
    current = [placeOf(model.pinned), placeOf(held), 0].find(place => place >= 0)
    nodes.forEach((node, i) => { node.tabIndex = i === current ? 0 : -1 })
    if (focused !== undefined) nodes[placeOf(focused)]?.focus()
  }

  // A chunk's numbers as the page's language writes them.
  const spoken = it => ({ number: written(it.index + 1), start: written(it.start),
    end: written(it.end), characters: written(it.characters), tokens: written(it.tokens),
    overlap: written(it.overlap), density: written(it.density, 2), bits: written(it.bits),
    quality: written(it.quality, 2), first: written(picture.qualities[it.edges[0]], 1),
    last: written(picture.qualities[it.edges[1]], 1),
    firstEdge: model.words.edges[it.edges[0]], lastEdge: model.words.edges[it.edges[1]],
    perToken: written(it.characters / Math.max(1, it.tokens), 1),
    share: written(100 * it.overlap / it.characters), reason: model.words.reasons[it.reason] })

  const looked = () => described(preview) ?? described(model.pinned) ?? picture.chunks.find(
    it => it.index === picture.first) ?? picture.chunks[0]

  function paintCard() {
    const it = looked()
    card.hidden = !it
    if (!it) return
    const { words } = model, values = { ...spoken(it), count: written(model.count) }
    card.classList.toggle('held', preview !== null || model.pinned >= 0)
    card.classList.toggle('pinned', model.pinned >= 0)
    heading.textContent = fill(words.heading, values)
    for (const [name, line] of lines) {
      line.dt.textContent = words.facts[name].name
      line.value.textContent = fill(words.facts[name].value, values)
      line.sum.textContent = fill(words.facts[name].sum ?? '', values)
    }
    for (const node of text.querySelectorAll('.segment')) {
      const { first, last } = node.dataset
      node.classList.toggle('looked', first <= it.index && it.index <= last)
    }
    for (const node of text.children) {
      node.setAttribute('aria-selected', Number(node.dataset.index) === model.pinned)
      node.classList.toggle('pinned', Number(node.dataset.index) === model.pinned)
    }
  }

  function tell(node) {
    const { first, last } = node?.dataset ?? {}
    about.textContent = first === undefined || first === last ? model.words.about
      : fill(model.words.shared, { first: written(Number(first) + 1),
        last: written(Number(last) + 1), count: written([...node.textContent].length) })
  }

  function look(index, node) {
    preview = index
    paintCard()
    tell(node)
  }

  function paintNear() {
    const all = JSON.parse(model.near)
    near.hidden = !all.length
    const heading = make('h3', { id: 'near', textContent: model.words.near })
    near.replaceChildren(heading, ...all.map(it => {
      const mine = it.index === model.pinned
      const letters = [...it.text]
      const body = make('p', { lang: model.written_in, dir: 'auto' })
      const [shared, own] = [letters.slice(0, it.shared), letters.slice(it.shared)]
      if (it.shared) body.append(make('mark', { textContent: shared.join('') }))
      body.append(own.join(''))
      return make('div', { className: mine ? 'mine' : '' }, make('h4', { textContent:
        fill(model.words[mine ? 'this' : 'other'], { number: written(it.index + 1) }) }), body)
    }))
  }

  function paintWords() {
    title.textContent = model.title
    totals.replaceChildren(...model.totals.map(line => make('li', { textContent: line })))
    const all = JSON.parse(model.legend)
    legend.replaceChildren(...all.map(it => make('li', {},
      make('span', { className: 'why', ariaHidden: 'true', textContent: MARKS[it.reason] }),
      it.said)))
    const said = model.busy || model.totals.join(' ')
    if (live.textContent !== said) live.textContent = said
    text.setAttribute('aria-busy', Boolean(model.busy))
    text.classList.toggle('busy', Boolean(model.busy))
  }

  function paint() {
    picture = JSON.parse(model.picture)
    preview = null
    paintText(); paintCard(); tell(); paintNear(); paintWords()
  }

  function go(place) {
    const all = options()
    if (!all.length) return
    all[current]?.setAttribute('tabindex', '-1')
    current = Math.max(0, Math.min(all.length - 1, place))
    all[current].tabIndex = 0
    all[current].focus()
  }
  const indexOf = event => Number(event.target.closest?.('.chunk')?.dataset.index ?? -1)
  const pin = index => { model.pinned = model.pinned === index ? -1 : index }

  const lookUnder = event => {
    if (indexOf(event) >= 0) look(indexOf(event), event.target.closest('.segment'))
  }
  hovered(text, lookUnder, () => look(null))
  text.addEventListener('focusin', event => look(indexOf(event)))
  text.addEventListener('focusout', () => look(null))
  text.onclick = event => {
    const place = options().findIndex(node => Number(node.dataset.index) === indexOf(event))
    if (place < 0 || String(getSelection())) return
    go(place)
    pin(indexOf(event))
    lookUnder(event)
  }
  text.onkeydown = event => {
    const moves = { ArrowRight: current + 1, ArrowDown: current + 1, ArrowLeft: current - 1,
      ArrowUp: current - 1, Home: 0, End: text.children.length - 1 }
    if (event.key in moves) go(moves[event.key])
    else if (event.key === 'Enter' || event.key === ' ') pin(indexOf(event))
    else if (event.key === 'Escape') model.pinned = -1
    else return
    event.preventDefault()
  }

  model.on(['picture', 'written_in', 'words', 'locale'], paint)
  model.on('pinned', paintCard)
  model.on('near', paintNear)
  model.on(['title', 'totals', 'legend', 'busy'], paintWords)
  paint()
  const beside = make('div', { className: 'beside' }, card, near)
  if (model.data.below) beside.append(model.get_child('below'))
  el.append(make('div', { className: 'whole' }, title, totals, legend,
    make('div', { className: 'sides' }, text, beside)),
  live)
}
