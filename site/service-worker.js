/**
 * Keeps one whole build of the site in the browser, so that it opens without a network.
 *
 * A cache for each build, which is whole once build.json is in it. A file lies there under its own
 * address and as it came: only then do browsers keep a script's compiled code beside it. An update
 * fetches only what changed. A worker answers for its own build alone. The next build's worker waits
 * until the reader says so, or until no tab is open: no tab ever meets files of two builds.
 */

const BUILD = '__BUILD__'
const ROOT = new URL('./', self.location).href
const OURS = `minigpt ${ROOT} `  // as in assets/offline.mjs; other sites may be on the same host
const KEPT = OURS + BUILD
const MANIFEST = 'build.json'
const AT_ONCE = 4                // downloads
// What a static host cannot send, with pages and their workers. Isolated ones may use a helper thread.
const HEADED = /\.html$|worker\.mjs$/
const HEADERS = {
  'Content-Security-Policy': '__POLICY__',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
}

/** What a build's cache has of this name. */
const find = (name, cacheName = KEPT) => caches.match(ROOT + name, { cacheName })

self.addEventListener('install', event => event.waitUntil(keepAll()))
self.addEventListener('activate', event => event.waitUntil(forgetOthers()))
self.addEventListener('message', event => {
  if (event.data === 'take over') event.waitUntil(takeOver(event.source))
})
self.addEventListener('fetch', event => {
  const { method, url } = event.request
  if (method === 'GET' && url.startsWith(ROOT)) event.respondWith(answer(event.request))
})

/** Bring what is missing of this build. It counts as kept only once every file is there. */
async function keepAll() {
  const manifest = await (await fetch(ROOT + MANIFEST, { cache: 'no-store' })).json()
  if (manifest.build !== BUILD) throw new Error('the site is being updated')  // tried again later
  const store = await caches.open(KEPT), names = Object.keys(manifest.files)
  const before = new Map()  // the caches of other builds, and what is in them
  for (const cache of await others()) before.set(cache, (await manifestOf(cache)).files)
  const total = names.reduce((sum, name) => sum + manifest.files[name].bytes, 0)
  let kept = 0
  const next = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop()) {
      const { bytes, sha256 } = manifest.files[name]
      if (!await find(name)) await keep(store, name, sha256, await findIn(before, name, sha256))
      kept += bytes
      await tell({ type: 'keeping', kept, total })
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, next))
  await store.put(ROOT + MANIFEST, Response.json(manifest))
}

/** The caches of other builds of this site. */
const others = async () => (await caches.keys()).filter(it => it.startsWith(OURS) && it !== KEPT)

const manifestOf = async cache => await (await find(MANIFEST, cache))?.json() ?? { files: {} }

/** A file of this name and content that another build has. */
function findIn(before, name, sha256) {
  for (const [cache, files] of before) if (files[name]?.sha256 === sha256) return find(name, cache)
}

/** Put a file, downloaded unless it is given, into the store; an Error if it is not this build's. */
async function keep(store, name, sha256, given) {
  const response = given ?? await fetch(ROOT + name, { cache: 'no-cache' }), copy = response.clone()
  const data = await copy.arrayBuffer()
  if (!response.ok || await digest(data) !== sha256) throw new Error(`${name} is not whole`)
  const kept = HEADED.test(name) ? headed(response, data) : response
  await store.put(ROOT + name, kept.clone())
  return kept
}

function headed(response, data) {
  const type = response.headers.get('Content-Type')
  return new Response(data, { headers: { ...HEADERS, ...(type && { 'Content-Type': type }) } })
}

async function digest(data) {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', data))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

async function forgetOthers() {
  for (const cache of await others()) await caches.delete(cache)
}

/** The reader wants the new build. With other tabs open it would change under their feet. */
async function takeOver(tab) {
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  if (tabs.length > 1) tab.postMessage({ type: 'other tabs', count: tabs.length - 1 })
  else await self.skipWaiting()
}

async function answer(request) {
  const path = request.url.slice(ROOT.length).split(/[?#]/)[0]
  // Of no build: whether there is a server that does more than keep files, it alone knows.
  if (path === 'server.json') return fetch(request).catch(() => Response.json({}))
  const names = [path || 'index.html', `${path}.html`]
  for (const name of names) {
    const found = await find(name)
    if (found) return found
  }
  const { files } = await manifestOf(KEPT)  // none where the reader freed the space
  const name = names.find(it => files[it])
  if (!name) return fetch(request)
  // What the browser dropped is fetched again. Another build's file is refused, and so is any
  // where there is no network: the page then says which one did not come.
  return keep(await caches.open(KEPT), name, files[name].sha256).catch(() => Response.error())
}

async function tell(message) {
  const tabs = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  for (const tab of tabs) tab.postMessage(message)
}
