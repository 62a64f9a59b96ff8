/**
 * A second thread for large products (py/minigpt/backend/two_threads.py decides which).
 *
 * Pyodide's memory cannot be shared, so both operands are copied into one that is: the memory of a
 * small WebAssembly module (kernels/second_thread.c) that runs in a worker. This needs a page that
 * is cross-origin isolated.
 */

const PAGES = 1024  // 64 MiB; pages that are never written to take up no memory
const [IDLE, ASKED, DONE] = [0, 1, 2]
const LOOKS = 20000  // some 0.2 ms before this thread sleeps: both halves end at about one time
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

  /**
   * Begin bias + a (M, K) · b (K, N). Each operand is the address and size in bytes of a stretch of
   * Pyodide's memory, and its strides in floats; the bias is one row, its size 0 if there is none.
   * False if that cannot be done here: nothing has begun.
   */
  begin(M, N, K, a, aBytes, aRow, aColumn, b, bBytes, bRow, bColumn, bias, biasBytes) {
    if (!this.#takes(aBytes + bBytes + biasBytes + 4 * M * N)) return false
    const [aHere, bHere, start] = this.#copied([a, aBytes], [b, bBytes], [bias, biasBytes])
    this.#ask([M, N, K, aHere, aRow, aColumn, bHere, bRow, bColumn, biasBytes ? start : 0])
    return true
  }

  /** Begin dout (M, O) · weightᵀ (O, I) and xᵀ (I, M) · dout, all three contiguous; as `begin`. */
  beginBackward(M, I, O, x, xBytes, dout, doutBytes, weight, weightBytes) {
    if (!this.#takes(xBytes + doutBytes + weightBytes + 4 * I * (M + O))) return false
    const [xHere, doutHere, weightHere] = this.#copied(
      [x, xBytes], [dout, doutBytes], [weight, weightBytes])
    this.#ask([M, I, O, doutHere, O, 1, weightHere, 1, O, 0],
      [I, O, M, xHere, 1, I, doutHere, O, 1, 0])
    return true
  }

  #takes(bytes) { return this.ready && bytes + 6 * 64 <= this.bytes.length - this.start }

  /** Room for so many bytes of the shared memory. */
  #place(size) {
    const place = this.next
    this.next += (size + 63) & ~63
    return place
  }

  #copied(...stretches) {
    const heap = this.heap()
    this.next = this.start
    return stretches.map(([address, size]) => {
      const place = this.#place(size)
      this.bytes.set(heap.subarray(address, address + size), place)
      return place
    })
  }

  /** Set the worker to the products, whose results are put behind the operands. */
  #ask(...products) {
    this.results = products.map(([M, N]) => this.#place(4 * M * N))
    this.words[this.task + 1] = products.length
    this.words.set(products.flatMap((it, i) => [...it, this.results[i]]), this.task + 2)
    Atomics.store(this.words, this.task, ASKED)
    Atomics.notify(this.words, this.task)
  }

  /**
   * Wait for the results and copy each to its address: finish(address, bytes, address, bytes, …).
   * False if they never come.
   */
  finish(...places) {
    const { words, task } = this
    for (let look = 0; look < LOOKS && Atomics.load(words, task) !== DONE; look++);
    while (Atomics.load(words, task) !== DONE)
      if (Atomics.wait(words, task, ASKED, PATIENCE) === 'timed-out') return this.ready = false
    Atomics.store(words, task, IDLE)
    const heap = this.heap()
    this.results.forEach((place, i) => {
      const [to, size] = places.slice(2 * i, 2 * i + 2)
      heap.set(this.bytes.subarray(place, place + size), to)
    })
    return true
  }
}
