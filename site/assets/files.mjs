/** Downloads what Python needs: all at once, counted in bytes, and compared with build.json. */

const STALL_SECONDS = 20
const TOLD = 50  // times at most that progress is told: each time is drawn

/** What can go wrong with a file; `kind` and `file` pick the sentence the reader sees. */
export class FileError extends Error {
  constructor(kind, file, status = 0, cause = undefined) {
    super(`${kind}: ${file}${status ? ` (${status})` : ''}`, { cause })
    Object.assign(this, { kind, file, status })
  }
}

/**
 * The site's list of files with sizes and hashes. Never from the cache: it says which build is
 * there.
 * @returns {Promise<{build: string, files: Object<string, {bytes: number, sha256: string}>}>}
 */
export async function readManifest(root) {
  const name = 'build.json'
  const response = await request(root, name, { cache: 'no-cache' })
  try {
    return await response.json()
  } catch (error) {
    throw new FileError('damaged', name, 0, error)
  }
}

/**
 * Start all downloads, before it is known what they should be.
 * @param {string[]} names paths relative to `root`
 * @param {Promise<object>} manifest what `readManifest` gives
 * @param {(loaded: number, total: number) => void} onProgress in bytes, over all files
 * @param {Object<string, (part: Uint8Array) => void>} onPart by name: called with each part, as it
 *   comes, before it is known whether the file is whole
 * @returns {Map<string, Promise<Uint8Array>>}
 */
export function download(root, names, manifest, onProgress, onPart = {}) {
  let total = 0, loaded = 0, told = 0
  const known = manifest.then(({ files }) => {
    const absent = names.find(name => !files[name])
    if (absent) throw new FileError('missing', absent)
    total = names.reduce((sum, name) => sum + files[name].bytes, 0)
    onProgress(loaded, total)
    return files
  })
  const take = name => part => {
    loaded += part.length
    if (loaded === total || loaded - told > total / TOLD) onProgress(told = loaded, total)
    onPart[name]?.(part)
  }
  const begun = new Map(names.map(name => [name, downloadOne(root, name, known, take(name))]))
  for (const file of begun.values()) file.catch(() => {})  // told by whoever waits for it
  return begun
}

async function downloadOne(root, name, known, take) {
  const stop = new AbortController()
  let timer
  const wait = () => {
    clearTimeout(timer)
    timer = setTimeout(() => stop.abort(new FileError('stalled', name, 0)), STALL_SECONDS * 1000)
  }
  wait()
  try {
    const [response, { [name]: { bytes, sha256 } }] = await Promise.all(
      [request(root, name, { signal: stop.signal }), known])
    const data = await readAll(response, name, bytes, part => { wait(); take(part) })
    await verify(name, data, sha256)
    return data
  } finally {
    clearTimeout(timer)
  }
}

/**
 * One file at once: whoever asks waits, and so does this thread, which must be a worker's. Its size
 * is compared with the manifest's; browsers compute SHA-256 only for those who can wait.
 */
export function readNow(root, name, { files: { [name]: { bytes } } }) {
  const asked = new XMLHttpRequest()
  try {
    asked.open('GET', new URL(name, root), false)
    asked.responseType = 'arraybuffer'
    asked.send()
  } catch (error) {
    throw new FileError('network', name, 0, error)
  }
  if (asked.status !== 200) throw new FileError('missing', name, asked.status)
  if (asked.response.byteLength !== bytes) throw new FileError('damaged', name)
  return new Uint8Array(asked.response)
}

async function request(root, name, options) {
  let response
  try {
    response = await fetch(new URL(name, root), options)
  } catch (error) {
    throw error instanceof FileError ? error : new FileError('network', name, 0, error)
  }
  if (!response.ok) throw new FileError('missing', name, response.status)
  return response
}

async function readAll(response, name, bytes, take) {
  const data = new Uint8Array(bytes)
  const reader = response.body.getReader()
  let filled = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      if (filled + value.length > bytes) throw new FileError('damaged', name)
      data.set(value, filled)
      filled += value.length
      take(value)
    }
  } catch (error) {
    throw error instanceof FileError ? error : new FileError('network', name, 0, error)
  }
  if (filled !== bytes) throw new FileError('damaged', name)
  return data
}

/** Browsers offer SHA-256 in secure contexts only; elsewhere the size has to do. */
async function verify(name, data, sha256) {
  if (!globalThis.crypto?.subtle) return
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', data))
  const hex = Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('')
  if (hex !== sha256) throw new FileError('damaged', name)
}

/**
 * A `fetch` that answers from those downloads, each once, and otherwise asks our own server by
 * `network`: what runs here, also what the reader writes in the console, asks nobody else.
 */
export function fetchFrom(files, root, network) {
  const types = { wasm: 'application/wasm', json: 'application/json', zip: 'application/zip' }
  return async (resource, options) => {
    const url = new URL(resource.url ?? resource, root).href
    const name = url.startsWith(root) ? url.slice(root.length) : ''
    if (!files.has(name)) {
      if (new URL(url).origin !== new URL(root).origin) throw new TypeError(`not fetched: ${url}`)
      return network.call(globalThis, resource, options)
    }
    // A download that failed ends the boot by itself; here it just never answers.
    const data = await Promise.resolve(files.get(name)).catch(() => new Promise(() => {}))
    files.delete(name)
    return new Response(data, { headers: { 'Content-Type': types[name.split('.').pop()] } })
  }
}
