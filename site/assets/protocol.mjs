/**
 * What the page and the Python worker say to each other: one table per direction, checked on both
 * sides, so that a wrong message is an error where it is made and not a riddle where it arrives.
 *
 * To the worker
 * @typedef {{type: 'open', page: string, viewer: string, lang: 'pt'|'en', theme: 'light'|'dark', query: Object<string, string>, drawn: boolean}} Open
 *   build a page (or take the open one) and answer with `render`; with `live` where the document
 *   that came with the site is `drawn` and is this page's
 * @typedef {{type: 'restore', page: string, query: Object<string, string>}} Restore
 *   a link asked for this state of an open page
 * @typedef {{type: 'follow', page: string, changes: Object<string, string|null>}} Follow
 *   somebody else changed a part of an open page's state, null for what is as at first; answer
 *   with `followed`
 * @typedef {{type: 'rendered', page: string}} Rendered  its document is drawn
 * @typedef {{type: 'show', page: string}} Show
 *   the reader sees this page now, and no other; answer with `shown`
 * @typedef {{type: 'patch', page: string, patch: Object}} PatchToWorker  a Bokeh JSON patch
 * @typedef {{type: 'lab', which: 'theirs'|'mine'}} WhichLab
 *   after the notice 'newer': open what the other tab kept, or keep this tab's in its place
 * @typedef {{type: 'language', lang: 'pt'|'en'}} Language  all open pages change their words
 * @typedef {{type: 'theme', theme: 'light'|'dark'}} Theme  and their charts' colours
 * @typedef {{type: 'backend', name: string}} Backend
 *   compute with this one ('auto': the best) and answer with `computes`
 *
 * To the page
 * @typedef {{type: 'progress', step: Step, loaded: number, total: number}} Progress  in bytes
 * @typedef {{type: 'ready', interrupts: SharedArrayBuffer|null}} Ready
 *   Python and the pages' code are there; in that memory it can be interrupted
 * @typedef {{type: 'render', page: string, document: string}} Render  a Bokeh document, as JSON
 * @typedef {{type: 'live', page: string}} Live  the page is linked: changes flow both ways
 * @typedef {{type: 'shown', page: string}} Shown  all that it shows is of the present lab
 * @typedef {{type: 'patch', page: string, patch: string, buffers: Map<string, ArrayBuffer>}} PatchToPage
 *   a Bokeh JSON patch, as JSON
 * @typedef {{type: 'idle', page: string}} Idle  the last patch is done, send the next
 * @typedef {{type: 'query', page: string, query: Object<string, string>, own: boolean}} Query
 *   state for the URL; `own`: the reader made it so, on this page
 * @typedef {{type: 'followed', page: string}} Followed  send the next change of others
 * @typedef {{type: 'notice', about: 'saving'|'saved'|'unsaved'|'unreadable'|'newer', what: string}}
 *   Notice  of the kept lab; `what` another tab kept: 'shipped', 'text', or 'model' and its name
 * @typedef {{type: 'computes', asked: string, computes: string, build: string, threads: number,
 *   choices: {name: string, here: boolean, why: {pt: string, en: string}|null}[]}} ComputesNow
 *   which backend was asked for and which computes; for each one whether it can, and why not: an
 *   answer to `backend`, and told again when a graphics card is lost
 * @typedef {{type: 'error', kind: Kind, file: string, status: number, details: string}} Failure
 *
 * @typedef {'download'|'start'|'unpack'|'import'|'open'} Step
 * @typedef {'missing'|'damaged'|'network'|'stalled'|'script'|'python'|'worker'|'unsupported'} Kind
 */

/** The steps of the boot, in order. */
export const STEPS = ['download', 'start', 'unpack', 'import', 'open']

const oneOf = (...values) => value => values.includes(value)
const text = value => typeof value === 'string'
const number = value => Number.isFinite(value)
const object = value => typeof value === 'object' && value !== null
const name = value => text(value) && /^[a-z][a-z0-9-]*$/.test(value)
const strings = value => object(value) && Object.values(value).every(text)
const lang = oneOf('pt', 'en')
const theme = oneOf('light', 'dark')

export const TO_WORKER = {
  open: { page: name, viewer: value => /^[\w.]+:\w+$/.test(value), lang, theme, query: strings,
    drawn: oneOf(true, false) },
  restore: { page: name, query: strings },
  follow: { page: name, changes: value => object(value)
    && Object.values(value).every(it => it === null || text(it)) },
  rendered: { page: name },
  patch: { page: name, patch: object },
  show: { page: name },
  lab: { which: oneOf('theirs', 'mine') },
  language: { lang },
  theme: { theme },
  backend: { name },
}

export const TO_PAGE = {
  progress: { step: oneOf(...STEPS), loaded: number, total: number },
  ready: { interrupts: value => value === null || value instanceof SharedArrayBuffer },
  render: { page: name, document: text },
  live: { page: name },
  shown: { page: name },
  patch: { page: name, patch: text, buffers: value => value instanceof Map },
  idle: { page: name },
  query: { page: name, query: strings, own: oneOf(true, false) },
  followed: { page: name },
  notice: { about: oneOf('saving', 'saved', 'unsaved', 'unreadable', 'newer'), what: text },
  computes: { asked: name, computes: name, build: text, threads: number, choices: Array.isArray },
  error: {
    kind: oneOf('missing', 'damaged', 'network', 'stalled', 'script', 'python', 'worker',
      'unsupported'),
    file: text, status: number, details: text,
  },
}

/** The message itself, or a TypeError that names what is wrong with it. */
export function checked(table, message) {
  const fields = object(message) ? table[message.type] : undefined
  if (!fields) throw new TypeError(`unknown message type ${JSON.stringify(message?.type)}`)
  for (const [field, valid] of Object.entries(fields)) {
    if (!valid(message[field])) {
      throw new TypeError(`message ${message.type}: bad ${field} ${JSON.stringify(message[field])}`)
    }
  }
  const extra = Object.keys(message).find(key => key !== 'type' && !(key in fields))
  if (extra) throw new TypeError(`message ${message.type}: unknown field ${extra}`)
  return message
}
