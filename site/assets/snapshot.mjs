/**
 * Python's memory as it was when the site was built: everything imported, every page made.
 *
 * Restoring it takes a tenth of the time that starting anew does. The file is one gzip stream of
 * 4 bytes (length of the header), the header (JSON, see make_snapshot.mjs), the side modules such
 * as NumPy's, a few files, and the pages of memory that are not all zeros. `rest.bin` has the same
 * form, with files only: what Python may want to read later.
 */

/** @typedef {{pyodide: string, bundle: string, heap: number, table: number, modules: SideModule[],
 *   files: {path: string, bytes: number}[], runs: number[], objects: object}} Header
 * @typedef {{name: string, bytes: number, handle: number, global: boolean, memory: number,
 *   memorySize: number, table: number, tableSize: number, slots: number[]}} SideModule */

/** Why a snapshot cannot be used; the ordinary start can. */
export class SnapshotError extends Error {}

/** Gives the bytes of a stream in pieces of the sizes asked for. */
class Bytes {
  constructor(stream) {
    this.reader = stream.getReader()
    this.piece = new Uint8Array(0)
  }

  /** Up to `size` bytes: what has come in one piece. */
  async some(size) {
    while (!this.piece.length) {
      const { done, value } = await this.reader.read()
      if (done) throw new SnapshotError('the file ends too early')
      this.piece = value
    }
    const part = this.piece.subarray(0, size)
    this.piece = this.piece.subarray(part.length)
    return part
  }

  /** Hand `size` bytes to `use(part, offset)`, as they come. */
  async each(size, use) {
    for (let at = 0; at < size;) {
      const part = await this.some(size - at)
      use(part, at)
      at += part.length
    }
  }

  async take(size) {
    const data = new Uint8Array(size)
    await this.each(size, (part, at) => data.set(part, at))
    return data
  }
}

/** Read a file of this form from a stream of its compressed bytes: the header and what follows. */
export async function readContainer(compressed) {
  const bytes = new Bytes(compressed.pipeThrough(new DecompressionStream('gzip')))
  const size = new DataView((await bytes.take(4)).buffer).getUint32(0, true)
  return { header: JSON.parse(new TextDecoder().decode(await bytes.take(size))), bytes }
}

/** Put the container's files into the file system of `python`. */
export async function readFiles({ header, bytes }, write) {
  for (const { path, bytes: size } of header.files) write(path, await bytes.take(size))
}

/**
 * The start of a snapshot's stream: its side modules are being compiled, its memory waits.
 * @param {Promise<ReadableStream>|ReadableStream} compressed
 */
export async function openSnapshot(compressed) {
  const { header, bytes } = await readContainer(await compressed)
  const modules = []
  for (const { bytes: size } of header.modules) {
    modules.push(WebAssembly.compile(await bytes.take(size)))
  }
  const files = []
  await readFiles({ header, bytes }, (path, data) => files.push([path, data]))
  const ready = Promise.all(modules)
  ready.catch(() => {})  // told by whoever waits for it
  return { header, files, bytes, modules: ready }
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
  for (const [path, data] of snapshot.files) writeFile(Module.FS, path, data)
  Module.API.restoreSnapshot = () => header.objects
  return Module
}

/**
 * Where Python keeps the table's slot of a function that helps it call others; which one that is,
 * if any, depends on the browser.
 */
const trampoline = ({ HEAP32, __PyRuntime, __PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET }) => (
  (__PyRuntime + HEAP32[__PyEM_EMSCRIPTEN_TRAMPOLINE_OFFSET >>> 2]) >>> 2)

/** Write a file of which `data` becomes a part; folders are made. */
export function writeFile(FS, path, data) {
  FS.mkdirTree(path.slice(0, path.lastIndexOf('/')))
  FS.writeFile(path, data, { canOwn: true })
}

/** Instantiate every side module at the addresses that the memory has for it. */
function placeModules(Module, header, compiled) {
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

/** Make the memory equal to what it was: runs of bytes from the stream, zeros between them. */
async function fillMemory(Module, { header, bytes }, fresh) {
  const heap = Module.HEAPU8
  const used = [[0, fresh], ...header.modules.map(it => [it.memory, it.memory + it.memorySize])]
  let done = 0
  for (let i = 0; i < header.runs.length; i += 2) {
    const [start, size] = header.runs.slice(i, i + 2)
    for (const [from, to] of used) {
      const a = Math.max(done, from), b = Math.min(start, to)
      if (a < b) heap.fill(0, a, b)
    }
    await bytes.each(size, (part, at) => heap.set(part, start + at))
    done = start + size
  }
  for (const [from, to] of used) {
    if (done < to) heap.fill(0, Math.max(done, from), to)
  }
}
