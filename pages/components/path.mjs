import { make } from './shared.mjs'

// Three levels side by side, each an ordered list of links with a bar of what is done.
export function render({ model, el }) {
  const title = make('h2'), lead = make('p', { className: 'soft' })
  const levels = make('div', { className: 'levels' })

  function step(it) {
    const link = make('a', { href: it.href, textContent: it.title })
    link.dataset.page = it.page
    const item = make('li', { className: it.state }, link,
      make('p', { className: 'soft', textContent: it.about }),
      make('p', { className: 'said', textContent: it.said }))
    item.style.setProperty('--done', it.done)
    return item
  }

  function level(it) {
    return make('section', {}, make('h3', { textContent: it.title }),
      make('p', { className: 'soft about', textContent: it.about }),
      make('ol', { start: it.start }, ...it.pages.map(step)))
  }

  function paint() {
    title.textContent = model.words.title
    lead.textContent = model.words.lead
    levels.replaceChildren(...model.levels.map(level))
  }

  model.on(['levels', 'words'], paint)
  paint()
  el.append(title, lead, levels)
}
