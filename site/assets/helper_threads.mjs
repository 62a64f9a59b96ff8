/**
 * Helper threads for Python's arithmetic (py/minigpt/backend/helper_threads.py gives them work).
 *
 * Pyodide's memory cannot be shared, so numbers are copied into one that is: each helper's
 * own, of a small WebAssembly module (kernels/helper_thread.c) that runs in a worker and carries out
 * programs. This needs a page that is cross-origin isolated.
 */

const PAGE = 65536
const [FEWEST, MOST] = [2 ** 26 / PAGE, 2 ** 28 / PAGE]  // it grows when a program needs more
const [IDLE, ASKED, DONE] = [0, 1, 2]
const LOOKS = 20000  // some 0.2 ms before this thread sleeps: both halves end at about one time
const PATIENCE = 5000  // ms; a worker that needs longer for one command is gone

/** Half as many as there are processors: what browsers count may be slow ones, or halves of one. */
const usual = () => Math.min(3, Math.max(1, Math.floor(navigator.hardwareConcurrency / 2)))

/** Helpers for this Pyodide; none where the browser lets no threads share memory. */
export function helperThreads(python, count = usual()) {
  const helpers = []
  try {
    while (self.crossOriginIsolated && helpers.length < count)
      helpers.push(new HelperThread(() => python._module.HEAPU8))
  } catch (error) {
    if (!(error instanceof RangeError)) throw error  // no memory for one more
  }
  return helpers
}

class HelperThread {
  /** `heap()` gives the Uint8Array over Pyodide's memory, a new one whenever that grew. */
  constructor(heap) {
    this.heap = heap
    this.ready = false  // to be asked at all
    this.asked = false  // and not answered yet
    this.memory = new WebAssembly.Memory({ initial: FEWEST, maximum: MOST, shared: true })
    this.#look()
    const worker = new Worker(new URL('helper_thread_worker.mjs', import.meta.url),
      { type: 'module', name: 'helper thread' })
    worker.onmessage = ({ data }) => {
      this.task = data.task / 4  // its words: state, place of the program, commands carried out
      this.start = (data.room + 63) & ~63
      this.ready = true
    }
    worker.postMessage(this.memory)
  }

  /** The memory as it is now. */
  #look() {
    this.bytes = new Uint8Array(this.memory.buffer)
    this.words = new Int32Array(this.memory.buffer)
  }

  /** Whether there is room for so many bytes, now or after growing. */
  #holds(size) {
    const missing = this.start + size - this.bytes.length
    if (missing <= 0) return true
    try {
      this.memory.grow(Math.ceil(missing / PAGE))
    } catch {
      return false
    }
    this.#look()
    return true
  }

  /**
   * Begin the program at a place of the shared memory, which needs `size` bytes in all. Before, each
   * stretch is copied from an address of Pyodide's memory: address, bytes, place, address, …
   * False if that cannot be done here: nothing has begun.
   */
  begin(size, program, ...stretches) {
    if (!this.ready || !this.#holds(size)) return false
    if (this.asked && !this.finish()) return false  // somebody was interrupted and never came back
    const heap = this.heap()
    for (let i = 0; i < stretches.length; i += 3) {
      const [address, bytes, place] = [stretches[i], stretches[i + 1], stretches[i + 2]]
      this.bytes.set(heap.subarray(address, address + bytes), this.start + place)
    }
    this.words[this.task + 1] = program
    Atomics.store(this.words, this.task, ASKED)
    Atomics.notify(this.words, this.task)
    return this.asked = true
  }

  /** Wait for the end and copy each stretch home: address, bytes, place, …; false if it never comes. */
  finish(...stretches) {
    if (!this.#done()) return this.ready = this.asked = false
    Atomics.store(this.words, this.task, IDLE)
    this.asked = false
    const heap = this.heap()
    for (let i = 0; i < stretches.length; i += 3) {
      const [address, bytes, place] = [stretches[i], stretches[i + 1], stretches[i + 2]]
      const from = this.start + place
      heap.set(this.bytes.subarray(from, from + bytes), address)
    }
    return true
  }

  #done() {
    const { words, task } = this
    for (let look = 0; look < LOOKS; look++) if (Atomics.load(words, task) === DONE) return true
    while (Atomics.load(words, task) !== DONE) {
      const before = Atomics.load(words, task + 2)
      if (Atomics.wait(words, task, ASKED, PATIENCE) === 'timed-out'
          && Atomics.load(words, task + 2) === before) return false
    }
    return true
  }
}
