import { make } from './shared.mjs'

// A list box: one Tab stop, arrow keys go from station to station. "Play" walks them in turn; what
// is lit is one number, the station, so a walk can be stopped, stepped and begun anew.
const PACE = 700  // ms at each station

export function render({ model, el }) {
  const title = make('h3', { id: 'title' }), total = make('span', { className: 'soft number' })
  const play = make('button', { type: 'button' }), legend = make('p', { className: 'legend soft' })
  const list = make('ol'), about = make('p', { className: 'about' })
  list.setAttribute('role', 'listbox')
  list.setAttribute('aria-labelledby', 'title')
  let stations = [], current = 0, lit = -1, timer = 0


  function stripe(values) {
    const bound = Math.max(...values.map(Math.abs)) || 1
    const made = make('span', { className: 'stripe', ariaHidden: 'true' })
    made.append(...values.map(value => {
      const cell = make('i', { className: value < 0 ? 'below' : 'above' })
      cell.style.setProperty('--strength', `${(100 * Math.abs(value) / bound).toFixed(0)}%`)
      return cell
    }))
    return made
  }

  function station(it, index) {
    const out = make('span', { className: 'out', lang: 'pt-BR' },
      ...it.out.map(text => make('span', { className: 'piece', textContent: text })))
    if (it.bars.length) out.append(stripe(it.bars))
    const bar = make('span', { className: 'bar' })
    bar.style.setProperty('--share', it.share)
    const made = make('li', {}, make('span', { className: 'name', textContent: it.name }), out,
      make('span', { className: 'shape number soft', textContent: it.shape }),
      make('span', { className: 'track' }, bar),
      make('span', { className: 'time number', textContent: it.time }))
    made.setAttribute('role', 'option')
    made.dataset.index = index
    made.tabIndex = index === current ? 0 : -1
    return made
  }

  function paint() {
    stations = JSON.parse(model.stations)
    title.textContent = model.title
    total.textContent = model.total
    legend.replaceChildren(make('span', { textContent: '−' }), make('i', { className: 'scale' }),
      make('span', { textContent: '+' }), model.words.legend)
    const focused = list.contains(el.getRootNode().activeElement)
    current = Math.max(0, Math.min(current, stations.length - 1))
    list.replaceChildren(...stations.map(station))
    if (focused) list.children[current]?.focus()
    light(lit)
  }

  function light(index) {
    lit = index
    for (const [place, it] of [...list.children].entries()) {
      it.classList.toggle('lit', place === lit)
      it.classList.toggle('dim', Boolean(timer) && place > lit)
      it.setAttribute('aria-selected', place === lit)
    }
    about.textContent = stations[lit]?.about ?? model.words.hint
    play.textContent = timer ? model.words.stop : model.words.play
  }

  function stop() {
    clearInterval(timer)
    timer = 0
    light(lit)
  }

  function walk() {
    if (timer) { stop(); return }
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) {
      light(lit + 1 < stations.length ? lit + 1 : 0)  // a step a press instead of motion
      return
    }
    timer = setInterval(() => {
      if (lit + 1 < stations.length) light(lit + 1)
      else stop()
    }, PACE)
    light(0)
  }

  function go(index) {
    stop()
    list.children[current].tabIndex = -1
    current = Math.max(0, Math.min(stations.length - 1, index))
    list.children[current].tabIndex = 0
    list.children[current].focus()
    light(current)
  }

  play.onclick = walk
  const indexOf = event => Number(event.target.closest?.('li')?.dataset.index ?? -1)
  list.onclick = event => { if (indexOf(event) >= 0) go(indexOf(event)) }
  list.onpointerover = event => { if (!timer && indexOf(event) >= 0) light(indexOf(event)) }
  list.onpointerleave = () => { if (!timer) light(list.matches(':focus-within') ? current : -1) }
  list.onkeydown = event => {
    const moves = { ArrowDown: current + 1, ArrowUp: current - 1, ArrowRight: current + 1,
      ArrowLeft: current - 1, Home: 0, End: stations.length - 1 }
    if (event.key === 'Escape') { stop(); light(-1) }
    else if (event.key in moves) go(moves[event.key])
    else return
    event.preventDefault()
  }

  model.on(['stations', 'title', 'total', 'words'], paint)
  paint()
  el.append(make('div', { className: 'head' }, title, total, play), legend, list, about)
}
