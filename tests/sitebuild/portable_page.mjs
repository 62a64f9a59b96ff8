/**
 * What start.js makes of the files in a folder, with a stand-in for the page: a script is read from
 * the disk, and runs or not, as in a browser.
 * Usage: node --expose-gc portable_page.mjs START.JS FOLDER PATH…; prints {path: [status, bytes,
 * source, kept]}, where `source` is what a module became ('' for other files), or the sentence of its
 * refusal, and `kept` whether the bytes stay in memory once nobody uses them.
 */

import fs from 'node:fs'
import vm from 'node:vm'
import { fileURLToPath, pathToFileURL } from 'node:url'

const [start, folder, ...paths] = process.argv.slice(2)
const base = pathToFileURL(`${folder}/`).href
const made = []
class PageUrl extends URL {
  static createObjectURL(blob) { return `blob:null/${made.push(blob)}` }
}

let given  // a reference to what was decoded last
class PageBytes extends Uint8Array {
  constructor(...values) {
    super(...values)
    given = new WeakRef(this)
  }

  static fromBase64 = undefined  // as in a browser that has none
}

function run(script) {
  const file = fileURLToPath(new URL(script.src, base))
  if (!fs.existsSync(file)) return script.onerror()
  try { vm.runInContext(fs.readFileSync(file, 'utf8'), page) } catch { /* told on the console */ }
  script.onload()
}

const page = vm.createContext({ URL: PageUrl, Blob, Response, TextDecoder,
  Uint8Array: PageBytes, atob,
  history: { pushState() {}, replaceState() {} },
  document: { baseURI: `${base}index.html`, createElement: () => ({ remove() {} }),
    head: { append: script => queueMicrotask(() => run(script)) } } })
process.on('unhandledRejection', () => {})  // no module can be imported here
vm.runInContext(fs.readFileSync(start, 'utf8'), page)

const found = {}
for (const path of paths) {
  const answer = await page.fetch(path)
  const { byteLength } = await answer.arrayBuffer(), { status } = answer
  await new Promise(setImmediate)
  gc()
  const kept = Boolean(given?.deref()), before = made.length
  let said = ''
  if (path.endsWith('.mjs')) await page.minigptImport(path).catch(error => { said = error.message })
  found[path] = [status, byteLength, made.length > before ? await made.at(-1).text() : said, kept]
}
console.log(JSON.stringify(found))
