/** The page's side of the ordinary way: draws the document that the worker builds. */

import { PageDocument, loadBokeh } from './dist/assets/documents.mjs'

performance.mark('minigpt:first-view')  // a line that says "loading" is all there is to see
const root = document.documentElement
const base = document.head.appendChild(document.createElement('base'))
const worker = new Worker('worker.mjs', { type: 'module' })
base.href = 'dist/'
const bokeh = loadBokeh()
worker.onerror = event => { root.dataset.state = 'error'; document.body.append(event.message) }
worker.onmessage = async ({ data }) => {
  await bokeh
  const page = new PageDocument(() => {})
  await page.render(document.getElementById('view'), JSON.parse(data))
  performance.mark('minigpt:live')
  root.dataset.state = 'live'
}
