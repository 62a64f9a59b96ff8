// node make_snapshot.mjs PYODIDE_DIR PATCHED_ASM_MJS PYTHON_ZIP PAGES_JSON OUT_DIR
// Starts Python in Pyodide, lets it make every page, and writes its memory as snapshot.bin, what it
// may read later as rest.bin (not compressed yet), and each page's document in both languages.
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { clearUnused } from './clear_memory.mjs'
import { takeLinks } from '../../site/assets/gc_links.mjs'
import { placeModules, sumOf } from '../../site/assets/snapshot.mjs'

const [pyodideDir, patched, archive, pagesFile, out] = process.argv.slice(2).map(it => path.resolve(it))
const PAGE = 4096
const LINK = 8  // bytes in front of each object that the garbage collector knows
const ROOM = 64  // slots of the table: browsers put a few functions there that Node does not have
const SITE_PACKAGES = '/lib/python3.14/site-packages'
// What may be read at any time: minigpt, whose sources pages show, but for what only terminals use, and
// the stylesheets of Panel's designs. What pages are made of has been read.
const FIRST_FILES
  = /\/site-packages\/(minigpt\/(?!(data|cli|server)\/)|panel\/theme\/css\/)/

// What Panel looks up when it is imported in a browser's worker, and worker.mjs has ready.
globalThis.XMLHttpRequest ??= class XMLHttpRequest {}
globalThis.objectFromEntries = () => { throw new Error('only for the browser') }

const load = file => import(pathToFileURL(file).href)

/** Pyodide with all of the site's Python in its file system. */
async function start() {
  const { loadPyodide } = await load(path.join(pyodideDir, 'pyodide.mjs'))
  const python = await loadPyodide({
    indexURL: pyodideDir + path.sep, createPyodideModule: (await load(patched)).default,
    _makeSnapshot: true, env: { PYTHONHASHSEED: '0' } })
  python.unpackArchive(new Uint8Array(fs.readFileSync(archive)), 'zip',
    { extractDir: SITE_PACKAGES })
  return python
}

/** Notes, for each side module that is loaded, which slots of the table it takes. */
class Record {
  loads = []
  full = false
  begin() { this.loads.push(this.present = []) }
  slot(slot) { this.present?.push(slot) }
  end() { this.present = null }
}

function makePages(python) {
  const runtime = python.pyimport('pages.runtime')
  runtime.drop_manuals()
  for (const { name, viewer } of JSON.parse(fs.readFileSync(pagesFile))) {
    runtime.build_page(name, viewer)
  }
  for (const lang of ['en', 'pt']) {  // the memory keeps the last one
    runtime.set_for_all('lang', lang)
    for (const [name, view] of Object.entries(JSON.parse(runtime.views()))) {
      fs.writeFileSync(path.join(out, 'views', `${name}.${lang}.json`), view)
    }
  }
  const loaded = runtime.sleep().toJs()
  runtime.destroy()
  return new Set(loaded)
}

/** Python's buffer for what is typed has something that was freed in it, until all of it was read. */
function clearInput(python) {
  python.setStdin({ read: room => room.fill(0).length })
  python.runPython('import sys; sys.stdin.buffer.read(len(sys.stdin.buffer.peek()))')
}

function sideModules(Module) {
  const { loads } = Module.record
  const modules = Object.entries(Module.LDSO.loadedLibsByHandle)
    .filter(([, dso]) => dso.name !== '__main__')
    .map(([handle, dso]) => {
      const field = offset => Module.HEAPU32[(Number(handle) + offset) >>> 2]
      return { name: dso.name, handle: Number(handle), global: dso.global, memory: field(12),
        memorySize: field(16), table: field(20), tableSize: field(24) }
    })
    .sort((a, b) => a.table - b.table)
  if (modules.length !== loads.length || modules.some(it => !it.tableSize)) {
    throw new Error('side modules and their records differ')
  }
  return modules.map((it, index) => ({ ...it, slots: loads[index] }))
}

/**
 * The memory of a new Python whose side modules have been placed, as the site's restoring has it
 * before it fills it.
 */
async function freshMemory(header, code) {
  const { loadPyodide } = await load(path.join(pyodideDir, 'pyodide.mjs'))
  let memory
  const createPyodideModule = async settings => {
    const Module = await (await load(patched)).default(settings)
    Module.growMemory(header.heap)
    placeModules(Module, header, code.map(it => new WebAssembly.Module(it)))
    memory = Module.HEAPU8
    throw new Error('that was all')
  }
  await loadPyodide({ indexURL: pyodideDir + path.sep, createPyodideModule,
    _loadSnapshot: new Uint8Array(8) }).catch(error => { if (!memory) throw error })
  return memory
}

/**
 * Stretches of memory in whole pages, as [offset, length, …]: `runs`, to be kept, and `same`, which
 * a fresh memory has too. The others are zeros.
 */
function stretches(heap, fresh) {
  const words = it => new BigUint64Array(it.buffer, it.byteOffset, heap.length / 8)
  const kept = words(heap), there = words(fresh), found = { runs: [], same: [] }
  for (let at = 0; at < heap.length; at += PAGE) {
    const page = kept.subarray(at / 8, (at + PAGE) / 8)
    if (page.every(word => word === 0n)) continue
    const known = there.subarray(at / 8, (at + PAGE) / 8)
    const list = found[page.every((word, i) => word === known[i]) ? 'same' : 'runs']
    if (list.length && list.at(-2) + list.at(-1) === at) list[list.length - 1] += PAGE
    else list.push(at, PAGE)
  }
  return found
}

function writeContainer(name, header, parts) {
  const json = new TextEncoder().encode(JSON.stringify(header))
  const length = new Uint8Array(new Uint32Array([json.length]).buffer)
  fs.writeFileSync(path.join(out, name), Buffer.concat([length, json, ...parts]))
}

/** All files below a folder of Python's file system. */
function* filesBelow(FS, folder) {
  for (const name of FS.readdir(folder)) {
    if (name === '.' || name === '..') continue
    const file = `${folder}/${name}`
    if (FS.isDir(FS.stat(file).mode)) yield* filesBelow(FS, file)
    else yield file
  }
}

function writeFiles(FS, name, header, parts, files) {
  const contents = files.map(file => FS.readFile(file))
  header.files = files.map((file, index) => ({ path: file, bytes: contents[index].length }))
  return writeContainer(name, header, [...parts[0], ...contents, ...parts[1]])
}

async function main() {
  fs.mkdirSync(path.join(out, 'views'), { recursive: true })
  const python = await start(), Module = python._module
  Module.wasmTable.grow(ROOM)
  // No time passes while the pages are made: what they measure of it would be this machine's.
  performance.now = () => 0
  Date.now = () => 0
  Module.record = new Record()
  const loaded = makePages(python)
  clearInput(python)
  const link = python.runPython('import gc; id(vars(gc))') - LINK
  clearUnused(Module)
  const modules = sideModules(Module)
  const snapshot = python.makeMemorySnapshot()
  const [, start_, length] = new Uint32Array(snapshot.buffer, 0, 3)
  const heap = snapshot.slice(start_)
  const { links, distances } = takeLinks(heap, link)
  const core = fs.readFileSync(path.join(pyodideDir, 'pyodide.asm.wasm'))
  const code = modules.map(it => Module.FS.readFile(it.name))
  const header = {
    pyodide: python._api.config.BUILD_ID,
    bundle: createHash('sha256').update(fs.readFileSync(archive)).digest('hex'),
    core: core.length, heap: heap.length, table: Module.wasmTable.length,
    modules: modules.map((it, index) => ({ ...it, bytes: code[index].length })),
    objects: JSON.parse(new TextDecoder().decode(snapshot.subarray(48, 48 + length))) }
  const { runs, same } = stretches(heap, await freshMemory(header, code))
  Object.assign(header, { runs, same, sum: sumOf(heap, same), links })
  const memory = []
  for (let i = 0; i < runs.length; i += 2) memory.push(heap.subarray(runs[i], runs[i] + runs[i + 1]))
  const files = [...filesBelow(Module.FS, SITE_PACKAGES)].filter(file => !loaded.has(file))
  const later = [...files.filter(file => !FIRST_FILES.test(file)), '/lib/python314.zip']
  header.late = later.map(file => ({ path: file, bytes: Module.FS.stat(file).size }))
  writeFiles(Module.FS, 'snapshot.bin', header, [[core, ...code], [distances, ...memory]],
    files.filter(file => FIRST_FILES.test(file)))
  writeFiles(Module.FS, 'rest.bin', {}, [[], []], later)
}

try {
  await main()
} catch (error) {
  process.stderr.write(`error: ${String(error.message).trim().split('\n').at(-1)}\n${error.message}\n`)
  process.exit(1)
}
