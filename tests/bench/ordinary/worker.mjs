/**
 * What `panel convert` makes of an app, with our wheels and our first page: start Pyodide, unpack
 * every wheel, import, build the document.
 */

import { loadPyodide } from './dist/pyodide/pyodide.mjs'

self.objectFromEntries = entries => Object.fromEntries(entries)
const SITE_PACKAGES = '/lib/python3.14/site-packages'
const names = await (await fetch('wheels.json')).json()
const wheels = names.map(async name => (await fetch(name)).arrayBuffer())
const python = await loadPyodide({ indexURL: new URL('dist/pyodide/', self.location).href })
for (const wheel of wheels) python.unpackArchive(await wheel, 'zip', { extractDir: SITE_PACKAGES })
const runtime = python.pyimport('pages.runtime')
postMessage(runtime.open_page('index', 'pages.portal.page:Portal', 'pt', 'light', {}, false))
