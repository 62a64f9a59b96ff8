/**
 * Zstandard, which browsers do not unpack by themselves yet: half as many bytes again as gzip saves.
 *
 * `assets/zstd.wasm` is the official decoder as the npm package zstddec has it.
 */

const IMPORTS = { env: { emscripten_notify_memory_growth() {} } }

/**
 * The bytes of one compressed file, piece by piece as they come. A piece is good until the next one
 * is asked for.
 * @param {BufferSource} code zstd.wasm
 * @param {AsyncIterable<Uint8Array>} compressed
 * @returns {AsyncGenerator<Uint8Array>}
 */
export async function* unzstd(code, compressed) {
  const stream = new Stream((await WebAssembly.instantiate(code, IMPORTS)).instance.exports)
  for await (const part of compressed) yield* stream.unpack(part)
  stream.end()
}

/** The bytes of a whole compressed file, for whoever cannot wait. */
export function unzstdNow(code, compressed) {
  const stream = new Stream(new WebAssembly.Instance(new WebAssembly.Module(code), IMPORTS).exports)
  const pieces = Array.from(stream.unpack(compressed), piece => piece.slice())
  stream.end()
  const data = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0))
  let at = 0
  for (const piece of pieces) {
    data.set(piece, at)
    at += piece.length
  }
  return data
}

class Stream {
  constructor(zstd) {
    this.zstd = zstd
    this.sizes = { in: zstd.ZSTD_DStreamInSize(), out: zstd.ZSTD_DStreamOutSize() }
    this.input = zstd.malloc(this.sizes.in)
    this.output = zstd.malloc(this.sizes.out)
    this.from = zstd.malloc(12)  // address, size, bytes done
    this.to = zstd.malloc(12)
    this.context = zstd.ZSTD_createDCtx()
    this.left = 1  // 0 at the end of the file
  }

  words(buffer) { return new Uint32Array(this.zstd.memory.buffer, buffer, 3) }

  *unpack(part) {
    const { zstd, sizes, input, output, from, to } = this
    for (let at = 0; at < part.length; at += sizes.in) {
      const piece = part.subarray(at, at + sizes.in)
      new Uint8Array(zstd.memory.buffer).set(piece, input)
      this.words(from).set([input, piece.length, 0])
      let full = false
      while (full || this.words(from)[2] < piece.length) {
        this.words(to).set([output, sizes.out, 0])
        this.left = zstd.ZSTD_decompressStream(this.context, to, from)
        if (this.left < 0 && this.left > -200) {
          throw new Error(`it cannot be unpacked (${-this.left})`)
        }
        const size = this.words(to)[2]
        full = size === sizes.out
        if (size) yield new Uint8Array(zstd.memory.buffer, output, size)
      }
    }
  }

  end() {
    if (this.left) throw new Error('it ends too early')
  }
}
