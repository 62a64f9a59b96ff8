import { fill, make, ramp, themed, together, unpacked } from './shared.mjs'
import { showing } from './showing.mjs'

// The cells are one canvas; over it lies the one cell looked at, which is what Tab and a screen
// reader reach. Everything is drawn again from `picture`, made of the params.
export function render({ model, el }) {
  const title = make('h3', { id: 'title' }), axes = make('p', { className: 'axes soft' })
  const tools = make('div', { className: 'tools' })
  const png = make('button', { type: 'button', id: 'png' })
  const csv = make('button', { type: 'button', id: 'csv' })
  const place = make('div'), frame = make('div', { className: 'frame' })
  const top = make('canvas', { className: 'top' }), left = make('canvas', { className: 'left' })
  const cells = make('canvas'), body = make('div', { className: 'body', tabIndex: 0 })
  const line = make('div'), cursor = make('div', { className: 'cursor', id: 'cell' })
  const pin = make('div', { className: 'pin', hidden: true })
  const marked = make('div', { className: 'marked', hidden: true })
  const legend = make('p', { className: 'legend number' }), bar = make('canvas', { height: 1 })
  const about = make('p', { className: 'about', id: 'about' })
  const live = make('p', { className: 'unseen' })
  const fold = make('details'), handle = make('summary'), rest = make('p', { className: 'soft' })
  const table = make('table'), twin = make('div', { className: 'twin', tabIndex: 0 }, table)
  tools.setAttribute('role', 'group')
  body.setAttribute('role', 'grid')
  body.setAttribute('aria-activedescendant', 'cell')
  line.setAttribute('role', 'row')
  cursor.setAttribute('role', 'gridcell')
  live.setAttribute('role', 'status')
  twin.setAttribute('role', 'region')
  for (const it of [top, left, cells, bar]) it.setAttribute('aria-hidden', 'true')

  let picture = { R: 0, C: 0, values: new Float32Array() }
  let side = [0, 0]             // width and height of a cell
  let here = null               // [row, column] looked at
  let answer = null             // what Python said, and of which cell
  let asking = null, next = null // questions go one at a time
  const at = (r, c) => picture.values[r * picture.C + c]
  const rowName = r => picture.rows[r] ?? String(r + 1)
  const columnName = c => picture.columns[c] ?? String(c + 1)
  let format = new Intl.NumberFormat()
  const written = value => Number.isNaN(value) ? model.words.hidden
    : format.format(value).replace('-', '−')

  function read() {
    const { shape: [R, C], values } = unpacked(model.values, Float32Array)
    const given = model.bound
    let bound = given, hidden = false
    for (const value of values) {
      if (Number.isNaN(value)) hidden = true
      else if (!given && Math.abs(value) > bound && isFinite(value)) bound = Math.abs(value)
    }
    picture = { R, C, values, bound: bound || 1, hidden, signed: model.scale === 'diverging',
      rows: JSON.parse(model.rows), columns: JSON.parse(model.columns) }
    format = new Intl.NumberFormat(model.locale,
      { minimumFractionDigits: model.digits, maximumFractionDigits: model.digits })
    if (here && (here[0] >= R || here[1] >= C)) here = null
    answer = asking = next = null
  }

  // Colour
  const colour = name => themed(title, name)
  const signed = () => picture.signed
  const shades = () => ramp(signed() ? [colour('below'), colour('sunken'), colour('above')]
    : [colour('raised'), colour(model.hue)])
  function strength(value) {
    const share = signed() ? (value / picture.bound + 1) / 2 : value / picture.bound
    return Math.round(255 * Math.max(0, Math.min(1, share)))
  }

  // Sizes
  const font = weight => `${weight} 12px ${getComputedStyle(title).fontFamily}`
  function size(canvas, width, height) {
    const scale = Math.min(devicePixelRatio, 16_000 / Math.max(width, height, 1))
    Object.assign(canvas, { width: Math.round(width * scale), height: Math.round(height * scale) })
    Object.assign(canvas.style, { width: `${width}px`, height: `${height}px` })
    const context = canvas.getContext('2d')
    context.scale(scale, scale)
    return context
  }
  function widest(texts, context) {
    context.font = font(600)
    const length = texts.reduce((most, it) => Math.max(most, context.measureText(it).width), 0)
    return Math.min(120, Math.ceil(length)) + 8
  }
  function measure() {
    const { R, C } = picture, context = left.getContext('2d')
    const rowNames = Array.from({ length: R }, (_, r) => rowName(r))
    const columnNames = Array.from({ length: C }, (_, c) => columnName(c))
    const labels = [widest(rowNames, context), widest(columnNames, context)]
    const room = Math.max(60, place.clientWidth - labels[0] - 2)
    const named = picture.rows.length + picture.columns.length && Math.max(R, C) <= 64
    const finger = model.tapped && matchMedia('(pointer: coarse)').matches
    // Half a cell at the edge tells that there are more.
    const large = Math.round(room / (Math.round(room / 28) - 0.5))
    const least = finger ? large : named ? 12 : 3, most = 32
    const fit = (space, count) => Math.max(least, Math.min(most, Math.floor(space / count)))
    let width = model.cell || fit(room, C), height = model.cell || fit(560, R)
    if (model.written) {
      const longest = picture.values.reduce((m, it) => Math.max(m, written(it).length), 0)
      width = Math.max(width, 8 * longest + 8)
      height = Math.max(24, height)
    } else if (R > 4 && C > 4) {  // square, or as tall as a row's label needs
      width = Math.min(width, height)
      height = Math.max(width, Math.min(height, 14))
    }
    side = [width, height]
    return labels
  }

  // Drawing
  function paintCells() {
    const { R, C, values } = picture, [w, h] = side
    const context = size(cells, C * w, R * h), colours = shades().data
    hatch(context, C * w, R * h)
    if (!R || !C) return
    const small = make('canvas', { width: C, height: R }), pixels = new ImageData(C, R)
    const out = new Uint32Array(pixels.data.buffer), packed = new Uint32Array(colours.buffer)
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i])) continue  // transparent: the hatch shows
      out[i] = packed[strength(values[i])]
    }
    small.getContext('2d').putImageData(pixels, 0, 0)
    context.imageSmoothingEnabled = false
    context.drawImage(small, 0, 0, C * w, R * h)
    if (Math.min(w, h) >= 8) paintEdges(context)
    if (model.written) paintNumbers(context, colours)
  }

  function hatch(context, width, height) {
    const tile = make('canvas', { width: 6, height: 6 }), pen = tile.getContext('2d')
    pen.strokeStyle = colour('line')
    pen.beginPath()
    for (const shift of [-6, 0, 6]) { pen.moveTo(shift, 6); pen.lineTo(shift + 6, 0) }
    pen.stroke()
    context.fillStyle = context.createPattern(tile, 'repeat')
    context.fillRect(0, 0, width, height)
  }

  // Gaps between cells; a signed number also has its edge on top (above 0) or at the bottom, unless
  // it is next to nothing.
  function paintEdges(context) {
    const { R, C } = picture, [w, h] = side
    context.fillStyle = colour('ground')
    for (let r = 1; r < R; r++) context.fillRect(0, r * h - 0.5, C * w, 1)
    for (let c = 1; c < C; c++) context.fillRect(c * w - 0.5, 0, 1, R * h)
    if (!signed()) return
    for (const [sign, name] of [[1, 'above'], [-1, 'below']]) {
      context.fillStyle = colour(name)
      for (let r = 0; r < R; r++) {
        for (let c = 0; c < C; c++) {
          if (sign * at(r, c) > 0.1 * picture.bound) {
            context.fillRect(c * w + w / 4, sign > 0 ? r * h + 1 : (r + 1) * h - 3, w / 2, 2)
          }
        }
      }
    }
  }

  function paintNumbers(context, colours) {
    const [w, h] = side, light = '#ffffff', dark = '#191d23'
    context.font = `12px ${getComputedStyle(legend).fontFamily}`
    context.textAlign = 'center'
    context.textBaseline = 'middle'
    picture.values.forEach((value, i) => {
      const [red, green, blue] = colours.subarray(4 * strength(value))
      const bright = 0.299 * red + 0.587 * green + 0.114 * blue > 140
      context.fillStyle = Number.isNaN(value) ? colour('soft') : bright ? dark : light
      const r = Math.floor(i / picture.C), c = i % picture.C
      context.fillText(Number.isNaN(value) ? '–' : written(value), (c + 0.5) * w, (r + 0.5) * h)
    })
  }

  // As many labels as have room; those of the cell looked at, always.
  function paintLabels([across, up] = measured) {
    const { R, C } = picture, [w, h] = side, plain = font(400), strongly = font(700)
    const rows = size(left, across, R * h), columns = size(top, C * w, up)
    columns.rotate(-Math.PI / 2)
    const lanes = [[rows, R, h, rowName, here?.[0], model.row],
      [columns, C, w, columnName, here?.[1], -1]]
    for (const [context, count, step, name, looked, strong] of lanes) {
      const every = Math.ceil(13 / step)
      const all = Array.from({ length: count }, (_, i) => i).filter(i => i % every === 0)
      for (const i of [...all, ...[looked, strong].filter(i => i >= 0 && i < count)]) {
        const lit = i === looked || i === strong, isRow = context === rows
        // The middle of its row or column; at the ends, where a small one has no room, within.
        const y = Math.max(7, Math.min((i + 0.5) * step, count * step - 7))
        const x = isRow ? across - 6 : -up + 4
        context.textAlign = isRow ? 'right' : 'left'
        context.textBaseline = 'middle'
        context.font = lit ? strongly : plain
        if (lit) {
          context.fillStyle = colour('ground')
          context.fillRect(isRow ? 0 : -up, y - 7, isRow ? across : up, 14)
        }
        context.fillStyle = colour(i === strong ? 'query' : lit ? 'ink' : 'soft')
        context.fillText(name(i), x, y, isRow ? across - 8 : up - 8)
      }
    }
  }

  let measured = [0, 0]
  function paint() {
    if (!place.clientWidth || !model.words.png) return
    measured = measure()
    frame.style.scrollPadding = `${measured[1]}px 0 0 ${measured[0]}px`
    body.setAttribute('aria-rowcount', picture.R)
    body.setAttribute('aria-colcount', picture.C)
    paintCells()
    paintLegend()
    put(marked, model.row >= 0 && model.row < picture.R ? [model.row, 0] : null, picture.C)
    look(here, false)
    bringIntoView()
  }

  // The cell picked, or else the row spoken of, within the frame, when it is another one than
  // before; the page stays where it is.
  const EDGE = 4  // of what frames the cell picked
  let shown = ''
  function bringIntoView() {
    const [row, column] = picked() ?? [model.row], [w, h] = side, [across, up] = measured
    const now = [row, column, picture.R, picture.C].join()
    if (now === shown) return
    shown = now
    if (row >= 0) {
      frame.scrollTop = showing(frame.scrollTop, up + row * h - EDGE, up + row * h + h + EDGE,
        frame.clientHeight, up)
    }
    if (column >= 0) {
      frame.scrollLeft = showing(frame.scrollLeft, across + column * w - EDGE,
        across + column * w + w + EDGE, frame.clientWidth, across)
    }
  }

  function paintLegend() {
    const { bound, hidden } = picture, { words } = model
    bar.width = 256
    bar.getContext('2d').putImageData(shades(), 0, 0)
    const end = (sign, value) => make('span', { textContent: sign + written(value) })
    let beyond = false
    for (const value of picture.values) beyond ||= Math.abs(value) > bound * 1.000001
    legend.replaceChildren(signed() ? end('−', bound) : end('', 0), bar,
      end(signed() ? '+' : '', bound))
    const more = [beyond ? words.beyond : '', signed() ? words.signs : ''].filter(Boolean)
    if (more.length) legend.append(make('span', { className: 'soft', textContent: more.join(' ') }))
    if (hidden) {
      legend.append(make('span', { className: 'hatch' }),
        make('span', { className: 'soft', textContent: words.hidden }))
    }
  }

  function paintWords() {
    const { words } = model
    if (!words.png) return
    title.textContent = model.title
    title.hidden = !model.title
    axes.hidden = !model.row_axis
    axes.textContent = fill(words.axes, { row: model.row_axis, column: model.column_axis })
    png.textContent = words.png
    csv.textContent = words.csv
    tools.setAttribute('aria-label', fill(words.tools, { title: model.title }))
    body.setAttribute('aria-label', `${model.title}. ${words.keys}`)
    twin.setAttribute('aria-label', model.title)
    handle.textContent = words.table
  }

  // Looking at a cell
  const put = (mark, cell, columns = 1) => {
    mark.hidden = !cell
    if (!cell) return
    const [w, h] = side
    Object.assign(mark.style, { left: `${cell[1] * w}px`, top: `${cell[0] * h}px`,
      width: `${columns * w}px`, height: `${h}px` })
  }
  const same = (one, other) => one?.[0] === other?.[0] && one?.[1] === other?.[1]
  const picked = () => {
    const [r, c] = model.picked
    return r < picture.R && c < picture.C ? [r, c] : null
  }

  function describe([r, c]) {
    const value = at(r, c), words = model.words
    return fill(Number.isNaN(value) ? words.cell_hidden : words.cell,
      { row: rowName(r), column: columnName(c), value: written(value) })
  }

  function look(cell, asks = true) {
    here = cell
    put(pin, picked())
    paintLabels()
    const told = here ?? picked()
    nameCell(told ?? [0, 0])
    if (told && (asks || !answer || !same(answer.cell, told))) ask(told)
    say(told)
  }

  /** The one cell that a screen reader meets is the one looked at. */
  function nameCell(cell) {
    line.hidden = !picture.R || !picture.C
    if (line.hidden) return
    put(cursor, cell)
    cursor.classList.toggle('lit', Boolean(here))
    line.setAttribute('aria-rowindex', cell[0] + 1)
    cursor.setAttribute('aria-colindex', cell[1] + 1)
    cursor.setAttribute('aria-selected', same(cell, picked()))
    cursor.setAttribute('aria-label', describe(cell))
  }

  function say(cell) {
    const said = answer && same(answer.cell, cell) ? answer.said : ''
    about.textContent = cell ? [describe(cell), said].filter(Boolean).join('\n') : model.words.hint
    if (cell && same(cell, picked())) live.textContent = about.textContent
  }

  // The reader's hand is faster than the answers: only the last cell waits.
  function ask(cell) {
    if (asking) { next = cell; return }
    asking = cell
    model.send_msg({ look: cell })
  }
  function hear({ cell, said }) {
    answer = { cell, said }
    asking = null
    const waiting = next
    next = null
    if (waiting && !same(waiting, cell)) ask(waiting)
    say(here ?? picked())
  }

  const choose = cell => { model.picked = cell ?? [] }
  const under = event => {
    const box = body.getBoundingClientRect(), [w, h] = side
    const r = Math.floor((event.clientY - box.top) / h)
    const c = Math.floor((event.clientX - box.left) / w)
    return r >= 0 && c >= 0 && r < picture.R && c < picture.C ? [r, c] : null
  }
  body.onpointermove = event => { if (!same(under(event), here)) look(under(event)) }
  body.onpointerleave = () => look(null)
  body.onclick = event => { const cell = under(event); if (cell) { look(cell); choose(cell) } }
  body.onfocus = () => {
    if (picture.R && body.matches(':focus-visible')) look(here ?? picked() ?? [0, 0])
  }
  body.onblur = () => look(null)
  body.onkeydown = event => {
    const { R, C } = picture, [r, c] = here ?? picked() ?? [0, 0]
    const moves = { ArrowRight: [r, c + 1], ArrowLeft: [r, c - 1], ArrowDown: [r + 1, c],
      ArrowUp: [r - 1, c], Home: [r, 0], End: [r, C - 1], PageUp: [0, c], PageDown: [R - 1, c] }
    if (!R || !C) return
    if (event.key in moves) {
      const [to, over] = moves[event.key]
      look([Math.max(0, Math.min(R - 1, to)), Math.max(0, Math.min(C - 1, over))])
      cursor.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    } else if (event.key === 'Enter' || event.key === ' ') choose([r, c])
    else if (event.key === 'Escape') choose(null)
    else return
    event.preventDefault()
  }

  // The numbers as a table, and as files
  const SHOWN = 64  // rows and columns of the table
  function paintTable() {
    if (!fold.open) return
    const R = Math.min(SHOWN, picture.R), C = Math.min(SHOWN, picture.C)
    const headed = (scope, textContent) => make('th', { scope, textContent })
    const range = count => Array.from({ length: count }, (_, i) => i)
    table.replaceChildren(
      make('thead', {}, make('tr', {}, make('td'),
        ...range(C).map(c => headed('col', columnName(c))))),
      make('tbody', {}, ...range(R).map(r => make('tr', {}, headed('row', rowName(r)),
        ...range(C).map(c =>
          make('td', { className: 'number', textContent: written(at(r, c)) }))))))
    rest.textContent = R < picture.R || C < picture.C ? fill(model.words.rest,
      { rows: R, columns: C, all_rows: picture.R, all_columns: picture.C }) : ''
  }
  function save(blob, ending) {
    const words = model.title.toLowerCase().normalize('NFD').replace(/[^a-z0-9 ]/g, '').trim()
    const href = URL.createObjectURL(blob)
    make('a', { href, download: `${words.replace(/ +/g, '-').slice(0, 60)}.${ending}` }).click()
    setTimeout(() => URL.revokeObjectURL(href), 60_000)
  }
  csv.onclick = () => {
    const { R, C } = picture, quoted = text => `"${text.replaceAll('"', '""')}"`
    const lines = [['""', ...Array.from({ length: C }, (_, c) => quoted(columnName(c)))]]
    for (let r = 0; r < R; r++) {
      lines.push([quoted(rowName(r)), ...Array.from({ length: C }, (_, c) =>
        Number.isNaN(at(r, c)) ? '' : Number(at(r, c).toPrecision(9)))])
    }
    // The mark at the head lets spreadsheets see that it is UTF-8.
    save(new Blob(['\ufeff', lines.map(it => it.join(',')).join('\r\n')]), 'csv')
  }
  png.onclick = () => {
    const [across, up] = measured, [w, h] = side, { R, C } = picture, head = 36, foot = 36
    const whole = make('canvas')
    const context = size(whole, Math.max(360, across + C * w) + 24, head + up + R * h + foot)
    context.fillStyle = colour('ground')
    context.fillRect(0, 0, 1e5, 1e5)
    context.fillStyle = colour('ink')
    context.font = font(600).replace('12px', '16px')
    context.fillText(model.title, 12, 24)
    context.drawImage(top, 12 + across, head, C * w, up)
    context.drawImage(left, 12, head + up, across, R * h)
    context.drawImage(cells, 12 + across, head + up, C * w, R * h)
    const foots = head + up + R * h + 14
    context.font = font(400)
    const low = signed() ? `−${written(picture.bound)}` : written(0)
    const from = 20 + context.measureText(low).width
    context.fillText(low, 12, foots + 10)
    context.drawImage(bar, from, foots, 120, 12)
    context.fillText((signed() ? '+' : '') + written(picture.bound), from + 128, foots + 10)
    whole.toBlob(blob => save(blob, 'png'))
  }

  const soon = together(queueMicrotask, () => { read(); paintWords(); paint(); paintTable() })
  model.on(['values', 'rows', 'columns', 'title', 'row_axis', 'column_axis', 'scale', 'bound',
    'hue', 'digits', 'written', 'cell', 'words', 'locale'], soon)
  model.on('row', paint)
  model.on('picked', () => { look(here, false); bringIntoView() })
  model.on('msg:custom', event => hear(event.data ?? event))
  fold.ontoggle = paintTable
  read(); paintWords()
  line.append(cursor)
  body.append(cells, line, pin, marked)
  frame.append(make('div', { className: 'corner' }), top, left, body)
  place.append(frame)
  tools.append(png, csv)
  fold.append(handle, twin, rest)
  el.append(make('div', { className: 'head' }, title, tools), axes, place, legend, about, live,
    fold)
  let width = 0
  new ResizeObserver(() => {
    if (place.clientWidth !== width) { width = place.clientWidth; paint() }
  }).observe(place)
  const themes = new MutationObserver(() => el.isConnected ? paint() : themes.disconnect())
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
}
