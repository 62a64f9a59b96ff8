/**
 * The site's start in Node: Python comes from the snapshot, and reads what is to come later.
 * Usage: node late_files.mjs DIST PYTHON…; prints for each line of Python what it is worth or raises
 * and how many times rest.bin has been asked for at once, in JSON. A line after `offline:` has no
 * network.
 */

import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

const [dist, ...lines] = process.argv.slice(2)
const root = pathToFileURL(dist + path.sep).href
let asked = 0, offline = false

globalThis.self = globalThis
globalThis.objectFromEntries = () => {}
globalThis.XMLHttpRequest = class {
  open(_, url) { this.url = url }

  send() {
    if (offline) throw new Error('no network')
    asked++
    this.status = 200
    this.response = new Uint8Array(fs.readFileSync(fileURLToPath(this.url))).buffer
  }
}
globalThis.fetch = async url => new Response(fs.readFileSync(fileURLToPath(url)))
globalThis.minigptImport = async name => {
  const module = await import(root + name)
  if (!module.loadPyodide) return module
  const indexURL = path.join(dist, 'pyodide') + path.sep
  return { loadPyodide: options => module.loadPyodide({ ...options, indexURL }) }
}

const { startPython } = await import(`${root}assets/start.mjs`)
const { python, late } = await startPython(root, () => {})
const worth = line => {
  try {
    return String(python.runPython(line))
  } catch (error) {
    return error.message.trim().split('\n').at(-1)
  }
}
const found = lines.map(line => {
  offline = line.startsWith('offline:')
  return [worth(line.replace('offline:', '')), asked]
})
await late.bring()  // nothing more to do where somebody could not wait
console.log(JSON.stringify(found))
process.exit(0)
