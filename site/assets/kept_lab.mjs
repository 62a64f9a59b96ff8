/** The worker's lab beside the one that this browser keeps, and beside those of other tabs. */

import { agree, isNews, readLab, writeLab } from './storage.mjs'

const CHANNEL = 'minigpt-lab'  // what one tab has written, or would have: {settings, kept}
const SHIPPED = 'shipped'      // what a lab is that the site brings

/**
 * Keep each change of the lab, and hear of those of other tabs. What the reader has done on the
 * pages counts in all of them; of models and texts one is kept, and nobody's gives way unasked.
 *
 * `tell(about, what)`: 'saving' at each change; then 'saved', 'unsaved', or 'newer' where another
 * tab kept a lab meanwhile, and nothing of this tab's is kept until the reader chooses.
 * @returns {(which: 'theirs'|'mine') => Promise<void>} for what the reader chooses
 */
export function keepLab(runtime, tell) {
  const others = globalThis.BroadcastChannel ? new BroadcastChannel(CHANNEL) : null
  let changes = 0, warned = false

  function hear(kept, again) {
    if (kept.what === SHIPPED && runtime.what_it_is() === SHIPPED) {
      agree(kept)
      warned = false
      tell('saved')
    } else if (!warned || again) {
      warned = true
      tell('newer', kept.what)
    }
  }

  async function write(settings, file, instead = false) {
    const these = changes
    try {
      const { kept, newer } = await writeLab(settings, file, runtime.what_it_is(), instead)
      others?.postMessage({ settings, kept: newer ? undefined : kept })
      if (newer) hear(kept, file !== undefined)
      else if (these === changes) tell('saved')
    } catch {
      tell('unsaved')
    }
  }

  const writeAll = runtime.save_lab(() => { changes += 1; tell('saving') }, write)
  others?.addEventListener('message', ({ data: { settings, kept } }) => {
    if (kept && isNews(kept)) hear(kept)
    runtime.take_progress(settings)
  })
  return async which => {
    warned = false
    if (which === 'mine') {
      writeAll(true)
      return
    }
    const { settings, file } = await readLab()
    tell(runtime.restore_lab(settings, file) ? 'saved' : 'unreadable')
  }
}
