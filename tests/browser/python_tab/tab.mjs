/** runPython(files, code) runs Python in a worker that has the built site's minigpt. */
const worker = new Worker(`worker.mjs${location.search}`, { type: 'module' })
window.runPython = (files, code) => new Promise((resolve, reject) => {
  worker.onmessage = ({ data }) => ('error' in data ? reject(new Error(data.error)) : resolve(data.result))
  worker.postMessage({ files, code })
})
