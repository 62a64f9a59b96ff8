/** minigpt in the site's Pyodide, and NumPy beside it: the same works.py that runs natively.
 * The worker's address names who computes: pyodide.mjs?simd, pyodide.mjs?webgpu,
 * pyodide.mjs?plain. */

import { findGpu } from '/dist/assets/gpu.mjs'
import { loadPyodide } from '/dist/pyodide/pyodide.mjs'

import { helperThreads } from '/dist/assets/helper_threads.mjs'

const who = location.search.slice(1)
const bytes = async name => new Uint8Array(await (await fetch(name)).arrayBuffer())

self.minigptGpu = await findGpu()
const python = await loadPyodide({ indexURL: '/dist/pyodide/' })
python.unpackArchive(await bytes('/dist/python.zip'), 'zip',
  { extractDir: '/lib/python3.14/site-packages' })
for (const file of ['works.py', 'plain_numpy.py'])
  python.FS.writeFile(`/lib/python3.14/site-packages/${file}`, await bytes(`/${file}`))
self.minigptHelpers = helperThreads(python)
const works = python.pyimport('works')

self.onmessage = async ({ data: { name, n } }) => {
  try {
    self.postMessage({ milliseconds: (await works.turn.callPromising(who, name, n)).toJs() })
  } catch (error) {
    self.postMessage({ error: String(error.message).slice(-2000) })
  }
}
self.postMessage('ready')
