import { fill, hovered, make, together } from './shared.mjs'

// A text as tokens beside their ids, under one value: how many merges are applied. Moving that
// value cuts the words' trees elsewhere; what stays as it was is not drawn anew.
export function render({ model, el }) {
  const number = (value, digits = 0) => value.toLocaleString(model.locale,
    { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const still = matchMedia('(prefers-reduced-motion: reduce)')

  // The parts of the picture
  const label = make('label', { htmlFor: 'merges' })
  const size = make('span', { className: 'size soft number' })
  const slider = make('input', { type: 'range', id: 'merges', min: 0, step: 1 })
  const buttons = make('div', { className: 'buttons' })
  const step = make('p', { className: 'step' })
  const count = make('p', { className: 'count' })
  const title = make('h2', { id: 'title' }), idsTitle = make('h3', { id: 'ids-title' })
  const about = make('p', { className: 'about soft' })
  const legend = make('p', { className: 'legend soft' })
  const notes = make('ul', { className: 'notes' })
  const parts = make('div', { className: 'parts' })
  const live = make('p', { className: 'unseen' })
  const texts = lane('strip', 'title'), numbers = lane('ids', 'ids-title')
  const lanes = [texts, numbers]
  buttons.setAttribute('role', 'group')
  parts.setAttribute('role', 'group')
  live.setAttribute('role', 'status')

  let n = model.merges          // merges applied, the one value
  let drawing = JSON.parse(model.drawing)
  let trees = [], tokens = {}, learnt = [], counts = []
  let changes = []              // numbers of the merges that change the text drawn
  let flat = []                 // {piece, word} of each token drawn
  let current = 0, lit = null   // the token that Tab reaches; the one under pointer or focus

  function lane(name, labelledby) {
    const box = make('div', { className: name })
    box.setAttribute('role', 'listbox')
    box.setAttribute('aria-labelledby', labelledby)
    return { box, spans: [] }
  }

  // The trees cut at n
  function cut(tree, into) {
    if (tree[1] <= n || tree.length < 4) into.push(tree)
    else { cut(tree[2], into); cut(tree[3], into) }
  }
  function gather(tree, found) {
    if (tree.length < 4) return
    found.add(tree[1])
    gather(tree[2], found)
    gather(tree[3], found)
  }

  const seen = piece => tokens[piece[0]][0]
  const bytes = piece => tokens[piece[0]][1]
  const nBytes = piece => bytes(piece).split(' ').length

  function paintText() {
    flat = []
    const drawn = trees.map((word, at) => {
      const pieces = []
      for (const tree of word) cut(tree, pieces)
      for (const piece of pieces) flat.push({ piece, word: at })
      return pieces
    })
    current = Math.max(0, Math.min(current, flat.length - 1))
    paintLane(texts, drawn, dress)
    paintLane(numbers, drawn, (span, piece) => { span.textContent = piece[0] })
    light(null)
    paintPinned()
  }

  function dress(span, piece) {
    span.textContent = seen(piece)
    const length = nBytes(piece)
    span.classList.add(length === 1 ? 'byte' : length < 4 ? 'short' : 'long')
    if (seen(piece).includes('↵')) span.classList.add('break')
  }

  // Words are kept from one paint to the next; those whose tokens changed are filled anew.
  function paintLane(lane, drawn, dressed) {
    while (lane.box.children.length > drawn.length) lane.box.lastChild.remove()
    lane.spans = []
    drawn.forEach((pieces, at) => {
      const word = lane.box.children[at] ?? lane.box.appendChild(newWord())
      const key = pieces.map(piece => `${piece[0]}${piece[1] === n && n ? '!' : ''}`).join()
      if (word.dataset.key !== key) {
        word.dataset.key = key
        word.replaceChildren(...pieces.map(piece => {
          const span = make('span', { className: 'token' })
          span.setAttribute('role', 'option')
          span.setAttribute('aria-selected', 'false')
          dressed(span, piece)
          span.classList.toggle('new', n > 0 && piece[1] === n)
          return span
        }))
      }
      word.classList.toggle('wrap', Boolean(word.lastChild?.classList.contains('break')))
      for (const span of word.children) {
        span.dataset.index = lane.spans.length
        span.tabIndex = lane.spans.length === current ? 0 : -1
        lane.spans.push(span)
      }
    })
  }

  function newWord() {
    const word = make('span', { className: 'word' })
    word.setAttribute('role', 'presentation')
    return word
  }

  function paintPinned() {
    for (const { spans } of lanes) {
      spans.forEach((span, at) => {
        const yes = drawing.first + flat[at].word === model.pinned
        if (span.classList.contains('pinned') === yes) return
        span.classList.toggle('pinned', yes)
        span.setAttribute('aria-selected', yes)
      })
    }
  }

  // What is said
  function describe(at) {
    const { words } = model
    if (!flat.length) return words.nothing
    const { piece } = flat[at]
    const values = { number: number(at + 1), token: seen(piece), id: piece[0], bytes: bytes(piece),
      length: nBytes(piece), merge: number(piece[1]) }
    const split = parted(at)
    const also = split ? ` ${fill(words.parted, split)}` : ''
    if (piece.length < 4) {
      return fill(seen(piece).startsWith('<|') ? words.special : words.byte, values) + also
    }
    const [left, right] = [piece[2], piece[3]].map(seen)
    return fill(words.merged, { ...values, left, right }) + also
  }

  // The text around a token that begins or ends inside a character, and over how many tokens it
  // lies. A byte 10xxxxxx goes on with the character before it.
  function parted(at) {
    const goesOn = index => index < flat.length && /^[89ab]/.test(bytes(flat[index].piece))
    let start = at, end = at + 1
    while (start > 0 && goesOn(start)) start--
    while (goesOn(end)) end++
    const together = flat.slice(start, end).map(({ piece }) => bytes(piece)).join(' ').split(' ')
    if (end - start < 2 || together.some(byte => byte.length > 2)) return null  // … where cut short
    return { count: number(end - start), text: new TextDecoder().decode(
      Uint8Array.from(together, byte => parseInt(byte, 16))) }
  }

  function sayStep() {
    const { words } = model
    if (!n) { step.textContent = words.bytes; return }
    const [left, right, token, times] = learnt[n - 1] ?? []
    if (left === undefined) { step.textContent = ''; return }
    const here = texts.spans.filter(span => span.classList.contains('new')).length
    const values = { number: number(n), left, right, token, here: number(here),
      times: times === null ? '' : number(times) }
    step.textContent = [fill(words.step, values), times === null ? '' : fill(words.times, values),
      fill(here ? words.here : words.nowhere, values)].filter(Boolean).join(' ')
  }

  function sayCount() {
    const { words } = model
    const all = counts[n] ?? (drawing.pages === 1 ? flat.length : null)
    size.textContent = fill(words.size, { merges: number(n), limit: number(drawing.limit),
      size: number(drawing.vocab_size - drawing.limit + n) })
    count.textContent = all === null ? words.counting
      : !all ? words.nothing
        : fill(words.count, { tokens: number(all), bytes: number(drawing.n_bytes),
          rate: number(drawing.n_bytes / all, 2) })
    slider.setAttribute('aria-valuetext', `${size.textContent}. ${count.textContent}`)
  }

  function paintTime() {
    label.textContent = model.words.merges
    slider.max = Math.max(1, drawing.limit)
    slider.disabled = !drawing.limit
    slider.value = n
    sayStep()
    sayCount()
    paintButtons()
  }

  function paint() {
    paintText()
    paintTime()
    about.textContent = describe(current)
  }

  // Time
  let sent = model.merges, sending = null
  function go(value, everything = true) {
    n = Math.max(0, Math.min(drawing.limit, Math.round(value)))
    if (everything) paint()
    sending ??= setTimeout(() => { sending = null; if (sent !== n) model.merges = sent = n }, 80)
  }

  const LENGTH = 12_000, EASE = 2.2  // the whole way takes so many ms, and begins slowly
  let playing = null
  const wayAt = time => drawing.limit * Math.pow(Math.min(1, time / LENGTH), EASE)
  const timeAt = value => LENGTH * Math.pow(value / Math.max(1, drawing.limit), 1 / EASE)
  function play() {
    if (playing !== null) { pause(); return }
    if (still.matches) { go(n < drawing.limit ? drawing.limit : 0); return }
    const from = timeAt(n < drawing.limit ? n : 0), began = performance.now()
    if (n >= drawing.limit) go(0)
    const frame = now => {
      if (!el.isConnected) return
      const to = Math.floor(wayAt(from + now - began) + 1e-6)
      if (to !== n) go(to)
      if (n >= drawing.limit) pause()
      else playing = requestAnimationFrame(frame)
    }
    playing = requestAnimationFrame(frame)
    paintButtons()
  }
  function pause() {
    if (playing !== null) cancelAnimationFrame(playing)
    playing = null
    paintButtons()
    live.textContent = slider.getAttribute('aria-valuetext')
  }
  function jump(value) {
    if (playing !== null) pause()
    go(value)
    live.textContent = step.textContent
  }

  const ACTIONS = {
    start: () => jump(0), back: () => jump(n - 1), play, next: () => jump(n + 1),
    change: () => jump(changes.find(at => at > n) ?? n), end: () => jump(drawing.limit) }
  for (const [name, act] of Object.entries(ACTIONS)) {
    const button = make('button', { type: 'button', id: name })
    button.onclick = () => { if (button.getAttribute('aria-disabled') !== 'true') act() }
    buttons.append(button)
  }
  function paintButtons() {
    const { words } = model
    const off = { start: n === 0, back: n === 0, play: !drawing.limit || model.running,
      next: n >= drawing.limit, change: !changes.some(at => at > n), end: n >= drawing.limit }
    buttons.setAttribute('aria-label', words.time)
    for (const button of buttons.children) {
      const name = button.id === 'play' && playing !== null ? 'pause' : button.id
      const word = words.buttons[name]
      button.textContent = word
      button.title = off[button.id] ? words.off : words.titles[name]
      button.setAttribute('aria-disabled', off[button.id])
    }
  }

  // Both ways lit
  function light(at) {
    if (lit !== null) for (const { spans } of lanes) spans[lit]?.classList.remove('lit')
    lit = at
    if (at === null) { about.textContent = describe(current); return }
    for (const { box, spans } of lanes) {
      spans[at].classList.add('lit')
      if (!box.contains(document.activeElement)) bringIntoView(box, spans[at])
    }
    about.textContent = describe(at)
  }

  function bringIntoView(box, span) {
    const low = span.offsetTop + span.offsetHeight - box.clientHeight
    if (span.offsetTop < box.scrollTop) box.scrollTop = span.offsetTop - 8
    else if (low > box.scrollTop) box.scrollTop = low + 8
  }

  function move(lane, to) {
    for (const { spans } of lanes) spans[current]?.setAttribute('tabindex', '-1')
    current = Math.max(0, Math.min(flat.length - 1, to))
    for (const { spans } of lanes) spans[current].tabIndex = 0
    lane.spans[current].focus()
  }

  const pin = at => { model.pinned = drawing.first + flat[at].word; paintPinned() }
  const indexOf = event => Number(event.target.closest?.('.token')?.dataset.index ?? -1)
  for (const lane of lanes) {
    const { box } = lane
    hovered(box, event => { if (indexOf(event) >= 0) light(indexOf(event)) }, () => light(null))
    box.onclick = event => {
      const at = indexOf(event)
      if (at >= 0) { move(lane, at); pin(at) }
    }
    box.addEventListener('focusin', event => { if (indexOf(event) >= 0) light(indexOf(event)) })
    box.addEventListener('focusout', () => light(null))
    box.onkeydown = event => {
      const moves = { ArrowRight: current + 1, ArrowDown: current + 1, ArrowLeft: current - 1,
        ArrowUp: current - 1, Home: 0, End: flat.length - 1 }
      if (event.key in moves) move(lane, moves[event.key])
      else if (event.key === 'Enter' || event.key === ' ') pin(current)
      else if (event.key === 'Escape') { model.pinned = -1; paintPinned() }
      else return
      event.preventDefault()
    }
  }

  // Parts of a long text
  const before = make('button', { type: 'button' }), after = make('button', { type: 'button' })
  const where = make('span', { className: 'number' })
  parts.append(before, where, after)
  const turn = page => { if (page >= 0 && page < drawing.pages) model.send_msg({ page }) }
  before.onclick = () => turn(drawing.page - 1)
  after.onclick = () => turn(drawing.page + 1)
  function paintPager() {
    const { words } = model
    parts.hidden = drawing.pages < 2
    parts.setAttribute('aria-label', words.parts)
    before.textContent = words.before
    after.textContent = words.after
    before.setAttribute('aria-disabled', drawing.page === 0)
    after.setAttribute('aria-disabled', drawing.page === drawing.pages - 1)
    where.textContent = fill(words.part,
      { page: number(drawing.page + 1), pages: number(drawing.pages) })
  }

  function paintWords() {
    title.textContent = model.words.title
    idsTitle.textContent = model.words.ids
    const shade = name => make('span',
      { className: `token ${name}`, textContent: model.words.shades[name] })
    legend.replaceChildren(shade('byte'), shade('short'), shade('long'), shade('new'))
    notes.replaceChildren(...model.notes.map(note => make('li', { textContent: note })))
    paintPager()
  }

  function takeText() {
    const atEnd = n === drawing.limit
    drawing = JSON.parse(model.drawing)
    ;({ trees, tokens, learnt, counts } = drawing)
    if (atEnd) n = sent = drawing.limit
    const found = new Set()
    for (const word of trees) for (const tree of word) gather(tree, found)
    changes = [...found].sort((one, other) => one - other)
    n = Math.min(n, drawing.limit)
    paintWords()
    paint()
  }

  slider.oninput = () => { if (playing !== null) pause(); go(slider.valueAsNumber) }
  const soon = together(queueMicrotask, takeText)
  model.on(['drawing', 'running', 'notes', 'words', 'locale'], soon)
  model.on('merges', () => { if (model.merges !== sent) { sent = n = model.merges; soon() } })
  model.on('pinned', paintPinned)
  n = model.merges
  takeText()
  el.append(
    make('div', { className: 'time' }, make('div', { className: 'head' }, label, size), slider,
      make('div', { className: 'row' }, buttons, count), step),
    make('div', { className: 'panes' },
      make('section', {}, title, texts.box), make('section', {}, idsTitle, numbers.box)),
    about, legend, notes, parts, live)
}
