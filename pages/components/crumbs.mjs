import { make } from './shared.mjs'

// A breadcrumb as screen readers know it: a list in a nav, the last rung the current one. Who goes
// up by a rung stands on it then, though it is no button any more.
export function render({ model, el }) {
  const list = make('ol'), nav = make('nav', {}, list)

  function paint() {
    nav.setAttribute('aria-label', model.words.label ?? '')
    const last = model.rungs.length - 1
    const held = nav.contains(el.getRootNode().activeElement)
    list.replaceChildren(...model.rungs.map(({ id, label }, i) => {
      const rung = i === last ? make('span', { textContent: label, tabIndex: -1 })
        : make('button', { type: 'button', textContent: label,
          onclick: () => model.send_msg({ go: id }) })
      if (i === last) rung.setAttribute('aria-current', 'location')
      return make('li', {}, rung)
    }))
    if (held) list.lastChild?.firstChild.focus({ preventScroll: true })
  }

  model.on(['rungs', 'words'], paint)
  paint()
  el.append(nav)
}
