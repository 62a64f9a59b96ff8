import { fill, make, themed } from './shared.mjs'

// One Tab stop that behaves as a slider over the positions; up and down change the layer. Filled
// places are drawn, free ones only outlined: a canvas, for there may be thousands of them.
const ROW = 14, GAP = 2, LAYER = 2 * ROW + GAP + 8

export function render({ model, el }) {
  const title = make('h3', { id: 'title' }), legend = make('p', { className: 'legend soft' })
  const names = make('div', { className: 'names' }), canvas = make('canvas')
  const place = make('div', { className: 'place' })
  const grid = make('div', { className: 'grid', tabIndex: 0 }, names,
    make('div', { className: 'picture' }, canvas, place))
  const about = make('p', { className: 'about', id: 'about' })
  grid.setAttribute('role', 'slider')
  grid.setAttribute('aria-labelledby', 'title')
  let cache = {}, at = -1, layer = 0

  const decimals = value => value.toLocaleString(model.locale,
    { minimumFractionDigits: 2, maximumFractionDigits: 2 })
  const layers = () => cache.keys?.length ?? 0
  const filled = () => cache.tokens?.length ?? 0

  function draw() {
    const width = canvas.parentElement.clientWidth || 800, height = layers() * LAYER
    const scale = devicePixelRatio || 1
    Object.assign(canvas, { width: width * scale, height: height * scale })
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` })
    const pen = canvas.getContext('2d'), colour = name => themed(el, name)
    pen.scale(scale, scale)
    const step = width / cache.room, gap = step > 5 ? 1 : 0
    for (let row = 0; row < layers(); row++) {
      for (const [part, name] of [[0, 'keys'], [1, 'values']]) {
        const top = row * LAYER + part * (ROW + GAP)
        pen.globalAlpha = 1
        pen.strokeStyle = colour('line')
        pen.strokeRect(0.5, top + 0.5, width - 1, ROW - 1)
        pen.fillStyle = colour('sunken')
        if (filled()) pen.fillRect(0, top, filled() * step - gap, ROW)
        pen.fillStyle = colour(name === 'keys' ? 'key' : 'value')
        cache[name][row].forEach((length, t) => {
          pen.globalAlpha = 0.15 + 0.85 * Math.min(1, length / cache.bounds[part])
          pen.fillRect(t * step, top, step - gap, ROW)
        })
      }
    }
    mark()
  }

  function paint() {
    cache = JSON.parse(model.cache)
    title.textContent = model.title
    at = Math.min(at, filled() - 1)
    layer = Math.max(0, Math.min(layer, layers() - 1))
    const { words } = model
    names.replaceChildren(...Array.from({ length: layers() }, (_, row) =>
      make('span', { textContent: fill(words.layer, { layer: row + 1 }) })))
    legend.replaceChildren(...[['key', words.keys, 0], ['value', words.values, 1]].map(
      ([hue, name, part]) => {
        const ramp = make('i', { className: 'ramp' })
        ramp.style.setProperty('--hue', `var(--${hue})`)
        return make('span', { className: 'scale' }, name, make('span', { textContent: '0' }), ramp,
          make('span', { textContent: cache.bounds ? decimals(cache.bounds[part]) : '' }))
      }), make('span', { className: 'scale' }, make('i', { className: 'free' }), words.free))
    grid.setAttribute('aria-valuemin', 1)
    grid.setAttribute('aria-valuemax', Math.max(1, filled()))
    grid.dataset.filled = filled()
    draw()
    tell()
  }

  function mark() {
    place.hidden = at < 0
    const width = canvas.parentElement.clientWidth || 800
    place.style.left = `${at * width / cache.room}px`
    place.style.width = `${Math.max(3, width / cache.room)}px`
    for (const [row, it] of [...names.children].entries()) {
      it.classList.toggle('here', at >= 0 && row === layer)
    }
  }

  function tell() {
    mark()
    grid.setAttribute('aria-valuenow', Math.max(0, at) + 1)
    const said = at < 0 ? model.words.hint : fill(model.words.place, { position: at + 1,
      token: cache.tokens[at], layer: layer + 1, key: decimals(cache.keys[layer][at]),
      value: decimals(cache.values[layer][at]) })
    about.textContent = said
    grid.setAttribute('aria-valuetext', said)
  }

  function look(position, row = layer) {
    at = Math.max(-1, Math.min(filled() - 1, position))
    layer = Math.max(0, Math.min(layers() - 1, row))
    tell()
  }

  canvas.onpointermove = event => {
    const box = canvas.getBoundingClientRect()
    look(Math.floor((event.clientX - box.left) / box.width * cache.room),
      Math.floor((event.clientY - box.top) / LAYER))
  }
  canvas.onpointerdown = canvas.onpointermove
  grid.onkeydown = event => {
    const moves = { ArrowRight: [at + 1], ArrowLeft: [Math.max(0, at - 1)], Home: [0],
      End: [filled() - 1], ArrowUp: [Math.max(0, at), layer - 1],
      ArrowDown: [Math.max(0, at), layer + 1] }
    if (event.key === 'Escape') look(-1)
    else if (event.key in moves) look(...moves[event.key])
    else return
    event.preventDefault()
  }

  model.on(['cache', 'title', 'words', 'locale'], paint)
  paint()
  el.append(title, legend, grid, about)
  new ResizeObserver(() => draw()).observe(canvas.parentElement)
  // The theme is an attribute of the page: a canvas has to be told.
  new MutationObserver(() => draw()).observe(document.documentElement,
    { attributeFilter: ['data-theme'] })
}
