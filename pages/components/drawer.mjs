import { make } from './shared.mjs'

// <details>: the browser's own handle, which a keyboard and a screen reader already know.
export function render({ model, el }) {
  const fold = make('details'), handle = make('summary'), body = make('div', { className: 'body' })
  const title = make('h2'), lead = make('span', { className: 'soft lead' })
  handle.append(title, lead)
  body.append(...model.get_child('objects'))
  fold.append(handle, body)

  const paint = () => { title.textContent = model.title; lead.textContent = model.lead }
  const turn = () => { fold.open = model.open; body.hidden = !model.usable }
  fold.ontoggle = () => { if (model.open !== fold.open) model.open = fold.open }
  model.on(['title', 'lead'], paint)
  model.on(['open', 'usable'], turn)
  paint()
  turn()
  el.append(fold)
}
