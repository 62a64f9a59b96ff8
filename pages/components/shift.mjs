import { make, together } from './shared.mjs'

// A table whose bars are its cells' pictures: the numbers stand beside them.
export function render({ model, el }) {
  const title = make('h3'), legend = make('p', { className: 'legend soft' })
  const before = make('span', { className: 'before' }), after = make('span', { className: 'after' })
  const body = make('tbody'), head = make('thead', { className: 'unseen' })
  const table = make('table', {}, head, body), said = make('p', { className: 'said' })
  said.setAttribute('role', 'status')
  legend.append(before, after)

  const percent = value => value.toLocaleString(model.locale, { style: 'percent',
    minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const bar = share => {
    const made = make('div', { className: 'bar' })
    made.style.width = `${100 * share}%`
    return made
  }
  function line(row, largest) {
    const shares = model.changed ? [row.before, row.after] : [row.before]
    const difference = row.after - row.before
    const name = make('th', { textContent: row.label, scope: 'row' })
    const bars = make('td', {}, ...shares.map(share => bar(share / largest)))
    bars.setAttribute('aria-hidden', 'true')
    const numbers = shares.map(share =>
      make('td', { className: 'number', textContent: percent(share) }))
    if (model.changed && difference > 0) numbers[1].classList.add('up')
    return make('tr', { className: model.changed ? '' : 'same' }, name, bars, ...numbers)
  }

  function paint() {
    const { words } = model, rows = JSON.parse(model.rows)
    if (!words.token) return
    const largest = Math.max(1e-9, ...rows.flatMap(it => [it.before, it.after]))
    title.textContent = model.title
    before.textContent = words.before
    after.textContent = words.after
    legend.hidden = !model.changed
    const names = [words.token, '', ...(model.changed ? [words.before, words.after]
      : [words.share])]
    head.replaceChildren(make('tr', {}, ...names.map((textContent, i) => i === 1
      ? make('td') : make('th', { textContent, scope: 'col' }))))
    body.replaceChildren(...rows.map(row => line(row, largest)))
    if (said.textContent !== model.said) said.textContent = model.said
  }
  const soon = together(queueMicrotask, paint)
  model.on(['rows', 'changed', 'said', 'title', 'words', 'locale'], soon)
  paint()
  el.append(title, legend, table, said)
}
