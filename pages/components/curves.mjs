import { make, untilElsewhere } from './shared.mjs'

// Lines over a common x, drawn in SVG once a frame at most. The legend is the read-out: beside each
// name stands its value at the upright, or the newest. Charts of one group share the upright.
export function render({ model, el }) {
  const SVG = 'http://www.w3.org/2000/svg'
  const draw = (tag, attributes = {}, text = '') => {
    const made = document.createElementNS(SVG, tag)
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
    if (text) made.textContent = text
    return made
  }
  const MOVED = 'minigpt-upright'
  const LEAST = 62, RIGHT = 12, TOP = 8, BOTTOM = 40
  const NEAR = 12  // pixels: a click so near to the chosen upright lets go of it
  const DASHES = { solid: '', dashed: '7 4', dotted: '2 4', dotdash: '8 3 2 3' }

  const title = make('h3', { id: 'title' }), lead = make('p', { className: 'soft lead' })
  const logButton = make('button', { type: 'button', className: 'tool', id: 'log' })
  const csvButton = make('button', { type: 'button', className: 'tool', id: 'csv' })
  const legend = make('ul', { className: 'legend' })
  const svg = draw('svg', { role: 'slider', tabindex: 0, 'aria-labelledby': 'title' })
  const grid = draw('g', { class: 'grid' }), paths = draw('g'), over = draw('g', { class: 'over' })
  const names = draw('g', { class: 'grid' })  // of the levels, above the curves
  const frame = make('div', { className: 'frame' }, svg)
  const table = make('table'), inside = make('div', { className: 'table', tabIndex: 0 }, table)
  const handle = make('summary'), fold = make('details', {}, handle, inside)
  inside.setAttribute('role', 'region')
  svg.append(grid, paths, names, over)

  let lines = [], newest = {}, hidden = new Set(), log = model.log, at = null
  let width = 600, left = LEAST, wanted = false
  let seen = true, axes = ''  // whether it is on the screen; what its axes were drawn for
  let later = 0
  const formats = new Map()
  const items = new Map()   // line id → its entry in the legend

  /** As the page's language writes it; making a format takes longer than using it. */
  function written(value, least, most) {
    const key = `${model.locale} ${least} ${most}`
    if (!formats.has(key)) {
      formats.set(key, new Intl.NumberFormat(model.locale,
        { minimumFractionDigits: least, maximumFractionDigits: most }))
    }
    return formats.get(key).format(value).replace('-', '−')
  }
  const number = value => {
    const size = Math.abs(value)
    if (size && (size < 10 ** -Math.max(2, model.digits) || size >= 1e6)) {
      const [mantissa, power] = value.toExponential(1).split('e')
      return `${written(Number(mantissa), 0, 1)}·10${superscript(Number(power))}`
    }
    return written(value, model.digits, model.digits)
  }
  const superscript = power => [...String(power)].map(it => '⁰¹²³⁴⁵⁶⁷⁸⁹'[it] ?? '⁻').join('')
  const whole = value => written(value, 0, 6)
  const visible = () => lines.filter(it => !hidden.has(it.id))

  function bounds() {
    let x0 = Infinity, x1 = -Infinity, y0 = Infinity, y1 = -Infinity
    const { x: uprights, y: levels } = JSON.parse(model.marks)
    for (const { x, y } of visible()) {
      if (!x.length) continue
      x0 = Math.min(x0, x[0]); x1 = Math.max(x1, x[x.length - 1])
      for (const value of y) {
        if (!Number.isFinite(value) || (log && value <= 0)) continue
        if (value < y0) y0 = value
        if (value > y1) y1 = value
      }
    }
    for (const { value } of uprights) x1 = Math.max(x1, value)
    for (const { value } of levels) { y0 = Math.min(y0, value); y1 = Math.max(y1, value) }
    if (x0 > x1) { x0 = 0; x1 = 1 }
    if (y0 > y1) { y0 = log ? 0.1 : 0; y1 = 1 }
    const right = Math.min(rounded(Math.max(x1, 1)), Math.max(x1, model.end || Infinity))
    if (log) {
      return { x0: Math.min(x0, 0), x1: right, y0: 10 ** (Math.floor(10 * Math.log10(y0)) / 10),
        y1: 10 ** (Math.ceil(10 * Math.log10(y1)) / 10) }
    }
    const step = nice((y1 - y0 || Math.abs(y1) || 1) / 10)
    return { x0: Math.min(x0, 0), x1: right, y0: Math.floor(y0 / step - 1e-9) * step,
      y1: Math.ceil(y1 / step + 1e-9) * step }
  }
  /** 1, 2 or 5 times a power of ten, not below the value. */
  function nice(value) {
    const power = 10 ** Math.floor(Math.log10(value))
    return [1, 2, 5, 10].map(it => it * power).find(it => it >= value * (1 - 1e-9))
  }
  /** The end of the axis: it moves in leaps, so that the picture stands still between them. */
  function rounded(value) {
    const power = 10 ** Math.floor(Math.log10(value))
    return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].map(it => it * power)
      .find(it => it >= value * (1 - 1e-9))
  }

  const scales = ({ x0, x1, y0, y1 }) => {
    const high = model.tall - TOP - BOTTOM, wide = width - left - RIGHT
    const flat = value => log ? Math.log(value) : value
    const low = flat(y0), span = flat(y1) - low || 1
    return { X: x => left + (x - x0) / (x1 - x0) * wide,
      Y: y => TOP + (1 - (flat(y) - low) / span) * high,
      backX: px => x0 + (px - left) / wide * (x1 - x0) }
  }

  function ticks(low, high, count, least = 0) {
    const step = Math.max(least, nice((high - low) / count)), found = []
    for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i += 1) {
      found.push(Number((i * step).toPrecision(12)))
    }
    return found
  }

  function logTicks(low, high) {
    const found = [], few = high / low > 300, last = Math.ceil(Math.log10(high))
    for (let power = Math.floor(Math.log10(low)); power <= last; power += 1) {
      for (const digit of few ? [1] : [1, 2, 3, 5, 7]) {
        const value = Number((digit * 10 ** power).toPrecision(3))
        if (value >= low && value <= high) found.push(value)
      }
    }
    return found.length > 1 ? found : ticks(low, high, 4)
  }

  const tickText = value => value && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e6)
    ? number(value) : whole(value)
  const yTicks = ({ y0, y1 }) => log ? logTicks(y0, y1) : ticks(y0, y1, 5)
  /** How much room the numbers of the y axis need, and its name beside them. */
  const margin = box => Math.max(LEAST,
    28 + 7.5 * Math.max(0, ...yTicks(box).map(it => tickText(it).length)))

  function paintAxes(box, { X, Y }) {
    const drawnFor = JSON.stringify([box, width, log, model.tall, model.marks, model.words,
      model.locale])
    if (drawnFor === axes) return
    axes = drawnFor
    const { words } = model, bottom = model.tall - BOTTOM
    const parts = []
    for (const value of yTicks(box)) {
      parts.push(draw('line', { x1: left, x2: width - RIGHT, y1: Y(value), y2: Y(value) }),
        draw('text', { x: left - 6, y: Y(value) + 4, 'text-anchor': 'end' }, tickText(value)))
    }
    for (const value of ticks(box.x0, box.x1, Math.max(2, Math.floor(width / 110)), 1)) {
      parts.push(draw('line', { x1: X(value), x2: X(value), y1: bottom, y2: bottom + 5 }),
        draw('text', { x: X(value), y: bottom + 18, 'text-anchor': 'middle' }, whole(value)))
    }
    parts.push(draw('line', { class: 'axis', x1: left, x2: width - RIGHT, y1: bottom, y2: bottom }),
      draw('text', { class: 'name', x: width - RIGHT, y: model.tall - 5, 'text-anchor': 'end' },
        words.x ?? ''),
      draw('text', { class: 'name', x: 12, y: TOP + (bottom - TOP) / 2, 'text-anchor': 'middle',
        transform: `rotate(-90 12 ${TOP + (bottom - TOP) / 2})` }, words.y ?? ''))
    const { x: uprights, y: named } = JSON.parse(model.marks)
    for (const { value } of named) {
      const y = Y(value)
      parts.push(draw('line', { class: 'level', x1: left, x2: width - RIGHT, y1: y, y2: y }))
    }
    for (const { value, label } of uprights) {
      const mark = draw('path', { class: 'moment', d: `M${X(value) - 5} ${bottom + 1}h10l-5 -8z` })
      mark.append(draw('title', {}, label))
      parts.push(mark)
    }
    grid.replaceChildren(...parts)
  }

  /** Each level's name where the fewest curves run, or that there are no points. */
  function paintNames({ X, Y }) {
    const { y: levels } = JSON.parse(model.marks)
    const drawn = levels.length ? visible().map(({ x, y }) => x.map((it, i) => [X(it), Y(y[i])])) : []
    names.replaceChildren(...levels.map(({ value, label }) => {
      const wide = 7.5 * label.length, far = width - RIGHT - 4 - wide
      const above = Y(value) - 5, below = Y(value) + 15
      const ys = [above, below].filter(it => it > TOP + 10 && it < model.tall - BOTTOM - 2)
      const places = [1, 0.75, 0.5, 0.25, 0].flatMap(share => ys.map(
        y => [left + 6 + share * (far - left - 6), y]))
      let best = [far, above], least = Infinity
      for (const [x, y] of places) {
        const count = crossings(drawn, x, x + wide, y - 13, y + 4)
        if (count < least) { best = [x, y]; least = count }
      }
      return draw('text', { class: 'level', x: best[0], y: best[1] }, label)
    }))
    if (!lines.some(it => it.x.length)) {
      names.append(draw('text', { class: 'level', x: (left + width - RIGHT) / 2,
        y: (TOP + model.tall - BOTTOM) / 2, 'text-anchor': 'middle' }, model.words.empty ?? ''))
    }
  }

  /** How many pieces of the curves run through a box. */
  function crossings(curves, left, right, top, bottom) {
    let count = 0
    for (const points of curves) {
      for (let i = 1; i < points.length; i += 1) {
        const [x0, y0] = points[i - 1], [x1, y1] = points[i]
        if (x1 < left || x0 > right) continue
        const at = x => x1 > x0 ? y0 + (y1 - y0) * (x - x0) / (x1 - x0) : y1
        const [a, b] = [at(Math.max(left, x0)), at(Math.min(right, x1))]
        count += Math.min(a, b) < bottom && Math.max(a, b) > top
      }
    }
    return count
  }

  function path({ id, x, y }, { X, Y }) {
    let d = '', pen = 'M'
    const add = (x, y) => {
      if (!Number.isFinite(y) || (log && y <= 0)) { pen = 'M'; return }
      d += `${pen}${X(x).toFixed(1)} ${Y(y).toFixed(1)}`
      pen = 'L'
    }
    for (let i = 0; i < x.length; i += 1) add(x[i], y[i])
    if (newest[id]?.[0] > (x.at(-1) ?? 0)) add(...newest[id])
    return d
  }

  function paintLines(scale) {
    while (paths.children.length > lines.length) paths.lastChild.remove()
    lines.forEach((line, i) => {
      const it = paths.children[i] ?? paths.appendChild(draw('path', { fill: 'none' }))
      it.setAttribute('class', line.faded ? 'line faded' : 'line')
      it.setAttribute('stroke-dasharray', DASHES[line.dash] ?? '')
      it.style.stroke = colour(line)
      it.setAttribute('d', hidden.has(line.id) ? '' : path(line, scale))
    })
  }

  /** Parts of one kind get one hue, lighter or darker from the first to the last. */
  const colour = ({ role, share }) => share === undefined ? `var(--${role})`
    : `color-mix(in oklab, var(--${role}) ${Math.round(100 - 62 * share)}%, var(--ink))`

  /** The point of a line nearest to x. */
  function near({ x }, value) {
    let low = 0, high = x.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if (x[middle] < value) low = middle + 1
      else high = middle
    }
    return low > 0 && value - x[low - 1] < x[low] - value ? low - 1 : low
  }

  function paintOver({ X, Y }) {
    const shown = at ?? (model.pinned >= 0 ? model.pinned : null)
    const parts = []
    if (shown !== null) {
      parts.push(draw('line', { x1: X(shown), x2: X(shown), y1: TOP, y2: model.tall - BOTTOM,
        class: at === null ? 'pinned' : '' }))
      for (const line of visible()) {
        const i = near(line, shown)
        if (!line.x.length || shown > line.x.at(-1) + 1 || (log && line.y[i] <= 0)) continue
        const dot = draw('circle', { cx: X(line.x[i]), cy: Y(line.y[i]), r: 4 })
        dot.style.fill = colour(line)
        parts.push(dot)
      }
    }
    over.replaceChildren(...parts)
    for (const line of lines) {
      const i = shown === null ? line.x.length - 1 : near(line, shown)
      const there = line.x.length && (shown === null || shown <= line.x.at(-1) + 1)
      items.get(line.id).lastChild.textContent = there ? number(line.y[i]) : '–'
    }
    const newest = Math.max(0, ...lines.map(it => it.x.at(-1) ?? 0))
    svg.setAttribute('aria-valuemin', 0)
    svg.setAttribute('aria-valuemax', newest)
    svg.setAttribute('aria-valuenow', shown ?? newest)
    svg.setAttribute('aria-valuetext', `${model.words.x} ${whole(shown ?? newest)}: ${visible().map(
      it => `${it.label} ${items.get(it.id).lastChild.textContent}`).join('; ')}`)
  }

  function paintLegend() {
    for (const id of [...items.keys()]) if (!lines.some(it => it.id === id)) items.delete(id)
    legend.replaceChildren(...lines.map(line => {
      const swatch = draw('svg', { width: 26, height: 8, 'aria-hidden': 'true' })
      const stroke = draw('line', { x1: 1, x2: 25, y1: 4, y2: 4,
        class: line.faded ? 'line faded' : 'line', 'stroke-dasharray': DASHES[line.dash] ?? '' })
      stroke.style.stroke = colour(line)
      swatch.append(stroke)
      const value = make('span', { className: 'number' })
      const button = make('button', { type: 'button', className: 'item',
        title: model.words.hide ?? '' }, swatch, make('span', { textContent: line.label }), value)
      button.setAttribute('aria-pressed', !hidden.has(line.id))
      button.onclick = () => {
        if (!hidden.delete(line.id)) hidden.add(line.id)
        button.setAttribute('aria-pressed', !hidden.has(line.id))
        ask()
      }
      items.set(line.id, button)
      return make('li', {}, button)
    }))
  }

  function paint() {
    wanted = false
    svg.setAttribute('viewBox', `0 0 ${width} ${model.tall}`)
    svg.setAttribute('height', model.tall)
    const box = bounds()
    left = margin(box)
    const scale = scales(box)
    paintAxes(box, scale)
    paintLines(scale)
    paintNames(scale)
    paintOver(scale)
    if (fold.open) paintTable()
  }
  /** Once a frame, however many points came; off the screen, once no more of them come. */
  function ask() {
    clearTimeout(later)
    if (wanted) return
    if (seen) {
      wanted = true
      requestAnimationFrame(paint)
    } else later = setTimeout(paint, 300)
  }

  function paintTable() {
    const longest = lines.reduce((one, it) => it.x.length > (one?.x.length ?? -1) ? it : one, null)
    const every = Math.ceil((longest?.x.length ?? 0) / 100) || 1
    const rows = (longest?.x ?? []).filter((_, i) => i % every === 0)
    const head = make('tr', {}, ...[model.words.x, ...lines.map(it => it.label)].map(text =>
      make('th', { scope: 'col', textContent: text })))
    table.replaceChildren(make('thead', {}, head), make('tbody', {}, ...rows.map(x => make('tr', {},
      make('td', { textContent: whole(x) }), ...lines.map(it => make('td', {
        textContent: it.x.length ? number(it.y[near(it, x)]) : '–' }))))))
  }

  function save() {
    const quoted = text => `"${String(text).replaceAll('"', '""')}"`
    const rows = [[model.words.x, model.words.name ?? '', model.words.y].map(quoted).join(','),
      ...lines.flatMap(it => it.x.map((x, i) => [x, quoted(it.label), it.y[i]].join(',')))]
    const href = URL.createObjectURL(new Blob(['\ufeff', rows.join('\r\n')], { type: 'text/csv' }))
    make('a', { href, download: `${model.words.title ?? 'minigpt'}.csv` }).click()
    setTimeout(() => URL.revokeObjectURL(href), 60_000)
  }

  function move(value) {
    at = value
    ask()
    if (model.group) {
      document.dispatchEvent(new CustomEvent(MOVED,
        { detail: { from: svg, group: model.group, at } }))
    }
  }
  const heard = ({ detail }) => {
    if (!svg.isConnected) { document.removeEventListener(MOVED, heard); return }
    if (detail.from === svg || detail.group !== model.group) return
    at = detail.at
    ask()
  }
  document.addEventListener(MOVED, heard)

  const under = event => {
    const place = svg.getBoundingClientRect(), box = bounds()
    const value = Math.round(scales(box).backX((event.clientX - place.left) / place.width * width))
    return Math.min(Math.max(value, Math.ceil(box.x0)), Math.floor(box.x1))
  }
  const stays = untilElsewhere(svg, () => move(null))  // what a finger touched, once it has lifted
  svg.onpointermove = svg.onpointerdown = event => move(under(event))
  svg.onpointercancel = () => move(null)  // it scrolls
  svg.onpointerleave = ({ pointerType }) => {
    if (pointerType === 'touch') stays()
    else move(null)
  }
  svg.onclick = event => {
    const { X } = scales(bounds()), chosen = under(event)
    const again = model.pinned >= 0 && Math.abs(X(chosen) - X(model.pinned)) < NEAR
    model.pinned = again ? -1 : chosen
  }
  svg.onblur = () => move(null)
  svg.onkeydown = event => {
    const all = [...new Set(visible().flatMap(it => it.x))].sort((a, b) => a - b)
    if (!all.length) return
    const here = at ?? (model.pinned >= 0 ? model.pinned : all.at(-1))
    const index = near({ x: all }, here)
    const jump = Math.max(1, Math.round(all.length / 20))
    const to = { ArrowLeft: index - 1, ArrowRight: index + 1, PageUp: index - jump,
      PageDown: index + jump, Home: 0, End: all.length - 1 }[event.key]
    if (event.key === 'Escape') { model.pinned = -1; move(null) }
    else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault()
      model.pinned = here
    } else if (to !== undefined) {
      event.preventDefault()
      move(all[Math.min(Math.max(to, 0), all.length - 1)])
    }
  }
  logButton.onclick = () => { log = !log; paintWords(); ask() }
  csvButton.onclick = save
  fold.ontoggle = () => { if (fold.open) paintTable() }

  function paintWords() {
    const { words } = model
    title.textContent = words.title ?? ''
    lead.textContent = words.lead ?? ''
    lead.hidden = !words.lead
    logButton.textContent = words.log ?? ''
    logButton.setAttribute('aria-pressed', log)
    csvButton.textContent = words.csv ?? ''
    handle.textContent = words.table ?? ''
    inside.setAttribute('aria-label', words.title ?? '')
    svg.setAttribute('aria-description', words.keys ?? '')
  }

  function takeAll() {
    const before = lines
    lines = JSON.parse(model.lines)
    const same = before.length === lines.length && before.every((it, i) =>
      it.id === lines[i].id && it.label === lines[i].label && it.faded === lines[i].faded)
    if (!same) paintLegend()
    ask()
  }
  const askForAll = () => model.send_msg({ all: true })
  function takeTail(tail) {
    for (const [id, { from, x, y }] of Object.entries(tail)) {
      const line = lines.find(it => it.id === id)
      if (!line || line.x.length < from) { askForAll(); return }
      line.x.splice(from, Infinity, ...x)
      line.y.splice(from, Infinity, ...y)
    }
    ask()
  }

  model.on('lines', takeAll)
  model.on('msg:custom', event => takeTail(JSON.parse((event.data ?? event).tail)))
  model.on('newest', () => { newest = JSON.parse(model.newest); ask() })
  model.on(['marks', 'pinned', 'tall', 'digits', 'end'], ask)
  model.on(['words', 'locale'], () => { paintWords(); paintLegend(); ask() })
  new IntersectionObserver(([entry]) => {
    seen = entry.isIntersecting
    if (seen) ask()
  }).observe(frame)
  new ResizeObserver(([entry]) => {
    const now = Math.round(entry.contentRect.width)
    if (now > 0 && now !== width) { width = now; ask() }
  }).observe(frame)
  el.append(make('div', { className: 'head' }, title, logButton, csvButton), lead, legend, frame,
    fold)
  paintWords()
  takeAll()
  if (lines.reduce((sum, it) => sum + it.x.length, 0) < model.points) askForAll()  // drawn anew
}
