import { fill, make } from './shared.mjs'

// The bar lies under the part it tells of and covers nothing of it, which is put at the top.
export function render({ model, el }) {
  const button = id => make('button', { type: 'button', id })
  const [begin, back, next, end] = ['begin', 'back', 'next', 'end'].map(button)
  const said = make('p', { id: 'said' }), count = make('span', { id: 'count', className: 'number' })
  const bar = make('div', { className: 'bar', hidden: true }, said,
    make('div', { className: 'acts' }, back, count, next, end))
  let lit = null  // the part told of
  bar.setAttribute('role', 'region')
  said.setAttribute('role', 'status')

  const stops = () => JSON.parse(model.stops)
  const go = place => model.send_msg({ place })

  /** The page that this tour is of: its root is somewhere in the document, through shadow trees. */
  function page() {
    let node = el
    while (node.getRootNode() instanceof ShadowRoot) node = node.getRootNode().host
    return node.closest('section.page') ?? document.body
  }

  function found(root, selector) {
    const here = root.querySelector(selector)
    if (here) return here
    for (const it of root.querySelectorAll('*')) {
      const inner = it.shadowRoot && found(it.shadowRoot, selector)
      if (inner) return inner
    }
    return null
  }

  function light(key) {
    if (lit) lit.style.outline = lit.style.outlineOffset = ''
    lit = key ? found(page(), `.stop-${key}`) : null
    if (!lit) return
    lit.style.outline = '3px solid var(--output)'
    lit.style.outlineOffset = '6px'
    const still = matchMedia('(prefers-reduced-motion: reduce)').matches
    lit.scrollIntoView({ block: 'start', behavior: still ? 'auto' : 'smooth' })
  }

  function paint() {
    const { words, place } = model, all = stops(), stop = all[place]
    begin.textContent = fill(words.begin, { count: all.length })
    bar.setAttribute('aria-label', words.label)
    back.textContent = words.back
    back.setAttribute('aria-disabled', place <= 0)
    next.textContent = place + 1 < all.length ? words.next : words.finish
    end.textContent = words.end
    end.hidden = place + 1 >= all.length
    count.textContent = `${place + 1}/${all.length}`
    said.textContent = stop?.said ?? ''
  }

  function arrive() {
    const was = bar.hidden
    bar.hidden = model.place < 0
    begin.setAttribute('aria-expanded', !bar.hidden)
    paint()
    requestAnimationFrame(() => light(stops()[model.place]?.key))
    if (bar.hidden && !was) {
      begin.focus({ preventScroll: true })
      // A mouse stays where the tour led; who goes by keys sees where they are.
      if (begin.matches(':focus-visible')) begin.scrollIntoView({ block: 'nearest' })
    } else if (was && !bar.hidden) next.focus({ preventScroll: true })
  }

  begin.onclick = () => go(0)
  back.onclick = () => { if (model.place > 0) go(model.place - 1) }
  next.onclick = () => go(model.place + 1 < stops().length ? model.place + 1 : -1)
  end.onclick = () => go(-1)
  bar.onkeydown = event => {
    if (event.key !== 'Escape') return
    event.preventDefault()
    go(-1)
  }
  begin.setAttribute('aria-expanded', false)
  model.on(['stops', 'words'], paint)
  model.on('place', arrive)
  paint()
  el.append(begin, bar)
}
