/**
 * What draws Panel's documents, and no more, since all of it is read before a page's first picture:
 * BokehJS's core, of Panel the models that pages are made of, and our components. Figures and what is
 * in them come after it, see plotting.mjs. py/sitebuild/scripts.py makes one script of it, which
 * leaves `Bokeh` for documents.mjs.
 */
import * as Bokeh from '@bokehjs/index'
import { register_models } from '@bokehjs/base'
import { Document } from '@bokehjs/document'
import { ImportedStyleSheet } from '@bokehjs/models/dom/stylesheets'
import { Notifications } from '@bokehjs/models/ui/notifications'
import { Column } from '@panel/models/column'
import { Location } from '@panel/models/location'
import { ReactiveESM } from '@panel/models/reactive_esm'
import './our_components.mjs'

register_models({ Column, ImportedStyleSheet, Location, Notifications, ReactiveESM })
globalThis.Bokeh = { ...Bokeh, Document }
