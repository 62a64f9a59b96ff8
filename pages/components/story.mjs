import { make } from './shared.mjs'

// The given part in grey, the model's part in ink; told to a screen reader once, when it is done.
export function render({ model, el }) {
  const title = make('h2')
  const text = make('p', { className: 'text', lang: 'pt-BR', dir: 'auto' })
  const given = make('span', { className: 'given' }), written = make('span')
  const facts = make('ul', { className: 'facts' }), honest = make('p', { className: 'honest soft' })
  const link = make('a', { className: 'link' })
  text.append(given, written)
  text.setAttribute('aria-live', 'polite')

  function paint() {
    text.setAttribute('aria-busy', model.running)
    title.textContent = model.words.title
    given.textContent = model.given
    written.textContent = model.written
    facts.replaceChildren(...model.facts.map(fact => make('li', { textContent: fact })))
    honest.textContent = model.words.honest
    Object.assign(link, { href: model.link.href, textContent: model.link.label })
    link.dataset.page = model.link.page
  }

  model.on(['given', 'written', 'facts', 'running', 'link', 'words'], paint)
  paint()
  el.append(title, text, facts, honest, link)
}
