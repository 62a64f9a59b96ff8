// The values under the pointer, reached without one: a chart's points in order, what Bokeh's tooltip
// says of each, and that tooltip shown there.

/** The points of a Bokeh plot's view that a pointer would find: where on its surface, and words. */
export function chartPoints(plot) {
  const { hover, renderers } = hovering(plot)
  const lines = renderers.map(it => ({ glyph: it.glyph.type,
    column: name => it.data_source.get_array(name) }))
  const count = lines.length ? lines[0].column(heightIn(lines[0].glyph)).length : 0
  const found = []
  for (let i = 0; i < count; i += 1) {
    // Where lines lie one above the other, all of them are read.
    const there = lines.filter(({ glyph, column }) => {
      const value = column(heightIn(glyph))[i]
      return Number.isFinite(value) && (value || !isBar(glyph))
    })
    if (!there.length) continue
    const texts = there.map(({ column }, line) => said(hover.tooltips, column, i, line))
    found.push({ ...placed(plot, there[0], i), said: texts.join('; ') })
  }
  return found
}

const hovering = plot => {
  const hover = plot.model.toolbar.tools.find(it => it.type === 'HoverTool')
  return { hover, renderers: hover.renderers === 'auto' ? [] : hover.renderers }
}

const isBar = glyph => glyph === 'Quad' || glyph === 'VBar'
const heightIn = glyph => isBar(glyph) ? 'top' : 'y'

/** A point's place, of a bar its middle. */
function placed({ frame: { x_scale: across, y_scale: up } }, { glyph, column }, i) {
  const value = column(heightIn(glyph))[i]
  const x = glyph === 'Quad' ? (column('left')[i] + column('right')[i]) / 2 : column('x')[i]
  return { x: across.compute(x), y: up.compute(isBar(glyph) ? value / 2 : value) }
}

/** What the tooltip says of a point; the x that lines share only with the first of them. */
const said = (tooltips, column, i, line) => tooltips
  .filter(([, field]) => line === 0 || field !== '@x_text')
  .map(([label, field]) => [label, column(field.slice(1))[i]].filter(Boolean).join(' '))
  .join(', ')

/** Bokeh's blue for the names in a tooltip has too little contrast; they take the text's colour. */
export function dressTooltip(plot) {
  for (const it of tooltipOf(plot).ttmodels.values()) {
    if (!it.stylesheets.length) it.stylesheets = ['.bk-tooltip-row-label { color: inherit; }']
  }
}

const tooltipOf = plot => plot.tool_views.get(hovering(plot).hover)

/** Show the tooltip of a point, as if the pointer were there; none for null. */
export function showPoint(plot, point) {
  dressTooltip(plot)
  if (point) tooltipOf(plot)._move({ sx: point.x, sy: point.y })
  else tooltipOf(plot)._move_exit()
}
