// Points and labels in SVG. One Tab stop: arrow keys go to the nearest point in that direction,
// Enter chooses, Space picks out, + - 0 zoom, Esc lets go. Ctrl + wheel zooms, dragging moves.
const NS = 'http://www.w3.org/2000/svg'
const PAD = 44      // px between the outermost point and the frame
const REACH = 18    // px from a point that still means it
const ZOOM = 1.4

export function render({ model, el }) {
  const draw = (tag, attributes = {}) => {
    const made = document.createElementNS(NS, tag)
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
    return made
  }
  const decimals = (value, digits) => value.toLocaleString(model.locale,
    { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace('-', '−')
  const button = (id, text, act) => {
    const made = make('button', { type: 'button', id, textContent: text })
    made.onclick = act
    return made
  }

  const search = make('input', { id: 'search', type: 'search', autocomplete: 'off',
    maxLength: 200 })
  const searchLabel = make('label', { htmlFor: 'search' })
  const found = make('span', { className: 'found soft', id: 'found' })
  const error = make('p', { className: 'error' })
  const frame = make('div', { className: 'frame' })
  const svg = draw('svg', { tabindex: 0, role: 'listbox', 'aria-describedby': 'about' })
  const ticks = draw('g', { class: 'ticks', 'aria-hidden': 'true' })
  const dots = draw('g', { role: 'presentation' })
  const labels = draw('g', { class: 'labels', 'aria-hidden': 'true' })
  const lasso = draw('path', { class: 'lasso' })
  const about = make('p', { className: 'about soft', id: 'about' })
  const note = make('p', { className: 'note' })
  const table = make('table')
  const twin = make('details', { className: 'twin' }, make('summary'),
    make('div', { className: 'scroll', tabIndex: 0 }, table))
  const move = button('move', '', () => setMode('move'))
  const pick = button('lasso', '', () => setMode('lasso'))
  const zoomOut = button('out', '−', () => zoomBy(1 / ZOOM))
  const zoomIn = button('in', '+', () => zoomBy(ZOOM))
  const fit = button('fit', '', () => { home(); place() })
  const around = make('input', { type: 'number', id: 'around', min: 1, value: 10 })
  const aroundLabel = make('label', { htmlFor: 'around' })
  const takeAround = button('take', '', selectAround)
  const clear = button('clear', '', () => { model.selected = [] })
  const csv = button('csv', 'CSV', saveTable)
  const image = button('image', 'SVG', saveImage)
  const measure = document.createElement('canvas').getContext('2d')
  error.setAttribute('role', 'alert')
  search.setAttribute('aria-describedby', 'found')

  let points = []
  let twins = new Set()  // letters that are two tokens here, with a space before them and without
  let places = []        // of the points on the screen, [x, y] in px
  let matches = new Set()
  let view               // { scale, x, y }: of the whole picture, which stands in the middle
  let current = 0        // the point the keyboard is at
  let mode = 'move'
  let path = []          // of the lasso, in px
  const fingers = new Map()

  // From vectors' coordinates to the screen: the same scale on both axes.
  function home() { view = { scale: 1, x: 0, y: 0 } }

  function geometry() {
    const positions = JSON.parse(model.positions)
    const width = svg.clientWidth || 700
    const height = svg.clientHeight || 520
    const range = axis => {
      const values = positions.map(it => it[axis])
      return [Math.min(...values), Math.max(...values)]
    }
    const [left, right] = range(0)
    const [low, high] = range(1)
    const base = Math.min((width - 2 * PAD) / (right - left || 1),
      (height - 2 * PAD) / (high - low || 1)) * view.scale
    const toX = x => width / 2 + view.x + (x - (left + right) / 2) * base
    const toY = y => height / 2 + view.y - (y - (low + high) / 2) * base
    return { positions, width, height, base, toX, toY }
  }

  function paintPoints() {
    const next = JSON.parse(model.points)
    if (JSON.parse(model.positions).length !== next.length) return  // its places are on the way
    points = next
    const all = new Set(points.map(it => it.label))
    twins = new Set([...all].filter(it => all.has(`·${it}`)))
    while (dots.children.length > points.length) dots.lastChild.remove()
    while (dots.children.length < points.length) {
      dots.append(draw('circle', { role: 'option', id: `p${dots.children.length}` }))
    }
    current = Math.max(0, Math.min(current, points.length - 1))
    findMatches()
    place()
  }

  function describe(index) {
    const it = points[index]
    const [x, y] = JSON.parse(model.positions)[index]
    const values = { token: it.label, count: it.count?.toLocaleString(model.locale) ?? '–',
      score: decimals(it.score, 3), chosen: chosenLabel(),
      measure: model.words.measure, x: decimals(x, 2), y: decimals(y, 2) }
    return fill(it.id === model.chosen ? model.words.itself : model.words.point, values)
  }
  const chosenLabel = () => points.find(it => it.id === model.chosen)?.label ?? model.typed

  const lit = () => model.pointed === -2 ? model.lit : model.pointed
  const kinds = index => {
    const id = points[index].id
    return { chosen: id === model.chosen, near: model.near.includes(id), lit: id === lit(),
      selected: model.selected.includes(id), match: matches.has(index),
      here: index === current && svg.matches(':focus') }
  }

  // Everything that depends on where points are, or on what they are.
  function place() {
    if (!points.length || !model.words.point) return
    const { positions, width, height, toX, toY, base } = geometry()
    if (positions.length !== points.length) return
    svg.setAttribute('viewBox', `0 0 ${width} ${height}`)
    places = positions.map(([x, y]) => [toX(x), toY(y)])
    const dim = model.selected.length > 0 || matches.size > 0
    svg.classList.toggle('dim', dim)
    points.forEach((it, index) => {
      const dot = dots.children[index]
      const is = kinds(index)
      dot.setAttribute('cx', places[index][0].toFixed(1))
      dot.setAttribute('cy', places[index][1].toFixed(1))
      dot.setAttribute('r', is.chosen ? 8 : is.near || is.lit ? 6
        : is.match || is.selected ? 5 : 3.5)
      dot.setAttribute('class', Object.keys(is).filter(name => is[name]).join(' '))
      dot.setAttribute('aria-selected', is.selected || is.chosen)
      dot.setAttribute('aria-label', it.label)
    })
    svg.setAttribute('aria-activedescendant', `p${current}`)
    paintTicks(width, height, base, toX, toY)
    paintLabels(width, height)
    paintTwin()
  }

  function paintTicks(width, height, base, toX, toY) {
    ticks.replaceChildren()
    if (!model.axes.length) return
    const wanted = 90 / base
    const power = 10 ** Math.floor(Math.log10(wanted))
    const step = [1, 2, 5, 10].map(it => it * power).find(it => it >= wanted)
    const digits = Math.max(0, -Math.floor(Math.log10(step)))
    const from = (edge, to) => Math.ceil((edge - to(0)) / (to(1) - to(0)) / step) * step
    const isZero = value => Math.abs(value) < step / 2  // or −0, or nearly
    const tick = value => decimals(isZero(value) ? 0 : value, digits)
    for (let x = from(0, toX); toX(x) < width - 8; x += step) {
      ticks.append(draw('line', { x1: toX(x), x2: toX(x), y1: 0, y2: height,
        class: isZero(x) ? 'zero' : '' }),
      text(toX(x), height - 22, tick(x), 'middle'))
    }
    for (let y = from(height, toY); toY(y) > 8; y += step) {
      ticks.append(draw('line', { x1: 0, x2: width, y1: toY(y), y2: toY(y),
        class: isZero(y) ? 'zero' : '' }),
      text(24, toY(y) + 4, tick(y), 'start'))
    }
    const name = text(14, height / 2, model.axes[1], 'middle')
    name.setAttribute('transform', `rotate(-90 14 ${height / 2})`)
    for (const it of [name, text(width / 2, height - 6, model.axes[0], 'middle')]) {
      it.setAttribute('class', 'name')
      ticks.append(it)
    }
  }

  function text(x, y, words, anchor) {
    const made = draw('text', { x: x.toFixed(1), y: y.toFixed(1), 'text-anchor': anchor })
    made.textContent = words
    return made
  }

  // The important first; one that would cover another is left out.
  function paintLabels(width, height) {
    const weight = is => is.chosen ? 0 : is.lit || is.here ? 1 : is.near ? 2 : is.match ? 3
      : is.selected ? 4 : 5
    const order = points.map((_, index) => ({ index, is: kinds(index) }))
      .sort((a, b) => weight(a.is) - weight(b.is) || a.index - b.index)
    const dot = (index, r) => ({ x: places[index][0] - r, y: places[index][1] - r, wide: 2 * r,
      high: 2 * r })
    const boxes = order.filter(it => weight(it.is) < 5).map(it => dot(it.index, 6))
    const small = order.filter(it => weight(it.is) === 5).map(it => dot(it.index, 3))
    const made = []
    for (const { index, is } of order) {
      const big = is.chosen ? 20 : is.lit || is.here || is.near ? 15 : 12
      const [x, y] = places[index]
      if (x < 0 || x > width || y < 0 || y > height) continue
      measure.font = `${big > 12 ? 600 : 400} ${big}px ${getComputedStyle(svg).fontFamily}`
      const wide = measure.measureText(written(index)).width
      const inTheWay = big > 12 ? boxes : [...boxes, ...small]
      const box = free(x, y, wide, big, width, inTheWay)
        ?? (weight(is) < 2 && right(x, y, wide, big))
      if (!box) continue
      boxes.push(box)
      const it = label(index, box.x, box.y + big * 0.8)
      it.setAttribute('class', Object.keys(is).filter(name => is[name]).join(' '))
      it.setAttribute('font-size', big)
      made.unshift(it)
    }
    labels.replaceChildren(...made)
  }

  const right = (x, y, wide, high) => ({ x: x + gap(high), y: y - high / 2, wide, high })
  const gap = high => high > 15 ? 14 : 9  // a bigger label has a bigger dot beside it

  function free(x, y, wide, high, width, boxes) {
    const away = gap(high)
    const tries = [right(x, y, wide, high), { x: x - away - wide, y: y - high / 2, wide, high },
      { x: x - wide / 2, y: y - away - high, wide, high },
      { x: x - wide / 2, y: y + away, wide, high }]
    return tries.find(it => it.x > 0 && it.x + it.wide < width && boxes.every(box =>
      it.x > box.x + box.wide + 2 || it.x + it.wide + 2 < box.x ||
      it.y > box.y + box.high || it.y + it.high < box.y))
  }

  // The dot that stands for a space is there, but in the background. Where the same letters are a
  // token without it, too, the two are told apart: a strong dot, and dots where a word goes on.
  const bare = words => words.replace(/^·/, '')
  function written(index) {
    const words = points[index].label
    return twins.has(words) && words === bare(words) ? `…${words}` : words
  }

  function label(index, x, y) {
    const made = draw('text', { x: x.toFixed(1), y: y.toFixed(1) }), words = written(index)
    const space = words.match(/^·?/)[0]
    const dot = draw('tspan', { class: twins.has(bare(words)) ? 'space strong' : 'space' })
    dot.textContent = space
    made.append(dot, words.slice(space.length))
    return made
  }

  function tell(index = points.findIndex(it => it.id === lit())) {
    if (index < 0) index = points.findIndex(it => it.id === model.chosen)
    about.textContent = index < 0 ? '' : describe(index)
  }

  function light(index) {
    const id = index < 0 ? -2 : points[index].id
    if (id !== model.pointed) model.pointed = id
  }

  // Search
  const plain = words => words.replaceAll('·', ' ').trim().toLowerCase()
  function findMatches() {
    const wanted = plain(search.value)
    const fresh = wanted && search.value !== model.typed
    matches = new Set(fresh ? [...points.keys()].filter(index =>
      plain(points[index].label).includes(wanted)) : [])
    found.textContent = fresh && model.words.found
      ? fill(model.words.found, { count: matches.size, typed: search.value }) : ''
  }

  search.oninput = () => { findMatches(); place() }
  search.onkeydown = event => {
    if (event.key === 'Enter') {
      event.preventDefault()
      model.send_msg({ find: search.value })
    } else if (event.key === 'Escape') {
      search.value = model.typed
      findMatches()
      place()
    }
  }
  search.onfocus = () => search.select()

  // Zoom and move
  function zoomBy(factor, x = svg.clientWidth / 2, y = svg.clientHeight / 2) {
    const scale = Math.max(0.5, Math.min(40, view.scale * factor))
    const real = scale / view.scale
    const [fromX, fromY] = [x - svg.clientWidth / 2, y - svg.clientHeight / 2]
    view = { scale, x: fromX - (fromX - view.x) * real, y: fromY - (fromY - view.y) * real }
    place()
  }

  svg.addEventListener('wheel', event => {
    if (!event.ctrlKey && !event.metaKey) {
      about.textContent = model.words.wheel
      return
    }
    event.preventDefault()
    zoomBy(Math.exp(-event.deltaY / 300), ...at(event))
  }, { passive: false })

  const at = event => {
    const box = svg.getBoundingClientRect()
    return [event.clientX - box.left, event.clientY - box.top]
  }

  function nearest(x, y, reach = REACH) {
    let best = -1
    let least = reach
    places.forEach(([px, py], index) => {
      const away = Math.hypot(px - x, py - y)
      if (away < least) { least = away; best = index }
    })
    return best
  }

  let dragged = false
  let box = false
  svg.onpointerdown = event => {
    if (event.button) return
    svg.setPointerCapture(event.pointerId)
    fingers.set(event.pointerId, at(event))
    dragged = false
    box = event.shiftKey
    path = [at(event)]
  }
  svg.onpointermove = event => {
    const here = at(event)
    const before = fingers.get(event.pointerId)
    if (!before) {
      light(nearest(...here))
      return
    }
    if (!dragged && Math.hypot(here[0] - path[0][0], here[1] - path[0][1]) < 5) return
    dragged = true
    if (fingers.size === 2) pinch(event.pointerId, before, here)
    else if (mode === 'lasso' || box) {
      path = box ? corners(path[0], here) : [...path, here]
      lasso.setAttribute('d', `M${path.map(it => it.map(Math.round).join(' ')).join('L')}Z`)
    } else {
      view.x += here[0] - before[0]
      view.y += here[1] - before[1]
      place()
    }
    fingers.set(event.pointerId, here)
  }
  svg.onpointerup = event => {
    if (!fingers.delete(event.pointerId)) return
    if (!dragged) {
      const index = nearest(...at(event))
      if (index >= 0) choose(index)
    } else if (mode === 'lasso' || box) selectWithin()
    lasso.removeAttribute('d')
  }
  svg.onpointercancel = event => { fingers.delete(event.pointerId); lasso.removeAttribute('d') }
  svg.onpointerleave = () => { light(-1); tell() }

  function pinch(id, before, here) {
    const [other] = [...fingers].filter(([key]) => key !== id).map(([, it]) => it)
    const apart = point => Math.hypot(point[0] - other[0], point[1] - other[1])
    zoomBy(apart(here) / (apart(before) || 1), (here[0] + other[0]) / 2, (here[1] + other[1]) / 2)
  }

  const corners = ([x, y], [u, v]) => [[x, y], [u, y], [u, v], [x, v]]

  // Even-odd rule: how many edges lie to the right of the point.
  const within = ([x, y]) => path.reduce((inside, [ax, ay], i) => {
    const [bx, by] = path[(i + 1) % path.length]
    return (ay > y) !== (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax ? !inside : inside
  }, false)

  function selectWithin() {
    model.selected = points.filter((_, index) => within(places[index])).map(it => it.id)
  }

  function selectAround() {
    const index = points.findIndex(it => it.id === model.chosen)
    const [x, y] = places[index < 0 ? current : index]
    const count = Math.max(1, Math.min(points.length, Number(around.value) || 1))
    model.selected = points.map((it, i) => [Math.hypot(places[i][0] - x, places[i][1] - y), it.id])
      .sort((a, b) => a[0] - b[0]).slice(0, count).map(it => it[1])
  }

  function choose(index) {
    current = index
    search.value = ''
    model.send_msg({ choose: points[index].id })
  }

  function setMode(next) {
    mode = next
    move.setAttribute('aria-pressed', mode === 'move')
    pick.setAttribute('aria-pressed', mode === 'lasso')
    svg.classList.toggle('picking', mode === 'lasso')
  }

  // Keyboard
  function go(dx, dy) {
    const [x, y] = places[current]
    let best = -1
    let least = Infinity
    places.forEach(([px, py], index) => {
      const along = (px - x) * dx + (py - y) * dy
      const across = Math.abs((px - x) * dy) + Math.abs((py - y) * dx)
      if (index !== current && along > 0 && along + 2 * across < least) {
        least = along + 2 * across
        best = index
      }
    })
    if (best >= 0) current = best
    here()
  }

  function here() {
    light(current)
    place()
    tell(current)
  }

  function toggle(index) {
    const { id } = points[index]
    model.selected = model.selected.includes(id) ? model.selected.filter(it => it !== id)
      : [...model.selected, id]
  }

  svg.onkeydown = event => {
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
    const acts = { Enter: () => choose(current), ' ': () => toggle(current),
      '+': () => zoomBy(ZOOM), '=': () => zoomBy(ZOOM), '-': () => zoomBy(1 / ZOOM),
      0: () => { home(); place() }, Escape: () => { model.selected = []; light(-1) } }
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (moves[event.key]) go(...moves[event.key])
    else if (acts[event.key]) acts[event.key]()
    else return
    event.preventDefault()
  }
  svg.onfocus = () => {
    const index = points.findIndex(it => it.id === model.chosen)
    if (index >= 0 && !svg.matches(':active')) current = index
    place()
    tell(current)
  }
  svg.onblur = () => { light(-1); place(); tell() }

  // The same as a table, and as files
  const COLUMNS = ['label', 'id', 'count', 'x', 'y', 'score', 'near']
  function rows() {
    const positions = JSON.parse(model.positions)
    const wanted = new Set(model.selected)
    return points.map((it, index) => ({ ...it, x: positions[index][0], y: positions[index][1],
      near: model.near.indexOf(it.id) + 1 || '' })).filter(it => !wanted.size || wanted.has(it.id))
  }

  function paintTwin() {
    if (!twin.open) return
    const head = make('tr', {}, ...COLUMNS.map(name =>
      make('th', { scope: 'col', textContent: name === 'score' ? model.words.measure
        : model.words.columns[name] })))
    const shown = value => typeof value !== 'number' || Number.isInteger(value) ? value ?? ''
      : decimals(value, 3)
    table.replaceChildren(make('caption', { className: 'unseen', textContent: model.words.title }),
      make('thead', {}, head), make('tbody', {}, ...rows().map(it => make('tr', {},
        ...COLUMNS.map(name => make('td', { textContent: shown(it[name]) }))))))
  }
  twin.ontoggle = paintTwin

  function saveTable() {
    const cell = value => /[",\n\r]/.test(value ?? '') ? `"${String(value).replaceAll('"', '""')}"`
      : String(value ?? '')
    const lines = [['token', 'id', 'count', 'x', 'y', model.words.metric, 'neighbour'], ...rows()
      .map(it => COLUMNS.map(name => it[name]))].map(row => row.map(cell).join(','))
    save(new Blob(['\ufeff', lines.join('\r\n')], { type: 'text/csv' }), 'minigpt-embeddings.csv')
  }

  // The picture with its colours written into it.
  function saveImage() {
    const copy = svg.cloneNode(true)
    const from = [svg, ...svg.querySelectorAll('*')]
    const to = [copy, ...copy.querySelectorAll('*')]
    const properties = ['fill', 'stroke', 'stroke-width', 'opacity', 'font-family', 'font-weight',
      'paint-order']
    from.forEach((node, i) => {
      const style = getComputedStyle(node)
      for (const name of properties) to[i].style.setProperty(name, style.getPropertyValue(name))
    })
    copy.style.background = getComputedStyle(frame).backgroundColor
    save(new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' }),
      'minigpt-embeddings.svg')
  }

  function save(blob, name) {
    const link = make('a', { href: URL.createObjectURL(blob), download: name })
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 1000)
  }

  // What Python says
  function paintWords() {
    const { words } = model
    if (!words.point) return
    svg.setAttribute('aria-label', words.label)
    searchLabel.textContent = words.search
    search.placeholder = words.placeholder
    for (const [node, name] of [[move, 'move'], [pick, 'lasso'], [fit, 'fit'], [takeAround, 'take'],
      [clear, 'clear']]) node.textContent = words[name]
    for (const [node, name] of [[zoomIn, 'zoomIn'], [zoomOut, 'zoomOut'], [csv, 'csv'],
      [image, 'image'], [move, 'moveHint'], [pick, 'lassoHint']]) {
      node.title = words[name]
      if (!name.endsWith('Hint')) node.setAttribute('aria-label', words[name])
    }
    aroundLabel.textContent = words.around
    twin.firstChild.textContent = words.twin
    twin.lastChild.setAttribute('aria-label', words.twin)
    place()
    tell()
  }

  function paintNotes() {
    note.textContent = model.note
    clear.hidden = !model.selected.length
    error.textContent = model.error
    error.hidden = !model.error
  }

  function paintTyped() {
    if (el.getRootNode().activeElement !== search || !search.value) search.value = model.typed
    findMatches()
    place()
  }

  home()
  setMode('move')
  model.on(['points', 'positions'], paintPoints)
  model.on(['chosen', 'near', 'axes', 'pointed', 'lit', 'selected'], () => { place(); tell() })
  model.on('view', () => { home(); place() })
  model.on('typed', () => { search.value = model.typed; paintTyped() })
  model.on(['words', 'locale'], paintWords)
  model.on(['note', 'error', 'selected'], paintNotes)
  svg.append(ticks, dots, labels, lasso)
  frame.append(svg)
  el.append(
    make('div', { className: 'bar' },
      make('div', { className: 'search' }, searchLabel, search, found),
      make('div', { className: 'tools' }, move, pick, zoomOut, zoomIn, fit)), error, frame, about,
    make('div', { className: 'bar' },
      make('div', { className: 'tools' }, aroundLabel, around, takeAround, clear),
      make('div', { className: 'tools' }, csv, image)), note, twin)
  new ResizeObserver(place).observe(frame)
  paintTyped()
  paintPoints()
  paintWords()
  paintNotes()
}
