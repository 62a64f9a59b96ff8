import { make } from './shared.mjs'

export function render({ model, el }) {
  const title = make('h3'), list = make('ul')

  function figure([name, value, best]) {
    const said = make('dd', { className: 'number', textContent: value })
    if (best) said.append(make('span', { className: 'best', textContent: model.words.best }))
    return [make('dt', { textContent: name }), said]
  }

  function card({ title: name, note, before, text, figures }) {
    const body = make('p', { className: 'text', lang: 'pt-BR' },
      make('span', { className: 'before', textContent: before }), text)
    if (!text) body.append(make('span', { className: 'soft', textContent: ` ${model.words.waits}` }))
    return make('li', {}, make('h4', { textContent: name }),
      make('p', { className: 'note soft', textContent: note }), body,
      make('dl', {}, ...figures.flatMap(figure)))
  }

  function paint() {
    title.textContent = model.title
    title.hidden = !model.title
    list.replaceChildren(...JSON.parse(model.cards).map(card))
  }

  model.on(['cards', 'title', 'words'], paint)
  paint()
  el.append(title, list)
}
