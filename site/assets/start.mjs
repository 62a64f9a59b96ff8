/** Starts Python in this worker: from the snapshot where that can be used, else from its parts. */

import { FileError, download, fetchFrom, readManifest } from './files.mjs'
import {
  SnapshotError, fileWriter, openSnapshot, readContainer, readFiles, restoring,
} from './snapshot.mjs'
import { unzstd } from './zstd.mjs'

const SITE_PACKAGES = '/lib/python3.14/site-packages'
const SNAPSHOT = 'snapshot.bin', REST = 'rest.bin', BUNDLE = 'python.zip'
const DECODER = 'assets/zstd.wasm'
const CORE = 'pyodide/pyodide.asm.wasm', LOCK = 'pyodide/pyodide-lock.json'
const LIBRARY = 'pyodide/python_stdlib.zip'
const SLICE = 8  // ms of work between two looks at what the reader does
const network = self.fetch

/**
 * @param {string} root the site's address, with a slash at its end
 * @param {(step: string, loaded?: number, total?: number) => void} step is told how far it is
 * @returns {Promise<{python: object, runtime: object, manifest: object,
 *   mountRest: () => Promise<void>}>} Pyodide, pages/runtime.py, build.json, and what to call once
 *   a page is live: it brings what Python may read later
 */
export async function startPython(root, step) {
  step('download')
  const manifest = readManifest(root)
  const begin = (names, onPart) => download(root, names, manifest, (loaded, total) => (
    step(loaded < total ? 'download' : 'start', loaded, total)), onPart)
  const { parts, pass, end } = queue()
  const files = begin([DECODER, SNAPSHOT, LOCK], { [SNAPSHOT]: pass })
  files.get(SNAPSHOT).then(end, () => {})
  const lock = files.get(LOCK)
  const site = { root, download: begin, ...await importPyodide(root), manifest: await manifest }
  try {
    const decoder = await untilOneFails([...files.values()], files.get(DECODER))
    return await fromSnapshot(site, unzstd(decoder, parts()), files.get(SNAPSHOT), lock, decoder)
  } catch (error) {
    if (error instanceof FileError && error.file !== SNAPSHOT) throw error
    console.warn(`minigpt: starting Python without its snapshot (${error.message})`)
    self.fetch = network  // what was to come out of the snapshot comes from the server
    return fromParts(site, lock, step)
  }
}

/** `parts` gives what `pass` is called with, as it comes, until `end`. */
function queue() {
  const waiting = []
  let ended = false, wake = () => {}
  return { pass: part => { waiting.push(part); wake() },
    end: () => { ended = true; wake() },
    async *parts() {
      for (;;) {
        if (waiting.length) yield waiting.shift()
        else if (ended) return
        else await new Promise(resolve => { wake = resolve })
      }
    } }
}

async function importPyodide(root) {
  const load = async name => {
    try {
      return await (self.minigptImport?.(name) ?? import(root + name))
    } catch (error) {
      throw new FileError('script', name, 0, error)
    }
  }
  const [{ loadPyodide }, { default: create }] = await Promise.all(
    ['pyodide/pyodide.mjs', 'pyodide/pyodide.asm.mjs'].map(load))
  return { loadPyodide, create }
}

/** `whole`: the promise of the snapshot's file, of which `pieces` gives what is unpacked so far. */
async function fromSnapshot({ root, manifest, loadPyodide, create }, pieces, whole, lock, decoder) {
  let opening
  const core = new Promise((resolve, reject) => {
    opening = openSnapshot(pieces, resolve)
    opening.catch(reject)  // told by loadPyodide, below
  })
  self.fetch = fetchFrom(new Map([[CORE, core], [LOCK, lock], [LIBRARY, new Uint8Array(0)]]),
    root, network)
  const open = async () => {
    const snapshot = await opening
    if (snapshot.header.bundle === manifest.files[BUNDLE]?.sha256) return snapshot
    throw new SnapshotError('it is of another build')
  }
  const python = await untilOneFails([whole, core, lock], loadPyodide({
    indexURL: `${root}pyodide/`, _loadSnapshot: new Uint8Array(8),
    createPyodideModule: restoring(create, open, whole) }))
  const runtime = python.pyimport('pages.runtime')
  runtime.wake()
  return { python, runtime, manifest, mountRest: () => mountRest(root, manifest, python, decoder) }
}

/** What `work` promises, unless one of the files that it waits for fails. */
function untilOneFails(files, work) {
  return Promise.race([work, Promise.all(files).then(() => work)])
}

/** What was not needed until a page was live: sources to be read, modules not yet imported. */
async function mountRest(root, manifest, python, decoder) {
  const data = await download(root, [REST], Promise.resolve(manifest), () => {}).get(REST)
  await readFiles(await readContainer(unhurried(unzstd(decoder, [data]))), fileWriter(python.FS))
  python.pyimport('importlib').invalidate_caches()
}

/** The same pieces, with time for the reader in between. */
async function* unhurried(pieces) {
  let began = performance.now()
  for await (const piece of pieces) {
    yield piece
    if (performance.now() - began < SLICE) continue
    await new Promise(resolve => setTimeout(resolve))
    began = performance.now()
  }
}

/** The ordinary way: Pyodide starts while the archive is still coming, then all is imported. */
async function fromParts({ root, manifest, loadPyodide, create, download }, lock, step) {
  const files = new Map([[LOCK, lock], ...download([CORE, LIBRARY, BUNDLE])])
  const [archive, waiting] = [files.get(BUNDLE), [...files.values()]]
  self.fetch = fetchFrom(files, root, network)
  const python = await untilOneFails(waiting, loadPyodide({
    indexURL: `${root}pyodide/`, createPyodideModule: create }))
  step('unpack')
  python.unpackArchive(await archive, 'zip', { extractDir: SITE_PACKAGES })
  step('import')
  const runtime = python.pyimport('pages.runtime')
  return { python, runtime, manifest, mountRest: async () => {} }
}
