/**
 * Our components in place of modules that cross as text: pages/components, in the same script.
 *
 * Panel would make a module of each component's source, one by one, in every tab.
 */
import components from '@components'  // name → { render, css }: py/sitebuild/bundle_drawing.mjs
import { ReactiveESM, ReactiveESMView } from '@panel/models/reactive_esm'

// What Panel's own wrapper does, which is one more module.
const wrapper = Promise.resolve({ default: { render(id) {
  const view = Bokeh.index.find_one_by_id(id)
  if (!view) return  // it went meanwhile
  view.render_fn({ view, model: view.model_proxy, el: view.container })
  view.after_rendered()
} } })

ReactiveESM.prototype.recompile = function () {
  this.compiled = this.esm  // the component's name
  this.compiled_module = Promise.resolve(components[this.esm])
  this.render_module = wrapper
}

// Behind those of Bokeh's layout, before the ones that a page gives a component.
const { user_stylesheets: given } = ReactiveESMView.prototype
ReactiveESMView.prototype.user_stylesheets = function () {
  return [components[this.model.esm].css, ...given.call(this)]
}
