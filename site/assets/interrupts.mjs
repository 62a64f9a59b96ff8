/**
 * How the page stops Python in the middle of a calculation: it writes into memory that both see.
 * This needs a page that is cross-origin isolated.
 */

const INTERRUPT = 2  // the number of SIGINT

/**
 * For the worker: the shared memory (null where there is none), and `listen(on)`, which makes
 * Python look at it, or look away. It looks only while the reader's own code runs, so that an
 * interrupt that comes late hits nothing else.
 */
export function interrupts(python) {
  if (!self.crossOriginIsolated) return { buffer: null, listen() {} }
  const bytes = new Uint8Array(new SharedArrayBuffer(1))
  const listen = on => {
    bytes[0] = 0
    python.setInterruptBuffer(on ? bytes : undefined)
  }
  return { buffer: bytes.buffer, listen }
}

/** For the page: interrupt what runs; without shared memory nothing happens. */
export function interrupt(buffer) {
  if (buffer) new Uint8Array(buffer)[0] = INTERRUPT
}
