/**
 * Our components in place of modules that cross as text: pages/components, in the same script.
 *
 * Panel would make a module of each component's source, one by one, in every tab.
 */
import components from '@components'  // name → { render, css }: py/sitebuild/bundle_drawing.mjs
import { ReactiveESM, ReactiveESMView } from '@panel/models/reactive_esm'

const views = new Map()  // model's id → its view: Bokeh would look through those of all pages

// What Panel's own wrapper does, which is one more module.
const wrapper = Promise.resolve({ default: { render(id) {
  const view = views.get(id)
  if (!view) return  // it went meanwhile
  view.render_fn({ view, model: view.model_proxy, el: view.container })
  view.after_rendered()
} } })

ReactiveESM.prototype.recompile = function () {
  this.compiled = this.esm  // the component's name
  this.compiled_module = Promise.resolve(components[this.esm])
  this.render_module = wrapper
}

const { initialize, remove, user_stylesheets: given } = ReactiveESMView.prototype
Object.assign(ReactiveESMView.prototype, {
  initialize() {
    views.set(this.model.id, this)
    initialize.call(this)
  },
  remove() {
    if (views.get(this.model.id) === this) views.delete(this.model.id)
    remove.call(this)
  },
  // Behind those of Bokeh's layout, before the ones that a page gives a component.
  user_stylesheets() { return [components[this.model.esm].css, ...given.call(this)] },
})
