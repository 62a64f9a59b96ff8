/**
 * What draws Panel's documents, and no more, since all of it is read before a page's first picture:
 * BokehJS without its widgets, tables, formulas and WebGL, and of Panel the models that pages use.
 * py/sitebuild/scripts.py makes one script of it, which leaves `Bokeh` for documents.mjs.
 */
import * as Bokeh from '@bokehjs/index'
import { register_models } from '@bokehjs/base'
import * as models from '@bokehjs/models'
import * as elements from '@bokehjs/models/dom'
import { Column } from '@panel/models/column'
import { Location } from '@panel/models/location'
import { ReactiveESM } from '@panel/models/reactive_esm'

for (const them of [models, elements, { Column, Location, ReactiveESM }]) register_models(them)
globalThis.Bokeh = Bokeh
