import { make } from './shared.mjs'

// Grows while code runs: only the parts that changed are written.
export function render({ model, el }) {
  const box = make('article'), source = make('pre', { className: 'source', tabIndex: -1 })
  const out = make('div', { className: 'parts' }), foot = make('p', { className: 'foot soft' })
  box.append(source, out, foot)

  function paintParts() {
    const parts = JSON.parse(model.parts)
    parts.forEach(([kind, text], i) => {
      const it = out.children[i] ?? out.appendChild(make('pre'))
      it.className = kind
      if (it.textContent !== text) it.textContent = text
    })
    while (out.children.length > parts.length) out.lastChild.remove()
  }

  function paint() {
    box.setAttribute('aria-label', model.words.answer ?? '')
    box.setAttribute('aria-busy', model.running)
    source.textContent = model.source
    foot.textContent = [model.running ? model.words.running : '', model.cut, model.took]
      .filter(Boolean).join(' ')
  }

  model.on('parts', paintParts)
  model.on(['source', 'running', 'cut', 'took', 'words'], paint)
  paintParts(); paint()
  el.append(box)
}
