import { fill, keepFocus, make, together } from './shared.mjs'

// Column heads are buttons that sort; a token is a button that shows how it came together.
const COLUMNS = ['id', 'token', 'length', 'made', 'frequency']

export function render({ model, el }) {
  const number = value => value.toLocaleString(model.locale)
  const title = make('h2'), label = make('label', { htmlFor: 'search' })
  const search = make('input', { id: 'search', type: 'search', autocomplete: 'off',
    spellcheck: false, maxLength: 100 })
  const summary = make('p', { className: 'summary soft' })
  const head = make('tr'), body = make('tbody')
  const frame = make('div', { className: 'frame', tabIndex: 0 },
    make('table', {}, make('thead', {}, head), body))
  const before = make('button', { type: 'button' }), after = make('button', { type: 'button' })
  const where = make('span', { className: 'number' })
  const pager = make('div', { className: 'pager' }, before, where, after)
  frame.setAttribute('role', 'region')
  pager.setAttribute('role', 'group')
  summary.setAttribute('role', 'status')

  const heads = new Map(COLUMNS.map(name => {
    const button = make('button', { type: 'button' })
    button.onclick = () => {
      if (model.sort === name) model.descending = !model.descending
      else { model.sort = name; model.descending = name === 'length' || name === 'frequency' }
    }
    return [name, { button, cell: make('th', { scope: 'col', className: name }, button) }]
  }))
  head.append(...[...heads.values()].map(({ cell }) => cell))

  function paintHead() {
    for (const [name, { button, cell }] of heads) {
      const here = model.sort === name
      button.textContent = model.words.columns[name] + (here ? model.descending ? ' ▼' : ' ▲' : '')
      cell.setAttribute('aria-sort', !here ? 'none' : model.descending ? 'descending' : 'ascending')
    }
  }

  function made(row) {
    const { words } = model
    if (row.made === null) return words.special
    if (!row.made) return words.byte
    const [left, right] = row.parts
    return fill(words.merge, { merge: number(row.made), left, right })
  }

  function rowOf(row) {
    const button = make('button', { type: 'button', className: 'token', textContent: row.token,
      title: fill(model.words.open, { token: row.token }), lang: 'pt-BR' })
    button.dataset.key = row.id
    button.onclick = () => model.send_msg({ token: row.id })
    const line = make('tr', {}, make('td', { className: 'id', textContent: row.id }),
      make('th', { scope: 'row', className: 'token' }, button),
      make('td', { className: 'length', textContent: number(row.length), title: row.bytes }),
      make('td', { className: 'made', textContent: made(row) }),
      make('td', { className: 'frequency',
        textContent: row.frequency === null ? '…' : number(row.frequency) }))
    line.dataset.id = row.id
    return line
  }

  function paint() {
    const { words } = model
    title.textContent = words.title
    label.textContent = words.search
    frame.setAttribute('aria-label', words.title)
    if (search.value !== model.search) search.value = model.search
    summary.textContent = model.summary
    paintHead()
    keepFocus(body, () => body.replaceChildren(...JSON.parse(model.rows).map(rowOf)))
    pager.setAttribute('aria-label', words.pager)
    before.textContent = words.before
    after.textContent = words.after
    before.setAttribute('aria-disabled', model.page === 0)
    after.setAttribute('aria-disabled', model.page >= model.pages - 1)
    where.textContent = fill(words.page,
      { page: number(model.page + 1), pages: number(model.pages) })
  }

  const turn = by => {
    const page = model.page + by
    if (page >= 0 && page < model.pages) model.send_msg({ page })
  }
  before.onclick = () => turn(-1)
  after.onclick = () => turn(1)
  search.oninput = () => { model.search = search.value }
  const soon = together(queueMicrotask, paint)
  model.on(['rows', 'search', 'sort', 'descending', 'page', 'pages', 'summary', 'words', 'locale'],
    soon)
  paint()
  el.append(title, make('div', { className: 'ask' }, label, search), summary, frame, pager)
}
