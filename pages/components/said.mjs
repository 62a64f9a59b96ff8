// Text as text, never as markup.
export function render({ model, el }) {
  const title = document.createElement('h2')
  const body = document.createElement('div')

  function paint() {
    title.textContent = model.title
    title.hidden = !model.title
    body.replaceChildren(...model.paragraphs.map(text =>
      Object.assign(document.createElement('p'), { textContent: text })))
  }

  model.on(['title', 'paragraphs'], paint)
  paint()
  el.append(title, body)
}
