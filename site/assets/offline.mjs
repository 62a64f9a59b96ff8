/** The footer's line on the site kept in this browser: how far it is, its size, free it, update it. */

import { chosen, remember } from './preferences.mjs'
import { forgetUnpacked, hasFolder, sizeUnpacked } from './unpacked_folder.mjs'

const fill = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name])
// The caches of service-worker.js, one a build.
const OURS = `minigpt ${new URL('..', import.meta.url)} `
const cachesOfOurs = async () => (await caches.keys()).filter(it => it.startsWith(OURS))

export class Offline {
  /** `words()`: the present language's locale. */
  constructor(words) {
    this.words = words
    this.box = document.getElementById('offline')
    this.button = this.box.querySelector('button')
    this.state = 'none'  // none, keeping, kept, update, failed
    this.kept = this.total = 0
    this.otherTabs = 0
    this.button.onclick = () => this.act()
  }

  /** Keep the site, unless the reader freed the space or saves data. Called once it is live. */
  async start() {
    if (this.started || !navigator.serviceWorker || location.protocol === 'file:') return
    this.started = true
    this.box.hidden = false
    navigator.serviceWorker.onmessage = ({ data }) => this.heard(data)
    if (chosen('offline') === 'no' || (navigator.connection?.saveData && chosen('offline') !== 'yes')) {
      await this.offer()
    } else {
      await this.keep()
    }
  }

  async keep() {
    this.show('keeping')
    try {
      const options = { updateViaCache: 'none' }
      this.registration = await navigator.serviceWorker.register('service-worker.js', options)
      this.follow(this.registration.installing)
      this.registration.addEventListener('updatefound',
        () => this.follow(this.registration?.installing))
      await this.settle()
    } catch {  // a private window, or a host without HTTPS
      this.show('failed')
    }
  }

  follow(worker) {
    worker?.addEventListener('statechange', () => this.settle())
  }

  /** Say what the registration's workers have come to. */
  async settle() {
    if (!this.registration) return  // the reader freed the space
    const { installing, waiting, active } = this.registration
    if (waiting && active) this.show('update')
    else if (active || waiting) {
      this.unpacked ??= keepUnpacked()
      await this.unpacked
      if (!this.registration) return
      this.total = await sizeKept() || this.total
      this.show('kept')
    } else this.show(installing ? 'keeping' : 'failed')
  }

  heard({ type, kept, total, count }) {
    if (type === 'keeping' && this.state === 'keeping') {
      Object.assign(this, { kept, total })
      this.paint()
    }
    if (type === 'other tabs') {
      this.otherTabs = count
      this.paint()
    }
  }

  act() {
    if (this.state === 'kept') return this.free()
    if (this.state === 'update') return this.update()
    remember('offline', 'yes')
    return this.keep()
  }

  update() {
    navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(),
      { once: true })
    this.registration.waiting.postMessage('take over')
  }

  /** The reader's lab is kept elsewhere and stays. */
  async free() {
    const { registration } = this
    if (!registration) return  // pressed twice
    this.registration = this.unpacked = null
    remember('offline', 'no')
    await registration.unregister()
    for (const name of await cachesOfOurs()) await caches.delete(name)
    await forgetUnpacked()
    await this.offer()
  }

  /** Nothing is kept; say what it would take. */
  async offer() {
    try {
      const manifest = await (await fetch('build.json')).json()
      this.total = sizeOfFiles(manifest) + (hasFolder() ? manifest.unpacked : 0)
    } catch { /* no network: what it took until now */ }
    this.show('none')
  }

  show(state) {
    this.state = state
    this.paint()
  }

  paint() {
    const { offline, tag } = this.words()
    const megabytes = bytes => (bytes / 1e6).toLocaleString(tag, { maximumFractionDigits: 0 })
    const values = { kept: megabytes(this.kept), total: megabytes(this.total),
      count: this.otherTabs }
    this.box.dataset.state = this.state
    this.box.querySelector('summary').textContent = fill(
      this.state === 'keeping' && !this.total ? offline.starting : offline.summary[this.state], values)
    const about = this.otherTabs && this.state === 'update' ? offline.otherTabs
      : offline.about[this.state]
    this.box.querySelector('p').textContent = fill(about, values)
    this.button.textContent = offline.button[this.state] ?? ''
    this.button.hidden = this.state === 'keeping'
  }
}

/** Bytes of the build that is kept whole, from its manifest; the next one may be there, too. */
async function sizeKept() {
  for (const cacheName of await cachesOfOurs()) {
    const found = await caches.match('build.json', { cacheName })
    if (found) return sizeOfFiles(await found.json()) + await sizeUnpacked()
  }
  return 0
}

const sizeOfFiles = ({ files }) => Object.values(files).reduce((sum, { bytes }) => sum + bytes, 0)

/** Keep the snapshot unpacked, too, where this browser can. */
async function keepUnpacked() {
  if (!hasFolder()) return
  const worker = new Worker(new URL('keep_unpacked_worker.mjs', import.meta.url), { type: 'module' })
  await new Promise(done => { worker.onmessage = worker.onerror = done })
  worker.terminate()
}
