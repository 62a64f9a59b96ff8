/**
 * Keeps one whole build of the site in the browser, so that it opens without a network.
 *
 * Two caches: FILES holds contents by their SHA-256, so that an update fetches only what changed;
 * BUILDS holds, for each build that is whole, its build.json. A worker answers for its own build
 * alone. The next build's worker waits until the reader says so, or until no tab is open: no tab
 * ever meets files of two builds.
 */

const BUILD = '__BUILD__'
const FILES = 'minigpt-files-1'  // raise the number when HEADERS change: they are kept with a file
const BUILDS = 'minigpt-builds'
const ROOT = new URL('./', self.location).href
const AT_ONCE = 4                // downloads
// What a static host cannot send. Isolated pages may use a helper thread.
const HEADERS = {
  'Content-Security-Policy': '__POLICY__',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

const keyOf = sha256 => `${ROOT}kept/${sha256}`
const buildKey = build => `${ROOT}kept/build/${build}`

self.addEventListener('install', event => event.waitUntil(keepAll()))
self.addEventListener('activate', event => event.waitUntil(forgetOthers()))
self.addEventListener('message', event => {
  if (event.data === 'take over') event.waitUntil(takeOver(event.source))
})
self.addEventListener('fetch', event => {
  const { method, url } = event.request
  if (method === 'GET' && url.startsWith(ROOT)) event.respondWith(answer(event.request))
})

/** Fetch what is missing of this build. It counts as kept only once every file is there. */
async function keepAll() {
  const manifest = await (await fetch(`${ROOT}build.json`, { cache: 'no-store' })).json()
  if (manifest.build !== BUILD) throw new Error('the site is being updated')  // tried again later
  const store = await caches.open(FILES)
  const names = Object.keys(manifest.files)
  const total = names.reduce((sum, name) => sum + manifest.files[name].bytes, 0)
  let kept = 0
  const next = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const { bytes, sha256 } = manifest.files[name]
      if (!await store.match(keyOf(sha256))) await keep(store, name, sha256)
      kept += bytes
      await tell({ type: 'keeping', kept, total })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
  await (await caches.open(BUILDS)).put(buildKey(BUILD), Response.json(manifest))
}

/** Download one file and put it into the store; an Error if it is not the file of this build. */
async function keep(store, name, sha256) {
  const response = await fetch(ROOT + name, { cache: 'no-cache' })
  const data = await response.arrayBuffer()
  if (!response.ok || await digest(data) !== sha256) throw new Error(`${name} is not whole`)
  const type = response.headers.get('Content-Type')
  const whole = new Response(data, { headers: { ...HEADERS, ...(type && { 'Content-Type': type }) } })
  await store.put(keyOf(sha256), whole.clone())
  return whole
}

async function digest(data) {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', data))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

/** Drop older builds, and the contents that this one does not share with them. */
async function forgetOthers() {
  const builds = await caches.open(BUILDS), store = await caches.open(FILES)
  for (const request of await builds.keys()) {
    if (request.url !== buildKey(BUILD)) await builds.delete(request)
  }
  const { files } = await manifestKept()
  const ours = new Set(Object.values(files).map(({ sha256 }) => keyOf(sha256)))
  for (const request of await store.keys()) {
    if (!ours.has(request.url)) await store.delete(request)
  }
}

async function manifestKept() {
  return (await (await caches.open(BUILDS)).match(buildKey(BUILD)))?.json()
}

/** The reader wants the new build. With other tabs open it would change under their feet. */
async function takeOver(tab) {
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (tabs.length > 1) tab.postMessage({ type: 'other tabs', count: tabs.length - 1 })
  else await self.skipWaiting()
}

async function answer(request) {
  const manifest = await manifestKept()
  const path = request.url.slice(ROOT.length).split(/[?#]/)[0]
  if (!manifest) return fetch(request)  // the reader freed the space
  if (path === 'build.json') return Response.json(manifest)
  // Of no build: whether there is a server that does more than keep files, it alone knows.
  if (path === 'server.json') return fetch(request).catch(() => Response.json({}))
  const name = [path || 'index.html', `${path}.html`].find(it => manifest.files[it])
  if (!name) return fetch(request)
  const { sha256 } = manifest.files[name], store = await caches.open(FILES)
  // What the browser dropped is fetched again. Another build's file is refused, and so is any
  // where there is no network: the page then says which one did not come.
  return await store.match(keyOf(sha256))
    ?? await keep(store, name, sha256).catch(() => Response.error())
}

async function tell(message) {
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  for (const tab of tabs) tab.postMessage(message)
}
