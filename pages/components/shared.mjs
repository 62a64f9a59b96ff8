// What stands in front of every component's module: see `module` in __init__.py.

/** An element with these properties and children; what is text is shown as text. */
export const make = (tag, props = {}, ...children) => {
  const made = Object.assign(document.createElement(tag), props)
  made.append(...children)
  return made
}

/** '{n} of {all}' with the values of `n` and `all` in their places. */
export const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name])

/** The shape and the numbers of an array that crossed as bytes: see __init__.py. */
export const unpacked = (buffer, Kind) => {
  const [axes] = new Int32Array(buffer, 0, 1)
  return { shape: [...new Int32Array(buffer, 4, axes)], values: new Kind(buffer, 4 * (1 + axes)) }
}

/**
 * A function that has `paint` called once, however often it is called before: params that change
 * together come one by one. `later` is queueMicrotask, or requestAnimationFrame for big pictures.
 */
export const together = (later, paint) => {
  let due = false
  return () => {
    if (due) return
    due = true
    later(() => { due = false; paint() })
  }
}

/**
 * Let `paint` make anew what is in `box`: what had the focus there has it again. It is known by its
 * data-key; where there is none like it, what stands in its place has it.
 */
export const keepFocus = (box, paint) => {
  const stops = () => [...box.querySelectorAll('a, button, input, select, [tabindex]')]
  const before = stops(), had = before.indexOf(box.getRootNode().activeElement)
  paint()
  if (had < 0 || box.contains(box.getRootNode().activeElement)) return
  const after = stops(), { key } = before[had].dataset
  const same = after.find(it => key !== undefined && it.dataset.key === key)
  const next = same ?? after[Math.min(had, after.length - 1)]
  next?.focus({ preventScroll: true })
}

/** 256 colours through these stops, from the lowest to the highest value, as RGBA bytes. */
export const ramp = stops => {
  const context = make('canvas', { width: 256, height: 1 }).getContext('2d')
  const gradient = context.createLinearGradient(0, 0, 256, 0)
  stops.forEach((stop, i) => gradient.addColorStop(i / (stops.length - 1), stop))
  context.fillStyle = gradient
  context.fillRect(0, 0, 256, 1)
  return context.getImageData(0, 0, 256, 1)
}

/**
 * A colour of the theme as `node` wears it. Without the theme's style sheet (it did not come, or the
 * page is being left) one of the system's: a canvas takes no empty colour.
 */
export const themed = (node, name) => getComputedStyle(node).getPropertyValue(`--${name}`).trim()
  || (['ground', 'raised', 'sunken'].includes(name) ? 'Canvas' : 'CanvasText')

let rests = null  // where the mouse is, once somebody asks
const placeOf = ({ screenX, screenY }) => `${screenX} ${screenY}`
const watchMouse = () => {
  if (rests !== null) return
  rests = ''
  addEventListener('pointermove', event => { rests = placeOf(event) }, true)
}

/** A function after whose call `leave()` is called once a finger, or a mouse, comes down elsewhere. */
export const untilElsewhere = (box, leave) => {
  const down = event => {
    if (event.composedPath().includes(box)) return
    removeEventListener('pointerdown', down, true)
    leave()
  }
  return () => addEventListener('pointerdown', down, true)
}

/**
 * What the pointer is over is shown: `look(event)` as it comes over something in `box`, `leave()`
 * once it has gone. A finger that lifts has not: what it touched stays until one touches elsewhere.
 * A mouse that rests while the page moves under it, as keys make it do, points at nothing new.
 */
export const hovered = (box, look, leave) => {
  watchMouse()
  const stays = untilElsewhere(box, leave)
  box.addEventListener('pointerover', event => { if (placeOf(event) !== rests) look(event) })
  box.addEventListener('pointercancel', leave)  // the finger scrolls
  box.addEventListener('pointerleave', ({ pointerType }) => {
    if (pointerType === 'touch') stays()
    else leave()
  })
}
