/** The rival jax-js, on the device that the worker's address names: jax.mjs?wasm, jax.mjs?webgpu. */

import * as jax from '/rivals/@jax-js/jax/dist/index.js'
import { trainingStep } from './jax_gpt.mjs'
import { matrix, serve } from './laps.mjs'

const device = location.search.slice(1)
await jax.init(device)
jax.defaultDevice(device)
const np = jax.numpy

function product(n) {
  const a = np.array(matrix(n)).reshape([n, n]), b = np.array(matrix(n)).reshape([n, n])
  const multiply = jax.jit((x, y) => np.matmul(x, y))
  return () => multiply(a.ref, b.ref)
}

/** jax-js computes late, and what is disposed of before that never. Asking for the numbers at once
 * is its fastest way on the processor; on a card all stay there until the lap is over. */
function computed(compute) {
  if (device === 'wasm') return () => { compute().dataSync() }
  let results = []
  return () => {
    results.push(compute())
    return async () => {
      await jax.blockUntilReady(results)
      for (const it of results) it.dispose()
      results = []
    }
  }
}

serve((name, n) => computed(name === 'matmul' ? product(n) : trainingStep(jax)))
