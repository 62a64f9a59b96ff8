import { fill, make, themed } from './shared.mjs'

// The numbers one can follow are one Tab stop with arrow keys; the strips another, a slider over
// the terms.
export function render({ model, el }) {
  const whole = make('section')
  whole.setAttribute('role', 'group')
  let account = {}
  let term = -1

  const written = value => value.toLocaleString(model.locale, { minimumFractionDigits: 4,
    maximumFractionDigits: 4 }).replace('-', '−')
  const heading = text => make('h3', { textContent: text })
  const para = (className, text) => make('p', { className, textContent: text })

  function go(className, label, text, message, name) {
    const it = make(message ? 'button' : 'span', { className: `go number ${className}` },
      ...(label ? [make('span', { className: 'label', textContent: label })] : []), text)
    if (message) {
      it.type = 'button'
      it.title = name
      it.onclick = () => model.send_msg(message)
    }
    return it
  }

  function paint() {
    const { words } = model
    account = JSON.parse(model.account)
    whole.setAttribute('aria-label', words.group ?? '')
    const held = whole.contains(el.getRootNode().activeElement)
    term = -1
    if (!account.title) {
      whole.replaceChildren(para('hint', words.hint ?? ''))
      return
    }
    whole.replaceChildren(
      ...(account.back ? [make('button', { type: 'button', className: 'back', textContent: account.back,
        onclick: () => model.send_msg({ back: true }) })] : []),
      make('h2', { textContent: account.title }), para('place soft', account.place),
      para('value number', account.value), para('symbols', account.symbols),
      para('formula number', account.formula), ...numbers(), ...strips(), ...terms(),
      ...(account.code ? [make('p', { className: 'code soft' }, ...inCode())] : []), ...source())
    const stops = links()
    stops.forEach((it, i) => { it.tabIndex = i ? -1 : 0 })
    if (held) (stops[0] ?? whole.querySelector('button'))?.focus()
  }

  function inCode() {
    const [before, after] = model.words.code.split('{code}')
    return [before, make('code', { textContent: account.code }), after]
  }

  function numbers() {
    if (!account.numbers.length) return []
    return [heading(model.words.numbers), make('div', { className: 'numbers' },
      ...account.numbers.map(({ key, label, text, leads }) => go('', label, text,
        leads ? { number: key } : null, fill(model.words.go, { name: leads }))))]
  }

  function terms() {
    if (!account.terms.length) return []
    const { words } = model
    const head = make('tr', {}, ...[words.term, account.strips[0].label, account.strips[1].label,
      words.product].map(text => make('th', { scope: 'col', textContent: text })))
    const rows = account.terms.map(({ index, label, first, second, product, share }) => {
      const bar = make('span', { className: 'bar' })
      bar.style.setProperty('--share', share)
      return make('tr', {}, make('td', { textContent: label }),
        ...[first, second].map((text, side) => make('td', {}, go('text', '', text,
          { term: index, side }, fill(words.go, { name: account.strips[side].name })))),
        make('td', { className: 'number' }, product, bar))
    })
    return [heading(words.terms), make('table', {}, make('thead', {}, head),
      make('tbody', {}, ...rows)), ...(account.others ? [para('others soft', account.others)] : [])]
  }

  function source() {
    if (!account.source) return []
    return [make('p', { className: 'source soft' }, account.source.place,
      make('code', { textContent: account.source.text }))]
  }

  // The strips

  function strips() {
    if (!account.strips.length) return []
    const { words } = model
    const lanes = account.strips.map(({ label, values }) => lane(label, values, false))
    if (account.products.length) lanes.push(lane(words.products, account.products, true))
    const about = para('about number soft', words.strips)
    const all = make('div', { className: 'strips', tabIndex: 0 }, ...lanes.map(it => it.row))
    const count = account.strips[0].values.length
    all.setAttribute('role', 'slider')
    all.setAttribute('aria-label', account.strips.map(it => it.label).join(' · '))
    all.setAttribute('aria-valuemin', 1)
    all.setAttribute('aria-valuemax', Math.max(1, count))
    const look = (index, x) => {
      term = Math.max(0, Math.min(count - 1, index))
      const values = account.strips.map(it => written(it.values[term] ?? 0))
      about.textContent = account.products.length ? fill(words.strip, { index: account.names[term],
        first: values[0], second: values[1], product: written(account.products[term]) })
        : fill(words.strip_one, { index: account.names[term], first: values[0] })
      all.setAttribute('aria-valuenow', term + 1)
      all.setAttribute('aria-valuetext', about.textContent)
      lanes.forEach(it => it.paint(term))
    }
    all.setAttribute('aria-valuenow', 1)
    all.setAttribute('aria-valuetext', words.strips)
    const under = event => {
      const box = lanes[0].canvas.getBoundingClientRect()
      return Math.floor(count * (event.clientX - box.left) / box.width)
    }
    all.onpointermove = event => look(under(event))
    all.onpointerdown = event => look(under(event))
    all.onclick = event => {
      const side = lanes.findIndex(it => it.row.contains(event.target))
      if (side >= 0 && side < account.strips.length) model.send_msg({ term, side })
    }
    all.onfocus = () => { if (all.matches(':focus-visible') && term < 0) look(0) }
    all.onkeydown = event => {
      const to = { ArrowRight: term + 1, ArrowLeft: term - 1, Home: 0, End: count - 1,
        PageDown: term + 10, PageUp: term - 10 }[event.key]
      if (to !== undefined) look(to)
      else if (event.key === 'Enter' && term >= 0) model.send_msg({ term, side: 0 })
      else if (event.key === ' ' && term >= 0 && account.strips.length > 1) model.send_msg({ term, side: 1 })
      else return
      event.preventDefault()
      event.stopPropagation()
    }
    requestAnimationFrame(() => lanes.forEach(it => it.paint(-1)))
    return [all, about]
  }

  function lane(label, values, asBars) {
    const canvas = make('canvas')
    canvas.setAttribute('aria-hidden', 'true')
    const row = make('div', { className: `strip${asBars ? ' sum' : ''}` },
      make('span', { textContent: label }), canvas)
    let bound = 1e-12
    for (const value of values) if (isFinite(value)) bound = Math.max(bound, Math.abs(value))
    const paint = marked => {
      const width = canvas.clientWidth, height = canvas.clientHeight
      if (!width) return
      const colour = name => themed(whole, name)
      Object.assign(canvas, { width: width * devicePixelRatio, height: height * devicePixelRatio })
      const context = canvas.getContext('2d')
      context.scale(devicePixelRatio, devicePixelRatio)
      const step = width / values.length
      values.forEach((value, i) => {
        const share = Math.max(-1, Math.min(1, value / bound))
        context.fillStyle = colour(share < 0 ? 'below' : 'above')
        if (asBars) {
          context.fillRect(i * step, height / 2, Math.max(1, step - 0.5), -share * height / 2)
          return
        }
        context.globalAlpha = Math.abs(share)
        context.fillRect(i * step, 0, step + 0.3, height)
        context.globalAlpha = 1
        context.fillRect(i * step, share < 0 ? height - 2 : 0, Math.max(1, step - 0.5), 2)
      })
      if (marked >= 0) {
        context.strokeStyle = colour('ink')
        context.lineWidth = 2
        context.strokeRect(marked * step, 1, Math.max(3, step), height - 2)
      }
    }
    return { row, canvas, paint }
  }

  // Keys

  const links = () => [...whole.querySelectorAll('button.go')]
  whole.onkeydown = event => {
    const stops = links(), at = stops.indexOf(event.target)
    if (at < 0) return
    const to = { ArrowRight: at + 1, ArrowDown: at + 1, ArrowLeft: at - 1, ArrowUp: at - 1, Home: 0,
      End: stops.length - 1 }[event.key]
    if (to === undefined || !stops[to]) return
    event.preventDefault()
    stops[at].tabIndex = -1
    stops[to].tabIndex = 0
    stops[to].focus()
  }

  model.on(['account', 'words'], paint)
  paint()
  el.append(whole)
  const themes = new MutationObserver(() => el.isConnected ? paint() : themes.disconnect())
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] })
}
