/**
 * The site opened by double click. Browsers refuse modules, workers and fetch to a page that comes
 * from a file, but run plain scripts. So every file of the site is also a script that hands over
 * its bytes, and this one puts in place what the site expects:
 *
 *   modules   blobs made of their sources, which may be imported
 *   fetch     answers from those scripts, each loaded when it is asked for
 *   Worker    the page itself: Python runs on it, behind a port
 *   history   entries that hold the address of a page, which the browser's own cannot change to
 */
(() => {
  const base = new URL('.', document.baseURI).href
  const files = new Map()    // path → promise of bytes, while its script is on its way
  const arrived = new Map()  // path → what its script calls
  const modules = new Map()  // path → blob URL
  const SCRIPTS = /\.(mjs|json|wasm|bin|zip|whl)$/  // what portable.py makes scripts of
  const TYPES = { wasm: 'application/wasm', json: 'application/json', mjs: 'text/javascript' }

  /** Called by each script with what it holds. */
  globalThis.minigptFile = (path, base64) => arrived.get(path)(base64)

  /** Where a file of the site lies in the folder. */
  const placeOf = path => SCRIPTS.test(path) ? `portable/${path}.js` : path
  globalThis.minigptPlace = placeOf

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
      }).finally(() => {  // whoever asked has it now; together they are half a hundred megabytes
        files.delete(path)
        arrived.delete(path)
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

  /** A module's source; its file is named by the error where it is missing or damaged. */
  async function sourceOf(path) {
    const data = await bytesOf(path).catch(() => [])
    if (!data.length) throw Object.assign(new TypeError(`${path} cannot be read`), { file: path })
    return new TextDecoder().decode(data)
  }

  /** The address of a module: its source, with the addresses of those it imports in their place. */
  async function moduleUrl(path) {
    if (!modules.has(path)) {
      let source = await sourceOf(path)
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

  for (const name of ['pushState', 'replaceState']) {
    const change = history[name].bind(history)
    history[name] = state => change(state, '')
  }

  /** Without the site's own modules the page still says which of them is missing. */
  function tell({ file = 'assets/shell.mjs', message }) {
    const root = document.documentElement, box = document.getElementById('boot')
    const { words } = JSON.parse(document.getElementById('site-words').textContent)
    const { boot } = words[root.lang.startsWith('pt') ? 'pt' : 'en']
    root.dataset.state = 'error'
    box.hidden = false
    for (const it of box.querySelectorAll('progress, .boot-now, .boot-bytes, .boot-steps')) {
      it.hidden = true
    }
    box.querySelector('.boot-title').textContent = boot.failed
    box.querySelector('.boot-error').textContent = boot.folder.replace('{file}', placeOf(file))
    const [details, retry] = [box.querySelector('.boot-details'), box.querySelector('.boot-retry')]
    details.firstChild.textContent = boot.details
    details.lastChild.textContent = message
    retry.textContent = boot.retry
    retry.onclick = () => location.reload()
    details.hidden = retry.hidden = false
  }

  minigptImport('assets/shell.mjs').catch(tell)
})()
