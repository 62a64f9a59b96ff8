import { fill, make } from './shared.mjs'
import {
  corners, drawn, mapLabels, mapScreen, mapTicks, twinsIn, within
} from './token_map_drawing.mjs'
import { csvOf, pictureOf, save } from './token_map_files.mjs'

// Points and labels in SVG. One Tab stop: arrow keys go to the nearest point in that direction,
// Enter chooses, Space picks out, + - 0 zoom, Esc lets go. Ctrl + wheel zooms, dragging moves.
// Places, axes and labels are in token_map_drawing.mjs.
const REACH = 18    // px from a point that still means it
const ZOOM = 1.4

export function render({ model, el }) {
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
  const svg = drawn('svg', { tabindex: 0, role: 'listbox', 'aria-describedby': 'about' })
  const ticks = drawn('g', { class: 'ticks', 'aria-hidden': 'true' })
  const dots = drawn('g', { role: 'presentation' })
  const labels = drawn('g', { class: 'labels', 'aria-hidden': 'true' })
  const lasso = drawn('path', { class: 'lasso' })
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
  const clear = button('clear', '', () => { takeAround.focus(); model.selected = [] })  // it goes
  const csv = button('csv', 'CSV', saveTable)
  const image = button('image', 'SVG', saveImage)
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

  function home() { view = { scale: 1, x: 0, y: 0 } }

  function screen() {
    const size = [svg.clientWidth || 700, svg.clientHeight || 520]
    return mapScreen(JSON.parse(model.positions), size, view)
  }

  function paintPoints() {
    const next = JSON.parse(model.points)
    if (JSON.parse(model.positions).length !== next.length) return  // its places are on the way
    points = next
    twins = twinsIn(points.map(it => it.label))
    while (dots.children.length > points.length) dots.lastChild.remove()
    while (dots.children.length < points.length) {
      dots.append(drawn('circle', { role: 'option', id: `p${dots.children.length}` }))
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
    const shown = screen()
    if (shown.places.length !== points.length) return
    svg.setAttribute('viewBox', `0 0 ${shown.width} ${shown.height}`)
    places = shown.places
    const dim = model.selected.length > 0 || matches.size > 0
    svg.classList.toggle('dim', dim)
    const all = points.map((_, index) => kinds(index))
    points.forEach((it, index) => {
      const dot = dots.children[index], is = all[index]
      dot.setAttribute('cx', places[index][0].toFixed(1))
      dot.setAttribute('cy', places[index][1].toFixed(1))
      dot.setAttribute('r', is.chosen ? 8 : is.near || is.lit ? 6
        : is.match || is.selected ? 5 : 3.5)
      dot.setAttribute('class', Object.keys(is).filter(name => is[name]).join(' '))
      dot.setAttribute('aria-selected', is.selected || is.chosen)
      dot.setAttribute('aria-label', it.label)
    })
    svg.setAttribute('aria-activedescendant', `p${current}`)
    ticks.replaceChildren(...(model.axes.length ? mapTicks(shown, model.axes, decimals) : []))
    labels.replaceChildren(...mapLabels(points.map(it => it.label), all, shown, twins,
      getComputedStyle(svg).fontFamily))
    paintTwin()
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

  function selectWithin() {
    model.selected = points.filter((_, index) => within(path, places[index])).map(it => it.id)
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
    const head = ['token', 'id', 'count', 'x', 'y', model.words.metric, 'neighbour']
    save(csvOf([head, ...rows().map(it => COLUMNS.map(name => it[name]))]),
      'minigpt-embeddings.csv')
  }
  function saveImage() {
    save(pictureOf(svg, getComputedStyle(frame).backgroundColor), 'minigpt-embeddings.svg')
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
