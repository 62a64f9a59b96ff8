import { fill, make } from './shared.mjs'

// Elements are kept from one paint to the next: what was typed and the open hint stay.
export function render({ model, el }) {
  const fold = make('details', { open: matchMedia('(min-width: 900px)').matches })
  const handle = make('summary'), title = make('h2')
  const progress = make('span', { className: 'soft progress' })
  const list = make('ol'), live = make('p', { className: 'unseen' })
  const again = make('button', { type: 'button', className: 'again' })
  const items = new Map()  // key → its elements
  let done = null  // keys done at the last paint
  live.setAttribute('role', 'status')
  again.onclick = () => { handle.focus(); model.send_msg({ again: true }) }  // it goes
  handle.append(title, progress)
  fold.append(handle, list, again)

  function item(key, number) {
    const it = { li: make('li'), mark: make('span', { className: 'mark' }),
      level: make('span', { className: 'level soft' }), task: make('p', { className: 'task' }),
      form: make('form'), input: make('input', { type: 'text', autocomplete: 'off' }),
      send: make('button', { type: 'submit' }), hinting: make('button', { type: 'button' }),
      hint: make('p', { id: `hint-${key}`, className: 'hint', hidden: true }),
      shipped: make('button', { type: 'button' }),
      said: make('p', { className: 'said', tabIndex: -1 }), number }
    it.mark.setAttribute('aria-hidden', true)
    it.hinting.setAttribute('aria-controls', it.hint.id)
    it.hinting.onclick = () => { it.hint.hidden = !it.hint.hidden; paint() }
    it.form.onsubmit = event => {
      event.preventDefault()
      model.send_msg({ key, answer: it.input.value })
    }
    it.shipped.onclick = () => model.send_msg({ shipped: true })
    it.form.append(it.input, it.send)
    const acts = make('div', { className: 'acts' })
    acts.append(it.form, it.hinting, it.shipped)
    const body = make('div')
    body.append(it.level, it.task, acts, it.hint, it.said)
    it.li.append(it.mark, body)
    it.li.dataset.key = key
    list.append(it.li)
    items.set(key, it)
    return it
  }

  function paintItem(exercise, index) {
    const { words } = model
    const it = items.get(exercise.key) ?? item(exercise.key, index + 1)
    const ready = exercise.is_done, said = exercise.said ?? { task: words.noWord }
    const asks = Boolean(exercise.said) && !ready
    it.li.classList.toggle('done', ready)
    it.mark.textContent = ready ? '✓' : it.number
    it.level.textContent = words.levels[index] + (ready ? ` · ${words.isDone}` : '')
    it.task.textContent = said.task
    it.form.hidden = !exercise.typed || !asks
    it.input.setAttribute('aria-label', fill(words.answer, it))
    it.send.textContent = words.check
    it.hint.textContent = said.hint ?? ''
    it.hinting.hidden = !asks
    it.shipped.hidden = Boolean(exercise.said)
    it.shipped.textContent = words.shipped
    it.hinting.textContent = it.hint.hidden ? words.hint : words.hideHint
    it.hinting.setAttribute('aria-expanded', !it.hint.hidden)
    if (!asks) it.hint.hidden = true
    if (ready) {
      it.said.textContent = said.done ?? ''
    } else if (it.ready) it.said.textContent = ''
    it.ready = ready
    // What had the focus is gone once the answer is right, or the shipped text is back.
    const held = it.li.contains(el.getRootNode().activeElement) && el.getRootNode().activeElement
    if (held && held.closest('[hidden]')) (asks ? it.hinting : it.said).focus()
  }

  function paint() {
    const all = JSON.parse(model.exercises), { words } = model
    const now = all.filter(it => it.is_done)
    title.textContent = words.title
    progress.textContent = fill(words.progress, { done: now.length, count: all.length })
    again.textContent = words.again
    again.hidden = !now.length
    all.forEach(paintItem)
    const fresh = done && now.find(it => !done.includes(it.key))
    if (fresh) live.textContent = fresh.said?.done ?? ''
    done = now.map(it => it.key)
  }

  function refuse() {
    const it = items.get(model.refused.key)
    if (!it) return
    it.said.textContent = live.textContent = ''
    it.said.textContent = live.textContent = model.words.wrong
    it.input.select()
  }

  model.on(['exercises', 'words'], paint)
  model.on('refused', refuse)
  paint()
  el.append(fold, live)
}
