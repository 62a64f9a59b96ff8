/**
 * When our components draw.
 *
 * A page has some thirty, of which a screen shows five: those come first, the others while the
 * browser has nothing better to do.
 *
 * A key stroke changes forty values in thirty components. Panel's model proxy would call a watcher
 * at each change, and make a dictionary of all values at each read. Here a read is plain, and while
 * a patch of Python's is applied watchers are only noted. Then each is called once: those of
 * components on the screen first, and with the browser's turn in between, so that no task is long.
 */

import { freeCarets } from './caret.mjs'

const SLICE = 8                // ms of drawing between two turns of the browser
const due = new Map()          // watcher → its view, in the order of the changes
const away = new WeakSet()     // elements that are not on the screen
let applying = false, drawing = false, inTurns = false, waiting = [], hurry = () => {}

/** From now on new pages are drawn bit by bit. The first one is not: nothing else is on the screen. */
export function drawInTurns() { inTurns = true }

const eyes = new IntersectionObserver(entries => {
  for (const { target, isIntersecting } of entries) {
    if (isIntersecting) away.delete(target)
    else away.add(target)
  }
})

/** Let Panel's `ReactiveESM` components draw so. Called once, before any is drawn. */
export function paceComponents(Model) {
  const View = Model.prototype.default_view
  const { initialize, lazy_initialize: prepare, remove, render_esm: drawModule,
    _after_resize: laidOut } = View.prototype
  View.prototype.initialize = function () {
    initialize.call(this)
    this.model_proxy = paced(this, this.model_proxy)
    this.waits = inTurns  // until it is drawn for the first time; so do messages
    const hear = message => { for (const call of this._event_handlers.slice(1)) call(message) }
    this._event_handlers = [message => { if (this.waits) due.set(() => hear(message), this) }]
    this.drawFirst = () => {
      this.waits = false
      drawModule.call(this)
      return this.model.render_module  // it draws once that is there
    }
    eyes.observe(this.el)
    freeCarets(this.shadow_el)
  }
  View.prototype.lazy_initialize = async function () {
    await prepare.call(this)
    await pause()
  }
  View.prototype.render_esm = function () {
    if (!this.waits) { drawModule.call(this); return }
    due.set(this.drawFirst, this)
    queueMicrotask(() => { if (!drawing) draw() })  // once it is in the page
  }
  View.prototype.remove = function () {
    forget(this)
    remove.call(this)
  }
  // Of another size, a component would have all charts of the page measured and laid out anew: only
  // one that holds a chart need do so, for CSS lays out all else.
  View.prototype._after_resize = function () {
    if (this.model.children.length) laidOut.call(this)
  }
}

/**
 * Let Bokeh's charts draw so, too: one off the screen is painted when nothing else is to do, for its
 * canvas takes 5 ms. Called once, before any is drawn.
 */
export function paceCharts(Model) {
  const View = Model.prototype.default_view, { initialize, paint, remove } = View.prototype
  View.prototype.initialize = function () {
    initialize.call(this)
    this.paintLater = () => paint.call(this)
    eyes.observe(this.el)
  }
  View.prototype.paint = function () {
    if (isOnScreen(this)) { paint.call(this); return }
    due.set(this.paintLater, this)
    if (!drawing) draw()
  }
  View.prototype.remove = function () {
    forget(this)
    remove.call(this)
  }
}

function forget(view) {
  eyes.unobserve(view.el)
  for (const [watcher, its] of due) if (its === view) due.delete(watcher)
}

function paced(view, proxy) {
  const { data } = view.model, watchers = new Map()
  function noted(watcher) {
    if (!watchers.has(watcher)) {
      watchers.set(watcher, () => { if (applying) due.set(watcher, view); else watcher() })
    }
    return watchers.get(watcher)
  }
  // Each message counts: it waits for its turn behind the changes that came before it.
  const heard = hear => event => {
    if (applying) due.set(() => hear(event), view)
    else hear(event)
  }
  const wrapped = (names, call) => names === 'msg:custom' ? heard(call)
    : String(names).startsWith('lifecycle:') ? call : noted(call)
  return new Proxy(view, {
    get: (_, name) => Object.hasOwn(data.properties, name) ? data[name]
      : name === 'on' ? (names, call) => proxy.on(names, wrapped(names, call)) : proxy[name],
    set: (_, name, value) => { proxy[name] = value; return true },
  })
}

/** Let `change` apply what Python changed; the components follow, see `drawn`. */
export function apply(change) {
  applying = true
  try { change() } finally { applying = false }
  const view = next()
  if (!drawing) draw()
  else if (view && isOnScreen(view)) hurry()
  else tell()
}

/** Resolves once every component on the screen shows what was applied. */
export const drawn = () => new Promise(done => {
  const view = next()
  if (view && isOnScreen(view)) waiting.push(done)
  else done()
})

const isOnScreen = view => !away.has(view.el)

/** The component to draw now. */
function next() {
  let first = null
  for (const view of due.values()) {
    if (isOnScreen(view)) return view
    first ??= view
  }
  return first
}

const channel = new MessageChannel(), turns = []
channel.port1.onmessage = () => turns.shift()()
const turn = () => new Promise(done => {
  turns.push(done)
  channel.port2.postMessage(0)
})
/** A turn of the browser in which it has nothing better to do, unless Python comes first. */
const idleTurn = () => new Promise(done => {
  hurry = done
  if (globalThis.requestIdleCallback) requestIdleCallback(done, { timeout: 100 })
  else setTimeout(done)
})

let rested = 0  // when the browser had the last of these turns
/**
 * Between two parts of making a page: the browser's turn, where it has had none for a while. The first
 * page is made without.
 */
export async function pause() {
  if (!inTurns || performance.now() - rested < SLICE) return
  await turn()
  rested = performance.now()
}

/** Such a turn once the browser has painted what is drawn; a hidden tab paints nothing. */
const turnAfterPaint = () => document.hidden ? idleTurn() : new Promise(done => {
  hurry = done
  requestAnimationFrame(() => idleTurn().then(done))
})

async function draw() {
  drawing = true
  let began = performance.now(), wasOnScreen = true
  for (let view = next(); view; view = next()) {
    if (wasOnScreen && !isOnScreen(view)) {
      tell()
      wasOnScreen = false
      await turnAfterPaint()
      began = performance.now()
      continue  // meanwhile more may have come
    }
    wasOnScreen = isOnScreen(view)
    for (const [watcher, its] of due) {
      if (its !== view) continue
      due.delete(watcher)
      try { await watcher() } catch (error) { reportError(error) }
    }
    await null  // what it draws in a microtask is part of it
    if (performance.now() - began > SLICE) {
      await (wasOnScreen ? turn() : idleTurn())
      began = performance.now()
    }
  }
  drawing = false
  tell()
}

/** All that is on the screen is drawn. */
function tell() {
  for (const done of waiting.splice(0)) done()
  document.dispatchEvent(new Event('minigpt:drawn'))
}
