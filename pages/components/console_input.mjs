import { make } from './shared.mjs'

// A text box that behaves like Python's own prompt. Tab completes after a letter or a point; after
// Esc, and in an empty box, Tab moves on, so that nobody is caught in it.
const KEPT = 'minigpt.console', MOST = 200, PATIENCE = 1500

export function render({ model, el }) {
  const box = make('div', { className: 'box' }), greeting = make('div', { className: 'greeting' })
  const hello = make('p'), examples = make('div', { className: 'examples', role: 'group' })
  const label = make('label', { className: 'sign', htmlFor: 'code' })
  const code = make('textarea', { id: 'code', rows: 1, spellcheck: false, autocapitalize: 'off',
    autocomplete: 'off' })
  const list = make('ul', { id: 'names', role: 'listbox', hidden: true })
  const [run, stop, clear, restart] = ['run', 'stop', 'clear', 'restart'].map(id =>
    make('button', { type: 'button', id }))
  const acts = make('div', { className: 'acts' }), hint = make('p', { id: 'hint', className: 'soft' })
  const said = make('p', { id: 'said' })
  said.setAttribute('role', 'status')
  code.setAttribute('autocorrect', 'off')
  code.setAttribute('aria-describedby', 'hint')
  code.setAttribute('aria-autocomplete', 'list')
  code.setAttribute('aria-controls', 'names')
  greeting.append(hello, examples)
  acts.append(run, stop, clear, restart)
  box.append(label, code, list, acts)
  let history = kept(), at = history.length, draft = ''  // the place in the history
  let start = 0, chosen = -1, free = false               // of the completion; Tab moves on
  let waiting = 0

  function kept() {
    try {
      const found = JSON.parse(localStorage.getItem(KEPT) ?? '[]')
      return Array.isArray(found) ? found.filter(it => typeof it === 'string') : []
    } catch { return [] }
  }

  function keep(source) {
    if (history.at(-1) !== source) history.push(source)
    history = history.slice(-MOST)
    try { localStorage.setItem(KEPT, JSON.stringify(history)) } catch { /* for this visit only */ }
  }

  function fit() {
    code.style.height = 'auto'
    code.style.height = `${Math.min(code.scrollHeight + 2, 240)}px`
  }

  function put(text, cursor = text.length) {
    code.value = text
    code.setSelectionRange(cursor, cursor)
    fit()
  }

  const before = () => code.value.slice(0, code.selectionStart)
  const after = () => code.value.slice(code.selectionEnd)
  const lineStart = () => before().slice(before().lastIndexOf('\n') + 1)

  function newLine() {
    const line = lineStart(), indent = line.match(/^\s*/)[0]
    const deeper = /:\s*(#.*)?$/.test(line) ? '    ' : ''
    put(`${before()}\n${indent}${deeper}${after()}`, before().length + 1 + indent.length + deeper.length)
  }

  function send() {
    closeList()
    if (model.busy) return
    model.send_msg({ run: code.value })
  }

  // Completion

  function closeList() {
    list.hidden = true
    chosen = -1
    code.removeAttribute('aria-activedescendant')
  }

  function openList(names) {
    list.replaceChildren(...names.map((name, i) => {
      const item = make('li', { id: `name-${i}`, textContent: name, role: 'option' })
      item.onpointerdown = event => { event.preventDefault(); take(name) }
      return item
    }))
    list.hidden = false
    list.setAttribute('aria-label', model.words.names)
    said.textContent = model.words.several.replace('{count}', names.length)
    choose(0)
  }

  function choose(index) {
    chosen = (index + list.children.length) % list.children.length
    for (const [i, item] of [...list.children].entries()) {
      item.setAttribute('aria-selected', i === chosen)
    }
    code.setAttribute('aria-activedescendant', `name-${chosen}`)
    list.children[chosen].scrollIntoView({ block: 'nearest' })
  }

  function take(name) {
    const whole = code.value.slice(0, start) + name
    put(whole + after(), whole.length)
    closeList()
  }

  function complete({ completions, start: from, of }) {
    if (before() !== of) return  // typed on meanwhile
    start = from
    said.textContent = completions.length ? '' : model.words.nothing
    if (!completions.length) return
    let common = completions[0]
    for (const name of completions) while (!name.startsWith(common)) common = common.slice(0, -1)
    if (common.length > of.length - from) put(of.slice(0, from) + common + after(), from + common.length)
    if (completions.length > 1) openList(completions)
  }

  function tab(event) {
    if (free || event.shiftKey || !/[\w.\u00c0-\uffff]$/.test(before())) {
      if (!free && !event.shiftKey && /^\s*$/.test(lineStart()) && code.value.includes('\n')) {
        event.preventDefault()
        put(`${before()}    ${after()}`, before().length + 4)
      }
      free = false
      return
    }
    event.preventDefault()
    model.send_msg({ complete: before() })
  }

  // History

  function turn(step) {
    if (at === history.length) draft = code.value
    at = Math.min(history.length, Math.max(0, at + step))
    put(at === history.length ? draft : history[at])
  }

  const inList = {
    ArrowDown: () => choose(chosen + 1), ArrowUp: () => choose(chosen - 1),
    Tab: () => take(list.children[chosen].textContent),
    Enter: () => take(list.children[chosen].textContent), Escape: closeList,
  }

  code.onkeydown = event => {
    if (event.isComposing) return
    if (!list.hidden && inList[event.key] && !event.shiftKey) {
      event.preventDefault()
      event.stopPropagation()
      inList[event.key]()
      return
    }
    if (event.key === 'Tab') { tab(event); return }
    if (event.key === 'Escape') {
      if (free) return  // the second one closes the console
      event.stopPropagation()
      said.textContent = model.words.free
      free = true
      return
    }
    free = false
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault()
      send()
    } else if (event.key === 'Enter') {
      event.preventDefault()
      newLine()
    } else if (event.key === 'ArrowUp' && !before().includes('\n')) {
      event.preventDefault()
      turn(-1)
    } else if (event.key === 'ArrowDown' && !after().includes('\n')) {
      event.preventDefault()
      turn(1)
    } else if (event.ctrlKey && event.key === 'l') {
      event.preventDefault()
      clear.click()
    } else if (event.ctrlKey && event.key === 'c' && model.busy
        && code.selectionStart === code.selectionEnd) stop.click()
  }
  code.oninput = () => { closeList(); fit(); said.textContent = '' }
  code.onblur = closeList
  run.onclick = () => { send(); code.focus() }
  clear.onclick = () => { model.send_msg({ clear: true }); code.focus() }
  restart.onclick = () => dispatchEvent(new CustomEvent('minigpt:restart'))
  stop.onclick = () => {
    if (stop.getAttribute('aria-disabled') === 'true') return
    dispatchEvent(new CustomEvent('minigpt:interrupt'))
    model.send_msg({ stop: true })
    clearTimeout(waiting)
    waiting = setTimeout(() => {
      if (!model.busy) return
      said.textContent = globalThis.crossOriginIsolated ? model.words.stubborn
        : model.words.unstoppable
      restart.hidden = false
    }, PATIENCE)
  }

  function paint() {
    const { words, busy } = model
    hello.textContent = model.greeting
    examples.setAttribute('aria-label', words.examples_label)
    examples.replaceChildren(...words.examples.map(text => {
      const button = make('button', { type: 'button', textContent: text })
      button.onclick = () => { put(text); code.focus() }
      return button
    }))
    label.textContent = '>>>'
    code.setAttribute('aria-label', words.label)
    code.placeholder = words.placeholder
    run.textContent = words.run
    stop.textContent = words.stop
    clear.textContent = words.clear
    restart.textContent = words.restart
    hint.textContent = words.hint
    run.setAttribute('aria-disabled', busy)
    stop.setAttribute('aria-disabled', !busy)
    stop.title = busy ? '' : words.idle
    if (!busy) { restart.hidden = true; clearTimeout(waiting) }
  }

  model.on('msg:custom', event => {
    const data = event.data ?? event
    if ('completions' in data) complete(data)
    else if ('more' in data) { if (data.more === code.value) newLine() }
    else {
      if (data.taken.trim()) { keep(data.taken); greeting.hidden = true }
      at = history.length
      if (data.taken === code.value) put('')
      said.textContent = ''
    }
  })
  model.on(['words', 'busy', 'greeting'], paint)
  addEventListener('minigpt:console', () => code.focus())
  paint()
  el.append(greeting, box, said, hint)
  fit()
  if (document.getElementById('console')?.hidden === false) code.focus()  // it waited for its turn
}
