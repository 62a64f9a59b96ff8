/**
 * The reader's lab, kept in this browser (IndexedDB): it survives reload, closing and updates.
 *
 * All tabs share what is kept, and each has a lab of its own. Each saving of a file has a mark; who
 * did not read or write the one that is there may not put another in its place unasked.
 */

const STORE = 'lab'
let mine = null  // the mark of the file that this tab read or wrote last

function database() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('minigpt', 1)
    request.onupgradeneeded = () => request.result.createObjectStore(STORE)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

/** What `work(store)` asks for, once the transaction is on the disk. */
async function transaction(mode, work) {
  const db = await database()
  try {
    return await new Promise((resolve, reject) => {
      const change = db.transaction(STORE, mode)
      const request = work(change.objectStore(STORE))
      change.oncomplete = () => resolve(request?.result)
      change.onerror = change.onabort = () => reject(change.error)
    })
  } finally {
    db.close()
  }
}

/**
 * What was kept, or nothing where there is none or this browser keeps nothing (private mode).
 * @returns {Promise<{settings: string, file: Uint8Array|null}>}
 */
export async function readLab() {
  const found = {}
  try {
    await transaction('readonly', store => {
      for (const key of ['settings', 'file', 'kept']) {
        store.get(key).onsuccess = ({ target }) => { found[key] = target.result }
      }
    })
    mine = found.kept?.mark ?? null
  } catch {
    // as if nothing were there
  }
  return { settings: found.settings ?? '', file: found.file ?? null }
}

/** Whether a model or text of the reader's own is kept, without reading it. */
export const keepsOwn = () => transaction('readonly', store => store.count('file'))
  .then(count => count > 0, () => false)

/**
 * Keep it, all or nothing: the old lab stays until the new one is whole.
 * @param {Uint8Array|null|undefined} file null: the shipped lab, undefined: as it is
 * @param {string} what the lab is, for the other tabs
 * @param {boolean} instead even where another tab kept another file meanwhile
 * @returns {Promise<{kept: {mark: string, what: string}|undefined, newer: boolean}>} the file that
 *   is there now; `newer`: another tab's, and nothing was written
 */
export async function writeLab(settings, file, what = '', instead = false) {
  const next = { mark: crypto.getRandomValues(new Uint32Array(4)).join(), what }
  let kept, newer = false
  await transaction('readwrite', store => {
    store.get('kept').onsuccess = ({ target }) => {
      kept = target.result
      newer = !instead && (kept?.mark ?? null) !== mine
      if (newer) return
      store.put(settings, 'settings')
      if (file === undefined) return
      store.put(kept = next, 'kept')
      if (file === null) store.delete('file')
      else store.put(file, 'file')
    }
  })
  if (!newer) mine = kept?.mark ?? null
  return { kept, newer }
}

/** Whether this file is another than the one this tab read or wrote last. */
export const isNews = kept => kept.mark !== mine

/** This tab's lab is the same as that file's. */
export const agree = kept => { mine = kept.mark }
