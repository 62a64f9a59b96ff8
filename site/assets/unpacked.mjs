/**
 * The snapshot unpacked, as this browser keeps it (unpacked_folder.mjs): a visit that finds it need
 * not unpack anything, which takes most of the time until Python is there. Workers only.
 */

import { SnapshotError } from './snapshot.mjs'
import { folder } from './unpacked_folder.mjs'

const LENGTH = 4  // bytes that the file begins with, written last: zeros in a half one

/** Reads the file from its beginning. */
class UnpackedBytes {
  constructor(file) { Object.assign(this, { file, at: 0 }) }

  into(array) {
    if (this.file.read(array, { at: this.at }) !== array.length) {
      throw new SnapshotError('the file ends too early')
    }
    this.at += array.length
  }

  take(size) {
    const data = new Uint8Array(size)
    this.into(data)
    return data
  }

  skip(size) { this.at += size }
}

/**
 * The one that is there, whole, of whatever build.
 * @returns {Promise<?{sha256: string, bytes: UnpackedBytes, close: () => void}>}
 */
export async function openUnpacked() {
  try {
    for await (const [sha256, handle] of await folder()) {
      const file = await handle.createSyncAccessHandle({ mode: 'read-only' })
      if (isWhole(file)) return { sha256, bytes: new UnpackedBytes(file), close: () => file.close() }
      file.close()
    }
  } catch { /* none, or another tab is at it */ }
  return null
}

/** Whether `file`, an open handle, was written to its end. */
export function isWhole(file) {
  const length = new Uint8Array(LENGTH)
  return file.read(length, { at: 0 }) === LENGTH && length.some(byte => byte)
}

/** Write what `pieces` give. The beginning comes last: a file that was left half is none. */
export async function write(file, pieces) {
  let at = 0, length
  for await (const piece of pieces) {
    length ??= piece.slice(0, LENGTH)
    if (at) file.write(piece, { at })
    else file.write(piece.subarray(LENGTH), { at: LENGTH })
    at += piece.length
  }
  file.flush()
  file.write(length, { at: 0 })
  file.flush()
}
