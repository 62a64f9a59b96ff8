// The colours of the machine's small pictures, and how one is drawn from its bytes: see
// pages/model/pictures.py. `node` wears the theme.

/** For a hue, or 'signed', what each byte is drawn as: 256 pixels. */
function machinePalettes(node) {
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

function drawNumbers(canvas, { shape: [R, C], base64 }, colours) {
  const pixels = new ImageData(C, R), codes = atob(base64)
  const out = new Uint32Array(pixels.data.buffer)
  for (let i = 0; i < codes.length; i++) {
    const code = codes.charCodeAt(i)
    if (code) out[i] = colours[code]
  }
  Object.assign(canvas, { width: C, height: R })
  canvas.getContext('2d').putImageData(pixels, 0, 0)
  return canvas
}
