/**
 * The site opened by double click. Browsers refuse modules, workers and fetch to a page that comes
 * from a file, but run plain scripts. So every file of the site is also a script that hands over
 * its bytes, and this one puts in place what the site expects:
 *
 *   modules   blobs made of their sources, which may be imported
 *   fetch     answers from those scripts, each loaded when it is asked for
 *   Worker    the page itself: Python runs on it, behind a port
 */
(() => {
  const base = new URL('.', document.baseURI).href
  const files = new Map()    // path → promise of bytes
  const arrived = new Map()  // path → what its script calls
  const modules = new Map()  // path → blob URL
  const TYPES = { wasm: 'application/wasm', json: 'application/json', mjs: 'text/javascript' }

  /** Called by each script with what it holds. */
  globalThis.minigptFile = (path, base64) => arrived.get(path)(base64)

  function bytesOf(path) {
    if (!files.has(path)) {
      files.set(path, new Promise((resolve, reject) => {
        arrived.set(path, base64 => resolve(decoded(base64)))
        const script = Object.assign(document.createElement('script'),
          { src: `portable/${path}.js`, onerror: () => reject(new TypeError(`no file ${path}`)) })
        script.onload = () => {
          script.remove()
          resolve(new Uint8Array(0))  // only where it handed over nothing: it is damaged
        }
        document.head.append(script)
      }))
    }
    return files.get(path)
  }

  function decoded(base64) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64)
    const text = atob(base64), data = new Uint8Array(text.length)
    for (let i = 0; i < text.length; i++) data[i] = text.charCodeAt(i)
    return data
  }

  const pathOf = url => {
    const { href } = new URL(url, base)
    if (!href.startsWith(base)) throw new TypeError(`not fetched: ${href}`)
    return href.slice(base.length).split(/[?#]/)[0]
  }

  globalThis.fetch = async resource => {
    const path = pathOf(resource.url ?? resource)
    const headers = { 'Content-Type': TYPES[path.split('.').pop()] ?? 'application/octet-stream' }
    return bytesOf(path).then(data => new Response(data, { headers }),
      () => new Response(null, { status: 404 }))
  }

  /** The address of a module: its source, with the addresses of those it imports in their place. */
  async function moduleUrl(path) {
    if (!modules.has(path)) {
      let source = new TextDecoder().decode(await bytesOf(path))
      const folder = new URL('.', base + path)
      for (const [whole, name] of source.matchAll(/from '(\.\/[\w.-]+\.mjs)'/g)) {
        source = source.replace(whole, `from '${await moduleUrl(pathOf(new URL(name, folder)))}'`)
      }
      source = source.replaceAll('import.meta.url', () => JSON.stringify(base + path))
      modules.set(path, URL.createObjectURL(new Blob([source], { type: TYPES.mjs })))
    }
    return modules.get(path)
  }
  globalThis.minigptImport = async path => import(await moduleUrl(path))

  globalThis.Worker = class {
    static used = false

    constructor(url) {
      if (Worker.used) location.reload()  // Python cannot be started twice on one page
      Worker.used = true
      const { port1, port2 } = new MessageChannel()
      this.port = port1
      globalThis.minigptPort = port2
      port1.onmessage = event => this.onmessage?.(event)
      minigptImport(pathOf(url)).catch(error => this.onerror?.(error))
    }

    postMessage(message) { this.port.postMessage(message) }

    terminate() { this.port.close() }
  }

  // A file's address cannot change without loading it: pages change in place, under one address.
  for (const name of ['pushState', 'replaceState']) history[name] = () => {}

  minigptImport('assets/shell.mjs')
})()
