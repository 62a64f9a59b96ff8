/** The helper thread: see helper_threads.mjs, which starts it. */

const BUILDS = ['relaxed', 'simd']  // the first that this browser knows

onmessage = async ({ data: memory }) => {
  for (const name of BUILDS) {
    const answer = await fetch(new URL(`helper_thread_${name}.wasm`, import.meta.url))
    const bytes = await answer.arrayBuffer()
    if (!answer.ok || !WebAssembly.validate(bytes)) continue
    const { instance } = await WebAssembly.instantiate(bytes, { env: { memory } })
    const { task, __heap_base, serve } = instance.exports
    postMessage({ task: task.value, room: __heap_base.value })
    serve()
  }
}
