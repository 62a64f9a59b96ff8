import { fill, hovered, make, together, unpacked } from './shared.mjs'
import { showing } from './showing.mjs'

// One Tab stop: along the text the arrows move over the tokens that look, across it over those they
// look at. What is drawn is a row of weights on its way to another row.
export function render({ model, el }) {
  const draw = (tag, attributes = {}, ...children) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
    made.append(...children)
    return made
  }
  // Elements stay from one text to the next, of which a key changes little: what they have is not
  // set again, for each attribute that is set costs a new layout.
  const put = (node, attributes) => {
    for (const [name, value] of Object.entries(attributes)) {
      if (node.getAttribute(name) !== String(value)) node.setAttribute(name, value)
    }
  }
  const write = (node, text) => { if (node.textContent !== text) node.textContent = text }
  const still = matchMedia('(prefers-reduced-motion: reduce)')
  const title = make('h2', { id: 'title' })
  const looks = make('span', { className: 'query' })
  const seen = make('span', { className: 'attention' })
  const svg = draw('svg', { tabindex: 0, role: 'listbox' })
  const gradient = draw('linearGradient', { id: 'flow', gradientUnits: 'userSpaceOnUse' },
    draw('stop', { offset: 0.1, 'stop-color': 'var(--query)' }),
    draw('stop', { offset: 0.9, 'stop-color': 'var(--attention)' }))
  const ribbons = draw('g', { 'aria-hidden': 'true' }), queries = draw('g'), keys = draw('g')
  const place = make('div', { className: 'frame' })
  const about = make('p', { className: 'about', id: 'about' })
  const live = make('p', { className: 'unseen' })
  keys.setAttribute('aria-hidden', 'true')
  queries.setAttribute('role', 'presentation')
  live.setAttribute('role', 'status')

  // The band's width, the way across, a lane of labels, room before the first and after the last.
  const BAND = 40, ACROSS = 168, EDGE = 30, PAD = 12
  const SEEN = 0.0005  // a smaller weight would read as 0%
  let tokens = [], weights = new Float32Array()
  let pointed = null              // {query, key} under pointer or focus; key −1 for none
  let shown = []                  // the row of weights on the screen now
  let followed = -1               // whose row it is, or is on its way to be
  let places = [], flat = true    // centres of the tokens along the text; side by side?
  let answer = null, asking = null, next = null

  const query = () => pointed?.query ?? Math.min(model.query, tokens.length - 1)
  const key = () => pointed ? pointed.key : model.key < tokens.length ? model.key : -1
  const weight = (q, k) => weights[q * tokens.length + k]
  const row = q => Array.from(tokens, (_, k) => q < 0 ? NaN : weight(q, k))
  const pen = make('canvas').getContext('2d'), measured = new Map()  // token → its label's width
  let format = new Intl.NumberFormat()  // making one takes far longer than using it
  const percent = value => format.format(value)

  // Places: the text's axis is `along`, the ribbons run `across`.
  function length(token) {
    if (!measured.size) pen.font = `600 15px ${getComputedStyle(title).fontFamily}`
    if (!measured.has(token)) measured.set(token, pen.measureText(token).width)
    return Math.max(36, measured.get(token) + 16)
  }

  function arrange(room) {
    const lengths = tokens.map(length)
    const total = lengths.reduce((sum, it) => sum + it, 0)
    flat = total <= room
    const widest = Math.min(150, Math.max(60, ...lengths))
    const lane = flat ? EDGE : widest, steps = flat ? lengths : tokens.map(() => 26)
    const stretch = flat ? Math.min(1.6, room / Math.max(1, total)) : 1
    let at = PAD
    places = steps.map(step => { at += step * stretch; return at - step * stretch / 2 })
    const across = flat ? ACROSS : Math.max(90, Math.min(320, room - 2 * widest - 56))
    const end = lane + across, size = end + lane + (flat ? 18 : 56)
    const [width, height] = flat ? [at + PAD, size] : [size, at + PAD]
    put(svg, { width, height, viewBox: `0 0 ${width} ${height}` })
    const [x2, y2] = flat ? [0, end] : [end, 0], [x1, y1] = flat ? [0, lane] : [lane, 0]
    put(gradient, { x1, y1, x2, y2 })
    paintLane(queries, 'query', 0, lane, steps, stretch)
    paintLane(keys, 'key', end, lane + (flat ? 18 : 56), steps, stretch)
    arrange.lane = lane
    arrange.end = end
  }

  function paintLane(group, kind, from, size, steps, stretch) {
    while (group.childElementCount > tokens.length) group.lastChild.remove()
    tokens.forEach((token, i) => {
      const it = group.children[i] ?? group.appendChild(label(kind, i))
      const [slot, word, share] = it.children
      const length = steps[i] * stretch - 2, start = places[i] - length / 2
      put(slot, flat ? { x: start, y: from + 1, width: length, height: size - 2 }
        : { x: from + 1, y: start, width: size - 2, height: length })
      put(word, flat ? { x: places[i], y: from + 20, 'text-anchor': 'middle' }
        : kind === 'query' ? { x: from + size - 8, y: places[i] + 5, 'text-anchor': 'end' }
          : { x: from + 8, y: places[i] + 5, 'text-anchor': 'start' })
      write(word, token)
      if (share) {
        put(share, flat ? { x: places[i], y: from + 38, 'text-anchor': 'middle' }
          : { x: from + size - 6, y: places[i] + 4, 'text-anchor': 'end' })
      }
    })
  }

  function label(kind, i) {
    const made = draw('g', { class: kind, 'data-index': i }, draw('rect', { class: 'slot', rx: 4 }),
      draw('text'))
    if (kind === 'key') made.append(draw('text', { class: 'share' }))
    else put(made, { role: 'option', id: `query-${i}` })
    return made
  }

  // The token that looks, within the frame; the page stays where it is.
  function bringIntoView() {
    const at = places[query()] ?? 0
    if (flat) return
    place.scrollTop = showing(place.scrollTop, at - 26, at + 40, place.clientHeight)
  }

  // A band leaves the query's label and splits in the order of the text.
  function paintRibbons() {
    const q = query(), from = arrange.lane + 2, to = arrange.end - 2, middle = (from + to) / 2
    const point = (along, across) => flat ? `${along} ${across}` : `${across} ${along}`
    let taken = places[q] - BAND / 2, count = 0
    shown.forEach((value, k) => {
      if (!(value > SEEN)) return
      const size = BAND * value, start = taken + size / 2
      // The gradient is not drawn on a quite straight line, which has no width.
      const end = places[k] + (Math.abs(places[k] - start) < 0.1 ? 0.1 : 0)
      taken += size
      const path = ribbons.children[count++]
        ?? ribbons.appendChild(draw('path', { class: 'ribbon', stroke: 'url(#flow)' }))
      put(path, { 'data-key': k, 'stroke-width': Math.max(1, size),
        d: `M${point(start, from)} C${point(start, middle)} ${point(end, middle)} ${point(end, to)}`
      })
      path.classList.toggle('lit', k === key())
    })
    while (ribbons.childElementCount > count) ribbons.lastChild.remove()
    ribbons.classList.toggle('dimmed', key() >= 0)
  }

  // From the row that is on the screen to the row there is now.
  let moving = null
  function move() {
    followed = query()
    const goal = row(followed), start = goal.map((_, k) => shown[k] || 0)
    const began = performance.now()
    if (moving !== null) cancelAnimationFrame(moving)
    moving = null
    const at = share => {
      shown = goal.map((value, k) =>
        Number.isNaN(value) ? 0 : start[k] + share * (value - start[k]))
      paintRibbons()
    }
    if (still.matches || !tokens.length) { at(1); return }
    const frame = now => {
      const time = Math.min(1, (now - began) / 300)
      at(1 - (1 - time) ** 3)
      moving = time < 1 && el.isConnected ? requestAnimationFrame(frame) : null
    }
    frame(began)
  }

  // What is said
  function best(q, count) {
    return row(q).map((value, k) => [value, k]).filter(([value]) => value > SEEN)
      .sort((one, other) => other[0] - one[0]).slice(0, count)
      .map(([value, k]) => fill(model.words.share, { key: tokens[k], share: percent(value) }))
      .join(', ')
  }
  function describe(q, k) {
    if (q < 0) return model.words.nothing
    if (k < 0) return fill(model.words.row, { query: tokens[q], best: best(q, 5) })
    const value = weight(q, k), values = { query: tokens[q], key: tokens[k] }
    return Number.isNaN(value) ? fill(model.words.hidden, values)
      : fill(model.words.one, { ...values, share: percent(value) })
  }
  function say() {
    const q = query(), k = key()
    const said = answer && answer.look[0] === q && answer.look[1] === k ? answer.said : ''
    about.textContent = [describe(q, k), said].filter(Boolean).join('\n')
    if (svg.matches(':focus')) live.textContent = about.textContent
  }

  function dress() {
    const q = query(), k = key()
    ;[...queries.children].forEach((it, i) => {
      put(it, { 'aria-selected': i === model.query })
      it.classList.toggle('shown', i === q)
      it.classList.toggle('chosen', i === model.query)
    })
    ;[...keys.children].forEach((it, i) => {
      const value = q < 0 ? NaN : weight(q, i)
      it.classList.toggle('hidden', Number.isNaN(value))
      it.classList.toggle('lit', i === k)
      it.classList.toggle('chosen', i === model.key)
      write(it.lastChild, value > SEEN ? percent(value) : '')
    })
    put(svg, { 'aria-activedescendant': q < 0 ? '' : `query-${q}` })
    say()
  }

  function point(q, k = -1) {
    pointed = q === null ? null : { query: q, key: k }
    if (query() !== followed) move()  // chosen here, or by Python
    else paintRibbons()
    dress()
    if (query() >= 0 && key() >= 0) ask([query(), key()])
  }

  // The reader's hand is faster than the answers: only the last question waits.
  function ask(look) {
    if (answer && String(answer.look) === String(look)) return
    if (asking) { next = look; return }
    asking = look
    model.send_msg({ look })
  }
  function hear(heard) {
    answer = heard
    asking = null
    const waiting = next
    next = null
    if (waiting) ask(waiting)
    say()
  }

  const indexOf = (event, kind) => Number(event.target.closest?.(kind)?.dataset.index ?? -1)
  function under(event) {
    const q = indexOf(event, '.query')
    if (q >= 0) return [q, -1]
    const ribbon = event.target.closest?.('.ribbon'), at = indexOf(event, '.key')
    const k = ribbon ? Number(ribbon.dataset.key) : at
    return k >= 0 && query() >= 0 && !Number.isNaN(weight(query(), k)) ? [query(), k] : null
  }
  const lookUnder = event => { const found = under(event); if (found) point(...found) }
  hovered(svg, lookUnder, () => point(null))
  svg.onclick = event => { const found = under(event); if (found) choose(...found) }
  function choose(q, k) {
    model.send_msg({ choose: [q, k] })
    point(q, k)
  }
  svg.onblur = () => point(null)
  svg.onkeydown = event => {
    const q = query(), k = key(), last = tokens.length - 1
    if (!tokens.length) return
    const names = flat ? ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown']
      : ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight']
    const within = at => Math.max(0, Math.min(last, at))
    const moves = { [names[0]]: [q - 1, -1], [names[1]]: [q + 1, -1], Home: [0, -1],
      End: [last, -1], [names[2]]: [q, k - 1], [names[3]]: [q, k + 1] }
    if (event.key in moves) {
      let [to, over] = moves[event.key]
      to = within(to)
      if (over >= 0) over = within(over)
      if (over > 0 && Number.isNaN(weight(to, over))) over = k
      point(to, Math.max(-1, over))
      queries.children[to].scrollIntoView({ block: 'nearest', inline: 'nearest' })
    } else if (event.key === 'Enter' || event.key === ' ') choose(q, k)
    else if (event.key === 'Escape') choose(q, -1)
    else return
    event.preventDefault()
  }

  function paint() {
    const room = place.clientWidth
    if (!model.words.row || !room) return
    const { shape, values } = unpacked(model.weights, Float32Array)
    const texts = JSON.parse(model.tokens)
    if (shape[0] !== texts.length) return  // the other one is on its way
    weights = values
    tokens = texts
    format = new Intl.NumberFormat(model.locale, { style: 'percent', minimumFractionDigits: 1,
      maximumFractionDigits: 1 })
    if (pointed && Math.max(pointed.query, pointed.key) >= tokens.length) pointed = null
    answer = asking = next = null
    title.textContent = model.title
    looks.textContent = model.words.looks
    seen.textContent = model.words.seen
    put(svg, { 'aria-label': `${model.title}. ${model.words.keys}` })
    arrange(room - 4 - 2 * PAD)
    ;[...queries.children].forEach((it, i) => put(it, { 'aria-label': describe(i, -1) }))
    if (!pointed) bringIntoView()
    move()
    dress()
    if (query() >= 0 && key() >= 0) ask([query(), key()])
  }
  const soon = together(queueMicrotask, paint)
  model.on(['tokens', 'weights', 'title', 'words', 'locale'], soon)
  model.on(['query', 'key'], () => {
    if (pointed || !tokens.length) dress()
    else point(null)
  })
  model.on('msg:custom', event => hear(event.data ?? event))
  svg.append(draw('defs', {}, gradient), ribbons, queries, keys)
  place.append(svg)
  el.append(title, make('p', { className: 'roles' }, looks, seen), place, about, live)
  let width = 0
  new ResizeObserver(() => {
    if (place.clientWidth !== width) { width = place.clientWidth; paint() }
  }).observe(place)
}
