// <details>: the browser's own handle, which a keyboard and a screen reader already know.
export function render({ model, el }) {
  const fold = document.createElement('details')
  const handle = document.createElement('summary')
  const body = document.createElement('div')
  body.className = 'body'
  fold.open = model.opens && matchMedia('(min-width: 900px)').matches
  const paint = () => { handle.textContent = model.label }
  model.on('label', paint)
  paint()
  body.append(...model.get_child('objects'))
  fold.append(handle, body)
  el.append(fold)
}
