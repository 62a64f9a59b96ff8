import { make } from './shared.mjs'

// The figures are a definition list; numbers change in place and are not read aloud each time, and
// the state, which counts while a vocabulary is learnt, only every few seconds.
const QUIET = 5000  // milliseconds from one announcement to the next

export function render({ model, el }) {
  const bar = make('progress', { max: 1 }), list = make('dl')
  const state = make('p', { className: 'state' }), error = make('p', { className: 'error' })
  const live = make('p', { className: 'unseen' })
  live.setAttribute('role', 'status')
  error.setAttribute('role', 'alert')
  let quiet = 0
  const parts = new Map()

  function paint() {
    const figures = JSON.parse(model.figures)
    if (figures.length !== parts.size || figures.some(({ id }) => !parts.has(id))) {
      parts.clear()
      list.replaceChildren(...figures.map(({ id }) => {
        const label = make('dt'), value = make('dd', { className: 'number' })
        parts.set(id, { label, value })
        return make('div', { id }, label, value)
      }))
    }
    for (const { id, label, value, about } of figures) {
      const it = parts.get(id)
      it.label.textContent = label
      it.value.textContent = value
      it.value.parentElement.title = about ?? ''
    }
  }
  function paintState() {
    bar.value = model.share
    bar.setAttribute('aria-label', model.words.bar ?? '')
    if (state.textContent !== model.state) {
      state.textContent = model.state
      tell()
    }
    error.textContent = model.error
    error.hidden = !model.error
  }

  function tell() {
    if (quiet || live.textContent === state.textContent) return
    live.textContent = state.textContent
    quiet = setTimeout(() => { quiet = 0; tell() }, QUIET)
  }

  model.on('figures', paint)
  model.on(['share', 'state', 'error', 'words'], paintState)
  paint(); paintState()
  el.append(make('div', { className: 'head' }, state, bar), live, error, list)
}
