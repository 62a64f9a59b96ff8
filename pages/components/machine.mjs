import { make } from './shared.mjs'

// Cards in the order of the data, an arrow between any two. A bar stands beside its number.
export function render({ model, el }) {
  const title = make('h2'), lead = make('p', { className: 'soft' })
  const flow = make('ol', { className: 'flow' })

  function row({ label, value, share }) {
    const item = make('li', {}, make('span', { className: 'label', textContent: label,
      lang: 'pt-BR', dir: 'auto' }), make('span', { className: 'value number', textContent: value }))
    if (share !== null) {
      const bar = make('span', { className: 'bar' })
      bar.style.setProperty('--share', share)
      item.append(bar)
    }
    return item
  }

  function card({ title: name, about, rows, hue, link }) {
    const item = make('li', { className: 'card' }, make('h3', { textContent: name }),
      make('p', { className: 'about soft', textContent: about }),
      make('ul', { className: 'rows' }, ...rows.map(row)))
    item.style.setProperty('--hue', `var(--${hue})`)
    if (link) {
      const go = make('a', { href: link.href, textContent: link.label })
      go.dataset.page = link.page
      item.append(go)
    }
    return item
  }

  function paint() {
    title.textContent = model.words.title
    lead.textContent = model.words.lead
    flow.replaceChildren(...model.stages.map(card))
  }

  model.on(['stages', 'words'], paint)
  paint()
  el.append(title, lead, flow)
}
