import { hovered, make } from './shared.mjs'

// Below each other: the stream on its way forth, the parts, the gradient on its way back, the
// gradient of each part's weights, and how much they change. What is drawn depends on the stage
// alone; bands are as thick as their lengths are long, the longest filling its band.
export function render({ model, el }) {
  const SVG = 'http://www.w3.org/2000/svg'
  const draw = (tag, attributes = {}, ...children) => {
    const made = document.createElementNS(SVG, tag)
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
    made.append(...children)
    return made
  }
  const STAGES = ['batch', 'forward', 'loss', 'backward', 'update', 'after']
  const WIDE = 92, LEFT = 12, HIGH = 300, SECONDS = 2.4
  const FORTH = 48, PARTS = 96, BACK = 176, BARS = 268, THICK = 30, BAR = 44, FEW = 7

  const title = make('h2', { id: 'title' }), lead = make('p', { className: 'soft lead' })
  const steps = make('ol', { className: 'steps' }), fact = make('p', { className: 'fact' })
  fact.setAttribute('aria-live', 'polite')
  const play = make('button', { type: 'button', id: 'play', className: 'primary' })
  const previous = make('button', { type: 'button', id: 'previous' })
  const next = make('button', { type: 'button', id: 'next' })
  const bar = make('div', { className: 'acts' }, previous, play, next)
  bar.setAttribute('role', 'group')
  const svg = draw('svg', { role: 'group', tabindex: 0, 'aria-labelledby': 'title' })
  const frame = make('div', { className: 'frame' }, svg)
  const about = make('p', { className: 'about' })
  const batch = make('div', { className: 'batch', role: 'listbox' })
  const stage = make('div', { className: 'stage' })
  let timer = null, at = 0

  const reached = name => model.stage >= STAGES.indexOf(name)
  const largest = (stations, key) => Math.max(...stations.map(it => it[key] ?? 0), 1e-30)

  function band(stations, key, y, name, shown) {
    const most = largest(stations, key)
    const group = draw('g', { class: `band ${name} ${shown ? 'shown' : ''}` })
    stations.forEach((it, i) => {
      if (it[key] === null) return
      const thick = Math.max(1.5, THICK * it[key] / most)
      const rect = draw('rect', { x: LEFT + (i + 0.5) * WIDE, y: y - thick / 2, width: WIDE,
        height: thick })
      const delay = name === 'forth' ? i : stations.length - i
      rect.style.transitionDelay = `${shown ? delay * 0.12 : 0}s`
      group.append(rect)
    })
    return group
  }

  function bars(stations, key, name, offset, shown) {
    const values = stations.map(it => it[key] ?? 0), most = Math.max(...values, 1e-30)
    const group = draw('g', { class: `band ${name} ${shown ? 'shown' : ''}` })
    stations.forEach((it, i) => {
      if (it[key] === null) return
      const high = Math.max(1.5, BAR * it[key] / most)
      const rect = draw('rect', { x: LEFT + (i + 0.5) * WIDE + offset, y: BARS - high, width: 22,
        height: high })
      const turn = name === 'gradient' ? stations.length - i : i
      rect.style.transitionDelay = `${shown ? turn * 0.12 : 0}s`
      group.append(rect)
    })
    return group
  }

  function paint() {
    const stations = JSON.parse(model.stations), { words } = model
    const wide = 2 * LEFT + WIDE * (stations.length + 0.6)
    svg.setAttribute('viewBox', `0 0 ${wide} ${HIGH}`)
    svg.style.minWidth = `${wide * 0.95}px`
    svg.style.maxWidth = `${wide * 1.25}px`
    stage.hidden = !stations.length
    stage.classList.toggle('few', stations.length <= FEW)
    const parts = [
      band(stations, 'stream', FORTH, 'forth', reached('forward')),
      band(stations, 'back', BACK, 'back', reached('backward')),
      bars(stations, 'gradient', 'gradient', -24, reached('backward')),
      bars(stations, 'change', 'change', 2, reached('update'))]
    stations.forEach((it, i) => {
      const x = LEFT + i * WIDE + 6
      const box = draw('g', { class: `station ${i === at ? 'at' : ''}`, 'data-i': i },
        draw('rect', { class: 'box', x, y: PARTS - 16, width: WIDE - 12, height: 32, rx: 6 }),
        draw('text', { x: x + (WIDE - 12) / 2, y: PARTS + 5, 'text-anchor': 'middle' }, it.label),
        draw('rect', { class: 'hit', x: x - 6, y: 20, width: WIDE, height: HIGH - 20 }))
      parts.push(box)
    })
    if (stations.length) {
      parts.push(draw('text', { x: LEFT, y: 16, class: 'row' }, words.forth ?? ''),
        draw('text', { x: LEFT, y: 148, class: 'row' }, words.back ?? ''),
        draw('text', { x: LEFT, y: 214, class: 'row' }, words.weights ?? ''),
        draw('path', { class: 'arrow', d: `M${wide - 8} ${FORTH}l-8 -6v12z` }),
        draw('path', { class: 'arrow', d: `M${LEFT} ${BACK}l8 -6v12z` }))
    }
    svg.replaceChildren(...parts)
    tell()
  }

  function paintStage() {
    const facts = JSON.parse(model.facts), { words } = model
    ;(words.stages ?? []).forEach((name, i) => {  // the buttons stay: one may have the focus
      const button = steps.children[i]?.firstChild ?? steps.appendChild(make('li', {},
        make('button', { type: 'button', onclick: () => { stop(); model.stage = i } }))).firstChild
      button.textContent = name
      button.setAttribute('aria-current', i === model.stage ? 'step' : 'false')
    })
    fact.textContent = facts[model.stage] ?? ''
    for (const [name, stage] of Object.entries({ forth: 'forward', back: 'backward',
      gradient: 'backward', change: 'update' })) {
      for (const group of svg.querySelectorAll(`.band.${name}`)) {
        group.classList.toggle('shown', reached(stage))
      }
    }
    previous.setAttribute('aria-disabled', model.stage === 0)
    next.setAttribute('aria-disabled', model.stage === STAGES.length - 1)
    batch.classList.toggle('losses', reached('loss'))
    tell()
  }

  function tell(line) {
    const it = JSON.parse(model.stations)[at]
    about.textContent = line ?? (it ? it.about[model.stage] ?? '' : model.words.about ?? '')
    for (const box of svg.querySelectorAll('.station')) {
      box.classList.toggle('at', Number(box.dataset.i) === at)
    }
  }

  function paintRows() {
    const rows = JSON.parse(model.rows)
    const most = Math.max(...rows.flat().map(it => it.loss), 1e-9)
    const name = make('p', { className: 'row-name', textContent: model.words.batch ?? '' })
    const tokens = []
    name.setAttribute('aria-hidden', 'true')
    batch.setAttribute('aria-label', model.words.batch ?? '')
    batch.replaceChildren(name, ...rows.map(row => make('p', { className: 'tokens', dir: 'ltr',
      role: 'presentation' }, ...row.map(it => {
      const token = make('span', { className: 'token', role: 'option', textContent: it.token,
        title: it.about, tabIndex: tokens.length ? -1 : 0 })
      token.style.setProperty('--loss', (it.loss / most).toFixed(3))
      token.setAttribute('aria-label', it.about)
      tokens.push(token)
      return token
    }))))
  }
  /** One Tab stop for all tokens of the batch. */
  batch.onkeydown = event => {
    const tokens = [...batch.querySelectorAll('.token')], here = tokens.indexOf(event.target)
    const to = { ArrowLeft: here - 1, ArrowRight: here + 1, Home: 0, End: tokens.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = tokens[Math.min(Math.max(to, 0), tokens.length - 1)]
    for (const it of tokens) it.tabIndex = it === next ? 0 : -1
    next.focus()
  }
  batch.addEventListener('focusin', event => tell(event.target.title))
  batch.addEventListener('focusout', () => tell())
  hovered(batch, event => tell(event.target.closest('.token')?.title), () => tell())

  const go = by => { model.stage = Math.min(STAGES.length - 1, Math.max(0, model.stage + by)) }
  function stop() {
    clearInterval(timer)
    timer = null
    paintWords()
  }
  function start() {
    if (model.stage === STAGES.length - 1) model.stage = 0
    timer = setInterval(() => {
      if (!svg.isConnected) { clearInterval(timer); return }
      go(1)
      if (model.stage === STAGES.length - 1) stop()
    }, SECONDS * 1000)
    paintWords()
  }
  function paintWords() {
    const { words } = model
    title.textContent = words.title ?? ''
    lead.textContent = words.lead ?? ''
    play.textContent = (timer ? words.pause : words.play) ?? ''
    previous.textContent = words.previous ?? ''
    next.textContent = words.next ?? ''
    bar.setAttribute('aria-label', words.title ?? '')
  }
  play.onclick = () => { if (timer) stop(); else start() }
  previous.onclick = () => { stop(); go(-1) }
  next.onclick = () => { stop(); go(1) }
  svg.onpointermove = event => {
    const box = event.target.closest?.('.station')
    if (box && Number(box.dataset.i) !== at) { at = Number(box.dataset.i); tell() }
  }
  svg.onpointerdown = svg.onpointermove  // a finger that does not move
  svg.onkeydown = event => {
    const count = JSON.parse(model.stations).length
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: count - 1 }[event.key]
    if (event.key === 'ArrowDown' || event.key === 'Enter') { stop(); go(1) }
    else if (event.key === 'ArrowUp') { stop(); go(-1) }
    else if (to === undefined) return
    else { at = Math.min(Math.max(to, 0), count - 1); tell() }
    event.preventDefault()
  }

  stage.append(make('div', { className: 'drawing' }, frame, about), batch)
  model.on('stations', paint)
  model.on('rows', paintRows)
  model.on(['stage', 'facts'], paintStage)
  model.on('words', () => { paintWords(); paint(); paintStage(); paintRows() })
  el.append(title, lead, steps, bar, fact, stage)
  paintWords(); paint(); paintStage(); paintRows()
}
