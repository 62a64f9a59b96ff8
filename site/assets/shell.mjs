/** The page's side: starts the Python worker, shows its pages, keeps it while the reader moves. */

import { BootIndicator } from './boot.mjs'
import { Computes, chosenBackend } from './computes.mjs'
import { CONSOLE, ConsoleDrawer, VIEWER } from './console.mjs'
import { PageDocument, loadBokeh } from './documents.mjs'
import { interrupt } from './interrupts.mjs'
import { Navigation } from './navigation.mjs'
import { Notice } from './notice.mjs'
import { Offline } from './offline.mjs'
import { language, startPreferences, theme } from './preferences.mjs'
import { TO_PAGE, TO_WORKER, checked } from './protocol.mjs'

const root = document.documentElement
const { pages, words } = JSON.parse(document.getElementById('site-words').textContent)
const documents = new Map()  // page, or the console → PageDocument
const opening = new Set()    // pages asked for and not on the screen yet
let worker = null
let ready = false            // Python is there
let interrupts = null        // the memory in which it can be interrupted
let waiting = 0              // timer of the next page to open in the background
const STILL = 2000           // ms without a click or a key

const send = message => worker.postMessage(checked(TO_WORKER, message))
const viewOf = page => page === CONSOLE ? drawer.view
  : document.querySelector(`section.page[data-page="${page}"] .view`)

function start() {
  root.dataset.state = 'loading'
  worker?.terminate()
  for (const it of documents.values()) it.remove()
  documents.clear()
  opening.clear()
  ready = false
  boot.restart()
  if (!globalThis.WebAssembly || !globalThis.Worker) {
    fail('unsupported')
    return
  }
  const mine = worker = new Worker(new URL('worker.mjs', import.meta.url), { type: 'module' })
  mine.onmessage = ({ data }) => { if (mine === worker) receive(data) }
  mine.onerror = event => {
    if (mine === worker) fail('worker', { details: event.message ?? 'worker.mjs' })
  }
  loadBokeh().catch(error => { if (mine === worker) fail('script', { file: error.message }) })
}

function fail(kind, { file = '', status = 0, details = '' } = {}) {
  const live = root.dataset.state === 'live'
  root.dataset.state = 'error'
  worker?.terminate()
  worker = null
  boot.fail({ kind, file, status, details }, live)
}

async function receive(data) {
  const mine = worker
  try {
    const message = checked(TO_PAGE, data)
    await handlers[message.type](message)
  } catch (error) {
    if (mine === worker && worker) fail('python', { details: String(error.stack ?? error) })
  }
}

const handlers = {
  progress({ step, loaded, total }) { boot.progress(step, loaded, total) },
  ready({ interrupts: memory }) {
    ready = true
    interrupts = memory
    send({ type: 'backend', name: chosenBackend() })
    open(navigation.page)
    openConsole()
  },
  async render({ page, document: json, items, roots }) {
    await loadBokeh()
    const opened = new PageDocument(patch => send({ type: 'patch', page, patch }))
    await opened.render(viewOf(page), json, items, roots)
    documents.set(page, opened)
    opening.delete(page)
    send({ type: 'rendered', page })
  },
  live({ page }) {
    if (page === CONSOLE) drawer.shown()
    else if (page === navigation.page) live(page)
  },
  patch({ page, patch, buffers }) { documents.get(page).apply(patch, buffers) },
  idle({ page }) { documents.get(page).idle() },
  query({ page, query }) { if (page !== CONSOLE) navigation.remember(page, query) },
  notice({ about }) { notice.show(about) },
  computes(message) { computes.show(message) },
  error(message) { fail(message.kind, message) },
}

function live(page) {
  send({ type: 'show', page })
  boot.done()
  root.dataset.state = 'live'
  openNextInBackground()
  if (!performance.getEntriesByName('minigpt:live').length) performance.mark('minigpt:live')
}

function open(page) {
  if (opening.has(page)) return
  opening.add(page)
  send({ type: 'open', page, viewer: page === CONSOLE ? VIEWER : pages[page].viewer,
    lang: language(), theme: theme(), query: navigation.query(page) })
}

/** The console is drawn when it is opened for the first time, once Python is there. */
function openConsole() {
  if (!drawer.isOpen || !ready) return
  if (documents.has(CONSOLE)) drawer.shown()
  else open(CONSOLE)
}

/** While the reader is still, draw the pages not yet seen, so that going there takes no time. */
function openNextInBackground() {
  clearTimeout(waiting)
  waiting = setTimeout(() => {
    offline.start()
    const next = Object.keys(pages).find(page => !documents.has(page) && !opening.has(page))
    if (!next || root.dataset.state !== 'live') return
    open(next)
    openNextInBackground()
  }, STILL)
}
for (const kind of ['pointerdown', 'keydown', 'input']) {
  addEventListener(kind, () => { if (waiting) openNextInBackground() }, { capture: true })
}

/** Put a page on the screen; Python builds it the first time only. */
function show(page) {
  for (const it of document.querySelectorAll('section.page')) it.hidden = it.dataset.page !== page
  for (const it of document.querySelectorAll('#nav a')) {
    if (it.dataset.page !== page) { it.removeAttribute('aria-current'); continue }
    it.setAttribute('aria-current', 'page')
    const nav = it.closest('nav')  // on a phone it scrolls: the present page stays in sight
    nav.scrollLeft = it.offsetLeft - nav.offsetLeft - (nav.clientWidth - it.offsetWidth) / 2
  }
  root.dataset.page = page
  document.title = pages[page].title[language()]
  if (root.dataset.state === 'error') return
  if (documents.has(page)) {
    live(page)
    return
  }
  root.dataset.state = 'loading'
  if (ready) open(page)
}

const notice = new Notice(() => words[language()])
const computes = new Computes(() => words[language()], name => {
  if (ready) send({ type: 'backend', name })
})
const drawer = new ConsoleDrawer(() => words[language()], openConsole)
addEventListener('minigpt:interrupt', () => interrupt(interrupts))
addEventListener('minigpt:restart', () => start())
const offline = new Offline(() => words[language()])
const boot = new BootIndicator(() => words[language()], start)
const navigation = new Navigation(pages, (page, query) => {
  if (query && documents.has(page)) send({ type: 'restore', page, query })
  show(page)
  document.getElementById('main').focus({ preventScroll: true })
})
startPreferences(lang => words[lang], lang => {
  document.title = pages[navigation.page].title[lang]
  boot.paint()
  notice.paint()
  computes.paint()
  drawer.paint()
  offline.paint()
  if (ready) send({ type: 'language', lang })
}, theme => { if (ready) send({ type: 'theme', theme }) })
show(navigation.page)
start()
