/**
 * Zstandard, which browsers do not unpack by themselves yet: half as many bytes again as gzip saves.
 *
 * `assets/zstd.wasm` is the official decoder as the npm package zstddec has it.
 */

/**
 * The bytes of one compressed file, piece by piece as they come. A piece is good until the next one
 * is asked for.
 * @param {BufferSource} code zstd.wasm
 * @param {AsyncIterable<Uint8Array>} compressed
 * @returns {AsyncGenerator<Uint8Array>}
 */
export async function* unzstd(code, compressed) {
  const imports = { env: { emscripten_notify_memory_growth() {} } }
  const { exports: zstd } = (await WebAssembly.instantiate(code, imports)).instance
  const sizes = { in: zstd.ZSTD_DStreamInSize(), out: zstd.ZSTD_DStreamOutSize() }
  const input = zstd.malloc(sizes.in), output = zstd.malloc(sizes.out)
  const [from, to] = [zstd.malloc(12), zstd.malloc(12)]  // address, size, bytes done
  const stream = zstd.ZSTD_createDCtx()
  const set = (buffer, ...values) => new Uint32Array(zstd.memory.buffer, buffer, 3).set(values)
  const done = buffer => new Uint32Array(zstd.memory.buffer, buffer, 3)[2]
  let left = 1  // 0 at the end of the file
  for await (const part of compressed) {
    for (let at = 0; at < part.length; at += sizes.in) {
      const piece = part.subarray(at, at + sizes.in)
      new Uint8Array(zstd.memory.buffer).set(piece, input)
      set(from, input, piece.length, 0)
      let full = false
      while (full || done(from) < piece.length) {
        set(to, output, sizes.out, 0)
        left = zstd.ZSTD_decompressStream(stream, to, from)
        if (left < 0 && left > -200) throw new Error(`it cannot be unpacked (${-left})`)
        const size = done(to)
        full = size === sizes.out
        if (size) yield new Uint8Array(zstd.memory.buffer, output, size)
      }
    }
  }
  if (left) throw new Error('it ends too early')
}
