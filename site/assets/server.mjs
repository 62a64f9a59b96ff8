/** Whether the site comes from the integration server (`serve --integration`). */

/**
 * What /server.json says: on a static host that file is there and says nothing.
 * @returns {Promise<null|{server: {needsToken: boolean}, words: Object, modules: Object}>}
 */
export async function findServer() {
  if (location.protocol === 'file:') return null
  try {
    const answer = await fetch('server.json', { cache: 'no-store' })
    const facts = answer.ok ? await answer.json() : {}
    return facts.server ? facts : null
  } catch {  // no network: the page may come from this browser's own copy
    return null
  }
}
