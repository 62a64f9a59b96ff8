import { make, ramp, themed, together, unpacked } from './shared.mjs'
import { showing } from './showing.mjs'

// Each map is an option with a canvas of one pixel a cell, which CSS enlarges.
export function render({ model, el }) {
  const title = make('h3', { id: 'title' }), maps = make('div', { className: 'maps' })
  const lead = make('p', { className: 'lead soft' })
  const legend = make('p', { className: 'legend number' }), bar = make('canvas', { height: 1 })
  maps.setAttribute('role', 'listbox')
  maps.setAttribute('aria-labelledby', 'title')
  maps.setAttribute('aria-orientation', 'horizontal')
  bar.setAttribute('aria-hidden', 'true')
  let options = [], lines = [], current = model.chosen

  const colour = name => themed(title, name)
  const shades = () => ramp([colour('raised'), colour(model.hue)])

  function option(index) {
    const picture = make('div', { className: 'picture' }, make('canvas'),
      make('div', { className: 'row', hidden: true }))
    const made = make('div', { className: 'map' }, picture,
      make('span', { className: 'where unseen' }), ' ', make('span', { className: 'name' }), ' ',
      make('span', { className: 'mark' }), ' ', make('span', { className: 'state unseen' }))
    made.setAttribute('role', 'option')
    made.dataset.index = index
    made.onclick = () => { go(index); choose() }
    return made
  }

  // Elements stay from one paint to the next, and so does the focus.
  function arrange(count) {
    lines = JSON.parse(model.lines)
    if (options.length === count && maps.dataset.shape === `${model.across} ${lines.length}`) return
    maps.dataset.shape = `${model.across} ${lines.length}`
    options = Array.from({ length: count }, (_, i) => option(i))
    maps.replaceChildren()
    options.forEach((it, i) => {
      if (i % model.across === 0) {
        const line = make('span', { className: 'line soft' })
        line.setAttribute('aria-hidden', 'true')
        maps.append(line)
      }
      maps.append(it)
    })
  }

  function paint() {
    if (!el.isConnected) return
    const { shape: [N, R, C], values: codes } = unpacked(model.values, Uint8Array)
    const names = JSON.parse(model.names), marks = JSON.parse(model.marks)
    title.textContent = model.title
    title.hidden = !model.title
    lead.textContent = model.lead
    lead.hidden = !model.lead
    maps.style.setProperty('--across', model.across)
    maps.style.setProperty('--shape', `${C} / ${R}`)
    arrange(N)
    current = Math.max(0, Math.min(current, N - 1))
    const colours = shades()
    options.forEach((it, i) => {
      drawMap(it.querySelector('canvas'), codes, i * R * C, R, C, colours.data)
      const off = model.struck.includes(i)
      it.querySelector('.name').textContent = names[i] ?? ''
      it.querySelector('.mark').textContent = marks[i] ?? ''
      it.classList.toggle('off', off)
      it.querySelector('.where').textContent = lines[Math.floor(i / model.across)] ?? ''
      it.querySelector('.state').textContent = off ? model.words.off : ''
      const row = it.querySelector('.row')
      row.hidden = model.row < 0 || model.row >= R
      Object.assign(row.style, { top: `${100 * model.row / R}%`, height: `${100 / R}%` })
    })
    maps.querySelectorAll('.line').forEach((it, i) => { it.textContent = lines[i] ?? '' })
    bar.width = 256
    bar.getContext('2d').putImageData(colours, 0, 0)
    const end = value => value.toLocaleString(model.locale,
      { minimumFractionDigits: 2, maximumFractionDigits: 2 })
    legend.replaceChildren(end(0), bar, end(1))
    paintChosen()
  }

  function drawMap(canvas, codes, first, R, C, colours) {
    if (!R || !C) return
    const pixels = new ImageData(C, R)
    const out = new Uint32Array(pixels.data.buffer), packed = new Uint32Array(colours.buffer)
    for (let i = 0; i < R * C; i++) {
      const code = codes[first + i]
      if (code) out[i] = packed[code]  // else transparent: the hatch shows
    }
    Object.assign(canvas, { width: C, height: R })
    canvas.getContext('2d').putImageData(pixels, 0, 0)
  }

  function paintChosen() {
    options.forEach((it, i) => {
      it.setAttribute('aria-selected', i === model.chosen)
      it.tabIndex = i === current ? 0 : -1
    })
    const [line] = maps.children, { offsetLeft = 0, offsetWidth = 0 } = options[model.chosen] ?? {}
    const start = offsetLeft - maps.offsetLeft
    maps.scrollLeft = showing(maps.scrollLeft, start, start + offsetWidth, maps.clientWidth,
      (line?.offsetWidth ?? 0) + 8)
  }

  function go(index) {
    current = Math.max(0, Math.min(options.length - 1, index))
    paintChosen()
    options[current]?.focus()
  }
  function choose() { model.chosen = current; paintChosen() }
  maps.onkeydown = event => {
    const moves = { ArrowRight: current + 1, ArrowLeft: current - 1,
      ArrowDown: current + model.across, ArrowUp: current - model.across, Home: 0,
      End: options.length - 1 }
    if (event.key in moves) {
      if (moves[event.key] in options) go(moves[event.key])
    } else if (event.key === 'Enter' || event.key === ' ') choose()
    else return
    event.preventDefault()
  }

  const soon = together(queueMicrotask, paint)
  model.on(['values', 'names', 'lines', 'marks', 'struck', 'across', 'row', 'hue', 'title', 'lead',
    'words', 'locale'], soon)
  model.on('chosen', () => { current = model.chosen; paintChosen() })
  el.append(title, lead, maps, legend)
  new ResizeObserver((_, watcher) => { watcher.disconnect(); paint() }).observe(maps)
  const themes = new MutationObserver(() => el.isConnected ? paint() : themes.disconnect())
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
}
