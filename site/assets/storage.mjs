/** The reader's lab, kept in this browser (IndexedDB): it survives reload, closing and updates. */

const STORE = 'lab'

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

const readOne = key => transaction('readonly', store => store.get(key))

/**
 * What was kept, or nothing where there is none or this browser keeps nothing (private mode).
 * @returns {Promise<{settings: string, file: Uint8Array|null}>}
 */
export async function readLab() {
  try {
    const [settings, file] = await Promise.all([readOne('settings'), readOne('file')])
    return { settings: settings ?? '', file: file ?? null }
  } catch {
    return { settings: '', file: null }
  }
}

/** Whether a model or text of the reader's own is kept, without reading it. */
export const keepsOwn = () => transaction('readonly', store => store.count('file'))
  .then(count => count > 0, () => false)

/**
 * Keep it, all or nothing: the old lab stays until the new one is whole.
 * @param {Uint8Array|null|undefined} file null: the shipped lab, undefined: as it is
 */
export function writeLab(settings, file) {
  return transaction('readwrite', store => {
    store.put(settings, 'settings')
    if (file === null) store.delete('file')
    else if (file !== undefined) store.put(file, 'file')
  })
}
