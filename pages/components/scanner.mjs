import { fill, hovered, make } from './shared.mjs'

// A text under a scanner. All on the screen is a function of one value, `at`: characters passed.
// Characters are Python's (code points), so an emoji is one.
export function render({ model, el }) {
  const number = (value, digits = 0) => value.toLocaleString(model.locale,
    { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const still = matchMedia('(prefers-reduced-motion: reduce)')
  const narrow = matchMedia('(max-width: 899px)')  // as in the stylesheet: the text has a window
  const SPEEDS = [0.5, 1, 2, 4], PACE = 80  // characters a second at speed 1

  // The parts of the picture
  const bar = make('div', { className: 'bar' })
  const buttons = make('div', { className: 'buttons' })
  const speeds = make('fieldset', { className: 'speeds' }), speedName = make('legend')
  const slider = make('input', { type: 'range', id: 'place', min: 0, step: 1 })
  const sliderName = make('label', { htmlFor: 'place' })
  const figures = make('dl', { className: 'figures' })
  const text = make('div', { className: 'text', dir: 'auto' })
  const list = make('ol', { className: 'list' }), title = make('h2', { id: 'fallen' })
  const waiting = make('p', { className: 'soft waiting' })
  const about = make('p', { className: 'about' })
  const live = make('p', { className: 'unseen' })
  const head = make('span', { className: 'head' })
  buttons.setAttribute('role', 'group')
  text.setAttribute('role', 'group')
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-labelledby', 'fallen')
  live.setAttribute('role', 'status')
  head.setAttribute('aria-hidden', 'true')

  let at = model.position, speed = 1
  let scan = {}, abouts = []    // from Python
  let pieces = []               // {span, done, rest, marks, state} beside scan.pieces
  let pinned = -1, lit = -1, current = 0   // chunks: kept, looked at, reached by Tab
  let figure = ''               // the number looked at

  // What is known at a place
  const passed = ends => ends.filter(end => end <= at).length
  function soFar() {
    const sizes = scan.chunks.filter(([, end]) => end <= at).map(([start, end]) => end - start)
    const sum = sizes.reduce((a, b) => a + b, 0)
    const bits = scan.bits[at] ?? 0
    return { characters: at, sentences: passed(scan.sentences), chunks: sizes.length, sum, bits,
      mean: sizes.length ? sum / sizes.length : 0, density: at ? bits / at : 0 }
  }

  // The text
  function build() {
    const ofSentence = offset => scan.sentences.findIndex(end => end > offset)
    pieces = scan.pieces.map((piece, index) => {
      const done = make('span', { className: 'done' }), rest = make('span', { className: 'rest' })
      const span = make('span', { className: 'piece' }, done, rest)
      span.dataset.index = index
      if (piece.shared) span.classList.add('shared')
      if (!piece.text.trim()) span.classList.add('space')
      const marks = piece.mark < 0 ? [] : marksAt(piece.mark)
      const chunk = scan.chunks.findIndex(([start, end]) => start <= piece.start && piece.start < end)
      span.classList.add(chunk % 2 ? 'odd' : 'even')
      return { span, done, rest, marks, chunk, letters: Array.from(piece.text), state: null,
        sentence: ofSentence(piece.start) }
    })
    text.replaceChildren(...pieces.flatMap(({ span, marks }) => [span, ...marks]))
    if (!pieces.length) text.append(make('p', { className: 'soft', textContent: model.words.empty }))
  }

  function marksAt(end) {
    const made = []
    if (scan.sentences.includes(end)) made.push(make('span', { className: 'stop' }))
    scan.chunks.forEach(([, last], index) => {
      if (last === end) made.push(badge(index))
    })
    for (const mark of made) {
      mark.dataset.end = end
      mark.setAttribute('aria-hidden', 'true')
    }
    return made
  }

  const badge = index => make('span', { className: 'cut' }, make('span', { textContent: index + 1 }))

  function paintText() {
    const now = scan.sentences.findIndex(end => end > at)
    const growing = scan.chunks.findIndex(([, end]) => end > at)
    pieces.forEach((it, index) => {
      const { start, end } = scan.pieces[index]
      const state = at >= end ? 'past' : at <= start ? 'future' : String(at)
      if (it.state !== state) {
        it.state = state
        const cut = Math.max(0, Math.min(it.letters.length, at - start))
        it.done.textContent = it.letters.slice(0, cut).join('')
        it.rest.textContent = it.letters.slice(cut).join('')
      }
      if (start <= at && (at < end || index === pieces.length - 1)) it.done.after(head)
      it.span.classList.toggle('now', it.sentence === now)
      it.span.classList.toggle('growing', it.chunk === growing)
      const shown = lit >= 0 ? lit : pinned
      it.span.classList.toggle('lit', shown >= 0 && scan.chunks[shown][0] <= start
        && end <= scan.chunks[shown][1])
    })
    for (const { marks } of pieces) {
      for (const mark of marks) mark.classList.toggle('on', Number(mark.dataset.end) <= at)
    }
  }

  // The chunks that fell out
  function paintList() {
    const count = passed(scan.chunks.map(([, end]) => end))
    while (list.children.length > count) list.lastChild.remove()
    const fell = list.children.length < count
    while (list.children.length < count) list.append(card(list.children.length))
    current = Math.max(0, Math.min(current, count - 1));
    [...list.children].forEach((it, index) => {
      it.tabIndex = index === current ? 0 : -1
      it.setAttribute('aria-selected', index === pinned)
      it.classList.toggle('lit', index === lit)
    })
    title.textContent = fill(model.words.fallen, { count: number(count),
      all: number(scan.chunks.length) })
    waiting.textContent = count ? '' : model.words.none
    list.hidden = !count
    if (fell) Object.assign(list, { scrollTop: list.scrollHeight, scrollLeft: list.scrollWidth })
  }

  function card(index) {
    const [start, end] = scan.chunks[index]
    const words = scan.pieces.filter(it => it.start >= start && it.end <= end)
      .map(it => it.text).join('').trim()
    const tag = badge(index)
    tag.classList.add('on')
    const made = make('li', { className: `card ${index % 2 ? 'odd' : 'even'}` }, tag,
      make('span', { className: 'what', textContent: words, dir: 'auto' }),
      make('span', { className: 'why', textContent: fill(model.words.card,
        { length: number(end - start), reason: abouts[index]?.reason ?? '' }) }))
    made.setAttribute('role', 'option')
    made.dataset.index = index
    return made
  }

  // The figures
  const FIGURES = { characters: 0, sentences: 0, chunks: 0, mean: 1, density: 2 }
  for (const name of Object.keys(FIGURES)) {
    const value = make('dd', { className: 'number', tabIndex: -1 })
    const box = make('div', { className: 'figure' }, make('dt'), value)
    box.dataset.name = name
    figures.append(box)
  }
  figures.firstChild.lastChild.tabIndex = 0
  function paintFigures() {
    const values = soFar()
    for (const box of figures.children) {
      const [name, value] = box.children
      name.textContent = model.words.figures[box.dataset.name]
      value.textContent = number(values[box.dataset.name], FIGURES[box.dataset.name])
      value.dataset.value = values[box.dataset.name]
    }
  }

  function say() {
    const shown = lit >= 0 ? lit : pinned
    if (figure) {
      const values = soFar()
      about.textContent = fill(model.words.formulas[figure], {
        characters: number(at), length: number(scan.length), sentences: number(values.sentences),
        chunks: number(values.chunks), sum: number(values.sum), bits: number(values.bits, 1),
        mean: number(values.mean, 1), density: number(values.density, 2),
        all: number(scan.sentences.length) })
    } else if (shown >= 0) about.textContent = abouts[shown]?.about ?? ''
    else about.textContent = at >= scan.length && at ? model.words.ended : model.words.hint
  }

  function paint() {
    paintText()
    if (narrow.matches) text.scrollTop = head.offsetTop - text.clientHeight / 2
    text.tabIndex = narrow.matches ? 0 : -1  // what scrolls can be scrolled by keys
    paintList()
    paintFigures()
    Object.assign(slider, { max: Math.max(1, scan.length) })
    slider.value = at
    slider.disabled = !scan.length
    slider.setAttribute('aria-valuetext', said())
    say()
    paintButtons()
  }
  const said = () => {
    const { characters, sentences, chunks } = soFar()
    return fill(model.words.said, { characters: number(characters), length: number(scan.length),
      sentences: number(sentences), chunks: number(chunks) })
  }

  // Time
  let telling = null, playing = null
  function tell() {
    clearTimeout(telling)
    telling = setTimeout(() => { if (model.position !== at) model.position = at }, 120)
  }
  function go(value) {
    at = Math.max(0, Math.min(scan.length, Math.round(value)))
    paint()
    if (playing === null) tell()
  }
  function jump(value) {
    rest()
    go(value)
    live.textContent = said()
  }
  function rest() {
    if (playing === null) return
    cancelAnimationFrame(playing)
    playing = null
    paintButtons()
    tell()
    live.textContent = said()
  }
  function play() {
    if (playing !== null) { rest(); return }
    if (still.matches) { jump(at < scan.length ? scan.length : 0); return }
    let place = at < scan.length ? at : 0, before = performance.now()
    const frame = now => {
      if (!el.isConnected) return
      place += Math.min(100, now - before) / 1000 * PACE * speed
      before = now
      playing = requestAnimationFrame(frame)
      if (Math.floor(place) !== at) go(Math.floor(place))
      if (at >= scan.length) rest()
    }
    playing = requestAnimationFrame(frame)
    paintButtons()
  }

  const borders = () => [...new Set([...scan.sentences, ...scan.chunks.map(([, end]) => end)])]
    .sort((a, b) => a - b)
  const ACTIONS = { play,
    step: () => jump(borders().find(end => end > at) ?? scan.length),
    back: () => jump(borders().filter(end => end < at).pop() ?? 0),
    start: () => jump(0), end: () => jump(scan.length) }
  for (const [name, act] of Object.entries(ACTIONS)) {
    const button = make('button', { type: 'button', id: name })
    button.onclick = () => { if (button.getAttribute('aria-disabled') !== 'true') act() }
    buttons.append(button)
  }
  function paintButtons() {
    const { words } = model
    const off = { play: !scan.length, step: at >= scan.length, end: at >= scan.length,
      back: !at, start: !at }
    for (const button of buttons.children) {
      const name = button.id !== 'play' ? button.id
        : playing !== null ? 'pause' : at >= scan.length && at ? 'again' : 'play'
      button.textContent = words.buttons[name]
      button.setAttribute('aria-disabled', off[button.id])
    }
  }
  speeds.append(speedName, ...SPEEDS.map(value => {
    const input = make('input', { type: 'radio', name: 'speed', value, checked: value === speed })
    input.onchange = () => { speed = value }
    return make('label', {}, input, make('span'))
  }))
  slider.oninput = () => { rest(); go(slider.valueAsNumber) }

  // Pointer and keys
  text.onclick = event => {
    const index = event.target.closest?.('.piece')?.dataset.index
    if (index !== undefined && !String(getSelection())) jump(scan.sentences[pieces[index].sentence])
  }
  const indexOf = event => Number(event.target.closest?.('.card')?.dataset.index ?? -1)
  const look = index => { lit = index; paintText(); paintList(); say() }
  const pin = index => { pinned = pinned === index ? -1 : index; look(lit) }
  hovered(list, event => look(indexOf(event)), () => look(-1))
  list.addEventListener('focusin', event => { current = indexOf(event); look(current) })
  list.addEventListener('focusout', () => look(-1))
  list.onclick = event => { if (indexOf(event) >= 0) pin(indexOf(event)) }
  list.onkeydown = event => {
    const moves = { ArrowDown: current + 1, ArrowRight: current + 1, ArrowUp: current - 1,
      ArrowLeft: current - 1, Home: 0, End: list.children.length - 1 }
    if (event.key in moves) {
      current = Math.max(0, Math.min(list.children.length - 1, moves[event.key]))
      list.children[current].focus()
    } else if (event.key === 'Enter' || event.key === ' ') pin(current)
    else if (event.key === 'Escape') { pinned = -1; look(-1) }
    else return
    event.preventDefault()
  }
  const figureOf = event => event.target.closest?.('.figure')
  const reach = box => {
    for (const it of figures.children) it.lastChild.tabIndex = it === box ? 0 : -1
    box.lastChild.focus()
  }
  hovered(figures, event => { figure = figureOf(event)?.dataset.name ?? ''; say() },
    () => { figure = ''; say() })
  figures.addEventListener('focusin', event => { figure = figureOf(event).dataset.name; say() })
  figures.addEventListener('focusout', () => { figure = ''; say() })
  figures.onkeydown = event => {
    const box = figureOf(event)
    const next = { ArrowRight: box.nextSibling, ArrowDown: box.nextSibling,
      ArrowLeft: box.previousSibling, ArrowUp: box.previousSibling,
      Home: figures.firstChild, End: figures.lastChild }
    if (!(event.key in next)) return
    event.preventDefault()
    if (next[event.key]) reach(next[event.key])
  }

  function paintWords() {
    const { words } = model
    buttons.setAttribute('aria-label', words.time)
    figures.setAttribute('aria-label', words.so_far)
    text.setAttribute('aria-label', words.text)
    sliderName.textContent = words.place
    speedName.textContent = words.speed;
    [...speeds.querySelectorAll('span')].forEach((it, index) => {
      it.textContent = `${SPEEDS[index].toLocaleString(model.locale)}×`
    })
  }
  function take() {
    scan = JSON.parse(model.scan)
    abouts = JSON.parse(model.about_chunks)
    rest()
    at = Math.min(model.position, scan.length)
    pinned = lit = -1
    list.replaceChildren()
    build()
    paint()
  }
  model.on('scan', take)
  model.on(['about_chunks', 'words', 'locale'], () => { paintWords(); take() })
  model.on('position', () => { if (playing === null && model.position !== at) go(model.position) })

  bar.append(buttons, speeds, make('div', { className: 'place' }, sliderName, slider))
  paintWords()
  take()
  el.append(bar, figures, make('div', { className: 'halves' }, text,
    make('div', { className: 'out' }, title, waiting, list)), about, live)
}
