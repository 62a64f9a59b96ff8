import { fill, make } from './shared.mjs'

// Logits become one next token: a column per stage, and the chosen row's sum written out.
const COLUMNS = ['token', 'logit', 'scaled', 'share', 'cut', 'probability']

export function render({ model, el }) {
  const title = make('h2'), summary = make('p', { className: 'summary' })
  const head = make('tr'), body = make('tbody'), others = make('tr', { className: 'others' })
  const table = make('table', {}, make('thead', {}, head), body, make('tfoot', {}, others))
  const frame = make('div', { className: 'frame' }, table)
  const more = make('button', { type: 'button', className: 'more' })
  const legend = make('p', { className: 'legend soft' })
  const sum = make('section', { className: 'sum' })
  frame.tabIndex = 0
  frame.setAttribute('role', 'region')
  more.onclick = () => model.send_msg({ more: true })
  let data = {}        // the table
  let preview = null  // id of the row under the pointer or the focus

  // A NumberFormat is dear to make and is wanted some thousand times a second.
  const formats = new Map()
  function written(value, options) {
    const key = model.locale + JSON.stringify(options)
    if (!formats.has(key)) formats.set(key, new Intl.NumberFormat(model.locale, options))
    return formats.get(key).format(value)
  }
  const decimals = (value, digits) => value === null ? '—' : written(value,
    Math.abs(value) < 1e6 ? { minimumFractionDigits: digits, maximumFractionDigits: digits }
      : { maximumSignificantDigits: 3, notation: 'scientific' })  // of a model that broke down
  const small = value => value === 0 ? '0' : written(value,
    value < 0.001 ? { maximumSignificantDigits: 2, notation: 'scientific' }
      : { maximumSignificantDigits: 4 })
  function percent(share) {
    if (share > 0 && share < 0.00001) return `<${percent(0.00001)}`
    const digits = share === 0 || share >= 0.1 ? 1 : share >= 0.001 ? 2 : 3
    return written(share,
      { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits })
  }

  const light = column => { table.dataset.lit = column ?? '' }
  function term(text, column) {
    const word = make('button', { type: 'button', className: 'term', textContent: text })
    word.onpointerenter = word.onfocus = () => light(column)
    word.onpointerleave = word.onblur = () => light()
    return word
  }
  // "…{logit}…" with blanks filled by nodes or text.
  const sentence = (template, parts) => template.split(/(\{\w+\})/).map(piece =>
    /^\{\w+\}$/.test(piece) ? parts[piece.slice(1, -1)] : piece)

  function paintHead() {
    const { words } = model
    const names = { ...words.columns,
      scaled: words.columns.scaled.replace('{temperature}', decimals(data.temperature, 2)) }
    head.replaceChildren(...COLUMNS.map(name =>
      make('th', { scope: 'col', className: name, textContent: names[name] })))
    frame.setAttribute('aria-label', words.table)
  }

  function newRow() {
    const pick = make('button', { type: 'button', className: 'pick', lang: 'pt-BR' })
    const row = make('tr', {}, make('th', { scope: 'row', className: 'token' }, pick))
    for (const name of COLUMNS.slice(1)) row.append(cell(name))
    pick.onclick = () => model.send_msg({ pick: Number(row.dataset.id), index: data.index })
    row.onpointerenter = () => { preview = Number(row.dataset.id); paintSum() }
    row.onpointerleave = () => { preview = null; paintSum() }
    pick.onfocus = row.onpointerenter
    pick.onblur = row.onpointerleave
    return row
  }

  function cell(name) {
    const it = make('td', { className: name })
    if (name === 'share' || name === 'probability') {
      it.append(make('span', { className: 'bar' }), make('span', { className: 'value' }))
      if (name === 'share') it.append(make('span', { className: 'before' }))
    } else if (name === 'cut') {
      const mark = make('span', { className: 'mark' })
      mark.setAttribute('aria-hidden', 'true')
      it.append(mark, make('span', { className: 'word' }))
    }
    return it
  }

  function paintCell(row, name, value, text, scale) {
    const it = row.querySelector(`td.${name}`)
    it.dataset.value = value
    if (!scale) { it.textContent = text; return }
    it.querySelector('.value').textContent = text
    it.querySelector('.bar').style.setProperty('--part', value / scale)
  }

  function paintCut(row, value, mark, word) {
    const it = row.querySelector('td.cut')
    it.dataset.value = value
    it.firstChild.textContent = mark
    it.lastChild.textContent = word
  }

  // Where the bar would end at temperature 1.
  function paintBefore(row, it, scale) {
    const mark = row.querySelector('.before')
    mark.style.setProperty('--part', it.before / scale)
    mark.hidden = data.temperature === 1
    mark.parentElement.title = model.words.before.replace('{share}', percent(it.before))
  }

  function paintRow(row, it, scale) {
    const { words } = model
    row.dataset.id = it.id
    row.className = it.kept ? 'kept' : 'out'
    row.classList.toggle('drawn', it.drawn)
    const pick = row.querySelector('.pick')
    pick.textContent = it.token
    pick.setAttribute('aria-label', [fill(words.pick, it),
      it.drawn ? words.drawn : ''].filter(Boolean).join('. '))
    pick.title = fill(words.pick, it)
    paintCell(row, 'logit', it.logit, decimals(it.logit, 2))
    paintCell(row, 'scaled', it.scaled, decimals(it.scaled, 2))
    paintCell(row, 'share', it.share, percent(it.share), scale)
    // With a temperature, a share may still be too small for a number: no rule cut it.
    const rule = it.rule === 'zero' && data.temperature ? percent(0) : words.rules[it.rule]
    paintCut(row, it.kept, it.kept ? '✓' : '✕', it.kept ? words.kept : rule)
    paintBefore(row, it, scale)
    paintCell(row, 'probability', it.probability, percent(it.probability), scale)
  }

  function paintOthers(it, scale) {
    const { words } = model
    if (!others.children.length) {
      others.append(make('th', { scope: 'row', className: 'token' }))
      for (const name of COLUMNS.slice(1)) others.append(cell(name))
    }
    others.classList.toggle('out', !it.kept)
    others.firstChild.textContent = words.others
      .replace('{count}', written(it.count))
    paintCell(others, 'logit', null, '')
    paintCell(others, 'scaled', null, '')
    paintCell(others, 'share', it.share, percent(it.share), scale)
    paintCut(others, it.kept, it.kept ? '✓' : '✕', written(it.kept))
    paintBefore(others, it, scale)
    paintCell(others, 'probability', it.probability, percent(it.probability), scale)
  }

  function paintSum() {
    const { words } = model
    const row = data.rows.find(it => it.id === preview) ?? data.rows.find(it => it.drawn)
      ?? data.rows[0]
    const heading = make('h3', { textContent: fill(words.sum.title, row) })
    if (row.scaled === null) {
      sum.replaceChildren(heading, make('p', { textContent: words.sum.greedy }))
      return
    }
    const steps = make('ol', {}, ...[divide, exponent, shareOfAll, shareOfKept].map(step =>
      make('li', {}, ...step(row, data.sums, words.sum))))
    sum.replaceChildren(heading, steps)
  }

  const line = (...parts) => make('p', { className: 'line number' }, ...parts)
  const says = (template, parts) => make('p', { className: 'says' }, ...sentence(template, parts))
  const fraction = (over, under) => make('span', { className: 'fraction' },
    make('span', { textContent: over }), make('span', { textContent: under }))
  const strong = text => make('strong', { textContent: text })

  const bracketed = value => value < 0 ? `(${decimals(value, 2)})` : decimals(value, 2)

  function divide(row, sums, words) {
    return [says(words.divide, { logit: term(words.logit, 'logit'),
      temperature: term(words.temperature, 'scaled') }),
    line(`${decimals(row.logit, 2)} ÷ ${decimals(data.temperature, 2)} = `,
      strong(decimals(row.scaled, 2)))]
  }

  function exponent(row, sums, words) {
    return [says(words.exponent, { largest: decimals(sums.largest, 2) }),
      line('e', make('sup', { textContent:
        `${decimals(row.scaled, 2)} − ${bracketed(sums.largest)}` }), ' = ',
      strong(small(row.exp)))]
  }

  function shareOfAll(row, sums, words) {
    return [says(words.whole, { vocabulary: written(sums.vocabulary),
      share: term(words.share, 'share') }),
    line(fraction(small(row.exp), small(sums.all)), ' = ', strong(percent(row.share))),
    make('p', { className: 'says soft', hidden: data.temperature === 1,
      textContent: model.words.before.replace('{share}', percent(row.before)) })]
  }

  function shareOfKept(row, sums, words) {
    const parts = { kept: written(sums.kept), cut: term(words.cutWord, 'cut'),
      probability: term(words.probability, 'probability') }
    if (!row.kept) return [says(words.outside, parts), line(strong(percent(0)))]
    return [says(words.inside, parts),
      line(fraction(small(row.exp), small(sums.after_cut)), ' = ',
        strong(percent(row.probability)))]
  }

  function paint() {
    const { words } = model
    data = JSON.parse(model.table)
    if (!data.rows) return
    title.replaceChildren(...sentence(words.title, { before: make('q', { lang: 'pt-BR',
      textContent: data.before }) }))
    summary.textContent = data.summary
    paintHead()
    const all = [...data.rows, data.others]
    const scale = Math.max(...all.map(it => Math.max(it.share, it.probability, it.before)))
    while (body.children.length > data.rows.length) body.lastChild.remove()
    data.rows.forEach((row, i) =>
      paintRow(body.children[i] ?? body.appendChild(newRow()), row, scale))
    others.hidden = !data.others.count
    paintOthers(data.others, scale)
    more.textContent = words.more
    legend.replaceChildren(make('i', { className: 'before' }), words.mark)
    legend.hidden = [0, 1].includes(data.temperature)
    more.hidden = !data.others.count
    paintSum()
  }

  model.on(['table', 'words', 'locale'], paint)
  paint()
  el.append(title, summary, make('div', { className: 'sides' },
    make('div', { className: 'left' }, frame, legend, more), sum))
}
