/**
 * Where this browser keeps the snapshot unpacked, beside the site: a folder of its own ("origin
 * private file system"), with a file named by the SHA-256 of the snapshot.bin that it was.
 */

const FOLDER = 'minigpt'

/** Whether this browser has such a place. */
export const hasFolder = () => Boolean(navigator.storage?.getDirectory)

/** The folder; an Error where it is not there and not to be created. */
export async function folder(create = false) {
  return (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create })
}

/** Bytes that are kept there; 0 where none are. */
export async function sizeUnpacked() {
  let size = 0
  try {
    for await (const handle of (await folder()).values()) size += (await handle.getFile()).size
  } catch { /* none */ }
  return size
}

/** Drop all of it. */
export async function forgetUnpacked() {
  try {
    await (await navigator.storage.getDirectory()).removeEntry(FOLDER, { recursive: true })
  } catch { /* none */ }
}
