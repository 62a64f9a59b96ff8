import { fill, make } from './shared.mjs'

// The slider moves at once; Python is asked for the newest place only when it has painted the one
// before, so that a fast hand never makes a queue.
const PACE = 700  // ms from one moment to the next while playing

export function render({ model, el }) {
  const bar = make('div', { className: 'bar', role: 'group' })
  const label = make('label', { id: 'label', htmlFor: 'slider' })
  const play = make('button', { type: 'button', id: 'play' })
  const slider = make('input', { id: 'slider', type: 'range', min: 0, step: 1 })
  const said = make('output', { id: 'said', htmlFor: 'slider' })
  const end = make('button', { type: 'button', id: 'end' })
  bar.append(label, play, slider, said, end)
  let wanted = null   // the place asked for that Python has not painted yet
  let timer = 0

  const last = () => model.moments.length - 1
  const place = () => Number(slider.value)

  function sentence(at) {
    const { words, moments } = model
    const number = value => value.toLocaleString(model.locale)
    const total = moments[last()]
    if (at === last()) return total === null ? words.end : fill(words.end_at, { end: number(total) })
    const values = { step: number(moments[at]), end: total === null ? '' : number(total) }
    return fill(total === null ? words.after : words.after_of, values)
  }

  function paint() {
    const { words, moments } = model
    bar.hidden = !moments.length
    if (bar.hidden) { stop(); return }
    label.textContent = words.label
    bar.setAttribute('aria-label', words.group)
    slider.max = last()
    if (wanted === null || wanted === model.place) {
      wanted = null
      slider.value = model.place
    }
    end.textContent = words.to_end
    paintPlace()
  }

  function paintPlace() {
    said.textContent = sentence(place())
    slider.setAttribute('aria-valuetext', said.textContent)
    play.textContent = timer ? model.words.pause : model.words.play
    play.classList.toggle('playing', Boolean(timer))
    end.setAttribute('aria-disabled', place() === last())
  }

  function go(to) {
    const idle = wanted === null
    slider.value = to
    wanted = place()
    if (idle) ask()
    paintPlace()
  }

  function ask() {
    if (wanted === model.place) wanted = null
    else model.send_msg({ place: wanted })
  }

  function stop() {
    clearInterval(timer)
    timer = 0
  }

  function tick() {
    if (!el.isConnected || !el.getClientRects().length || place() === last()) stop()
    else go(place() + 1)
    paintPlace()
  }

  play.onclick = () => {
    if (timer) stop()
    else {
      if (place() === last()) go(0)
      timer = setInterval(tick, PACE)
    }
    paintPlace()
  }
  slider.oninput = () => { stop(); go(place()) }
  end.onclick = () => { if (place() !== last()) { stop(); go(last()) } }
  model.on('place', () => {
    if (wanted === null || wanted === model.place) paint()
    else ask()  // the reader has moved on
  })
  model.on('moments', () => { stop(); wanted = null; paint() })
  model.on(['words', 'locale'], paint)
  paint()
  el.append(bar)
}
