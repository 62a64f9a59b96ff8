"""Small changes to Pyodide's own script, for what it cannot do yet: restore loaded side modules, and
be read only once.

A side module (a `.so`, such as NumPy's) has its memory and its slots in the table of functions
wherever there was room when it was loaded. A snapshot of the memory holds those addresses, so on
restore each module must get the very same ones again: see site/assets/snapshot.mjs.
"""

from sitebuild.errors import BuildError

# (what to find, exactly once; what to put there). `Module.replay` exists while a snapshot is being
# restored, `Module.record` while one is being made; otherwise nothing changes.
PATCHES = [
    # The address of a side module's memory.
    ('var getMemory=size=>{if(runtimeInitialized){',
     'var getMemory=size=>{if(Module.replay)return Module.replay.memory;if(runtimeInitialized){'),
    # Its slots in the table of functions.
    ('var getEmptyTableSlot=()=>{if(freeTableIndexes.length){return freeTableIndexes.pop()}'
     'return wasmTable["grow"](1)};',
     'var getEmptyTableSlot=()=>{if(Module.replay?.slots.length){const slot=Module.replay.slots'
     '.shift();if(slot>=wasmTable.length)wasmTable.grow(slot+1-wasmTable.length);return slot}'
     'const slot=freeTableIndexes.length?freeTableIndexes.pop():wasmTable["grow"](1);'
     'Module.record?.slot(slot);return slot};'),
    # Where the loading of a module begins and ends: slots taken in between are its own.
    ('function loadModule(){var memAlign=',
     'function loadModule(){Module.record?.begin();var memAlign='),
    ('return moduleExports}if(flags.loadAsync){return(async',
     'Module.record?.end();return moduleExports}if(flags.loadAsync){return(async'),
    # Before a snapshot, free memory is filled with zeros, which must not make it grow.
    ('function _emscripten_resize_heap(requestedSize){',
     'function _emscripten_resize_heap(requestedSize){if(Module.record?.full)return false;'),
    # All of the script is one function. In parentheses it is compiled when it is read; otherwise V8
    # reads its million characters once to see where it ends, and again when it is called.
    ('async function _createPyodideModule(moduleArg={}){',
     'export default(async function(moduleArg={}){'),
    (';return moduleRtn}export default _createPyodideModule;', ';return moduleRtn});'),
]


def patched(source: str, version: str) -> str:
    """pyodide.asm.mjs with all patches; BuildError where one does not fit this version."""
    for old, new in PATCHES:
        if source.count(old) != 1:
            raise BuildError(f'the patch of Pyodide {version} at "{old[:40]}…" does not fit; '
                             'see py/sitebuild/pyodide_patches.py.')
        source = source.replace(old, new)
    return source
