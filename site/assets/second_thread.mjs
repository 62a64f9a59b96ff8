/**
 * A second thread for large products (py/minigpt/backend/two_threads.py decides which).
 *
 * Pyodide's memory cannot be shared, so both operands are copied into one that is: the memory of a
 * small WebAssembly module (kernels/second_thread.c) that runs in a worker. This needs a page that
 * is cross-origin isolated.
 */

const PAGES = 1024  // 64 MiB; pages that are never written to take up no memory
const [IDLE, ASKED, DONE] = [0, 1, 2]
const LOOKS = 1000
const PATIENCE = 5000  // ms; a worker that needs longer is gone

/** The second thread for this Pyodide; null where the browser lets no threads share memory. */
export const secondThread = python => (
  self.crossOriginIsolated ? new SecondThread(() => python._module.HEAPU8) : null)

class SecondThread {
  /** `heap()` gives the Uint8Array over Pyodide's memory, a new one whenever that grew. */
  constructor(heap) {
    this.heap = heap
    this.ready = false
    const memory = new WebAssembly.Memory({ initial: PAGES, maximum: PAGES, shared: true })
    this.bytes = new Uint8Array(memory.buffer)
    this.words = new Int32Array(memory.buffer)
    const worker = new Worker(new URL('second_thread_worker.mjs', import.meta.url),
      { type: 'module', name: 'second thread' })
    worker.onmessage = ({ data }) => {
      this.task = data.task / 4
      this.start = (data.room + 63) & ~63
      this.ready = true
    }
    worker.postMessage(memory)
  }

  /** How many bytes the operands and the result of one product may take together. */
  get room() { return this.bytes.length - this.start - 192 }

  /**
   * Begin a (M, K) · b (K, N). Each operand is the address and size in bytes of a stretch of
   * Pyodide's memory, and its strides in floats.
   */
  begin(M, N, K, a, aBytes, aRow, aColumn, b, bBytes, bRow, bColumn) {
    const heap = this.heap(), up = size => (size + 63) & ~63
    const aHere = this.start, bHere = aHere + up(aBytes)
    this.out = bHere + up(bBytes)
    this.bytes.set(heap.subarray(a, a + aBytes), aHere)
    this.bytes.set(heap.subarray(b, b + bBytes), bHere)
    this.words.set([M, N, K, aHere, aRow, aColumn, bHere, bRow, bColumn, this.out], this.task + 1)
    Atomics.store(this.words, this.task, ASKED)
    Atomics.notify(this.words, this.task)
  }

  /** Wait for the product and copy its `size` bytes to `to`; false if it never comes. */
  finish(to, size) {
    const { words, task } = this
    for (let look = 0; look < LOOKS && Atomics.load(words, task) !== DONE; look++);
    while (Atomics.load(words, task) !== DONE)
      if (Atomics.wait(words, task, ASKED, PATIENCE) === 'timed-out') return this.ready = false
    Atomics.store(words, task, IDLE)
    this.heap().set(this.bytes.subarray(this.out, this.out + size), to)
    return true
  }
}
