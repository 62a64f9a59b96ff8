/** Starts Python in this worker: from the snapshot where that can be used, else from its parts. */

import { FileError, download, fetchFrom, readManifest } from './files.mjs'
import { LateFiles } from './late_files.mjs'
import { SnapshotError, StreamedBytes, openSnapshot, restoring } from './snapshot.mjs'
import { openUnpacked } from './unpacked.mjs'
import { forgetUnpacked } from './unpacked_folder.mjs'
import { unzstd } from './zstd.mjs'

const SITE_PACKAGES = '/lib/python3.14/site-packages'
const SNAPSHOT = 'snapshot.bin', BUNDLE = 'python.zip'
const DECODER = 'assets/zstd.wasm'
const CORE = 'pyodide/pyodide.asm.wasm', LOCK = 'pyodide/pyodide-lock.json'
const LIBRARY = 'pyodide/python_stdlib.zip'
const network = self.fetch, instantiate = WebAssembly.instantiateStreaming

/**
 * @param {string} root the site's address, with a slash at its end
 * @param {(step: string, loaded?: number, total?: number) => void} step is told how far it is
 * @returns {Promise<{python: object, runtime: object, manifest: object,
 *   late: ?LateFiles}>} Pyodide, pages/runtime.py, build.json, and the files to be brought once a
 *   page is live, if there are such
 */
export async function startPython(root, step) {
  step('download')
  const manifest = readManifest(root), pyodide = importPyodide(root)
  for (const it of [manifest, pyodide]) it.catch(() => {})  // told by whoever waits for it
  const begin = (names, onPart) => download(root, names, manifest, (loaded, total) => (
    step(loaded < total ? 'download' : 'start', loaded, total)), onPart)
  const site = { root, manifest, pyodide, download: begin }
  // Only a browser that keeps the site may have it unpacked: a first visit need not wait for a look.
  return (self.name === 'kept' && await fromUnpacked(site, step)) || fromFile(site, step)
}

/** From the snapshot as this browser keeps it, unpacked; null where it has none of this build. */
async function fromUnpacked(site, step) {
  const kept = await openUnpacked()
  if (!kept) return null
  try {
    step('start')
    const files = download(site.root, [DECODER, LOCK], site.manifest, () => {})
    const whole = site.manifest.then(({ files }) => {
      if (files[SNAPSHOT]?.sha256 !== kept.sha256) throw new SnapshotError('it is of another build')
    })
    // Pyodide's code comes from its own address, for which browsers keep it compiled.
    return await fromSnapshot(site, kept.bytes, whole, files, false)
  } catch (error) {
    if (error instanceof FileError) throw error
    console.warn(`minigpt: unpacking Python's memory anew (${error.message})`)
    self.fetch = network
    kept.close()
    await forgetUnpacked()  // offline.mjs has another one made
    return null
  } finally {
    kept.close()
  }
}

/** From the snapshot as it comes, else from the parts. */
async function fromFile(site, step) {
  const { parts, pass, end } = queue()
  const files = site.download([DECODER, SNAPSHOT, LOCK], { [SNAPSHOT]: pass })
  files.get(SNAPSHOT).then(end, () => {})
  const lock = files.get(LOCK), manifest = await site.manifest
  if (manifest.files[SNAPSHOT]?.bytes === 0) return fromParts(site, lock, step)  // built so
  try {
    const decoder = await untilOneFails([...files.values()], files.get(DECODER))
    const bytes = new StreamedBytes(unzstd(decoder, parts()))
    return await fromSnapshot(site, bytes, files.get(SNAPSHOT), files, true)
  } catch (error) {
    if (error instanceof FileError && error.file !== SNAPSHOT) throw error
    console.warn(`minigpt: starting Python without its snapshot (${error.message})`)
    self.fetch = network  // what was to come out of the snapshot comes from the server
    WebAssembly.instantiateStreaming = instantiate
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

/**
 * `bytes`: the snapshot's, unpacked; `whole`: a promise that they are what they should be; `ownCore`:
 * whether Pyodide's code comes from them.
 */
async function fromSnapshot(site, bytes, whole, files, ownCore) {
  const { root } = site, lock = files.get(LOCK), instead = [[LOCK, lock], [LIBRARY, new Uint8Array(0)]]
  let opening
  const core = new Promise((resolve, reject) => {
    opening = openSnapshot(bytes, ownCore ? resolve : null)
    opening.then(resolve, reject)
  })
  for (const it of [core, whole]) it.catch(() => {})  // told by loadPyodide, below
  if (ownCore) {
    instead.push([CORE, new Uint8Array(0)])
    compileAhead(core)
  }
  const [{ loadPyodide, create }, manifest] = await Promise.all([site.pyodide, site.manifest])
  self.fetch = fetchFrom(new Map(instead), root, network)
  const open = async () => {
    const snapshot = await opening
    if (snapshot.header.bundle === manifest.files[BUNDLE]?.sha256) return snapshot
    throw new SnapshotError('it is of another build')
  }
  const python = await untilOneFails([whole, core, lock], loadPyodide({
    indexURL: `${root}pyodide/`, _loadSnapshot: new Uint8Array(8),
    createPyodideModule: restoring(create, open, whole) }))
  // Not sooner: Pyodide would read what every package says of itself.
  const late = new LateFiles(root, manifest, await files.get(DECODER))
  late.place(python.FS, (await opening).header.late)
  python.pyimport('importlib').invalidate_caches()
  const runtime = python.pyimport('pages.runtime')
  runtime.wake()
  return { python, runtime, manifest, late }
}

/** Compile Pyodide's code while its script is still being read; Pyodide would begin after that. */
function compileAhead(core) {
  const compiled = core.then(code => WebAssembly.compile(code))
  compiled.catch(() => {})  // told by whoever waits for the snapshot
  WebAssembly.instantiateStreaming = async (_, imports) => {
    const module = await compiled
    WebAssembly.instantiateStreaming = instantiate
    return { module, instance: await WebAssembly.instantiate(module, imports) }
  }
}

/** What `work` promises, unless one of the files that it waits for fails. */
function untilOneFails(files, work) {
  return Promise.race([work, Promise.all(files).then(() => work)])
}

/** The ordinary way: Pyodide starts while the archive is still coming, then all is imported. */
async function fromParts({ root, manifest, pyodide, download }, lock, step) {
  const { loadPyodide, create } = await pyodide
  const files = new Map([[LOCK, lock], ...download([CORE, LIBRARY, BUNDLE])])
  const [archive, waiting] = [files.get(BUNDLE), [...files.values()]]
  self.fetch = fetchFrom(files, root, network)
  const python = await untilOneFails(waiting, loadPyodide({
    indexURL: `${root}pyodide/`, createPyodideModule: create }))
  step('unpack')
  python.unpackArchive(await archive, 'zip', { extractDir: SITE_PACKAGES })
  step('import')
  const runtime = python.pyimport('pages.runtime')
  return { python, runtime, manifest: await manifest, late: null }
}
