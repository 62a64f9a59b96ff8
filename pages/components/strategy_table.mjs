import { fill, hovered, keepFocus, make, together } from './shared.mjs'

// A row per strategy with its first tokens; the numbers say on hover how they were divided.
const COLUMNS = ['tokens', 'bytes_per_token', 'tokens_per_word', 'unknown', 'exact', 'vocab']

export function render({ model, el }) {
  const number = (value, digits = 0) => value === null ? '—' : value.toLocaleString(model.locale,
    { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const title = make('h2'), lead = make('p', { className: 'lead soft' })
  const head = make('tr'), body = make('tbody')
  const frame = make('div', { className: 'frame', tabIndex: 0 },
    make('table', {}, make('thead', {}, head), body))
  const about = make('p', { className: 'about soft' })
  frame.setAttribute('role', 'region')
  about.setAttribute('role', 'status')
  let rows = [], measures = {}

  const written = {
    tokens: row => number(row.tokens), vocab: row => number(row.vocab),
    bytes_per_token: row => number(row.bytes_per_token, 2),
    tokens_per_word: row => number(row.tokens_per_word, 2),
    unknown: row => number(row.unknown),
    exact: row => `${row.exact ? '✓' : '✕'} ${model.words[row.exact ? 'yes' : 'no']}` }

  function formula(row, name) {
    if (row[name] === null) return model.words.none
    return fill(model.words.formulas[name], { strategy: row.label, tokens: number(row.tokens),
      bytes: number(measures.n_bytes), words: number(measures.n_words), value: written[name](row),
      unknown: number(row.unknown), vocab: number(row.vocab) })
  }

  function cells(row, longest) {
    if (row.tokens === undefined) {
      return [make('td', { className: 'wait soft', colSpan: COLUMNS.length,
        textContent: model.words.training })]
    }
    return COLUMNS.map(name => {
      const it = make('td', { className: name, tabIndex: -1 },
        make('span', { className: 'value', textContent: written[name](row) }))
      it.dataset.value = row[name]
      it.dataset.key = `${row.name} ${name}`
      if (name === 'tokens') {
        const bar = make('span', { className: 'bar' })
        bar.style.setProperty('--part', row.tokens / Math.max(1, longest))
        it.append(bar)
      }
      it.dataset.about = formula(row, name)
      return it
    })
  }

  function preview(row) {
    const strip = make('td', { className: 'preview', colSpan: COLUMNS.length + 1 })
    const line = make('div', { className: 'line', lang: 'pt-BR' })
    for (const { token, unknown } of row.preview ?? []) {
      line.append(make('span', { className: unknown ? 'token unknown' : 'token',
        textContent: token }))
    }
    if (row.rest) line.append(make('span', { className: 'soft number',
      textContent: fill(model.words.rest, { count: number(row.rest) }) }))
    strip.append(line)
    return make('tr', { className: 'tokens-of' }, strip)
  }

  function paint() {
    const { words } = model
    rows = JSON.parse(model.rows)
    measures = JSON.parse(model.measures)
    title.textContent = words.title
    lead.textContent = model.lead
    frame.setAttribute('aria-label', words.title)
    head.replaceChildren(make('th', { scope: 'col', textContent: words.strategy }),
      ...COLUMNS.map(name => make('th', { scope: 'col', className: name,
        textContent: words.columns[name] })))
    const longest = Math.max(...rows.map(row => row.tokens ?? 0))
    keepFocus(body, () => body.replaceChildren(...rows.flatMap(row => {
      const name = make('th', { scope: 'row' }, make('span', { className: 'name',
        textContent: row.label }))
      const line = make('tr', { className: row.name }, name, ...cells(row, longest))
      line.dataset.name = row.name
      name.dataset.about = row.about
      return [line, preview(row)]
    })))
    if (about.textContent !== words.hint) about.textContent = words.hint
    const all = numbers()
    current = Math.min(current, all.length - 1)
    if (all[current]) all[current].tabIndex = 0
  }

  // The numbers are one Tab stop; arrow keys go from one to the next.
  let current = 0
  const numbers = () => [...body.querySelectorAll('td[tabindex]')]
  body.onkeydown = event => {
    const all = numbers(), wide = COLUMNS.length
    const moves = { ArrowRight: current + 1, ArrowLeft: current - 1, ArrowDown: current + wide,
      ArrowUp: current - wide, Home: 0, End: all.length - 1 }
    if (!(event.key in moves)) return
    event.preventDefault()
    const to = moves[event.key]
    if (!all[to]) return
    all[current].tabIndex = -1
    current = to
    all[to].tabIndex = 0
    all[to].focus()
  }
  body.onclick = event => {
    const at = numbers().indexOf(event.target.closest('td[tabindex]'))
    if (at < 0) return
    numbers()[current].tabIndex = -1
    current = at
    numbers()[at].tabIndex = 0
    numbers()[at].focus()
  }

  const look = event => {
    const said = event.target.closest?.('[data-about]')?.dataset.about
    if (said) about.textContent = said
  }
  hovered(frame, look, () => { about.textContent = model.words.hint })
  body.addEventListener('focusin', look)
  const soon = together(queueMicrotask, paint)
  model.on(['rows', 'lead', 'measures', 'words', 'locale'], soon)
  paint()
  el.append(title, lead, frame, about)
}
