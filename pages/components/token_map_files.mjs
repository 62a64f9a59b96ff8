import { make } from './shared.mjs'

// What the token map saves: its table and its picture.

/** Rows of values, `null` for none, as a CSV file. */
export function csvOf(rows) {
  const cell = value => /[",\n\r]/.test(value ?? '') ? `"${String(value).replaceAll('"', '""')}"`
    : String(value ?? '')
  const lines = rows.map(row => row.map(cell).join(','))
  return new Blob(['\ufeff', lines.join('\r\n')], { type: 'text/csv' })
}

/** The picture with its colours written into it. */
export function pictureOf(svg, background) {
  const copy = svg.cloneNode(true)
  const from = [svg, ...svg.querySelectorAll('*')], to = [copy, ...copy.querySelectorAll('*')]
  const properties = ['fill', 'stroke', 'stroke-width', 'opacity', 'font-family', 'font-weight',
    'paint-order']
  from.forEach((node, i) => {
    const style = getComputedStyle(node)
    for (const name of properties) to[i].style.setProperty(name, style.getPropertyValue(name))
  })
  copy.style.background = background
  return new Blob([new XMLSerializer().serializeToString(copy)], { type: 'image/svg+xml' })
}

export function save(blob, name) {
  const link = make('a', { href: URL.createObjectURL(blob), download: name })
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}
