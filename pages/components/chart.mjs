import { fill, make, untilElsewhere } from './shared.mjs'
import { chartPoints, dressTooltip, showPoint } from './chart_points.mjs'

// The figure is Bokeh's; its toolbar is hidden, and these buttons steer the same tools.
export function render({ model, view, el }) {
  const title = make('h3'), head = make('div', { className: 'head' })
  const tools = make('div', { className: 'tools' }), picture = make('div', { className: 'picture' })
  const fold = make('details'), handle = make('summary'), rest = make('p', { className: 'soft' })
  const frame = make('div', { className: 'frame', tabIndex: 0 }), table = make('table')
  const spoken = make('p', { className: 'unseen' })
  let at = null  // the point that is read
  const stays = untilElsewhere(picture, () => read(null))
  tools.setAttribute('role', 'group')
  spoken.setAttribute('role', 'status')
  picture.setAttribute('role', 'group')
  frame.setAttribute('role', 'region')
  frame.append(table)
  fold.append(handle, frame, rest)
  head.append(title, tools)
  picture.append(model.get_child('figure'))

  const plot = () => view.get_child_view(model.data.figure)
  const tool = type => plot().model.toolbar.tools.find(it => it.type === type)

  /** Show `factor` times as much, moved by a share of the width and height. */
  function look(factor, right = 0, up = 0) {
    const moved = ({ start, end }, shift) => {
      const middle = (start + end) / 2 + shift * (end - start), half = factor * (end - start) / 2
      return { start: middle - half, end: middle + half }
    }
    const { x_range: x, y_range: y } = plot().model
    plot().update_range({ xrs: new Map([[x, moved(x, right)]]), yrs: new Map([[y, moved(y, up)]]) })
  }

  function switchMode(type) {
    const chosen = tool(type)
    chosen.active = !chosen.active
    paintModes()
  }

  const actions = {
    zoomIn: ['+', () => look(1 / 1.5)], zoomOut: ['−', () => look(1.5)],
    left: ['←', () => look(1, -0.25)], right: ['→', () => look(1, 0.25)],
    up: ['↑', () => look(1, 0, 0.25)], down: ['↓', () => look(1, 0, -0.25)],
    whole: ['', () => plot().reset()],
    pan: ['', () => switchMode('PanTool')], lasso: ['', () => switchMode('LassoSelectTool')],
    png: ['', savePicture], csv: ['', () => model.send_msg({ csv: true })],
  }
  const modes = { pan: 'PanTool', lasso: 'LassoSelectTool' }
  const buttons = new Map(Object.entries(actions).map(([id, [sign, act]]) => {
    const button = make('button', { type: 'button', id, textContent: sign, onclick: act })
    if (sign) button.className = 'sign'
    return [id, button]
  }))

  /** Bokeh has no words for numbers but English ones: the ticks speak the page's language here. */
  function paintTicks() {
    const format = new Intl.NumberFormat(model.locale, { maximumFractionDigits: 6 })
    for (const axis of [...plot().model.below, ...plot().model.left]) {
      if (axis.type !== 'LinearAxis') continue
      axis.formatter.doFormat = ticks => ticks.map(tick => format.format(tick).replace('-', '−'))
    }
  }

  /**
   * Bokeh's own Tab stop. Keys walk over the points, whose values a mouse finds by pointing; where
   * arrows move the picture, PageUp and PageDown do. A finger taps near one.
   */
  function paintSurface() {
    const surface = plot().canvas_view.events_el
    surface.tabIndex = 0
    surface.setAttribute('role', model.movable ? 'application' : 'slider')
    surface.setAttribute('aria-label', model.name_of_picture)
    surface.setAttribute('aria-description', model.movable ? model.words.keys : model.words.read)
    surface.onkeydown = pressed
    surface.onpointerenter = () => dressTooltip(plot())
    surface.onblur = () => { if (at !== null) read(null) }
    surface.onclick = event => { if (event.pointerType !== 'mouse') touched(event) }
    tell()
  }

  function pressed(event) {
    const last = chartPoints(plot()).length - 1, here = at ?? -1
    const walked = model.movable ? { PageUp: here - 1, PageDown: here + 1 }
      : { ArrowLeft: here - 1, ArrowRight: here + 1, PageUp: here - 10, PageDown: here + 10,
        Home: 0, End: last }
    const moved = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down',
      '+': 'zoomIn', '-': 'zoomOut', 0: 'whole' }
    if (event.key in walked) read(Math.max(0, Math.min(last, walked[event.key])))
    else if (event.key === 'Escape' && at !== null) read(null)
    else if (model.movable && event.key in moved) actions[moved[event.key]][1]()
    else return
    event.preventDefault()
  }

  function touched({ clientX, clientY, currentTarget }) {
    const { left, top } = currentTarget.getBoundingClientRect()
    const far = ({ x, y }) => Math.hypot(x + left - clientX, model.movable ? y + top - clientY : 0)
    const all = chartPoints(plot()), nearest = Math.min(...all.map(far))
    if (!all.length) return
    read(all.findIndex(it => far(it) === nearest))
    stays()
  }

  /** The point read: its place among all, null for none. */
  function read(place) {
    at = place
    showPoint(plot(), chartPoints(plot())[at])
    tell()
  }

  function tell() {
    const surface = plot().canvas_view.events_el, all = chartPoints(plot())
    const text = all[at]?.said ?? ''
    spoken.textContent = model.movable ? text : ''
    if (model.movable) return
    surface.setAttribute('aria-valuemin', 0)
    surface.setAttribute('aria-valuemax', all.length)
    surface.setAttribute('aria-valuenow', (at ?? -1) + 1)
    surface.setAttribute('aria-valuetext', text || model.name_of_picture)
  }

  function paintModes() {
    for (const [id, type] of Object.entries(modes)) {
      buttons.get(id).setAttribute('aria-pressed', Boolean(tool(type)?.active))
    }
  }

  function save(blob, name) {
    const href = URL.createObjectURL(blob)
    make('a', { href, download: name }).click()
    setTimeout(() => URL.revokeObjectURL(href), 60_000)
  }

  /** The figure on its ground, the title above it. */
  function savePicture() {
    const canvas = plot().export('png', true).canvas
    const scale = devicePixelRatio, top = 40 * scale
    const whole = make('canvas', { width: canvas.width, height: canvas.height + top })
    const context = whole.getContext('2d'), style = getComputedStyle(title)
    context.fillStyle = plot().model.background_fill_color
    context.fillRect(0, 0, whole.width, whole.height)
    context.fillStyle = style.color
    context.font = `600 ${16 * scale}px ${style.fontFamily}`
    context.fillText(model.title, 12 * scale, 26 * scale)
    context.drawImage(canvas, 0, top)
    const words = model.title.toLowerCase().normalize('NFD').replace(/[^a-z0-9 ]/g, '').trim()
    whole.toBlob(blob => save(blob, `${words.replace(/ +/g, '-').slice(0, 60)}.png`))
  }

  function paint() {
    const { words } = model
    title.textContent = model.title
    tools.setAttribute('aria-label', fill(words.tools ?? '', { title: model.title }))
    picture.setAttribute('aria-label', model.name_of_picture)
    for (const [id, button] of buttons) {
      if (button.className === 'sign') button.title = words[id] ?? ''
      else button.textContent = words[id] ?? ''
      button.setAttribute('aria-label', words[id] ?? '')
    }
    const shown = [...buttons].filter(([id]) => model.movable || ['png', 'csv'].includes(id))
    tools.replaceChildren(...shown.map(([, button]) => button))
    handle.textContent = words.table
    frame.setAttribute('aria-label', model.name_of_picture)
    paintModes()
    paintSurface()
    paintTicks()
  }

  function paintTable() {
    const { head: names, rows, number, count } = JSON.parse(model.table)
    const cells = (tag, texts) => texts.map((text, i) => {
      const cell = make(tag, { textContent: text, className: number[i] ? 'number' : '' })
      if (tag === 'th') cell.scope = 'col'
      return cell
    })
    const line = (tag, texts) => {
      const made = make('tr')
      made.append(...cells(tag, texts))
      return made
    }
    const top = make('thead'), body = make('tbody')
    top.append(line('th', names))
    body.append(...rows.map(row => line('td', row)))
    table.replaceChildren(top, body)
    rest.textContent = rows.length < count
      ? fill(model.words.rows, { shown: rows.length, count: count.toLocaleString(model.locale) }) : ''
  }

  fold.ontoggle = () => { model.table_open = fold.open }
  model.on(['title', 'words', 'name_of_picture', 'movable'], paint)
  model.on('table', paintTable)
  model.on('msg:custom', event => {
    const { name, base64 } = event.data ?? event
    save(new Blob([Uint8Array.from(atob(base64), char => char.charCodeAt(0))]), name)
  })
  paint(); paintTable()
  el.append(head, picture, spoken, fold)
}
