/**
 * Files that Python may read later: its file system has them from the start, by name and size, and
 * what they hold comes with `rest.bin` once a page is live. Whoever reads one sooner brings them all
 * at once and waits for them: an import in a reader's first second must not fail.
 */

import { download, readNow } from './files.mjs'
import { StreamedBytes, fileMaker, readContainer } from './snapshot.mjs'
import { unzstd, unzstdNow } from './zstd.mjs'

const REST = 'rest.bin'
const SLICE = 8  // ms of work between two looks at what the reader does
const INPUT_OUTPUT_ERROR = 29  // what Emscripten calls EIO

export class LateFiles {
  /** `decoder`: zstd.wasm. */
  constructor(root, manifest, decoder) {
    Object.assign(this, { root, manifest, decoder })
    this.nodes = new Map()  // path → its node in Python's file system, until it is filled
    this.problem = null     // the FileError for which a read failed
  }

  /** Put them in their places. `files`: the header's `late`. */
  place(FS, files) {
    const fileAt = fileMaker(FS)
    for (const { path, bytes } of files) {
      const node = fileAt(path)
      node.usedBytes = bytes
      Object.defineProperty(node, 'contents', { configurable: true,
        get: () => { this.bringNow(FS); return node.contents },
        set: contents => fill(node, contents) })
      this.nodes.set(path, node)
    }
  }

  /** Bring what they hold, while Python does other things. A FileError may be tried again. */
  async bring() {
    if (!this.nodes.size) return
    const manifest = Promise.resolve(this.manifest)
    const data = await download(this.root, [REST], manifest, () => {}).get(REST)
    const bytes = new StreamedBytes(unhurried(unzstd(this.decoder, [data])))
    const header = await readContainer(bytes)
    for (const { path, bytes: size } of header.files) this.fillOne(path, await bytes.take(size))
    this.problem = null
  }

  /** The same while Python waits; for it a failure is an OSError. Workers only. */
  bringNow(FS) {
    try {
      this.fill(readNow(this.root, REST, this.manifest))
    } catch (error) {
      console.warn(`minigpt: ${error.message}`)
      this.problem = error
      throw new FS.ErrnoError(INPUT_OUTPUT_ERROR)
    }
  }

  fill(data) {
    const raw = unzstdNow(this.decoder, data)
    const size = new DataView(raw.buffer).getUint32(0, true)
    const { files } = JSON.parse(new TextDecoder().decode(raw.subarray(4, 4 + size)))
    let at = 4 + size
    for (const { path, bytes } of files) {
      this.fillOne(path, raw.subarray(at, at += bytes))
    }
    this.problem = null
  }

  /** One that is filled may have been changed since, and stays as it is. */
  fillOne(path, contents) {
    if (this.nodes.has(path)) fill(this.nodes.get(path), contents)
    this.nodes.delete(path)
  }
}

function fill(node, contents) {
  Object.defineProperty(node, 'contents', { value: contents, configurable: true, writable: true,
    enumerable: true })
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
