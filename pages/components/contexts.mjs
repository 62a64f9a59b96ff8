import { make } from './shared.mjs'

// The number of a token is written below it: shade alone tells nothing.
export function render({ model, el }) {
  const title = make('h3', { id: 'title' })
  const lead = make('p', { className: 'lead' })
  const own = make('h4', { id: 'own' }), others = make('h4')
  const line = make('div', { className: 'line', lang: 'pt-BR' })
  line.tabIndex = 0  // it may scroll
  line.setAttribute('role', 'group')
  line.setAttribute('aria-labelledby', 'own')
  const list = make('ol', { className: 'list', lang: 'pt-BR' })
  const note = make('p', { className: 'note soft' })

  function token({ token: text, value, part }) {
    const made = make('span', { className: 'token' }, make('span', { textContent: text }), ' ',
      make('small', { className: 'number', textContent: value }))
    made.style.setProperty('--strength', `${Math.round(70 * Math.max(0, Math.min(1, part)))}%`)
    return made
  }

  function paint() {
    const rows = JSON.parse(model.rows), tokens = JSON.parse(model.tokens)
    title.textContent = model.title
    lead.textContent = model.lead
    own.textContent = model.words.own ?? ''
    others.textContent = model.words.others ?? ''
    line.replaceChildren(...tokens.map(token))
    list.replaceChildren(...rows.map(({ before, token: text, after, value }) => make('li', {},
      make('span', { className: 'value number', textContent: value }), ' ',
      make('span', { className: 'before' }, make('span', { textContent: before })),
      make('mark', { textContent: text }), make('span', { className: 'after' }, after))))
    note.textContent = model.note
    own.hidden = line.hidden = !tokens.length
    others.hidden = list.hidden = !rows.length
  }

  model.on(['title', 'lead', 'note', 'tokens', 'rows', 'words'], paint)
  paint()
  el.append(title, lead, own, line, others, list, note)
}
