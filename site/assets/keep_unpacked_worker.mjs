/** A worker that keeps the snapshot unpacked, where there is room, and says when it is done. */

import { download, readManifest } from './files.mjs'
import { isWhole, write } from './unpacked.mjs'
import { folder } from './unpacked_folder.mjs'
import { unzstd } from './zstd.mjs'

const ROOT = new URL('..', import.meta.url).href
const SNAPSHOT = 'snapshot.bin', DECODER = 'assets/zstd.wasm'
const ROOM = 4  // times its size that must be free

/** Unpack this build's snapshot into its file, and drop those of other builds. */
async function keepUnpacked() {
  const manifest = await readManifest(ROOT), { bytes, sha256 } = manifest.files[SNAPSHOT]
  const its = await folder(true)
  for await (const name of its.keys()) if (name !== sha256) await its.removeEntry(name)
  const { quota, usage } = await navigator.storage.estimate()
  if (!bytes || quota - usage < ROOM * manifest.unpacked) return
  const file = await (await its.getFileHandle(sha256, { create: true })).createSyncAccessHandle()
  try {
    if (isWhole(file)) return
    file.truncate(0)
    const files = download(ROOT, [DECODER, SNAPSHOT], Promise.resolve(manifest), () => {})
    const packed = await files.get(SNAPSHOT)
    await write(file, unzstd(await files.get(DECODER), [packed]))
  } finally {
    file.close()
  }
}

try {
  await keepUnpacked()
} catch (error) {
  console.warn(`minigpt: Python's memory is not kept unpacked (${error.message})`)
}
postMessage('done')
