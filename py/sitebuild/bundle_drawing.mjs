// node bundle_drawing.mjs ENTRY BOKEHJS_LIB PANEL_LIB NODE_MODULES: the bundled script, on stdout
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

// As they are called in the end: else a module that is reached by two ways would be there twice.
const [entry, bokehjs, panel, nodeModules] = process.argv.slice(2).map(it => fs.realpathSync(it))
const { build } = createRequire(path.join(nodeModules, 'x.js'))('esbuild')

// What BokehJS asks for only when a text has formulas or a plot wants WebGL, which no page of ours
// does, and the translator of TypeScript that Panel has for components; see painting.mjs.
const ABSENT = /^\.\/mathjax$|(^|\/)webgl(\/|$)|^sucrase$/
const BANNER = `/*! BokehJS, (c) Anaconda, Inc., and Bokeh Contributors; Panel, (c) Holoviz team.
BSD 3-Clause. Made smaller by minigpt's build. */`

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

// Fields of their classes are set, not defined, as in their own bundles: one that is only named would
// hide the property behind it.
const { outputFiles } = await build({ entryPoints: [entry], bundle: true, minify: true, write: false,
  format: 'iife', target: 'es2022', legalComments: 'none', banner: { js: BANNER },
  loader: { '.js': 'ts' }, tsconfigRaw: { compilerOptions: { useDefineForClassFields: false } },
  nodePaths: [nodeModules], plugins: [places], logLevel: 'error' })
process.stdout.write(outputFiles[0].text)
