// The figures are a definition list; numbers change in place and are not read aloud each time.
export function render({ model, el }) {
  const bar = make('progress', { max: 1 }), list = make('dl')
  const state = make('p', { className: 'state' }), error = make('p', { className: 'error' })
  state.setAttribute('role', 'status')
  error.setAttribute('role', 'alert')
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
    if (state.textContent !== model.state) state.textContent = model.state
    error.textContent = model.error
    error.hidden = !model.error
  }

  model.on('figures', paint)
  model.on(['share', 'state', 'error', 'words'], paintState)
  paint(); paintState()
  el.append(make('div', { className: 'head' }, state, bar), error, list)
}
