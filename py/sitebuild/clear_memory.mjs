/**
 * Before Python's memory is kept: fill with zeros what nobody uses, so that what was freed takes no
 * room in the file.
 */
export function clearUnused(Module) {
  const { _malloc, _free, HEAPU8 } = Module, held = []
  Module.record.full = true
  for (let size = 1 << 24; size >= 16; size >>= 1) takeAll(_malloc, size - 8, HEAPU8, held)
  for (const at of held) _free(at)
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
