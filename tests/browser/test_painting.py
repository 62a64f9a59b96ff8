"""In which order components draw what Python changed, the module taken alone."""

import pytest
from chromium import watched

BLANK = '<!doctype html><title>blank</title><link rel="icon" href="data:,">'
# Two components, one on the screen and one below it, told of a change as Panel tells them.
DRAWN = """async script => {
  const { apply, drawInTurns, drawn, paceCharts, paceComponents } = await import('./painting.mjs')
  class View {
    initialize() {
      this._event_handlers = []
      this.model_proxy = { on: (names, call) => (names === 'msg:custom' ? this._event_handlers
        : this.calls).push(call) }
    }
    async lazy_initialize() {}
    remove() {}
    render_esm() {
      log.push(`${this.name} there`)
      this.model_proxy.on(['value', 'words'], () => log.push(`${this.name} ${this.model_proxy.value}`))
      this.model_proxy.on('msg:custom', event => log.push(`${this.name} heard ${event}`))
    }
  }
  class Model {}
  class Chart { initialize() {} remove() {} paint() { log.push(`${this.name} painted`) } }
  class Figure {}
  Model.prototype.default_view = View
  Figure.prototype.default_view = Chart
  paceComponents(Model)
  paceCharts(Figure)
  const log = [], frames = async n => { while (n--) await new Promise(requestAnimationFrame) }
  const make = (name, top) => {
    const el = document.createElement('div')
    Object.assign(el.style, { position: 'absolute', top, width: '9px', height: '9px' })
    document.body.append(el)
    const data = { value: 1, properties: { value: {} } }
    const model = { data, render_module: Promise.resolve() }
    const view = Object.assign(new View(), { el, shadow_el: el, name, calls: [], model })
    view.initialize()
    const chart = Object.assign(new Chart(), { el, name })
    chart.initialize()
    return { chart, begin: () => view.render_esm(),
      change: value => { data.value = value; view.calls[0]() },
      hear: event => { for (const call of view._event_handlers) call(event) },
      remove: () => { view.remove(); chart.remove(); el.remove() } }
  }
  const views = { near: make('near', '0'), far: make('far', '9000px') }
  await frames(3)
  for (const it of Object.values(views)) it.begin()
  while (log.length < 2) await frames(1)
  log.length = 0
  const until = async last => { while (log.at(-1) !== last) await frames(1) }
  const means = { views, apply, drawInTurns, drawn, log, make, frames, until }
  await new Function(...Object.keys(means), `return (async () => { ${script} })()`)(
    ...Object.values(means))
  for (const it of Object.values(views)) it.remove()
  return log
}"""


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser) as tab:
        tab.route('**/blank.html', lambda route: route.fulfill(
            body=BLANK, content_type='text/html'))
        tab.goto(f'{site}assets/blank.html')
        yield tab


def test_a_component_draws_once_what_is_on_the_screen_first(tab):
    assert tab.evaluate(DRAWN, """
        apply(() => { views.far.change(5); views.near.change(2); views.near.change(3) })
        log.push('applied')
        await drawn()
        log.push('drawn')
        await until('far 5')""") == ['near 3', 'applied', 'drawn', 'far 5']


def test_a_new_page_is_drawn_on_the_screen_first_and_messages_wait_for_it(tab):
    assert tab.evaluate(DRAWN, """
        drawInTurns()
        views.low = make('low', '9000px')
        views.high = make('high', '0')
        await frames(3)
        views.low.begin(); views.high.begin(); views.low.hear('a word')
        log.push('in the page')
        await drawn()
        log.push('drawn')
        await until('low heard a word')
        views.low.hear('another')""") == [
            'in the page', 'high there', 'drawn', 'low there', 'low heard a word',
            'low heard another']


def test_what_is_on_the_screen_is_painted_before_anything_else_is_drawn(tab):
    assert tab.evaluate(DRAWN, """
        apply(() => { views.far.change(4); views.near.change(2) })
        requestAnimationFrame(() => log.push('frame'))
        apply(() => views.far.change(5))  // no reason to hurry
        await until('far 5')""") == ['near 2', 'frame', 'far 5']


def test_a_chart_off_the_screen_is_painted_after_the_frame(tab):
    assert tab.evaluate(DRAWN, """
        views.far.chart.paint(); views.near.chart.paint(); views.far.chart.paint()
        requestAnimationFrame(() => log.push('frame'))
        await until('far painted')""") == ['near painted', 'frame', 'far painted']


def test_a_message_comes_after_the_changes_before_it(tab):
    assert tab.evaluate(DRAWN, """
        apply(() => {
          views.near.change(2); views.near.hear('one'); views.near.hear('two')
          views.far.change(5)
        })
        await until('far 5')""") == ['near 2', 'near heard one', 'near heard two', 'far 5']


def test_a_change_of_the_reader_s_is_drawn_at_once(tab):
    assert tab.evaluate(DRAWN, "views.far.change(7); log.push('after')") == ['far 7', 'after']


def test_one_that_breaks_is_reported_and_stops_no_other(browser, site):
    with pytest.raises(pytest.fail.Exception, match='broken'), watched(browser) as tab:
        tab.route('**/blank.html', lambda route: route.fulfill(
            body=BLANK, content_type='text/html'))
        tab.goto(f'{site}assets/blank.html')
        log = tab.evaluate(DRAWN, """
            apply(() => {
              views.near.hear({ toString() { throw Error('broken') } })
              views.far.change(5)
            })
            await until('far 5')""")
        assert log == ['far 5']
