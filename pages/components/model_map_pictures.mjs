import { make, themed } from './shared.mjs'

// The colours of the machine's small pictures, how one is drawn from its bytes (see
// pages/model/pictures.py), and all of them in their places. `node` wears the theme.

/** For a hue, or 'signed', what each byte is drawn as: 256 pixels. */
export function machinePalettes(node) {
  const pixel = new Uint8ClampedArray(4), packed = new Uint32Array(pixel.buffer), made = new Map()
  const channels = name => {
    const context = make('canvas', { width: 1, height: 1 }).getContext('2d')
    context.fillStyle = themed(node, name)
    context.fillRect(0, 0, 1, 1)
    return context.getImageData(0, 0, 1, 1).data
  }
  const mix = (from, to, share) => {
    for (const i of [0, 1, 2]) pixel[i] = from[i] + (to[i] - from[i]) * share
    pixel[3] = 255
    return packed[0]
  }
  const zero = channels('sunken'), above = channels('above'), below = channels('below')
  made.set('signed', Array.from({ length: 256 }, (_, code) => {
    const share = (code - 128) / 127
    return mix(zero, share < 0 ? below : above, Math.min(1, Math.abs(share)))
  }))
  return hue => {
    if (!made.has(hue)) {
      const ground = channels('raised'), full = channels(hue)
      made.set(hue, Array.from({ length: 256 }, (_, code) => mix(ground, full, (code - 1) / 254)))
    }
    return made.get(hue)
  }
}

/** Name → `shape`, `unsigned` and `codes`, of what crossed as Pictures: see model_map.py. */
export function machinePictures(buffer) {
  const [length] = new Int32Array(buffer.slice(0, 4)), codes = 4 + length
  const found = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
  for (const it of Object.values(found)) {
    it.codes = new Uint8Array(buffer, codes + it.start, it.shape[0] * it.shape[1])
  }
  return found
}

/**
 * Pictures of a pixel a number, side by side in one `canvas`: to make one for each takes longer
 * than to draw them. `write(i, numbers, colours)` is the i-th; `done()` after some.
 */
export function machineTiles(count, [down, across]) {
  const ROW = 8, pixels = new ImageData(ROW * across, Math.ceil(count / ROW) * down)
  const canvas = make('canvas', { width: pixels.width, height: pixels.height })
  const out = new Uint32Array(pixels.data.buffer), context = canvas.getContext('2d')
  const at = i => [i % ROW * across, Math.floor(i / ROW) * down]
  function write(i, { shape: [R, C], codes }, colours) {
    const [left, top] = at(i)
    for (let r = 0, n = 0; r < R; r++) {
      const row = (top + r) * pixels.width + left
      for (let c = 0; c < C; c++) {
        const code = codes[n++]
        out[row + c] = code ? colours[code] : 0
      }
    }
  }
  return { canvas, at, write, done: () => context.putImageData(pixels, 0, 0) }
}

/**
 * The pictures on the canvas `sheet`, which covers `machine`: a canvas for each were a layer for
 * each, and a frame's work three times as much. `shown`: where a `picture` stands, its `size` within
 * the border, the shape of its `numbers`, at which `place` of `tiles` they are, the share of its
 * `rows` to be seen, and the `strength`.
 */
export function drawSheet(sheet, machine, tiles, shown) {
  sheet.hidden = !shown.length
  if (sheet.hidden) return
  const all = machine.getBoundingClientRect(), density = Math.min(2, devicePixelRatio)
  const places = shown.map(it => it.picture.getBoundingClientRect())
  const width = Math.ceil(all.width * density), height = Math.ceil(all.height * density)
  if (sheet.width !== width || sheet.height !== height) Object.assign(sheet, { width, height })
  const context = sheet.getContext('2d')
  context.setTransform(density, 0, 0, density, -density * all.left, -density * all.top)
  context.clearRect(all.left, all.top, all.width + 1, all.height + 1)
  context.imageSmoothingEnabled = false
  context.fillStyle = themed(machine, 'ground')
  shown.forEach(({ numbers, place, size: [across, down], rows, strength }, i) => {
    if (!places[i].width) return  // a phone shows one block of all
    const [R, C] = numbers.shape
    const x = places[i].left + 1, y = places[i].top + 1
    context.globalAlpha = strength
    context.fillRect(x, y, across, down)
    context.drawImage(tiles.canvas, ...tiles.at(place), C, rows * R, x, y, across, rows * down)
  })
}
