import { fill, hovered, make, together } from './shared.mjs'

// A row per height, a column per byte; what was merged rests on its two parts. One Tab stop: arrow
// keys go to the neighbours, to the whole above and to the part below.
export function render({ model, el }) {
  const number = value => value.toLocaleString(model.locale)
  const title = make('h2', { id: 'title' }), label = make('label', { htmlFor: 'word' })
  const word = make('input', { id: 'word', type: 'text', autocomplete: 'off', spellcheck: false,
    maxLength: 200, lang: 'pt-BR' })
  const whole = make('p', { className: 'whole' }), grid = make('div', { className: 'grid' })
  const frame = make('div', { className: 'frame' }, grid)
  const about = make('p', { className: 'about soft' })
  const reasons = make('ul', { className: 'reasons' })
  grid.setAttribute('role', 'listbox')
  grid.setAttribute('aria-labelledby', 'title')
  about.setAttribute('role', 'status')
  let boxes = [], current = 0

  function describe(at) {
    const { words } = model, box = boxes[at]
    if (!box) return ''
    const values = { ...box, merge: number(box.since), merges: number(model.n_merges),
      length: box.bytes.split(' ').length }
    if (!box.parts.length) return fill(words.byte, values)
    const [left, right] = box.parts.map(part => boxes[part].token)
    const later = box.since > model.merges ? ` ${words.later}` : ''
    return fill(words.merged, { ...values, left, right }) + later
  }

  function draw(box, at, height) {
    const made = make('span', { className: 'box' })
    made.setAttribute('role', 'option')
    made.dataset.index = at
    made.append(make('span', { className: 'token', textContent: box.token }))
    if (box.parts.length) made.dataset.merge = number(box.since)
    made.style.gridColumn = `${box.start + 1} / span ${box.width}`
    // A part reaches from the box it bears down to the boxes it rests on.
    const row = height - box.height + 1
    const top = box.parent === null ? row : height - boxes[box.parent].height + 2
    made.style.gridRow = `${top} / ${row + 1}`
    made.dataset.height = box.height
    made.classList.toggle('leaf', !box.parts.length)
    made.classList.toggle('root', box.parent === null)
    return made
  }

  function paint() {
    const tree = JSON.parse(model.tree)
    boxes = tree.boxes
    current = Math.min(current, Math.max(0, boxes.length - 1))
    grid.style.setProperty('--bytes', Math.max(1, tree.width))
    grid.replaceChildren(...boxes.map((box, at) => draw(box, at, tree.height)))
    frame.hidden = !boxes.length
    paintMerges()
    paintWords()
  }

  function paintMerges() {
    [...grid.children].forEach((made, at) => {
      const box = boxes[at]
      const standing = box.since <= model.merges
        && (box.parent === null || boxes[box.parent].since > model.merges)
      made.classList.toggle('later', box.since > model.merges)
      made.classList.toggle('standing', standing)
      made.setAttribute('aria-selected', standing)
      made.setAttribute('aria-label', describe(at))
      made.tabIndex = at === current ? 0 : -1
    })
    about.textContent = describe(current)
  }

  function paintWords() {
    const { words } = model
    title.textContent = words.title
    label.textContent = words.word
    if (word.value !== model.word) word.value = model.word
    whole.textContent = model.about
    reasons.replaceChildren(...model.reasons.map(reason => make('li', { textContent: reason })))
  }

  function move(to) {
    if (to === undefined || to === null || !boxes[to]) return
    grid.children[current].tabIndex = -1
    current = to
    grid.children[current].tabIndex = 0
    grid.children[current].focus()
  }

  // The nearest box of the same height to the left or right.
  function beside(side) {
    const here = boxes[current]
    const same = boxes.map((box, at) => at).filter(at =>
      boxes[at].height === here.height && (boxes[at].start - here.start) * side > 0)
    return same.sort((a, b) => (boxes[a].start - boxes[b].start) * side)[0]
  }

  const indexOf = event => Number(event.target.closest?.('.box')?.dataset.index ?? -1)
  const tell = at => { about.textContent = describe(at) }
  hovered(grid, event => { if (indexOf(event) >= 0) tell(indexOf(event)) }, () => tell(current))
  grid.onclick = event => { if (indexOf(event) >= 0) move(indexOf(event)) }
  grid.addEventListener('focusin', event => { if (indexOf(event) >= 0) tell(indexOf(event)) })
  grid.onkeydown = event => {
    const box = boxes[current]
    const moves = { ArrowUp: () => box.parent, ArrowDown: () => box.parts[0],
      ArrowLeft: () => beside(-1), ArrowRight: () => beside(1),
      Home: () => 0, End: () => boxes.length - 1 }
    if (!(event.key in moves)) return
    move(moves[event.key]())
    event.preventDefault()
  }
  word.oninput = () => { model.word = word.value }

  const soon = together(queueMicrotask, paint)
  model.on(['tree', 'n_merges', 'words', 'locale', 'about', 'reasons', 'word'], soon)
  model.on('merges', paintMerges)
  paint()
  el.append(title, make('div', { className: 'sides' },
    make('div', { className: 'left' }, frame, about),
    make('div', { className: 'right' }, make('div', { className: 'ask' }, label, word), whole,
      reasons)))
}
