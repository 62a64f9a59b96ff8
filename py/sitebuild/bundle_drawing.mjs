// node bundle_drawing.mjs SITE COMPONENTS BOKEHJS_LIB PANEL_LIB NODE_MODULES: on stdout, as JSON, the
// scripts made of drawing.mjs and plotting.mjs, of which the second finds in the first what both need.
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

// As they are called in the end: else a module that is reached by two ways would be there twice.
const [site, components, bokehjs, panel, nodeModules] = process.argv.slice(2)
  .map(it => fs.realpathSync(it))
const { build } = createRequire(path.join(nodeModules, 'x.js'))('esbuild')

// What BokehJS asks for only when a text has formulas or a plot wants WebGL, which no page of ours
// does, and the translator of TypeScript that Panel has for components; see painting.mjs.
const ABSENT = /^\.\/mathjax$|(^|\/)webgl(\/|$)|^sucrase$/
const BANNER = `/*! BokehJS, (c) Anaconda, Inc., and Bokeh Contributors; Panel, (c) Holoviz team.
BSD 3-Clause. Made smaller by minigpt's build. */`

// pages/components: what draws each, by its name, and its sheet behind base.css.
const named = suffix => fs.readdirSync(components).filter(it => it.endsWith(suffix)).sort()
  .map(it => it.slice(0, -suffix.length))
const { outputFiles: sheets } = await build({ entryPoints: named('.css').map(it => `./${it}.css`),
  absWorkingDir: components, outdir: '/', bundle: true, minify: true, write: false })
const css = Object.fromEntries(sheets.map(it => [path.parse(it.path).name, it.text]))
const drawn = named('.mjs').filter(it => css[it])
const ours = {
  name: 'components',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^@components$/ }, () => ({ path: 'all', namespace: 'components' }))
    onLoad({ filter: /./, namespace: 'components' }, () => ({ resolveDir: components, contents: `
      ${drawn.map((name, i) => `import { render as render${i} } from './${name}.mjs'`).join('\n')}
      const base = ${JSON.stringify(css.base)}
      export default { ${drawn.map((name, i) =>
        `${name}: { render: render${i}, css: base + ${JSON.stringify(css[name])} }`)} }` }))
  },
}

const folders = { '@bokehjs': bokehjs, '@panel': panel }
const places = {
  name: 'places',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: ABSENT }, ({ path: name }) => ({ path: name, namespace: 'absent' }))
    onLoad({ filter: /./, namespace: 'absent' }, () => ({ contents: 'module.exports = {}' }))
    onResolve({ filter: /^@(bokehjs|panel)\// }, ({ path: name }) => {
      const [folder, ...rest] = name.split('/'), file = path.join(folders[folder], ...rest)
      const found = [`${file}.js`, path.join(file, 'index.js')].find(it => fs.existsSync(it))
      // What nobody imports by name is left out.
      return found && { path: found, sideEffects: false }
    })
  },
}

/** Imports of files in `there` become reads of `Bokeh.shared`; `used` notes these files. */
const shared = (there, used) => ({
  name: 'shared',
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /./ }, async ({ path: name, pluginData, ...from }) => {
      if (pluginData === 'looking' || ABSENT.test(name)) return null
      const found = await resolve(name, { ...from, pluginData: 'looking' })
      if (found.namespace !== 'file' || !there.has(found.path)) return null
      used.add(found.path)
      return { path: found.path, namespace: 'shared' }
    })
    onLoad({ filter: /./, namespace: 'shared' }, ({ path: file }) => ({
      contents: `module.exports = Bokeh.shared[${JSON.stringify(nameOf(file))}]` }))
  },
})

const nameOf = file => path.relative(bokehjs, file)

/** The script, and the files that are in it. */
async function bundle(contents, plugins) {
  // Fields of their classes are set, not defined, as in their own bundles: one that is only named
  // would hide the property behind it.
  const { outputFiles, metafile } = await build({ stdin: { contents, resolveDir: site }, bundle: true,
    minify: true, write: false, metafile: true, absWorkingDir: '/', format: 'iife', target: 'es2022',
    legalComments: 'none', banner: { js: BANNER }, loader: { '.js': 'ts' },
    tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
    nodePaths: [nodeModules], plugins: [...plugins, ours, places], logLevel: 'error' })
  const [{ inputs }] = Object.values(metafile.outputs)
  const files = Object.keys(inputs).filter(it => inputs[it].bytesInOutput)
  return { script: outputFiles[0].text, files: new Set(files.map(it => path.resolve('/', it))) }
}

/** drawing.mjs, which keeps these files for others, whole. */
function drawing(files) {
  const lines = [...files].map((file, i) => `import * as m${i} from ${JSON.stringify(file)}\n`
    + `Object.defineProperty(m${i}, '__esModule', { value: true })`)
  const names = [...files].map((file, i) => `${JSON.stringify(nameOf(file))}: m${i}`)
  return bundle(`import './drawing.mjs'\n${lines.join('\n')}\nBokeh.shared = {${names}}`, [])
}

// Kept whole, a file needs others, which are then to be shared, too.
let first = await drawing([]), used = new Set(), second
for (let known = -1; known < used.size;) {
  known = used.size
  second = await bundle("import './plotting.mjs'", [shared(first.files, used)])
  first = await drawing(used)
}
process.stdout.write(JSON.stringify({ drawing: first.script, plotting: second.script }))
