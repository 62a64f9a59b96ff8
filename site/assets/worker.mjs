/** The Python side's doorman: boots Pyodide, then passes messages to pages/runtime.py and back. */

import { FileError } from './files.mjs'
import { findGpu } from './gpu.mjs'
import { interrupts } from './interrupts.mjs'
import { keepLab } from './kept_lab.mjs'
import { TO_PAGE, TO_WORKER, checked } from './protocol.mjs'
import { helperThreads } from './helper_threads.mjs'
import { startPython } from './start.mjs'
import { readLab } from './storage.mjs'

const ROOT = new URL('..', import.meta.url).href

// A page opened from a file has no workers: Python runs on it, behind a port.
const port = self.minigptPort ?? self
const send = message => port.postMessage(checked(TO_PAGE, message))
const step = (name, loaded = 0, total = 0) => send({ type: 'progress', step: name, loaded, total })

let late = null  // the files that come once a page is live

const tellWhoComputes = json => send({ type: 'computes', ...JSON.parse(json) })

function fail(broken) {
  const error = late?.problem ?? broken  // a file that did not come breaks Python in its own ways
  const known = error instanceof FileError
  send({ type: 'error', kind: known ? error.kind : 'python', file: known ? error.file : '',
    status: known ? error.status : 0, details: String(error.stack ?? error).slice(-4000) })
}

// Panel's runtime asks for this converter: undefined becomes null on the way out of Python.
self.objectFromEntries = entries => Object.fromEntries(
  Array.from(entries, ([key, value]) => [key, value === undefined ? null : value]))

let settle = () => {}  // what can wait until a page is live, once
let choose = () => {}  // which tab's lab is kept
const tell = (about, what = '') => send({ type: 'notice', about, what })

async function boot() {
  const kept = readLab(), gpu = findGpu()
  const started = await startPython(ROOT, step), { python, runtime, manifest } = started
  late = started.late
  if (self.minigptPort) await late?.bring()  // nobody can wait for a file in mid-work on a page
  self.minigptGpu = await gpu
  self.minigptHelpers = helperThreads(python)
  const { buffer, listen } = interrupts(python)
  const { settings, file } = await kept
  if (!runtime.restore_lab(settings, file)) tell('unreadable')
  settle = () => {
    settle = () => {}
    choose = keepLab(runtime, tell)
    runtime.watch_backend(tellWhoComputes)
    runtime.prepare_console(listen, Object.keys(manifest.files))
  }
  send({ type: 'ready', interrupts: buffer })
  return runtime
}

const booted = boot()
booted.catch(fail)
let restAsked = false
const REST_AFTER = 1000  // ms: what a reader does as soon as a page is live goes first

/** Its document is on the screen: changes flow both ways from now on. */
function link(page, runtime) {
  runtime.link_page(page,
    (patch, buffers) => send({ type: 'patch', page, patch, buffers }),
    (query, own) => send({ type: 'query', page, query, own }),
    traceback => fail(traceback))
  send({ type: 'live', page })
  settle()
}

/** Once: a page is live, so there is time for what it did not need. */
async function bringRest() {
  try {
    await late?.bring()
  } catch (error) {
    console.warn(`minigpt: ${error.message}`)
  }
}

const handlers = {
  open({ page, viewer, lang, theme, query, drawn }, runtime) {
    step('open')
    const document = runtime.open_page(page, viewer, lang, theme, query, drawn)
    if (document) send({ type: 'render', page, document })
    else link(page, runtime)
  },
  restore({ page, query }, runtime) { runtime.restore_page(page, query) },
  follow({ page, changes }, runtime) {
    try {
      runtime.follow_page(page, changes)
    } finally {
      send({ type: 'followed', page })
    }
  },
  rendered({ page }, runtime) { link(page, runtime) },
  patch({ page, patch }, runtime) {
    try {
      runtime.apply_patch(page, patch)
    } finally {
      send({ type: 'idle', page })
    }
  },
  show({ page }, runtime) {
    runtime.show_page(page)
    send({ type: 'shown', page })
    if (restAsked) return
    restAsked = true
    setTimeout(bringRest, REST_AFTER)
  },
  lab({ which }) { choose(which).catch(fail) },
  language({ lang }, runtime) { runtime.set_for_all('lang', lang) },
  theme({ theme }, runtime) { runtime.set_for_all('theme', theme) },
  backend({ name }, runtime) {
    runtime.use_backend(name)
    tellWhoComputes(runtime.computes())
  },
}

port.onmessage = async ({ data }) => {
  let runtime
  try { runtime = await booted } catch { return }  // already told
  try {
    const message = checked(TO_WORKER, data)
    handlers[message.type](message, runtime)
  } catch (error) {
    fail(error)
  }
}
