import { hovered, make, together, unpacked } from './shared.mjs'
import { showing } from './showing.mjs'

// What is on the screen follows from one value, the step; playing only makes it grow.
export function render({ model, el }) {
  const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? '')
  const still = matchMedia('(prefers-reduced-motion: reduce)')
  const title = make('h3', { id: 'title' }), steps = make('ol', { className: 'steps' })
  const buttons = make('div', { className: 'buttons' })
  const told = make('p', { className: 'told' }), about = make('p', { className: 'about' })
  const head = make('thead'), body = make('tbody')
  const table = make('table', {}, head, body), frame = make('div', { className: 'frame' }, table)
  told.setAttribute('role', 'status')
  table.setAttribute('role', 'grid')
  table.setAttribute('aria-labelledby', 'title')
  buttons.setAttribute('role', 'group')

  const COLUMNS = ['dot', 'scaled', 'score', 'power', 'weight'], LAST = 5, PAUSE = 1600
  let rows = [], facts = {}, current = 0, pointed = null, playing = null

  const number = (value, digits = 3) => Number.isNaN(value) ? '−∞'
    : (value ?? 0).toLocaleString(model.locale,
      { minimumFractionDigits: digits, maximumFractionDigits: digits }).replace('-', '−')

  function cell(row, name, largest) {
    const value = row[name], made = make('td', { textContent: number(value) })
    if (Number.isNaN(value)) made.classList.add('masked')
    if (Number.isNaN(value) || !largest) return made
    const bar = make('i'), signed = name !== 'power' && name !== 'weight'
    const part = Math.min(1, Math.abs(value) / largest) * (signed ? 50 : 100)
    bar.className = signed ? value < 0 ? 'below' : 'above' : 'share'
    Object.assign(bar.style, { width: `${part}%`,
      left: signed ? `${value < 0 ? 50 - part : 50}%` : '0' })
    made.append(bar)
    return made
  }

  function paint() {
    const { words } = model
    if (!words.columns) return
    const tokens = JSON.parse(model.tokens)
    const { shape, values } = unpacked(model.values, Float32Array)
    if (shape[0] !== tokens.length) return  // the other one is on its way
    rows = tokens.map((token, i) => Object.fromEntries([['token', token],
      ...COLUMNS.map((name, c) => [name, values[i * COLUMNS.length + c]])]))
    facts = JSON.parse(model.facts)
    title.textContent = model.title
    current = Math.max(0, Math.min(model.key >= 0 ? model.key : current, rows.length - 1))
    const largest = Object.fromEntries(COLUMNS.map(name =>
      [name, Math.max(0, ...rows.map(it => Math.abs(it[name]) || 0))]))
    head.replaceChildren(make('tr', {}, make('th', { scope: 'col', textContent: words.token }),
      ...COLUMNS.map(name => make('th', { scope: 'col',
        textContent: fill(words.columns[name], written()) }))))
    const focused = body.contains(el.getRootNode().activeElement)
    body.replaceChildren(...rows.map((row, i) => {
      const made = make('tr', {}, make('th', { scope: 'row', textContent: row.token }),
        ...COLUMNS.map(name => cell(row, name, largest[name])))
      made.dataset.index = i
      return made
    }))
    if (focused) body.children[current]?.focus()
    paintStep()
    showRow()
  }

  // The row spoken of, within the frame; the page stays where it is.
  function showRow() {
    const { offsetTop, offsetHeight } = body.children[model.key] ?? head
    frame.scrollTop = showing(frame.scrollTop, offsetTop, offsetTop + offsetHeight,
      frame.clientHeight, head.offsetHeight)
  }

  /** What stands behind a sign has its own minus in brackets. */
  const bracketed = value => value < 0 ? `(${number(value)})` : number(value)
  const written = () => ({ ...facts, root: number(facts.root), largest: bracketed(facts.largest),
    sum: number(facts.sum), temperature: number(facts.temperature, 1) })

  function paintStep() {
    const { words } = model, now = model.step
    if (!words.columns) return
    words.steps.forEach((text, i) => {  // the buttons stay: one of them may have the focus
      const button = steps.children[i]?.firstChild ?? steps.appendChild(make('li', {},
        make('button', { type: 'button', onclick: () => jump(i + 1) }))).firstChild
      button.textContent = `${i + 1}. ${text}`
      button.setAttribute('aria-current', i + 1 === now ? 'step' : 'false')
    })
    for (const line of [head.firstChild, ...body.children]) {
      [...line?.children ?? []].forEach((it, column) => {
        it.classList.toggle('later', column > now)
        it.classList.toggle('now', column === now)
        it.classList.toggle('past', column > 0 && column < now - 1)
      })
    }
    ;[...body.children].forEach((it, i) => {
      it.setAttribute('aria-selected', i === model.key)
      it.tabIndex = i === current ? 0 : -1
    })
    told.textContent = fill(words.told[now - 1] ?? words.begin,
      { ...written(), largest: number(facts.largest) })
    paintButtons()
    say()
  }

  function paintButtons() {
    const { words } = model
    buttons.setAttribute('aria-label', words.time)
    const ids = { back: model.step <= 1, play: false, next: model.step >= LAST }
    for (const [id, off] of Object.entries(ids)) {
      const button = buttons.querySelector(`#${id}`) ?? buttons.appendChild(
        make('button', { type: 'button', id, onclick: () => ACTIONS[id]() }))
      button.textContent = words.buttons[id === 'play' && playing !== null ? 'pause' : id]
      button.setAttribute('aria-disabled', off)
    }
  }

  // A row's sum at this step, with its values.
  function say() {
    const index = pointed ?? model.key, row = rows[index]
    if (!row) { about.textContent = model.words.hint; return }
    const values = { ...written(), token: row.token }
    for (const name of COLUMNS) values[name] = number(row[name])
    const kind = Number.isNaN(row.score) && model.step >= 3 ? 'masked'
      : facts.forced && model.step >= LAST ? 'forced' : COLUMNS[Math.max(0, model.step - 1)]
    const scaled = kind === 'scaled' && facts.temperature !== 1 ? 'tempered' : kind
    about.textContent = fill(model.words.formulas[scaled], values)
  }

  function go(step) { model.step = Math.max(1, Math.min(LAST, step)); paintStep() }
  function jump(step) { stop(); go(step) }
  function stop() {
    if (playing !== null) clearInterval(playing)
    playing = null
    paintButtons()
  }
  function play() {
    if (playing !== null) { stop(); return }
    if (still.matches) { go(LAST); return }
    go(1)
    playing = setInterval(() => {
      if (!el.isConnected || model.step >= LAST) stop()
      else go(model.step + 1)
    }, PAUSE)
    paintButtons()
  }
  const ACTIONS = { back: () => jump(model.step - 1), play, next: () => jump(model.step + 1) }

  const indexOf = event => Number(event.target.closest?.('tr')?.dataset.index ?? -1)
  function point(index) { pointed = index < 0 ? null : index; say() }
  function focus(index) {
    current = Math.max(0, Math.min(rows.length - 1, index))
    ;[...body.children].forEach((it, i) => { it.tabIndex = i === current ? 0 : -1 })
    body.children[current]?.focus()
  }
  const choose = index => model.send_msg({ choose: index })
  hovered(body, event => point(indexOf(event)), () => point(-1))
  body.onclick = event => {
    if (indexOf(event) >= 0) { focus(indexOf(event)); choose(current) }
  }
  body.addEventListener('focusin', event => point(indexOf(event)))
  body.addEventListener('focusout', () => point(-1))
  body.onkeydown = event => {
    const moves = { ArrowDown: current + 1, ArrowUp: current - 1, Home: 0, End: rows.length - 1 }
    if (event.key in moves) focus(moves[event.key])
    else if (event.key === 'ArrowRight') jump(model.step + 1)
    else if (event.key === 'ArrowLeft') jump(model.step - 1)
    else if (event.key === 'Enter' || event.key === ' ') choose(current)
    else if (event.key === 'Escape') choose(-1)
    else return
    event.preventDefault()
  }

  const soon = together(queueMicrotask, paint)
  model.on(['tokens', 'values', 'facts', 'title', 'words', 'locale'], soon)
  model.on('step', paintStep)
  model.on('key', () => { paintStep(); showRow() })
  paint()
  el.append(title, make('div', { className: 'time' }, buttons, steps), told, frame, about)
  new ResizeObserver(showRow).observe(frame)
}
