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
  const group = make('fieldset', {}, legend, row)

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

  function block({ name, norms, before, said, off }, index) {
    const input = make('input', { type: 'radio', name: 'block', value: index })
    input.onchange = () => { model.chosen = index }
    const picture = draw('svg', { viewBox: '0 0 100 100', preserveAspectRatio: 'none',
      'aria-hidden': true }, draw('path', { d: path(norms), class: 'body' }))
    if (norms.some((norm, i) => Math.abs(norm - before[i]) > 0.005 * model.most)) {
      picture.append(draw('path', { d: edges(before), class: 'before' }))
    }
    const words = make('span', { className: 'words' }, make('strong', { textContent: name }), ' ',
      make('span', { className: 'soft', textContent: said }), ' ',
      make('span', { className: 'off',
        textContent: off ? (model.words.off ?? '').replace('{count}', off) : '' }))
    return make('label', {}, input, picture, words)
  }

  function paint() {
    const focused = row.contains(el.getRootNode().activeElement)
    legend.textContent = model.words.title ?? ''
    const blocks = JSON.parse(model.blocks)
    row.replaceChildren(...blocks.map(block))
    row.style.setProperty('--count', blocks.length)
    group.hidden = !blocks.length
    choose()
    if (focused) row.querySelector('input:checked')?.focus()
  }

  function choose() {
    for (const input of row.querySelectorAll('input')) {
      input.checked = Number(input.value) === model.chosen
    }
  }

  model.on(['blocks', 'most', 'words'], paint)
  model.on('chosen', choose)
  paint()
  el.append(group)
}
