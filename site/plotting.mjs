/**
 * All other models of BokehJS but widgets, tables and formulas: figures, for the pages that have one
 * and for what a reader draws in the console. The build makes one script of it, which finds the
 * modules that it shares with drawing.mjs in `Bokeh.shared`.
 */
import { register_models } from '@bokehjs/base'
import * as models from '@bokehjs/models'
import * as elements from '@bokehjs/models/dom'

const ANEW = true  // some are there already: the same classes
for (const them of [models, elements]) register_models(them, ANEW)
