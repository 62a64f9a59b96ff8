/**
 * Before Python's memory is kept: fill with zeros what nobody uses, so that what was freed takes no
 * room in the file.
 */
export function clearUnused(Module) {
  const { _malloc, _free, _PyObject_Malloc, _PyObject_Free, HEAPU8 } = Module
  Module.record.full = true
  const fromMalloc = []
  for (let size = 1 << 24; size >= 16; size >>= 1) {
    takeAll(_malloc, size - 8, HEAPU8, fromMalloc)
  }
  // Python keeps small blocks for itself, in pools of one size each.
  const fromPython = []
  for (let size = 512; size >= 8; size -= 8) takeAll(_PyObject_Malloc, size, HEAPU8, fromPython)
  for (const at of fromPython.reverse()) _PyObject_Free(at)
  for (const at of fromMalloc) _free(at)
  Module.record.full = false
  HEAPU8.fill(0, Module._emscripten_stack_get_end(), Module.stackSave())
}

/** Blocks of this size until there is none. */
function takeAll(allocate, size, memory, held) {
  for (let at; (at = allocate(size));) {
    memory.fill(0, at, at + size)
    held.push(at)
  }
}
