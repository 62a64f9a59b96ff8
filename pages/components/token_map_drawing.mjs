import { make } from './shared.mjs'

// Where the token map's points lie on the screen, and what is drawn beside them: the two axes, and
// as many labels as have room.
const PAD = 44  // px between the outermost point and the frame
const pen = make('canvas').getContext('2d')  // measures labels

/** An SVG element with these attributes. */
export function drawn(tag, attributes = {}) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
  return made
}

/**
 * From vectors' coordinates to a screen of this size in px: the same scale on both axes, `base` px
 * a unit. `view` is { scale, x, y } of the whole picture, which stands in the middle.
 */
export function mapScreen(positions, [width, height], view) {
  const range = axis => {
    const values = positions.map(it => it[axis])
    return [Math.min(...values), Math.max(...values)]
  }
  const [left, right] = range(0), [low, high] = range(1)
  const base = Math.min((width - 2 * PAD) / (right - left || 1),
    (height - 2 * PAD) / (high - low || 1)) * view.scale
  const toX = x => width / 2 + view.x + (x - (left + right) / 2) * base
  const toY = y => height / 2 + view.y - (y - (low + high) / 2) * base
  return { places: positions.map(([x, y]) => [toX(x), toY(y)]), width, height, base, toX, toY }
}

/** The lines, numbers and names of both axes, about 90 px apart. */
export function mapTicks({ width, height, base, toX, toY }, names, decimals) {
  const made = [], wanted = 90 / base, power = 10 ** Math.floor(Math.log10(wanted))
  const step = [1, 2, 5, 10].map(it => it * power).find(it => it >= wanted)
  const digits = Math.max(0, -Math.floor(Math.log10(step)))
  const from = (edge, to) => Math.ceil((edge - to(0)) / (to(1) - to(0)) / step) * step
  const isZero = value => Math.abs(value) < step / 2  // or −0, or nearly
  const tick = value => decimals(isZero(value) ? 0 : value, digits)
  const text = (x, y, words, anchor) => {
    const it = drawn('text', { x: x.toFixed(1), y: y.toFixed(1), 'text-anchor': anchor })
    it.textContent = words
    return it
  }
  for (let x = from(0, toX); toX(x) < width - 8; x += step) {
    made.push(drawn('line', { x1: toX(x), x2: toX(x), y1: 0, y2: height,
      class: isZero(x) ? 'zero' : '' }), text(toX(x), height - 22, tick(x), 'middle'))
  }
  for (let y = from(height, toY); toY(y) > 8; y += step) {
    made.push(drawn('line', { x1: 0, x2: width, y1: toY(y), y2: toY(y),
      class: isZero(y) ? 'zero' : '' }), text(24, toY(y) + 4, tick(y), 'start'))
  }
  const upright = text(14, height / 2, names[1], 'middle')
  upright.setAttribute('transform', `rotate(-90 14 ${height / 2})`)
  for (const it of [upright, text(width / 2, height - 6, names[0], 'middle')]) {
    it.setAttribute('class', 'name')
    made.push(it)
  }
  return made
}

// The dot that stands for a space is there, but in the background. Where the same letters are a
// token without it, too, the two are told apart: a strong dot, and dots where a word goes on.
const bare = words => words.replace(/^·/, '')

/** Letters that are two of these tokens, with a space before them and without. */
export function twinsIn(names) {
  const all = new Set(names)
  return new Set(names.filter(it => all.has(`·${it}`)))
}

/**
 * The labels that have room: the important first, and one that would cover another is left out.
 * `kinds`: of each point, in which ways it matters; `screen`: what `mapScreen` gives.
 */
export function mapLabels(names, kinds, { places, width, height }, twins, family) {
  const weight = is => is.chosen ? 0 : is.lit || is.here ? 1 : is.near ? 2 : is.match ? 3
    : is.selected ? 4 : 5
  const order = kinds.map((is, index) => ({ index, is }))
    .sort((a, b) => weight(a.is) - weight(b.is) || a.index - b.index)
  const dot = ({ index }, r) => ({ x: places[index][0] - r, y: places[index][1] - r, wide: 2 * r,
    high: 2 * r })
  const boxes = order.filter(it => weight(it.is) < 5).map(it => dot(it, 6))
  const small = order.filter(it => weight(it.is) === 5).map(it => dot(it, 3))
  const made = []
  for (const { index, is } of order) {
    const big = is.chosen ? 20 : is.lit || is.here || is.near ? 15 : 12
    const [x, y] = places[index], words = names[index]
    if (x < 0 || x > width || y < 0 || y > height) continue
    const written = twins.has(words) && words === bare(words) ? `…${words}` : words
    pen.font = `${big > 12 ? 600 : 400} ${big}px ${family}`
    const wide = pen.measureText(written).width
    const inTheWay = big > 12 ? boxes : [...boxes, ...small]
    const [right, ...others] = roundAbout(x, y, wide, big)
    const box = [right, ...others].find(it => isFree(it, width, inTheWay))
      ?? (weight(is) < 2 && right)
    if (!box) continue
    boxes.push(box)
    const it = label(written, twins, box.x, box.y + big * 0.8)
    it.setAttribute('class', Object.keys(is).filter(name => is[name]).join(' '))
    it.setAttribute('font-size', big)
    made.unshift(it)
  }
  return made
}

/** Where a label of this size may stand beside a point, the best place first. */
function roundAbout(x, y, wide, high) {
  const away = high > 15 ? 14 : 9  // a bigger label has a bigger dot beside it
  return [{ x: x + away, y: y - high / 2, wide, high },
    { x: x - away - wide, y: y - high / 2, wide, high },
    { x: x - wide / 2, y: y - away - high, wide, high },
    { x: x - wide / 2, y: y + away, wide, high }]
}

const isFree = (it, width, boxes) => it.x > 0 && it.x + it.wide < width && boxes.every(box =>
  it.x > box.x + box.wide + 2 || it.x + it.wide + 2 < box.x ||
  it.y > box.y + box.high || it.y + it.high < box.y)

function label(words, twins, x, y) {
  const made = drawn('text', { x: x.toFixed(1), y: y.toFixed(1) }), space = words.match(/^·?/)[0]
  const dot = drawn('tspan', { class: twins.has(bare(words)) ? 'space strong' : 'space' })
  dot.textContent = space
  made.append(dot, words.slice(space.length))
  return made
}

// The lasso

export const corners = ([x, y], [u, v]) => [[x, y], [u, y], [u, v], [x, v]]

/** Whether a point lies within the path. Even-odd rule: how many edges lie to the right of it. */
export const within = (path, [x, y]) => path.reduce((inside, [ax, ay], i) => {
  const [bx, by] = path[(i + 1) % path.length]
  return (ay > y) !== (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax ? !inside : inside
}, false)
