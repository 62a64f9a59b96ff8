/** The rival tfjs: TensorFlow.js with its WebAssembly backend, on one thread. */

import { matrix, serve } from './laps.mjs'

const PACKAGES = '/rivals/@tensorflow/'

// Its bundles are scripts, not modules: they find each other through `self.tf`.
for (const name of ['tfjs-core/dist/tf-core.min.js', 'tfjs-backend-cpu/dist/tf-backend-cpu.min.js',
  'tfjs-backend-wasm/dist/tf-backend-wasm.min.js']) await import(PACKAGES + name)
const { tf } = self
tf.wasm.setThreadsCount(1)
tf.wasm.setWasmPaths(`${PACKAGES}tfjs-backend-wasm/dist/`)
await tf.setBackend('wasm')

serve((name, n) => {
  const a = tf.tensor2d(matrix(n), [n, n]), b = tf.tensor2d(matrix(n), [n, n])
  return () => { tf.dispose(tf.matMul(a, b)) }
})
