/** The Python side's doorman: boots Pyodide, then passes messages to pages/runtime.py and back. */

import { FileError, download, fetchFrom, readManifest } from './files.mjs'
import { findGpu } from './gpu.mjs'
import { interrupts } from './interrupts.mjs'
import { TO_PAGE, TO_WORKER, checked } from './protocol.mjs'
import { secondThread } from './second_thread.mjs'
import { readLab, writeLab } from './storage.mjs'

const ROOT = new URL('..', import.meta.url).href
const SITE_PACKAGES = '/lib/python3.14/site-packages'
const FILES = ['pyodide/pyodide.asm.wasm', 'pyodide/python_stdlib.zip', 'pyodide/pyodide-lock.json',
  'python.zip']

const send = message => postMessage(checked(TO_PAGE, message))
const step = (name, loaded = 0, total = 0) => send({ type: 'progress', step: name, loaded, total })

function fail(error) {
  const known = error instanceof FileError
  send({ type: 'error', kind: known ? error.kind : 'python', file: known ? error.file : '',
    status: known ? error.status : 0, details: String(error.stack ?? error).slice(-4000) })
}

// Panel's runtime asks for this converter: undefined becomes null on the way out of Python.
self.objectFromEntries = entries => Object.fromEntries(
  Array.from(entries, ([key, value]) => [key, value === undefined ? null : value]))

async function boot() {
  step('download')
  const kept = readLab(), gpu = findGpu()
  const [manifest, { loadPyodide }] = await Promise.all([readManifest(ROOT), importPyodide()])
  const files = download(ROOT, FILES, manifest,
    (loaded, total) => step(loaded < total ? 'download' : 'start', loaded, total))
  const archive = files.get('python.zip')
  self.fetch = fetchFrom(files, ROOT)
  // Pyodide starts while the archive is still coming; the first download that fails ends both.
  const [python] = await Promise.all([loadPyodide({ indexURL: `${ROOT}pyodide/` }),
    ...files.values()])
  step('unpack')
  python.unpackArchive(await archive, 'zip', { extractDir: SITE_PACKAGES })
  files.clear()
  self.minigptGpu = await gpu
  self.minigptSecondThread = secondThread(python)
  const { buffer, listen } = interrupts(python)
  step('import')
  const runtime = python.pyimport('pages.runtime')
  const { settings, file } = await kept
  if (!runtime.restore_lab(settings, file)) send({ type: 'notice', about: 'unreadable' })
  runtime.save_lab((settings, file) => writeLab(settings, file).then(
    () => send({ type: 'notice', about: 'saved' }), () => send({ type: 'notice', about: 'unsaved' })))
  runtime.prepare_console(listen, Object.keys(manifest.files))
  send({ type: 'ready', interrupts: buffer })
  return runtime
}

async function importPyodide() {
  const name = 'pyodide/pyodide.mjs'
  try {
    return await import(ROOT + name)
  } catch (error) {
    throw new FileError('script', name, 0, error)
  }
}

const booted = boot()
booted.catch(fail)

const handlers = {
  open({ page, viewer, lang, theme, query }, runtime) {
    step('open')
    const [document, items, roots] = runtime.open_page(page, viewer, lang, theme, query).toJs()
    send({ type: 'render', page, document, items, roots })
  },
  restore({ page, query }, runtime) { runtime.restore_page(page, query) },
  rendered({ page }, runtime) {
    runtime.link_page(page,
      (patch, buffers) => send({ type: 'patch', page, patch, buffers }),
      query => send({ type: 'query', page, query }),
      traceback => fail(traceback))
    send({ type: 'live', page })
  },
  patch({ page, patch }, runtime) {
    try {
      runtime.apply_patch(page, patch)
    } finally {
      send({ type: 'idle', page })
    }
  },
  show({ page }, runtime) { runtime.show_page(page) },
  language({ lang }, runtime) { runtime.set_for_all('lang', lang) },
  theme({ theme }, runtime) { runtime.set_for_all('theme', theme) },
  backend({ name }, runtime) {
    send({ type: 'computes', ...JSON.parse(runtime.use_backend(name)) })
  },
}

self.onmessage = async ({ data }) => {
  let runtime
  try { runtime = await booted } catch { return }  // already told
  try {
    const message = checked(TO_WORKER, data)
    handlers[message.type](message, runtime)
  } catch (error) {
    fail(error)
  }
}
