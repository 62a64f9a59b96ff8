/**
 * Before Python's memory is kept: free the side modules' files, which it holds beside their code, and
 * fill with zeros what nobody uses, so that what was freed takes no room in the file.
 */
export function clearUnused(Module) {
  const { _malloc, _free, HEAPU8 } = Module, held = []
  for (const handle of Object.keys(Module.LDSO.loadedLibsByHandle).map(Number)) {
    if (handle) freeFile(Module, handle)  // 0 is Pyodide itself
  }
  Module.record.full = true
  for (let size = 1 << 24; size >= 16; size >>= 1) takeAll(_malloc, size - 8, HEAPU8, held)
  for (const at of held) _free(at)
  Module.record.full = false
  HEAPU8.fill(0, Module._emscripten_stack_get_end(), Module.stackSave())
}

/** What Emscripten's record of a module (struct dso) has of its file: address and size. */
function freeFile({ _free, HEAPU32, HEAPU8 }, handle) {
  const [file, size] = [28, 32].map(offset => (handle + offset) >>> 2)
  if (!HEAPU32[size]) return
  const at = HEAPU32[file]
  if (String.fromCharCode(...HEAPU8.subarray(at, at + 4)) !== '\0asm') {
    throw new Error(`the file of the module at ${handle} is elsewhere`)
  }
  _free(at)
  HEAPU32[file] = HEAPU32[size] = 0
}

/** Blocks of this size until there is none. */
function takeAll(allocate, size, memory, held) {
  for (let at; (at = allocate(size));) {
    memory.fill(0, at, at + size)
    held.push(at)
  }
}
