import { keepFocus, make } from './shared.mjs'
import { showing } from './showing.mjs'

// A list that scrolls in its own frame. A sample is a button: pressed, it marks its update in the
// curves. The pointer over it only shows it there.
export function render({ model, el }) {
  const title = make('h3', { id: 'title' }), lead = make('p', { className: 'soft lead' })
  const list = make('ol', { reversed: true, tabIndex: 0 })
  const empty = make('p', { className: 'soft empty' })
  list.setAttribute('aria-labelledby', 'title')
  const show = at => document.dispatchEvent(new CustomEvent('minigpt-upright',
    { detail: { from: list, group: 'training', at } }))

  function entry({ step, head, given, text }) {
    const button = make('button', { type: 'button', className: 'moment' },
      make('span', { className: 'number', textContent: head }))
    button.dataset.key = step
    button.setAttribute('aria-pressed', step === model.pinned)
    button.onclick = () => { model.pinned = model.pinned === step ? -1 : step }
    const words = make('p', { lang: 'pt-BR', dir: 'auto' },
      make('span', { className: 'given', textContent: given }), text)
    const made = make('li', {}, button, words)
    made.onpointerenter = () => show(step)
    made.onpointerleave = () => show(null)
    return made
  }

  function paint() {
    const samples = JSON.parse(model.samples)
    title.textContent = model.words.title ?? ''
    lead.textContent = model.words.lead ?? ''
    empty.textContent = samples.length ? '' : model.words.empty ?? ''
    keepFocus(list, () => list.replaceChildren(...samples.reverse().map(entry)))
    showFocused()
    list.hidden = !samples.length
  }

  /** Newer samples come above the one in focus, which stays in sight. */
  function showFocused() {
    const sample = list.querySelector('li:focus-within')
    if (!sample) return
    const start = sample.offsetTop - list.offsetTop
    list.scrollTop = showing(list.scrollTop, start, start + sample.offsetHeight, list.clientHeight)
  }

  model.on(['samples', 'pinned', 'words'], paint)
  paint()
  el.append(title, lead, empty, list)
}
