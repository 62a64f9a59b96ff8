import { fill, hovered, make, together } from './shared.mjs'
import { drawSheet, machinePalettes, machinePictures, machineTiles } from './model_map_pictures.mjs'
import { drawArrows } from './model_map_arrows.mjs'

// All boxes are one Tab stop with arrow keys. What is on the screen follows from the params and
// from `position`; playing only moves the position.
export function render({ model, el }) {
  const button = (id, textContent) => make('button', { type: 'button', id, textContent })
  const first = button('first', '|◀'), back = button('back', '◀'), play = button('play', '')
  const forth = button('forth', '▶'), last = button('last', '▶|')
  const slider = make('input', { type: 'range', min: 0, step: 1 })
  const bar = make('div', { className: 'bar' }, first, back, play, forth, last, slider)
  const said = make('p', { className: 'said' }), frame = make('div', { className: 'frame' })
  const machine = make('div', { className: 'machine' }), legend = make('p', { className: 'legend soft' })
  const sheet = make('canvas', { ariaHidden: 'true' })
  const arrows = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  bar.setAttribute('role', 'group')
  machine.setAttribute('role', 'group')
  arrows.setAttribute('aria-hidden', 'true')
  const calm = matchMedia('(prefers-reduced-motion: reduce)')

  // { box, group (its name), button, picture, unseen, label, shape; what the sheet has in the
  // picture: size, numbers, place (of its tile), rows (the share of them that is there), strength }
  let boxes = []
  let sections = []     // { title, note, aside }
  let built = ''        // which boxes stand there
  const FAINT = 0.3     // .ahead in the style sheet
  const LARGEST = [32, 96]  // rows and columns of a picture: MOST in pages/model/pictures.py
  let walk = [], position = 0, playing = 0, stop = 0, pointed = null

  // Drawing

  function paint() {
    const shown = JSON.parse(model.groups).filter(it => !model.focus || it.name === model.focus)
    walk = JSON.parse(model.walk)
    const scale = model.focus ? 'large' : model.scale
    const focused = () => machine.contains(el.getRootNode().activeElement), held = focused()
    build(shown, scale)
    const all = shown.flatMap(group => group.rows.flat().map(box => [group, box]))
    all.forEach(([group, box], i) => wear(boxes[i], box, group, scale))
    shown.forEach((group, i) => head(sections[i], group))
    bar.hidden = !walk.length || Boolean(model.focus)
    slider.max = walk.length
    const opened = boxes.findIndex(it => it.box.name === model.opened)
    if (opened >= 0) stop = opened
    boxes.forEach((it, i) => { it.button.tabIndex = i === stop ? 0 : -1 })
    if (held && !focused()) boxes[stop]?.button.focus()
    paintPictures()
    paintLegend()
    paintPosition()
  }

  /** The elements, which stay while the same boxes are shown: a longer text changes their sizes. */
  function build(groups, scale) {
    const plan = JSON.stringify([scale, groups.map(it => [it.name, Boolean(it.note),
      Boolean(it.aside), it.rows.map(row => row.map(box => box.name))])])
    if (plan === built) return
    built = plan
    boxes = []
    sections = []
    pointed = null
    const firstBlock = groups.find(it => it.name.startsWith('h.'))?.name
    machine.className = `machine ${scale === 'small' ? 'all' : 'large'} ${model.focus ? 'focused' : ''}`
    machine.replaceChildren(sheet, ...groups.map(group => section(group, firstBlock)), arrows)
    stop = Math.min(stop, Math.max(0, boxes.length - 1))
  }

  function section(group, firstBlock) {
    const title = make('span'), name = make('button', { type: 'button', className: 'name' }, title)
    const note = group.note ? make('small') : null, aside = group.aside ? make('span') : null
    name.onclick = () => model.send_msg({ open: group.name })
    if (note) name.append(note)
    sections.push({ title, note, aside })
    const rows = group.rows.map(row => make('div', { className: 'row' },
      ...row.map(box => boxed(box, group))))
    const made = make('section', { className: 'group' }, name, make('div', { className: 'rows' }, ...rows))
    if (aside) {
      aside.className = group.name === 'exit' ? 'aside out' : 'aside'
      made.append(aside)
    }
    const labelled = !group.name.startsWith('h.') || group.name === firstBlock
    made.classList.toggle('first', labelled)
    made.classList.toggle('again', !labelled)
    return made
  }

  function boxed(box, group) {
    const span = className => make('span', { className })
    const it = { box, group: group.name, picture: span('picture'), unseen: span('unseen'),
      label: span('label'), shape: span('shape number') }
    const whole = make('span', { className: 'whole' }, it.picture, it.label, it.shape)
    it.button = make('button', { type: 'button', className: 'box' }, it.unseen, whole)
    it.button.dataset.sign = box.sign
    it.button.dataset.name = box.name
    it.button.dataset.group = group.name
    it.button.onclick = () => model.send_msg({ open: box.name })
    it.button.onfocus = () => {
      stop = boxes.indexOf(it)
      boxes.forEach((one, i) => { one.button.tabIndex = i === stop ? 0 : -1 })
      if (it.button.matches(':focus-visible')) point(it)
    }
    it.button.onblur = () => { if (pointed === it) point(null) }
    boxes.push(it)
    return it.button
  }

  const write = (node, text) => { if (node && node.textContent !== text) node.textContent = text }
  function head({ title, note, aside }, group) {
    write(title, group.title)
    write(note, group.note)
    write(aside, group.aside)
  }
  function wear(it, box, group, scale) {
    const [width, height, torn] = box[scale]
    it.box = box
    it.size = [width, height]
    Object.assign(it.picture.style, { width: `${width}px`, height: `${height}px` })
    write(it.unseen, `${group.title}: `)
    write(it.label, `${box.label} `)
    write(it.shape, box.shape.replaceAll(' ', ''))
    it.button.classList.toggle('learnt', box.learnt)
    it.button.classList.toggle('torn', torn)
    it.button.style.setProperty('--hue', `var(--${box.hue})`)
  }

  // A tile is written where its numbers are others: those of the weights stay.
  let kept = { source: null, theme: '', count: 0, numbers: {}, tiles: null, palette: null }
  let computed = { source: null, numbers: {} }
  function paintPictures() {
    const theme = document.documentElement.dataset.theme, count = boxes.length
    if (kept.source !== model.weights || kept.theme !== theme || kept.count !== count) {
      kept = { source: model.weights, theme, count, numbers: machinePictures(model.weights),
        palette: machinePalettes(said), tiles: machineTiles(count, LARGEST) }
      for (const it of boxes) it.numbers = null
    }
    if (computed.source !== model.pictures) {
      computed = { source: model.pictures, numbers: machinePictures(model.pictures) }
    }
    boxes.forEach((it, i) => {
      const { box } = it, numbers = computed.numbers[box.name] ?? kept.numbers[box.name] ?? null
      it.picture.classList.toggle('drawn', Boolean(numbers))
      if (numbers && it.numbers !== numbers) {
        kept.tiles.write(i, numbers, kept.palette(numbers.unsigned ? box.hue : 'signed'))
      }
      Object.assign(it, { numbers, place: i })
    })
    kept.tiles.done()
    paintLit()
  }

  function paintLit() {
    const lit = JSON.parse(model.lit)
    for (const { button: it, box, picture } of boxes) {
      for (const band of picture.querySelectorAll('.band')) band.remove()
      it.classList.toggle('opened', box.name === model.opened)
      for (const [x, y, width, height] of lit[box.name] ?? []) {
        const band = make('span', { className: 'band' })
        Object.assign(band.style, { left: `${100 * x}%`, top: `${100 * y}%`,
          width: `${100 * width}%`, height: `${100 * height}%` })
        picture.append(band)
      }
    }
    placesSoon()
  }

  function paintLegend() {
    const { words } = model
    if (!words.play) return
    first.setAttribute('aria-label', words.first)
    back.setAttribute('aria-label', words.back)
    forth.setAttribute('aria-label', words.forth)
    last.setAttribute('aria-label', words.last)
    for (const it of [first, back, forth, last]) it.title = it.getAttribute('aria-label')
    slider.setAttribute('aria-label', words.slider)
    bar.setAttribute('aria-label', words.walk)
    machine.setAttribute('aria-label', words.machine)
    play.textContent = playing ? words.pause : words.play
    legend.replaceChildren(
      make('span', {}, make('i', { className: 'swatch learnt' }), words.learnt),
      make('span', {}, make('i', { className: 'swatch' }), words.computed),
      ...(!boxes.some(it => it.numbers && !it.box.learnt) ? [] : [make('span', {}, words.negative,
        make('i', { className: 'scale' }), words.positive)]),
      make('span', {}, words.torn))
  }

  // The walk: everything below follows from `position`.

  const current = () => Math.ceil(position) - 1
  function paintPosition() {
    const now = current(), share = position - now, step = walk[now]
    const over = !walk.length || position >= walk.length || model.focus
    for (const it of boxes) {
      const { classList } = it.button, { box } = it, ahead = !over && box.step > now
      const mine = !over && step?.name === box.name
      classList.toggle('now', mine)
      classList.toggle('ahead', ahead)
      classList.toggle('source', !over && Boolean(step?.reads.includes(box.name)) &&
        (!box.learnt || box.step === now))
      it.strength = !ahead ? 1 : box.learnt ? FAINT : 0
      it.rows = mine ? share : 1
    }
    machine.classList.toggle('unfinished', !over)
    slider.value = Math.round(position)
    slider.setAttribute('aria-valuetext', step ? step.said : model.words.start ?? '')
    say()
    placesSoon()
  }

  function say() {
    const { words } = model
    if (!words.play) return
    said.textContent = pointed ? pointed.box.about : model.focus || !walk.length ? words.hint
      : position >= walk.length ? fill(words.end, { count: walk.length }) : walk[current()]?.said ?? words.start
  }

  function point(it) {
    pointed = it
    say()
  }
  hovered(machine, event => point(boxes.find(it => it.button.contains(event.target)) ?? null),
    () => point(null))

  function go(to) {
    position = Math.max(0, Math.min(walk.length, to))
    paintPosition()
  }
  function rest() {
    cancelAnimationFrame(playing)
    playing = 0
    play.textContent = model.words.play
    model.position = Math.ceil(position)
  }
  function run() {
    if (position >= walk.length) position = 0
    let before = performance.now(), waited = 0
    const tick = now => {
      if (!walk.length) return rest()  // the text went meanwhile
      const seconds = (now - before) / 1000
      before = now
      const step = walk[Math.min(walk.length - 1, Math.floor(position + 1e-9))]
      if (calm.matches) {
        waited += seconds
        if (waited >= 1) { waited = 0; go(Math.floor(position) + 1) }
      } else go(position + Math.min(1, seconds / step.seconds))
      if (position >= walk.length || !el.isConnected) return rest()
      playing = requestAnimationFrame(tick)
    }
    playing = requestAnimationFrame(tick)
    play.textContent = model.words.pause
  }
  const jump = to => { if (playing) rest(); go(to); model.position = Math.ceil(position) }
  play.onclick = () => playing ? rest() : run()
  first.onclick = () => jump(0)
  back.onclick = () => jump(Math.ceil(position) - 1)
  forth.onclick = () => jump(Math.floor(position) + 1)
  last.onclick = () => jump(walk.length)
  slider.oninput = () => jump(slider.valueAsNumber)

  // What depends on where the boxes stand: their pictures, and arrows from what was read to what
  // came of it

  const placesSoon = together(queueMicrotask, () => paintPlaces())
  function paintPlaces() {
    drawSheet(sheet, machine, kept.tiles, boxes.filter(it => it.numbers && it.strength))
    paintArrows()
  }
  function paintArrows() {
    const over = !walk.length || position >= walk.length || model.focus
    const lit = JSON.parse(model.lit), step = walk[current()]
    const target = over ? model.target : step?.name
    const to = boxes.find(it => it.box.name === target)
    const reads = over ? Object.keys(lit) : step?.reads ?? []
    const from = !to ? [] : boxes.filter(({ box }) => reads.includes(box.name) &&
      box.name !== target && (!box.learnt || box.step === to.box.step))
    const share = (it, which) => over ? lit[it.box.name]?.at(which) : undefined
    drawArrows(arrows, machine, from.map(it => [it.picture, share(it, -1)]),
      to && [to.picture, share(to, 0)])
  }

  // Keys

  machine.onkeydown = event => {
    const at = boxes.findIndex(it => it.button === event.target)
    if (at < 0) return
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: boxes.length - 1,
      ArrowDown: across(at, 1), ArrowUp: across(at, -1) }[event.key]
    if (to === undefined) return
    event.preventDefault()
    boxes[to]?.button.focus()
  }
  /** The box nearest to this one in the group, or row, below or above. */
  function across(at, way) {
    const middle = it => {
      const box = it.button.getBoundingClientRect()
      return [box.left + box.width / 2, box.top + box.height / 2]
    }
    const line = it => machine.matches('.large') ? it.button.parentElement : it.group
    const lines = [...new Set(boxes.map(line))], wanted = lines[lines.indexOf(line(boxes[at])) + way]
    const [x] = middle(boxes[at])
    const there = boxes.filter(it => line(it) === wanted)
    there.sort((a, b) => Math.abs(middle(a)[0] - x) - Math.abs(middle(b)[0] - x))
    return there.length ? boxes.indexOf(there[0]) : undefined
  }

  // Esc goes up from wherever the reader is on the page, but where it means something else: in a
  // text, or in the matrix while a cell is held, which lets go of it first.
  function home() {
    let node = el
    while (node && !node.matches?.('section')) node = node.parentNode ?? node.host
    return node
  }
  const up = event => {
    if (!el.isConnected) { document.removeEventListener('keydown', up); return }
    const path = event.composedPath(), [target] = path
    const held = model.lit !== '{}' && target.matches?.('[role=grid]')
    if (event.key !== 'Escape' || held || !walk.length || target.matches?.('textarea, input') ||
      !path.includes(home()) || event.defaultPrevented && !target.matches?.('[role=grid]')) return
    event.preventDefault()
    // What is open below the map goes away: the focus goes from there to the box that it is of.
    const column = el.getRootNode().host?.getRootNode()
    if (model.opened && path.includes(column) && !path.includes(el)) boxes[stop]?.button.focus()
    model.send_msg({ open: '..' })
  }
  document.addEventListener('keydown', up)

  model.on(['groups', 'focus', 'scale', 'walk', 'words'], soon)
  let due = false
  function soon() {
    if (due) return
    due = true
    queueMicrotask(() => { due = false; paint() })
  }
  model.on(['pictures', 'weights'], () => { if (!due) { paintPictures(); paintPosition() } })
  model.on(['lit', 'target', 'opened'], () => { if (!due) paintLit() })
  model.on('position', () => { if (!playing) { position = model.position; paintPosition() } })
  position = model.position
  frame.append(machine)
  el.append(bar, said, frame, legend)
  paint()
  new ResizeObserver(paintPlaces).observe(machine)
  const themes = new MutationObserver(() => el.isConnected ? paintPictures() : themes.disconnect())
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
}
