/** The page's side: starts the Python worker, shows its pages, keeps it while the reader moves. */

import { BootIndicator } from './boot.mjs'
import { Computes, chosenBackend } from './computes.mjs'
import { CONSOLE, ConsoleDrawer, VIEWER } from './console.mjs'
import { PageDocument, loadBokeh, loadFor, loadPlots } from './documents.mjs'
import { interrupt } from './interrupts.mjs'
import { Navigation } from './navigation.mjs'
import { Notice } from './notice.mjs'
import { Offline } from './offline.mjs'
import { drawInTurns, drawn } from './painting.mjs'
import { chosen, language, remember, startPreferences, theme } from './preferences.mjs'
import { TO_PAGE, TO_WORKER, checked } from './protocol.mjs'
import { findServer } from './server.mjs'
import { keepsOwn } from './storage.mjs'

const root = document.documentElement
const { pages, words, drawn: hasViews } = JSON.parse(document.getElementById('site-words').textContent)
const documents = new Map()  // page, or the console → PageDocument
const drawings = new Map()   // page → promise: true once it is drawn as it came with the site
const opening = new Set()    // pages asked for and not live yet
let worker = null
let server = null            // the integration server, once it is found
let ready = false            // Python is there
let interrupts = null        // the memory in which it can be interrupted
let told = 0                 // notices so far
let waiting = 0              // timer of the next page to open in the background
const STILL = 2000           // ms without a click, a key or a change made by Python
const OWN = 'own'            // a preference: 'lab' where the lab kept here is the reader's own
const FIRST = 'minigpt:first-view'  // a mark: the page's picture is on the screen

const send = message => worker.postMessage(checked(TO_WORKER, message))
const viewOf = page => page === CONSOLE ? drawer.view
  : document.querySelector(`section.page[data-page="${page}"] .view`)

/** Python runs on the server. */
const remote = () => server?.place === 'server'

function start() {
  root.dataset.state = 'loading'
  delete root.dataset.drawn
  worker?.terminate()
  for (const it of documents.values()) it.remove()
  for (const pages of [documents, drawings, opening]) pages.clear()
  ready = false
  server?.restarted()
  boot.restart()
  if (!globalThis.WebAssembly || !globalThis.Worker) {
    fail('unsupported')
    return
  }
  const begun = remote() ? { worker: server.worker(), heard: [] } : begin()
  const mine = worker = begun.worker
  mine.onmessage = ({ data }) => { if (mine === worker) receive(data) }
  mine.onerror = event => {
    if (mine !== worker) return
    fail(event.file ? 'script' : 'worker',
      { file: event.file, details: event.message ?? 'worker.mjs' })
  }
  loadBokeh().catch(error => { if (mine === worker) fail('script', { file: error.message }) })
  show(navigation.page)
  for (const event of begun.heard) mine[`on${event.type}`](event)
}

/** The worker that first.js has begun, with what was heard of it; later a new one. */
function begin() {
  const begun = globalThis.minigptBegun ?? { worker: newWorker(), heard: [] }
  globalThis.minigptBegun = null
  return begun
}

/** Its name says whether this browser keeps the site. */
const newWorker = () => new Worker(new URL('worker.mjs', import.meta.url),
  { type: 'module', name: navigator.serviceWorker?.controller ? 'kept' : '' })

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
    if (mine !== worker || !worker) return
    const { file } = error  // that did not come
    fail(file ? 'script' : 'python', { file, details: file ? '' : String(error.stack ?? error) })
  }
}

const handlers = {
  progress({ step, loaded, total }) { boot.progress(step, loaded, total) },
  async ready({ interrupts: memory }) {
    const mine = worker
    ready = true
    interrupts = memory
    await open(navigation.page)
    if (mine !== worker) return
    send({ type: 'backend', name: chosenBackend() })
    openConsole()
  },
  async render({ page, document }) {
    await render(page, document)
    send({ type: 'rendered', page })
  },
  async live({ page }) {
    await drawn()
    documents.get(page)?.idle()
    opening.delete(page)
    uncover(viewOf(page))
    if (page === CONSOLE) drawer.shown()
    else if (page === navigation.page) {
      send({ type: 'show', page })
      live(page)
    }
  },
  async shown({ page }) {
    await drawn()
    if (page !== navigation.page || root.dataset.state !== 'loading') return
    uncover(viewOf(page))
    live(page)
  },
  async patch({ page, patch, buffers }) {
    const loading = loadFor(patch)
    if (loading) await loading
    documents.get(page).apply(patch, buffers)
    if (waiting) openNextInBackground()  // Python is at work, and so is the screen
  },
  async idle({ page }) {
    await drawn()
    documents.get(page)?.idle()
  },
  query({ page, query, own }) {
    if (page === CONSOLE) return
    server?.told(page, query, own)
    navigation.remember(page, query)
  },
  followed({ page }) { server?.followed(page) },
  notice({ about, what }) {
    const mine = ++told
    if (about !== 'saved') { notice.show(about, what); return }
    keepsOwn().then(own => {
      remember(OWN, own ? 'lab' : '')
      if (mine === told) notice.show(about)
    })
  },
  computes(message) { computes.show(message) },
  error(message) { fail(message.kind, message) },
}

function live(page) {
  boot.done()
  root.dataset.state = 'live'
  openNextInBackground()
  server?.shown(page)
  if (!performance.getEntriesByName('minigpt:live').length) performance.mark('minigpt:live')
}

/** Draw a document, as JSON, in the page's section, in the place of what is there. */
async function render(page, json) {
  const mine = worker
  await loadFor(json)
  if (mine !== worker) return
  documents.get(page)?.remove()
  const drawn = new PageDocument(patch => send({ type: 'patch', page, patch }))
  documents.set(page, drawn)
  await drawn.render(viewOf(page), JSON.parse(json))
}

/** Show a page as it was built, before Python is there or has heard of it. */
function draw(page) {
  // The server's Python knows no document that was made elsewhere.
  if (remote()) return false
  viewOf(page).setAttribute('aria-busy', 'true')
  if (!hasViews) return false  // built without a snapshot
  cover(page)
  if (!drawings.has(page)) drawings.set(page, drawBuilt(page))
  return drawings.get(page)
}

/** A page as it was built is nobody's: say so where a link or the reader's own lab makes another. */
function cover(page) {
  const why = Object.keys(navigation.query(page)).length ? 'link' : chosen(OWN)
  if (!why) return
  const view = viewOf(page)
  view.parentElement.dataset.opening = why
  view.inert = true
}

function uncover(view) {
  view.removeAttribute('aria-busy')
  delete view.parentElement.dataset.opening
  view.inert = false
}

/** The file at this address; first.js has asked for the first page's. */
function askFor(address) {
  const asked = globalThis.minigptAsked
  globalThis.minigptAsked = null
  return asked?.address === address ? asked.answer : fetch(address)
}

async function drawBuilt(page) {
  try {
    const answer = await askFor(`views/${page}.${language()}.json`)
    if (!answer.ok) return false
    await render(page, await answer.text())
  } catch (error) {
    console.warn(`minigpt: ${page} is not drawn before Python is there (${error.message})`)
    return false
  }
  root.dataset.drawn = page
  requestAnimationFrame(() => {
    if (!performance.getEntriesByName(FIRST).length) performance.mark(FIRST)
    drawInTurns()
    setTimeout(() => loadPlots().catch(() => {}))  // told by whoever needs it
  })
  return true
}

async function open(page) {
  if (opening.has(page)) return
  opening.add(page)
  const mine = worker, drawn = page !== CONSOLE && await draw(page)
  if (mine !== worker) return
  send({ type: 'open', page, viewer: page === CONSOLE ? VIEWER : pages[page].viewer,
    lang: language(), theme: theme(), query: navigation.query(page), drawn })
}

/** The console is drawn when it is opened for the first time, once Python is there. */
function openConsole() {
  if (!drawer.isOpen || !ready) return
  server?.closePanel()
  if (remote()) {  // it runs what one types: in one's own browser only
    drawer.turn(false)
    server.refuseConsole()
    return
  }
  if (documents.has(CONSOLE)) drawer.shown()
  else open(CONSOLE)
}

/**
 * While all is still, draw the pages not yet seen, so that going there takes no time. A page takes
 * some tenths of a second, in which a training's curves would stop.
 */
function openNextInBackground() {
  clearTimeout(waiting)
  waiting = setTimeout(() => {
    offline.start()
    if (remote()) return  // one server draws for many
    const next = Object.keys(pages).find(page => !linked(page) && !opening.has(page))
    if (!next || root.dataset.state !== 'live') return
    open(next)
    openNextInBackground()
  }, STILL)
}
for (const kind of ['pointerdown', 'keydown', 'input']) {
  addEventListener(kind, () => { if (waiting) openNextInBackground() }, { capture: true })
}

/** Whether Python hears what happens on this page. */
const linked = page => documents.has(page) && !viewOf(page).hasAttribute('aria-busy')

/** Put a page on the screen; Python builds it the first time only. */
function show(page) {
  for (const it of document.querySelectorAll('section.page')) it.hidden = it.dataset.page !== page
  for (const it of document.querySelectorAll('#nav a')) {
    if (it.dataset.page !== page) { it.removeAttribute('aria-current'); continue }
    it.setAttribute('aria-current', 'page')
    const nav = it.closest('nav')  // on a phone it scrolls: the present page stays in sight
    requestAnimationFrame(() => {
      nav.scrollLeft = it.offsetLeft - nav.offsetLeft - (nav.clientWidth - it.offsetWidth) / 2
    })
  }
  root.dataset.page = page
  document.title = pages[page].title[language()]
  if (root.dataset.state === 'error') return
  root.dataset.state = 'loading'
  if (linked(page)) {  // what it shows may be of a lab that has changed since
    viewOf(page).parentElement.dataset.opening = 'seen'
    send({ type: 'show', page })
  } else if (ready) open(page)
  else draw(page)
}

const notice = new Notice(() => words[language()], which => send({ type: 'lab', which }))
const computes = new Computes(() => words[language()], name => {
  if (ready) send({ type: 'backend', name })
})
const drawer = new ConsoleDrawer(() => words[language()], openConsole)
addEventListener('minigpt:interrupt', () => interrupt(interrupts))
addEventListener('minigpt:restart', () => start())
const offline = new Offline(() => words[language()])
const boot = new BootIndicator(() => remote() ? server.bootWords(words[language()])
  : words[language()], start)
const navigation = new Navigation(pages, (page, query) => {
  if (query && linked(page)) send({ type: 'restore', page, query })
  if (query) server?.linked(page)
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
  server?.paint()
  if (ready) send({ type: 'language', lang })
}, theme => { if (ready) send({ type: 'theme', theme }) })

/** What the server's side needs of this page. */
const forServer = {
  page: () => navigation.page,
  query: page => navigation.query(page),
  isOpen: page => documents.has(page) || opening.has(page),
  isStill: page => linked(page) && !documents.get(page).busy && root.dataset.state === 'live',
  adopt: (page, query) => navigation.remember(page, query),
  follow: (page, changes) => send({ type: 'follow', page, changes }),
  restart: start, notice, computes, loadPlots,
  words: () => words[language()],
  closeConsole: () => { if (drawer.isOpen) drawer.turn(false) },
}

/** Only the integration server's pages are more than what is in this browser. */
async function findTheServer() {
  const facts = await findServer()
  if (!facts) return
  const { join } = await import(new URL('../server/join.mjs', import.meta.url))
  server = join(facts, forServer)
}

if (chosen('place') === 'server') findTheServer().finally(start)
else {
  start()
  findTheServer()
}

