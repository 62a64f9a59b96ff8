import { make, together } from './shared.mjs'

// Each block is an element of its kind; what was text stays text.
export function render({ model, el }) {
  const body = make('div', { className: 'body' })
  const KINDS = { '': 'span', strong: 'strong', em: 'em', code: 'code' }

  const scrolls = (child, name) => {
    const frame = make('div', { className: 'frame', tabIndex: 0 }, child)
    frame.setAttribute('role', 'region')
    frame.setAttribute('aria-label', name)
    return frame
  }
  const make_ = {
    text: ({ pieces }) => make('p', {}, ...pieces.map(([kind, text]) =>
      kind ? make(KINDS[kind], { textContent: text }) : text)),
    verbatim: ({ text, prose }) => prose ? make('blockquote', { textContent: text })
      : scrolls(make('pre', { textContent: text }), model.words.code),
    table: ({ head, rows, sides }) => scrolls(make('table', {},
      ...(head.length ? [make('thead', {}, make('tr', {}, ...head.map((it, i) =>
        make('th', { scope: 'col', className: sides[i], textContent: it }))))] : []),
      make('tbody', {}, ...rows.map(row => make('tr', {}, ...row.map((it, i) => i
        ? make('td', { className: sides[i], textContent: it })
        : make('th', { scope: 'row', className: sides[i], textContent: it })))))),
    model.words.table),
    bars: ({ rows }) => {
      const table = make('table', { className: 'bars' }, make('tbody', {}, ...rows.map(it => {
        const bar = make('span', { className: 'bar' })
        bar.style.setProperty('--share', it.share)
        return make('tr', {}, make('th', { scope: 'row', textContent: it.label }),
          make('td', { className: 'track' }, bar),
          make('td', { className: 'r', textContent: it.said }))
      })))
      table.setAttribute('aria-label', model.words.bars)
      return table
    },
    links: ({ said, links }) => make('p', { className: 'links' }, `${said} `,
      ...links.flatMap((it, i) => {
        const link = make('a', { href: it.href, textContent: it.label })
        link.dataset.page = it.page
        return i ? [' · ', link] : [link]
      })),
  }

  function paint() {
    body.setAttribute('aria-busy', model.busy)
    body.classList.toggle('busy', model.busy)
    body.replaceChildren(...JSON.parse(model.blocks).map(it => make_[it.kind](it)))
  }

  const soon = together(queueMicrotask, paint)
  model.on(['blocks', 'busy', 'words'], soon)
  paint()
  el.append(body)
}
