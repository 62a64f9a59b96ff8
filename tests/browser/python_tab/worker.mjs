/** The built site's Python, without its pages. `?nojspi` is a browser that cannot wait in place. */
const SITE = new URL('../minigpt/', import.meta.url).href

if (location.search.includes('nojspi')) {
  delete WebAssembly.Suspending
  delete WebAssembly.promising
}

async function boot() {
  const [{ findGpu }, { secondThread }, { loadPyodide }, archive] = await Promise.all([
    import(`${SITE}assets/gpu.mjs`), import(`${SITE}assets/second_thread.mjs`),
    import(`${SITE}pyodide/pyodide.mjs`),
    fetch(`${SITE}python.zip`).then(answer => answer.arrayBuffer())])
  self.minigptGpu = await findGpu()
  const python = await loadPyodide({ indexURL: `${SITE}pyodide/` })
  python.unpackArchive(archive, 'zip', { extractDir: '/lib/python3.14/site-packages' })
  self.minigptSecondThread = secondThread(python)
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
