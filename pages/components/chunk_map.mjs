import { make } from './shared.mjs'

// One strip per strategy, drawn as SVG; a slider over them moves the window through the text.
const SVG = 'http://www.w3.org/2000/svg'

export function render({ model, el }) {
  const draw = (tag, attributes) => {
    const made = document.createElementNS(SVG, tag)
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
    return made
  }
  const strips = make('div', { className: 'strips' })
  const frame = make('div', { className: 'window', tabIndex: 0 })
  const back = make('button', { type: 'button' }), on = make('button', { type: 'button' })
  const place = make('span', { className: 'soft number' })
  const pager = make('div', { className: 'pager' }, back, place, on)
  const area = make('div', { className: 'area' }, strips, frame)
  frame.setAttribute('role', 'slider')
  frame.setAttribute('aria-valuemin', 0)
  frame.setAttribute('aria-valuemax', 100)

  function strip({ said, cuts, bins }) {
    const svg = draw('svg', { viewBox: '0 0 1000 28', preserveAspectRatio: 'none' })
    svg.setAttribute('aria-hidden', true)
    const x = share => (1000 * share).toFixed(2)
    if (cuts) {
      [...cuts, 1].slice(1).forEach((end, i) => svg.append(draw('rect', { x: x(cuts[i]), y: 0,
        width: x(end - cuts[i]), height: 28, class: i % 2 ? 'odd' : 'even' })))
      for (const cut of cuts.slice(1)) svg.append(draw('line', { x1: x(cut), x2: x(cut), y1: 0,
        y2: 28, 'vector-effect': 'non-scaling-stroke' }))
    } else {
      const most = Math.max(...bins, 1)
      bins.forEach((count, i) => svg.append(draw('rect', { x: x(i / bins.length),
        width: x(1 / bins.length), y: 28 - 28 * count / most, height: 28 * count / most,
        class: 'bin' })))
    }
    const line = make('p', { className: 'soft', textContent: said })
    return make('div', { className: 'strip' }, line, svg)
  }

  function paint() {
    const { words } = model, rows = JSON.parse(model.rows)
    strips.replaceChildren(...rows.map(strip))
    back.textContent = words.back
    on.textContent = words.on
    paintPlace()
  }

  function paintPlace() {
    frame.style.left = `${100 * model.begin}%`
    frame.style.width = `${100 * (model.end - model.begin)}%`
    frame.setAttribute('aria-label', model.words.window)
    frame.setAttribute('aria-valuenow', Math.round(100 * model.begin))
    frame.setAttribute('aria-valuetext', model.place)
    place.textContent = model.place
    back.setAttribute('aria-disabled', !model.more_before)
    on.setAttribute('aria-disabled', !model.more_after)
    const whole = !model.more_before && !model.more_after
    pager.hidden = frame.hidden = whole
    area.classList.toggle('movable', !whole)
  }

  const move = where => model.send_msg({ move: where })
  back.onclick = () => { if (model.more_before) move('back') }
  on.onclick = () => { if (model.more_after) move('on') }
  const toPointer = event => {
    const box = area.getBoundingClientRect()
    const share = (event.clientX - box.left) / box.width - (model.end - model.begin) / 2
    move(Math.max(0, Math.min(1, share)))
  }
  area.onpointerdown = event => {
    if (frame.hidden || event.button) return
    area.setPointerCapture(event.pointerId)
    toPointer(event)
  }
  area.onpointermove = event => { if (area.hasPointerCapture(event.pointerId)) toPointer(event) }
  frame.onkeydown = event => {
    const moves = { ArrowRight: 'on', ArrowDown: 'on', PageDown: 'on', ArrowLeft: 'back',
      ArrowUp: 'back', PageUp: 'back', Home: 0, End: 1 }
    if (!(event.key in moves)) return
    event.preventDefault()
    const where = moves[event.key]
    if (where === 'on' ? model.more_after : where !== 'back' || model.more_before) move(where)
  }

  model.on(['rows', 'words'], paint)
  model.on(['begin', 'end', 'place', 'more_before', 'more_after'], paintPlace)
  paint()
  el.append(area, pager)
}
