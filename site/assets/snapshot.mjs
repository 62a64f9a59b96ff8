/**
 * Python's memory as it was when the site was built: everything imported, every page made.
 *
 * Restoring it takes a tenth of the time that starting anew does. The file, unpacked, is 4 bytes
 * (length of the header), the header (JSON, see make_snapshot.mjs), Pyodide's own code, the side
 * modules such as NumPy's, a few files, the links of Python's objects, and the pages of memory that
 * are neither all zeros nor the same in any new Python. `rest.bin` has the same form, with files
 * only: those that the header calls `late`, see late_files.mjs.
 */

import { putLinks } from './gc_links.mjs'

/** @typedef {{pyodide: string, bundle: string, core: number, heap: number, table: number,
 *   modules: SideModule[], files: File[], late: File[], runs: number[], same: number[], sum: number,
 *   links: import('./gc_links.mjs').Links, objects: object}} Header
 * @typedef {{path: string, bytes: number}} File
 * @typedef {{name: string, bytes: number, handle: number, global: boolean, memory: number,
 *   memorySize: number, table: number, tableSize: number, slots: number[]}} SideModule */

const FILE = 0o100666  // a file that all may read and write

/** Why a snapshot cannot be used; the ordinary start can. */
export class SnapshotError extends Error {}

/** Reads bytes that come in pieces. */
export class StreamedBytes {
  constructor(pieces) {
    this.pieces = pieces[Symbol.asyncIterator]()
    this.piece = new Uint8Array(0)
  }

  /** Up to `size` bytes: what has come in one piece. */
  async some(size) {
    while (!this.piece.length) {
      const { done, value } = await this.pieces.next()
      if (done) throw new SnapshotError('the file ends too early')
      this.piece = value
    }
    const part = this.piece.subarray(0, size)
    this.piece = this.piece.subarray(part.length)
    return part
  }

  /** Fill an array with the next bytes, as they come. */
  async into(array) {
    for (let at = 0; at < array.length;) {
      const part = await this.some(array.length - at)
      array.set(part, at)
      at += part.length
    }
  }

  async take(size) {
    const data = new Uint8Array(size)
    await this.into(data)
    return data
  }
}

/**
 * Read a file of this form: its header, and what follows.
 * @param {StreamedBytes|import('./unpacked.mjs').UnpackedBytes} bytes the file, unpacked
 */
export async function readContainer(bytes) {
  const size = new DataView((await bytes.take(4)).buffer).getUint32(0, true)
  return JSON.parse(new TextDecoder().decode(await bytes.take(size)))
}

/**
 * The first part of a snapshot: its side modules are being compiled, its memory waits.
 * @param {StreamedBytes|import('./unpacked.mjs').UnpackedBytes} bytes the file, unpacked
 * @param {?(code: Uint8Array) => void} takeCore is given pyodide.asm.wasm
 */
export async function openSnapshot(bytes, takeCore) {
  const header = await readContainer(bytes)
  if (takeCore) takeCore(await bytes.take(header.core))
  else bytes.skip(header.core)
  const modules = []
  for (const { bytes: size } of header.modules) {
    modules.push(WebAssembly.compile(await bytes.take(size)))
  }
  const files = []
  for (const { path, bytes: size } of header.files) files.push([path, await bytes.take(size)])
  const ready = Promise.all(modules)
  ready.catch(() => {})  // told by whoever waits for it
  return { header, files, bytes, modules: ready, distances: await bytes.take(header.links.bytes) }
}

/**
 * For loadPyodide's `createPyodideModule`: make Pyodide's module with `create` and put in it the
 * memory of the snapshot that `open()` promises. No Python runs before `whole`, the promise that
 * the file is what it should be, is kept.
 */
export const restoring = (create, open, whole) => async settings => {
  const [Module, snapshot] = await Promise.all([create(settings), open()])
  const { header } = snapshot
  if (header.pyodide !== Module.API.config.BUILD_ID) {
    throw new SnapshotError(`made with Pyodide ${header.pyodide}`)
  }
  const fresh = Module.HEAP8.length
  if (fresh < header.heap && !Module.growMemory(header.heap)) {
    throw new SnapshotError(`no ${header.heap} bytes of memory`)
  }
  placeModules(Module, header, await snapshot.modules)
  const own = trampoline(Module), trampolineHere = Module.HEAP32[own]
  await fillMemory(Module, snapshot, fresh)
  Module.HEAP32[own] = trampolineHere
  await whole
  const fileAt = fileMaker(Module.FS)
  for (const [path, data] of snapshot.files) {
    Object.assign(fileAt(path), { contents: data, usedBytes: data.length })
  }
  Module.API.restoreSnapshot = () => header.objects
  return Module
}

/**
 * Where Python keeps the table's slot of a function that helps it call others; which one that is,
 * if any, depends on the browser.
 */
const trampoline = ({ HEAP32, __PyRuntime, __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET }) => (
  (__PyRuntime + HEAP32[__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET >>> 2]) >>> 2)

/**
 * `fileAt(path)`: the node of this file, new if it was not there; folders are made. For some thousand
 * files at once: FS.create would look for the folder of each, and open and close it.
 */
export function fileMaker(FS) {
  const folders = new Map()
  function folderAt(path) {
    if (!folders.has(path)) {
      FS.mkdirTree(path)
      folders.set(path, FS.lookupPath(path).node)
    }
    return folders.get(path)
  }
  return path => {
    const cut = path.lastIndexOf('/'), name = path.slice(cut + 1)
    const folder = folderAt(path.slice(0, cut))
    return folder.contents[name] ?? folder.node_ops.mknod(folder, name, FILE, 0)
  }
}

/** Instantiate every side module at the addresses that the memory has for it. */
export function placeModules(Module, header, compiled) {
  const table = Module.wasmTable
  const growTo = length => {
    if (table.length > length) throw new SnapshotError(`table of ${table.length}, not ${length}`)
    table.grow(length - table.length)
  }
  header.modules.forEach((it, index) => {
    growTo(it.table)
    Module.replay = { memory: it.memory, slots: [...it.slots] }
    try {
      const flags = { global: it.global, nodelete: true, loadAsync: false, allowUndefined: true }
      const exports = Module.loadWebAssemblyModule(compiled[index], flags, it.name, {}, 0)
      if (Module.replay.slots.length) throw new SnapshotError(`${it.name} is another one`)
      Module.newDSO(it.name, it.handle, exports).global = it.global
    } finally {
      Module.replay = null
    }
  })
  growTo(header.table)
}

/**
 * Make the memory equal to what it was: runs of bytes from the stream, zeros between them, and what
 * Python has there from the start as it is.
 */
async function fillMemory(Module, { header, bytes, distances }, fresh) {
  const heap = Module.HEAPU8, { runs, same } = header
  if (sumOf(heap, same) !== header.sum) throw new SnapshotError('Python begins differently here')
  const known = [same, runs].flatMap(ends).sort((a, b) => a[0] - b[0])
  for (const [from, to] of [[0, fresh],
    ...header.modules.map(it => [it.memory, it.memory + it.memorySize])]) {
    let done = from
    for (const [start, end] of known) {
      if (start >= to || end <= done) continue
      if (start > done) heap.fill(0, done, start)
      done = end
    }
    if (done < to) heap.fill(0, done, to)
  }
  for (let i = 0; i < runs.length; i += 2) {
    await bytes.into(heap.subarray(runs[i], runs[i] + runs[i + 1]))
  }
  putLinks(heap, header.links, distances)
}

/** Stretches, as [offset, length, …], by where each begins and ends. */
const ends = list => Array.from({ length: list.length / 2 },
  (_, i) => [list[2 * i], list[2 * i] + list[2 * i + 1]])

/** A number that tells whether stretches of memory are what they should be. */
export function sumOf(heap, stretches) {
  const words = new Int32Array(heap.buffer, heap.byteOffset, heap.length >> 2)
  let sum = 0
  for (let i = 0; i < stretches.length; i += 2) {
    const end = (stretches[i] + stretches[i + 1]) >> 2
    for (let at = stretches[i] >> 2; at < end; at++) sum = (Math.imul(sum, 31) + words[at]) | 0
  }
  return sum
}
