// The arrows over the machine: from the pictures that were read to the one that came of them, and
// the residual stream past each row of boxes.

/**
 * Into the SVG element `arrows`, which covers `machine`. `from` and `to`: a picture, and where in it
 * as shares [x, y, width, height] of it, else its whole; `to` may be missing.
 */
export function drawArrows(arrows, machine, from, to) {
  const all = machine.getBoundingClientRect()
  const svg = (tag, attributes) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
    return made
  }
  function place(picture, share = [0, 0, 1, 1]) {
    const box = picture.getBoundingClientRect()
    return { x: box.left - all.left + box.width * (share[0] + share[2] / 2),
      top: box.top - all.top, bottom: box.bottom - all.top, left: box.left - all.left }
  }

  function arrow([picture, share], end) {
    const { x, bottom } = place(picture, share), low = Math.max(bottom, end.bottom) + 16
    const beside = Math.abs(bottom - end.bottom) < 200
    return svg('path', { 'marker-end': 'url(#head)', d: beside
      ? `M${x} ${bottom + 1}C${x} ${low} ${end.x} ${low} ${end.x} ${end.bottom + 3}`
      : `M${x} ${bottom + 1}C${x} ${bottom + 30} ${end.x} ${end.top - 30} ${end.x} ${end.top - 3}` })
  }

  /** The residual stream passes a row by, above it, and meets it again at ⊕. */
  function stream(row) {
    const sum = row.querySelector('[data-sign="⊕"] .picture'), start = row.querySelector('.picture')
    if (!sum) return []
    const first = place(start), end = place(sum)
    if (Math.abs(first.top - end.top) > 60) return []  // the row is broken in two on a phone
    const high = Math.min(first.top, end.top) - 7
    return [svg('path', { class: 'stream', d: `M${first.left - 4} ${high}H${end.x}V${end.top - 2}` })]
  }

  const head = svg('marker', { id: 'head', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7,
    markerHeight: 7, orient: 'auto' })
  head.append(svg('path', { d: 'M0 0L8 4L0 8Z' }))
  const end = to && place(...to)
  // All places are read before anything is drawn: one layout, not one for each arrow.
  arrows.replaceChildren(head, ...[...machine.querySelectorAll('.row')].flatMap(stream),
    ...from.map(it => arrow(it, end)))
}
