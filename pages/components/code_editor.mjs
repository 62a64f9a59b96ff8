import { make } from './shared.mjs'

// A plain text area whose letters are clear, over the same text in weights and slants. Tab belongs
// to the text, until Esc gives it back to the page for the next press.
export function render({ model, el }) {
  const label = make('label', { htmlFor: 'code' })
  const text = make('textarea', { id: 'code', spellcheck: false, autocapitalize: 'off',
    autocomplete: 'off', wrap: 'off' })
  const shown = make('pre'), numbers = make('div', { className: 'numbers' })
  const frame = make('div', { className: 'frame' }, numbers,
    make('div', { className: 'code' }, shown, text))
  const keys = make('p', { className: 'keys soft', id: 'keys' })
  const fault = make('p', { className: 'fault', id: 'fault' })
  for (const it of [shown, numbers]) it.setAttribute('aria-hidden', 'true')
  fault.setAttribute('role', 'alert')
  text.setAttribute('aria-describedby', 'keys fault')
  let leaving = false  // Esc was pressed: the next Tab goes on

  const KEYWORDS = new Set(['and', 'as', 'assert', 'break', 'class', 'continue', 'def', 'del', 'elif',
    'else', 'except', 'finally', 'for', 'from', 'global', 'if', 'import', 'in', 'is', 'lambda', 'not',
    'or', 'pass', 'raise', 'return', 'try', 'while', 'with', 'yield', 'None', 'True', 'False'])
  const PIECE = /("""[\s\S]*?(?:"""|$)|'''[\s\S]*?(?:'''|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)|(#.*)|([A-Za-z_]\w*)|([\s\S])/g

  function pieces(code) {
    const made = []
    let plain = ''
    const flush = () => { if (plain) made.push(plain); plain = '' }
    for (const [whole, string, comment, word] of code.matchAll(PIECE)) {
      const kind = string ? 'string' : comment ? 'comment' : KEYWORDS.has(word) ? 'keyword' : ''
      if (!kind) { plain += whole; continue }
      flush()
      made.push(make('span', { className: kind, textContent: whole }))
    }
    flush()
    return made
  }

  function paintCode() {
    shown.replaceChildren(...pieces(text.value), '\n')
    paintNumbers()
  }
  function paintNumbers() {
    const count = text.value.split('\n').length
    numbers.replaceChildren(...Array.from({ length: count }, (_, i) =>
      make('span', { className: i + 1 === model.line ? 'bad' : '',
        textContent: `${i + 1 === model.line ? '▸' : ''}${i + 1}` })))
  }
  function paintValue() {
    if (text.value === model.value) return
    text.value = model.value
    paintCode()
  }
  function paintFault() {
    fault.textContent = model.fault
    fault.hidden = !model.fault
    frame.classList.toggle('bad', Boolean(model.fault))
    text.setAttribute('aria-invalid', Boolean(model.fault))
    paintNumbers()
  }
  function paintWords() {
    label.textContent = model.words.code ?? ''
    keys.textContent = model.words.keys ?? ''
  }

  const changed = () => { paintCode(); model.value = text.value }
  function insert(written) {
    // So that the browser's own undo knows of it.
    if (!document.execCommand('insertText', false, written)) {
      text.setRangeText(written, text.selectionStart, text.selectionEnd, 'end')
      changed()
    }
  }
  text.oninput = changed
  text.onkeydown = event => {
    if (event.isComposing) return  // its keys choose among characters
    const { selectionStart: at, value } = text
    const start = value.lastIndexOf('\n', at - 1) + 1, before = value.slice(start, at)
    if (event.key === 'Escape') { leaving = true; return }
    if (event.key === 'Tab' && !leaving) {
      event.preventDefault()
      if (!event.shiftKey) insert(' '.repeat(4 - before.length % 4))
      else {
        const spaces = Math.min(4, value.slice(start).match(/^ */)[0].length)
        text.setRangeText('', start, start + spaces, 'preserve')
        changed()
      }
    } else if (event.key === 'Enter') {
      event.preventDefault()
      insert(`\n${before.match(/^ */)[0]}${before.trimEnd().endsWith(':') ? '    ' : ''}`)
    }
    if (!['Shift', 'Tab'].includes(event.key)) leaving = false
  }
  text.onblur = () => { leaving = false }

  model.on('value', paintValue)
  model.on(['fault', 'line'], paintFault)
  model.on('words', paintWords)
  text.value = model.value
  paintCode(); paintFault(); paintWords()
  el.append(label, frame, keys, fault)
}
