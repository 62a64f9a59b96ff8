import { make } from './shared.mjs'

// Radio buttons, each with its piece of the band: the browser's own keys choose.
export function render({ model, el }) {
  const draw = (tag, attributes = {}, ...children) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', tag)
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value)
    made.append(...children)
    return made
  }
  const legend = make('legend')
  const row = make('div', { className: 'row' })
  const group = make('fieldset', { hidden: true }, legend, row)

  const half = norm => Math.min(48, 46 * norm / (model.most || 1))

  // Two S-curves, where attention and where the MLP adds, and back along the lower edge.
  function path(norms) {
    const [a, b, c] = norms.map(half)
    return `M0 ${50 - a}C25 ${50 - a} 25 ${50 - b} 50 ${50 - b}C75 ${50 - b} 75 ${50 - c} 100 ${
      50 - c}V${50 + c}C75 ${50 + c} 75 ${50 + b} 50 ${50 + b}C25 ${50 + b} 25 ${50 + a} 0 ${
      50 + a}Z`
  }

  function edges(norms) {
    const [a, b, c] = norms.map(half)
    return [-1, 1].map(side => `M0 ${50 + side * a}C25 ${50 + side * a} 25 ${50 + side * b} 50 ${
      50 + side * b}S75 ${50 + side * c} 100 ${50 + side * c}`).join('')
  }

  // They are made once and changed in place: Chromium keeps every radio button that its group had.
  const blocks = []
  function newBlock(_, index) {
    const input = make('input', { type: 'radio', name: 'block', value: index })
    input.onchange = () => { model.chosen = index }
    const picture = draw('svg', { viewBox: '0 0 100 100', preserveAspectRatio: 'none',
      'aria-hidden': true })
    const [name, said, off] = [make('strong'), make('span', { className: 'soft' }),
      make('span', { className: 'off' })]
    const words = make('span', { className: 'words' }, name, ' ', said, ' ', off)
    return { label: make('label', {}, input, picture, words), input, picture, name, said, off }
  }

  function paintBlock({ name, norms, before, said, off }, index) {
    const it = blocks[index], moved = norms.some(
      (norm, i) => Math.abs(norm - before[i]) > 0.005 * model.most)
    it.picture.replaceChildren(draw('path', { d: path(norms), class: 'body' }),
      ...moved ? [draw('path', { d: edges(before), class: 'before' })] : [])
    it.name.textContent = name
    it.said.textContent = said
    it.off.textContent = off ? (model.words.off ?? '').replace('{count}', off) : ''
  }

  function paint() {
    const found = JSON.parse(model.blocks)
    legend.textContent = model.words.title ?? ''
    if (blocks.length !== found.length) {
      blocks.splice(0, Infinity, ...found.map(newBlock))
      row.replaceChildren(...blocks.map(it => it.label))
      row.style.setProperty('--count', blocks.length)
      group.hidden = !blocks.length
    }
    found.forEach(paintBlock)
    choose()
  }

  function choose() {
    blocks.forEach(({ input }, index) => { input.checked = index === model.chosen })
  }

  model.on(['blocks', 'most', 'words'], paint)
  model.on('chosen', choose)
  paint()
  el.append(group)
}
