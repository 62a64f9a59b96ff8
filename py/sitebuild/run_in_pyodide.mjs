// node run_in_pyodide.mjs PYODIDE_DIR SCRIPT.py IN_DIR OUT_DIR
// Runs a Python script in Pyodide with two folders of this machine mounted as /in and /out;
// what the script's last expression says is printed.
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

const [pyodideDir, script, inDir, outDir] = process.argv.slice(2).map((name) => path.resolve(name))

// Panel looks this up when it is imported; Node has none and nothing here calls it.
globalThis.XMLHttpRequest ??= class XMLHttpRequest {}

try {
  const { loadPyodide } = await import(pathToFileURL(path.join(pyodideDir, 'pyodide.mjs')).href)
  const python = await loadPyodide({ indexURL: pyodideDir + path.sep,
    env: { PYTHONNODEBUGRANGES: '1' } })
  for (const [place, root] of [['/in', inDir], ['/out', outDir]]) {
    python.FS.mkdir(place)
    python.FS.mount(python.FS.filesystems.NODEFS, { root }, place)
  }
  process.stdout.write(String(await python.runPythonAsync(fs.readFileSync(script, 'utf8'))))
} catch (error) {
  // Only the message: Node would print the one long line of Pyodide's source first.
  process.stderr.write(`error: ${error.message}\n`)
  process.exit(1)
}
