import { hovered, make } from './shared.mjs'

// The band is drawn piece by piece, one below (or beside) each card, as wide as the stream is long.
// All buttons together are one Tab stop; arrow keys go from one to the next.
export function render({ model, el }) {
  const draw = (tag, attributes = {}, ...children) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
    made.append(...children)
    return made
  }
  const title = make('h3', { id: 'title' })
  const whole = make('div', { className: 'whole' })
  const head = make('div', { className: 'head' }, title, whole)
  const outcome = make('p', { className: 'outcome' })
  const grid = make('div', { className: 'grid' })
  const legend = make('p', { className: 'legend soft' })
  const about = make('p', { className: 'about', id: 'about' })
  const bar = make('div', { className: 'bar' }, head, outcome, grid)
  bar.setAttribute('role', 'toolbar')
  const ROOM = 92  // of the 100 units across the band
  const still = matchMedia('(prefers-reduced-motion: reduce)')
  let block = JSON.parse(model.block)
  let shown = []   // norms of the stops as drawn now, on their way to the new ones
  let current = 0  // the button that Tab reaches
  let frame = 0
  let earlier = ''  // the part that was pinned before, to which Esc goes back

  const buttons = () => [...bar.querySelectorAll('button')]
  const number = value => value.toLocaleString(model.locale,
    { minimumFractionDigits: 1, maximumFractionDigits: 1 })

  function toggle({ switch: name, on, name: label }) {
    const it = make('button', { type: 'button', className: 'switch', tabIndex: -1 },
      make('span', { className: 'knob' }),
      make('span', { className: 'state', textContent: on ? model.words.on : model.words.off }))
    it.setAttribute('role', 'switch')
    it.setAttribute('aria-checked', on)
    it.setAttribute('aria-label', label)
    it.dataset.switch = name
    return it
  }

  // The cards

  function card(part) {
    const name = make('button', { type: 'button', className: 'name', textContent: part.title,
      tabIndex: -1 })
    name.dataset.part = part.key
    const top = make('div', { className: 'top' }, model.choosable ? name
      : make('span', { className: 'name', textContent: part.title }))
    if (part.switch && model.switchable) top.append(toggle({ ...part, name: part.title }))
    const made = make('div', { className: `card ${part.kind}` }, top,
      ...part.lines.map(text => make('p', { className: 'line number', textContent: text })))
    if (part.cells) made.append(cells(part.cells))
    if (part.heads) made.append(make('div', { className: 'heads' }, ...part.heads.map(headRow)))
    made.classList.toggle('off', part.on === false)
    made.dataset.about = part.about ?? ''
    made.dataset.key = part.key
    return made
  }

  function headRow(it) {
    const track = make('span', { className: 'track' }, make('span', { className: 'fill' }))
    track.firstChild.style.width = `${100 * it.part}%`
    const row = make('div', { className: 'headrow' },
      make('span', { className: 'which', textContent: it.name }), track,
      make('span', { className: 'value number', textContent: it.value }))
    if (model.switchable) row.append(toggle({ ...it, name: `${it.name}` }))
    row.classList.toggle('off', !it.on)
    row.dataset.about = it.about
    return row
  }

  // All neurons, the more active the darker: one path for each of a few strengths.
  function cells(values) {
    const columns = Math.max(1, Math.ceil(Math.sqrt(values.length * 2)))
    const strengths = [0.05, 0.2, 0.4, 0.6, 0.8]
    const paths = strengths.map(() => '')
    values.forEach((value, i) => {
      const level = strengths.findLastIndex(it => value >= it)
      if (level >= 0) paths[level] += `M${i % columns} ${Math.floor(i / columns)}h.86v.86h-.86z`
    })
    const rows = Math.ceil(values.length / columns)
    const picture = draw('svg', { viewBox: `0 0 ${columns} ${rows}`, class: 'cells',
      'aria-hidden': true, preserveAspectRatio: 'none' },
      ...paths.map((d, i) => draw('path', { d, opacity: 0.25 + 0.15 * (i + 1) })))
    return picture
  }

  // The band: half its width at each end of a piece, on a scale of 100 units across

  const half = norm => Math.min(50, ROOM / 2 * norm / (block.most || 1))

  function piece(part) {
    const outline = draw('path', { class: 'before' })
    const body = draw('path', { class: 'body' })
    const turned = draw('g', {}, body, outline)
    return make('div', { className: 'band' }, draw('svg', { viewBox: '0 0 100 100',
      preserveAspectRatio: 'none', 'aria-hidden': true }, turned))
  }

  // From the width a to the width b along an S, and back along the other side.
  function shape(a, b) {
    return `M0 ${50 - a}C50 ${50 - a} 50 ${50 - b} 100 ${50 - b}V${50 + b}`
      + `C50 ${50 + b} 50 ${50 + a} 0 ${50 + a}Z`
  }

  // The two edges alone, so that pieces beside each other make one line.
  function edges(a, b) {
    return [-1, 1].map(side => `M0 ${50 + side * a}C50 ${50 + side * a} 50 ${50 + side * b} 100 ${
      50 + side * b}`).join('')
  }

  function paintBand() {
    block.parts.forEach((part, i) => {
      const [body, outline] = grid.children[3 * i + 2].querySelectorAll('path')
      const [from, to] = [part.from, part.to]
      body.setAttribute('d', shape(half(shown[from]), half(shown[to])))
      const before = [from, to].map(stop => block.stops[stop].before)
      const differs = [from, to].some(stop =>
        Math.abs(block.stops[stop].norm - block.stops[stop].before) > 0.005 * block.most)
      outline.setAttribute('d', differs ? edges(...before.map(half)) : '')
    })
  }

  function moveBand() {
    const goal = block.stops.map(stop => stop.norm)
    cancelAnimationFrame(frame)
    if (still.matches || shown.length !== goal.length) {
      shown = goal
      paintBand()
      return
    }
    const start = [...shown], began = performance.now()
    const step = now => {
      const time = Math.min(1, (now - began) / 400)
      const eased = 1 - (1 - time) ** 3
      shown = goal.map((norm, i) => start[i] + (norm - start[i]) * eased)
      paintBand()
      if (time < 1) frame = requestAnimationFrame(step)
    }
    frame = requestAnimationFrame(step)
  }

  // What joins card and band: a copy going up to be read, or what a part adds coming down

  function pipe(part) {
    const made = make('div', { className: 'pipe' })
    const size = part.kind === 'norm' ? half(block.stops[part.from].norm) * 2
      : part.ribbon === undefined ? 0 : half(part.ribbon) * 2
    if (part.kind !== 'norm' && part.ribbon === undefined) return made
    made.classList.add(part.kind === 'norm' ? 'up' : 'down')
    made.classList.toggle('none', part.ribbon === 0)
    made.style.setProperty('--size', `${Math.max(2, size)}`)
    if (part.hue) made.style.setProperty('--hue', `var(--${part.hue})`)
    if (part.hue === 'weights') made.classList.add('hatched')
    made.append(make('span', { className: 'flow' }), make('span', { className: 'tip' }))
    return made
  }

  function paint() {
    block = JSON.parse(model.block)
    const focused = bar.contains(el.getRootNode().activeElement)
    title.textContent = model.words.title ?? ''
    title.hidden = !model.words.title
    bar.setAttribute('aria-label', model.words.title || model.words.name || '')
    whole.replaceChildren(...(model.switchable ? block.whole.map(it => make('span',
      { className: 'one' }, make('span', { textContent: it.name }), toggle(it))) : []))
    head.hidden = !model.words.title && !whole.children.length
    grid.replaceChildren(...block.parts.flatMap((part, i) => {
      const all = [card(part), pipe(part), piece(part)]
      for (const it of all) it.style.setProperty('--at', i + 1)
      return all
    }))
    grid.classList.toggle('upright', model.upright)
    grid.style.setProperty('--count', block.parts.length)
    moveBand()
    paintLegend()
    paintChosen()
    const all = buttons()
    current = Math.max(0, Math.min(current, all.length - 1))
    if (all.length) all[current].tabIndex = 0
    if (focused) all[current]?.focus()
    tell()
  }

  function paintLegend() {
    const scale = make('span', { className: 'scale' })
    scale.style.setProperty('--share', 2 * half(block.mark) / 100)
    legend.replaceChildren(scale,
      (model.words.scale ?? '').replace('{norm}', number(block.mark)))
    legend.hidden = !block.parts.length || !model.words.scale
  }

  function paintChosen() {
    for (const it of bar.querySelectorAll('.card')) {
      const is = it.dataset.key === model.chosen
      it.classList.toggle('chosen', is)
      it.querySelector('button.name')?.setAttribute('aria-pressed', is)
    }
    tell()
  }

  // The formula of what is looked at, or else of what is pinned
  function tell(node) {
    const chosen = block.parts.find(part => part.key === model.chosen)
    about.textContent = node?.dataset?.about || chosen?.about || model.words.hint || ''
  }

  function go(index) {
    const all = buttons()
    if (all[current]) all[current].tabIndex = -1
    current = Math.max(0, Math.min(all.length - 1, index))
    all[current].tabIndex = 0
    all[current].focus()
  }

  function pin(key) {
    if (key !== model.chosen) earlier = model.chosen
    model.chosen = key
  }

  const told = event => event.target.closest?.('.headrow, .card')
  bar.onclick = event => {
    const it = event.target.closest?.('button')
    const card = event.target.closest?.('.card')
    if (it) go(buttons().indexOf(it))
    if (it?.dataset.switch) model.send_msg({ switch: it.dataset.switch })
    else if (card && model.choosable) pin(card.dataset.key)
    tell(told(event))  // a head within the card, say
  }
  hovered(bar, event => tell(told(event)), () => tell())
  bar.addEventListener('focusin', event => tell(told(event)))
  bar.addEventListener('focusout', () => tell())
  bar.onkeydown = event => {
    const last = buttons().length - 1
    if (event.key === 'Escape' && earlier) pin(earlier)
    const moves = { ArrowRight: current + 1, ArrowDown: current + 1, ArrowLeft: current - 1,
      ArrowUp: current - 1, Home: 0, End: last }
    if (!(event.key in moves)) return
    event.preventDefault()
    go(moves[event.key])
  }

  model.on(['block', 'words', 'locale', 'upright'], paint)
  const paintOutcome = () => { outcome.textContent = model.outcome }
  model.on('chosen', paintChosen)
  model.on('outcome', paintOutcome)
  paint()
  paintOutcome()
  el.append(bar, legend, about)
}
