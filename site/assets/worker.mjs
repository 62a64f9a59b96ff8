/** The Python side's doorman: boots Pyodide, then passes messages to pages/runtime.py and back. */

import { FileError } from './files.mjs'
import { findGpu } from './gpu.mjs'
import { interrupts } from './interrupts.mjs'
import { TO_PAGE, TO_WORKER, checked } from './protocol.mjs'
import { secondThread } from './second_thread.mjs'
import { startPython } from './start.mjs'
import { readLab, writeLab } from './storage.mjs'

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

async function boot() {
  const kept = readLab(), gpu = findGpu()
  const started = await startPython(ROOT, step), { python, runtime, manifest } = started
  late = started.late
  if (self.minigptPort) await late?.bring()  // nobody can wait for a file in mid-work on a page
  self.minigptGpu = await gpu
  self.minigptSecondThread = secondThread(python)
  const { buffer, listen } = interrupts(python)
  const { settings, file } = await kept
  if (!runtime.restore_lab(settings, file)) send({ type: 'notice', about: 'unreadable' })
  settle = () => {
    settle = () => {}
    keepLab(runtime)
    runtime.watch_backend(tellWhoComputes)
    runtime.prepare_console(listen, Object.keys(manifest.files))
  }
  send({ type: 'ready', interrupts: buffer })
  return runtime
}

/** The page is told when all that changed is kept. */
function keepLab(runtime) {
  const tell = about => send({ type: 'notice', about })
  let changes = 0
  runtime.save_lab(() => { changes += 1; tell('saving') }, (settings, file) => {
    const these = changes
    writeLab(settings, file).then(() => { if (these === changes) tell('saved') },
      () => tell('unsaved'))
  })
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
    const parts = runtime.open_page(page, viewer, lang, theme, query, drawn)
    if (!parts) {
      link(page, runtime)
      return
    }
    const [document, items, roots] = parts.toJs()
    send({ type: 'render', page, document, items, roots })
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
    if (restAsked) return
    restAsked = true
    setTimeout(bringRest, REST_AFTER)
  },
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
