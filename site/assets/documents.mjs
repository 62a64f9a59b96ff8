/** Panel documents on the screen: rendered by BokehJS, kept equal to their twins in Python. */

import { apply, drawn, paceCharts, paceComponents, pause } from './painting.mjs'

const DRAWING = 'bokeh/drawing.js', PLOTTING = 'bokeh/plotting.js'  // site/*.mjs, bundled
const FIGURE = /"name": ?"Figure"/  // in a document's JSON

const loading = new Map()  // script → promise

/** Run a script, once. Rejects, with its name as the error's `file`, if that fails. */
function load(name, then) {
  if (!loading.has(name)) {
    loading.set(name, then())
    loading.get(name).catch(() => loading.delete(name))
  }
  return loading.get(name)
}

/** Load BokehJS and Panel's models, unless first.js has begun. */
export const loadBokeh = () => load(DRAWING, async () => {
  await loadScript(DRAWING)
  paceComponents(Bokeh.Models.get('panel.models.esm.ReactiveESM'))
})

/** Load what draws figures. */
export const loadPlots = () => load(PLOTTING, async () => {
  document.head.append(Object.assign(document.createElement('link'),
    { rel: 'preload', as: 'script', href: PLOTTING }))  // it comes while the other one is read
  await loadBokeh()
  await loadScript(PLOTTING)
  paceCharts(Bokeh.Models.get('Figure'))
  plots = true
})
let plots = false  // it is there

/** What is to be waited for before this document, or patch of one, can be drawn; null if nothing. */
export function loadFor(json) {
  if (plots) return null
  return loading.has(PLOTTING) || FIGURE.test(json) ? loadPlots() : loadBokeh()
}

let threw = false  // a script did, just now; a script's own `load` comes right after it ran
addEventListener('error', event => { threw ||= event instanceof ErrorEvent })

function loadScript(name) {
  return new Promise((resolve, reject) => {
    const there = document.querySelector(`script[src="${name}"]`)
    if (there?.dataset.loaded) { resolve(); return }
    const script = there
      ?? Object.assign(document.createElement('script'), { src: name })
    const refuse = () => { script.remove(); reject(Object.assign(new Error(name), { file: name })) }
    script.addEventListener('load', () => {
      const damaged = !script.isConnected || (threw && !script.dataset.loaded)
      threw = false
      if (damaged) { refuse(); return }
      script.dataset.loaded = name
      resolve()
    })
    script.addEventListener('error', refuse)
    if (!there) document.head.append(script)
  })
}

/**
 * Put a change at the end of what waits for the worker. A newer value of a property takes the
 * place of the older one, but never across an event such as a click: what was typed before the
 * click stays before it. Events are all kept.
 */
export function enqueue(queue, event) {
  if (event.kind === 'ModelChanged') {
    for (let i = queue.length - 1; i >= 0 && queue[i].kind === 'ModelChanged'; i--) {
      if (queue[i].model === event.model && queue[i].attr === event.attr) {
        queue.splice(i, 1)
        break
      }
    }
  }
  queue.push(event)
}

/**
 * One page's document. `send(patch)` carries the reader's changes to the worker; what the reader
 * does before Python is linked to it waits, as it does while Python is busy.
 */
export class PageDocument {
  constructor(send) {
    this.send = send
    this.queue = []
    this.busy = true
  }

  /** Draw it into `container`: `json` is what Bokeh's Document.to_json gives. */
  async render(container, json) {
    this.container = container
    this.document = Bokeh.Document.from_json(json)
    let isThere = false  // until then only what components ask for is news, not their sizes
    this.document.on_change(event => {
      if (isThere || event.kind === 'MessageSent') this.changed(event)
    }, false)
    await pause()
    const places = json.roots.map(() => document.createElement('div'))
    container.replaceChildren(...places)
    this.views = await Bokeh.embed.add_document_standalone(this.document, container, places)
    isThere = true
    await drawn()
  }

  changed(event) {
    if (!event.sync) return  // Python's own change, which it need not hear again
    enqueue(this.queue, event)
    if (!this.busy) this.flush()
  }

  flush() {
    const patch = this.document.create_json_patch(this.queue)
    this.queue = []
    this.busy = true
    this.send(patch)
  }

  /** The worker is done with the last patch, or linked now. */
  idle() {
    this.busy = false
    if (this.queue.length) this.flush()
  }

  /** Nothing of it stays: another Python may give its documents the same ids. */
  remove() {
    for (const view of this.views?.roots.values() ?? []) view.remove()
    this.container?.replaceChildren()
  }

  /** A change made by Python. BokehJS reports these too, marked as not to be sent back. */
  apply(json, buffers) {
    const patch = JSON.parse(json)
    apply(() => this.document.apply_json_patch(patch, buffers))
  }
}
