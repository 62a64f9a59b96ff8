/** The built site's Python, without its pages. `?nojspi` is a browser that cannot wait in place,
 * `?helpers=2` one with so many threads beside Python's. */
const SITE = new URL('../minigpt/', import.meta.url).href

if (location.search.includes('nojspi')) {
  delete WebAssembly.Suspending
  delete WebAssembly.promising
}

async function boot() {
  const [{ findGpu }, { helperThreads }, { loadPyodide }, archive] = await Promise.all([
    import(`${SITE}assets/gpu.mjs`), import(`${SITE}assets/helper_threads.mjs`),
    import(`${SITE}pyodide/pyodide.mjs`),
    fetch(`${SITE}python.zip`).then(answer => answer.arrayBuffer())])
  self.minigptGpu = await findGpu()
  const python = await loadPyodide({ indexURL: `${SITE}pyodide/` })
  python.unpackArchive(archive, 'zip', { extractDir: '/lib/python3.14/site-packages' })
  const asked = new URLSearchParams(location.search).get('helpers')
  self.minigptHelpers = helperThreads(python, ...(asked ? [Number(asked)] : []))
  return python
}

const booted = boot()

self.onmessage = async ({ data: { files, code } }) => {
  try {
    const python = await booted
    for (const [name, text] of Object.entries(files)) python.FS.writeFile(name, text)
    const result = await python.runPythonAsync(code)
    postMessage({ result: result?.toJs ? result.toJs() : result })
  } catch (error) {
    postMessage({ error: String(error.message ?? error) })
  }
}
