export function render({ model, el }) {
  const make = (tag, props = {}) => Object.assign(document.createElement(tag), props)
  const title = make('h2'), list = make('dl')

  function paint() {
    title.textContent = model.words.title
    list.replaceChildren(...model.facts.map(({ name, value }) => {
      const pair = make('div')
      pair.append(make('dt', { textContent: name, className: 'soft' }),
        make('dd', { textContent: value, className: 'number' }))
      return pair
    }))
  }

  model.on(['facts', 'words'], paint)
  paint()
  el.append(title, list)
}
