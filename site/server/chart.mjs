/** A small chart of the last minutes, drawn by Bokeh in the page's colours and language. */

const HEIGHT = 130
let made = 0  // things with an id
const LOOKS = [{ role: 'query', dash: 'solid' }, { role: 'key', dash: 'dashed' }]

/** A colour or font of theme.css, as it is now. */
const worn = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim()

/** A moment, in seconds before now. */
const ago = (value, tag) => value.toLocaleString(tag).replace('-', '−')

export class Chart {
  /** Draws into `place`, where Bokeh is there. `seconds`: how much of the past it shows. */
  constructor(place, lines, seconds) {
    Object.assign(this, { place, lines, seconds, tag: 'pt-BR', number: String })
  }

  async open() {
    if (this.opening) return
    this.opening = true
    const { figure, place } = this.described()
    const [views] = await Bokeh.embed.embed_items(
      { [place]: { version: Bokeh.version, title: '', roots: [figure] } },
      [{ docid: place, root_ids: [figure.id], roots: { [figure.id]: place } }])
    const { model } = [...views.roots.values()][0]
    const [x] = model.below, [y] = model.left, [grid] = model.center, [legend] = model.above
    Object.assign(this, { figure: model, x, y, grid, legend, hover: model.toolbar.tools[0] })
    x.formatter.doFormat = values => values.map(value => ago(value, this.tag))
    y.formatter.doFormat = values => values.map(value => this.number(value))
    this.wear()
  }

  /** The figure as Bokeh reads it, and the id of the element that it is drawn in. */
  described() {
    const place = this.place.id = `plot-${++made}`
    const of = (name, attributes = {}) => ({ type: 'object', name, id: `${place}-${++made}`,
      attributes })
    const same = ({ id }) => ({ id })
    const renderers = this.lines.map((_, i) => of('GlyphRenderer', {
      data_source: of('ColumnDataSource',
        { data: { type: 'map', entries: [['x', []], ['y', []]] } }),
      glyph: of('Line', { x: { type: 'field', field: 'x' }, y: { type: 'field', field: 'y' },
        line_width: 2, line_dash: LOOKS[i].dash }) }))
    const x = of('LinearAxis', { formatter: of('BasicTickFormatter'), ticker: of('FixedTicker',
      { ticks: [-this.seconds, -this.seconds / 2, 0] }) })
    const y = of('LinearAxis', { formatter: of('BasicTickFormatter'),
      ticker: of('BasicTicker', { desired_num_ticks: 3 }) })
    const legend = of('Legend', { orientation: 'horizontal', padding: 0, margin: 0, spacing: 12,
      border_line_alpha: 0, background_fill_alpha: 0, visible: renderers.length > 1,
      items: renderers.map(it => of('LegendItem', { renderers: [same(it)],
        label: { type: 'value', value: '' } })) })
    return { place, figure: of('Figure', { height: HEIGHT, sizing_mode: 'stretch_width',
      min_border: 4, toolbar_location: null, outline_line_alpha: 0,
      x_range: of('Range1d', { start: -this.seconds, end: 0 }), y_range: of('Range1d'),
      x_scale: of('LinearScale'), y_scale: of('LinearScale'), renderers, below: [x], left: [y],
      center: [of('Grid', { axis: same(y), dimension: 1 })], above: [legend],
      toolbar: of('Toolbar', { tools: [of('HoverTool', { renderers: renderers.map(same),
        mode: 'vline' })] }) }) }
  }

  /** The theme's colours and the site's type. */
  wear() {
    if (!this.figure) return
    const ink = worn('ink'), soft = worn('soft'), font = worn('sans'), ground = worn('ground')
    this.figure.setv({ background_fill_color: ground, border_fill_color: ground })
    for (const axis of [this.x, this.y]) {
      axis.setv({ axis_label_text_color: ink, major_label_text_color: soft,
        axis_label_text_font: font, major_label_text_font: font,
        axis_label_text_font_style: 'normal', axis_label_text_font_size: '12px',
        major_label_text_font_size: '12px', axis_line_color: worn('control'),
        major_tick_line_color: worn('control'), minor_tick_line_color: null })
    }
    this.grid.grid_line_color = worn('line')
    this.legend.setv({ label_text_color: ink, label_text_font: font, label_text_font_size: '12px' })
    this.figure.renderers.forEach(({ glyph }, i) => {
      glyph.line_color = { value: worn(LOOKS[i].role) }
    })
  }

  /**
   * `values`: for each line a value a second, the newest last; `least`: of the upright's end.
   * `words`: `names` of the lines, `x` and `y` of the axes; `number` writes a value.
   */
  paint({ values, least, words, tag, number }) {
    if (!this.figure) return
    const told = JSON.stringify([words, tag])
    const changed = told !== this.told
    Object.assign(this, { tag, number, told })
    if (changed) {  // another language
      this.x.axis_label = words.x
      this.y.axis_label = words.y
      this.legend.items.forEach((it, i) => { it.label = { value: words.names[i] } })
      const rows = [[words.x, '@x_text'], [words.y, '@y_text']]
      this.hover.tooltips = this.lines.length > 1 ? [['', '@name'], ...rows] : rows
    }
    this.figure.y_range.end = Math.max(least, ...values.flat()) * 1.05
    this.figure.renderers.forEach(({ data_source: source }, i) => {
      const x = values[i].map((_, k, all) => k + 1 - all.length)
      source.data = { x, y: values[i], name: x.map(() => words.names[i]),
        x_text: x.map(it => ago(it, tag)), y_text: values[i].map(number) }
    })
  }
}
