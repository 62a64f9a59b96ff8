/** What a page asks by REST: the same that programs may ask, see api/v1/docs. */

/** A name as the header may have it. */
const plain = name => name.replace(/[^\p{L}\p{N}_ .:-]/gu, '').slice(0, 40).trim() || 'page'

/**
 * `method path` → what the server says: its JSON, or `{error: {code, message: {pt, en}}}`, or null
 * where it does not answer. `person`: name, and key, by which the server knows who has the
 * controls.
 */
export async function ask(method, path, person, body) {
  try {
    const answer = await fetch(`api/v1/${path}`, { method, cache: 'no-store',
      headers: { 'X-Client-Name': encodeURIComponent(plain(person.name)),
        'X-Client-Key': person.key, ...(body && { 'Content-Type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }) })
    return await answer.json()
  } catch {
    return null
  }
}
