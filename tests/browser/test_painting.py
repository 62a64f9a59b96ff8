"""In which order components draw what Python changed, the module taken alone."""

import pytest
from chromium import watched

BLANK = '<!doctype html><title>blank</title><link rel="icon" href="data:,">'
# Two components, one on the screen and one below it, told of a change as Panel tells them.
DRAWN = """async script => {
  const { apply, drawn, paceCharts, paceComponents } = await import('./painting.mjs')
  class View {
    initialize() { this.model_proxy = { on: (names, call) => this.calls.push(call) } }
    remove() {}
  }
  class Model {}
  class Chart { initialize() {} remove() {} paint() { log.push(`${this.name} painted`) } }
  class Figure {}
  Model.prototype.default_view = View
  Figure.prototype.default_view = Chart
  paceComponents(Model)
  paceCharts(Figure)
  const log = [], views = { near: '0', far: '9000px' }
  for (const [name, top] of Object.entries(views)) {
    const el = document.createElement('div')
    Object.assign(el.style, { position: 'absolute', top, width: '9px', height: '9px' })
    document.body.append(el)
    const data = { value: 1, properties: { value: {} } }
    const view = Object.assign(new View(), { el, calls: [], model: { data } })
    view.initialize()
    view.model_proxy.on(['value', 'words'], () => log.push(`${name} ${view.model_proxy.value}`))
    view.model_proxy.on('msg:custom', event => log.push(`${name} heard ${event}`))
    const chart = Object.assign(new Chart(), { el, name })
    chart.initialize()
    views[name] = { chart, change: value => { data.value = value; view.calls[0]() },
      hear: event => view.calls[1](event),
      remove: () => { view.remove(); chart.remove(); el.remove() } }
  }
  const frames = async n => { while (n--) await new Promise(requestAnimationFrame) }
  await frames(3)
  const settled = async () => { while (log.at(-1) !== 'far 5') await frames(1) }
  await new Function('views', 'apply', 'drawn', 'log', 'settled',
    `return (async () => { ${script} })()`)(views, apply, drawn, log, settled)
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
        await settled()""") == ['near 3', 'applied', 'drawn', 'far 5']


def test_what_is_on_the_screen_is_painted_before_anything_else_is_drawn(tab):
    assert tab.evaluate(DRAWN, """
        apply(() => { views.far.change(4); views.near.change(2) })
        requestAnimationFrame(() => log.push('frame'))
        apply(() => views.far.change(5))  // no reason to hurry
        await settled()""") == ['near 2', 'frame', 'far 5']


def test_a_chart_off_the_screen_is_painted_after_the_frame(tab):
    assert tab.evaluate(DRAWN, """
        views.far.chart.paint(); views.near.chart.paint(); views.far.chart.paint()
        requestAnimationFrame(() => log.push('frame'))
        while (log.at(-1) !== 'far painted') await new Promise(requestAnimationFrame)
        return log""") == ['near painted', 'frame', 'far painted']


def test_a_message_comes_after_the_changes_before_it(tab):
    assert tab.evaluate(DRAWN, """
        apply(() => {
          views.near.change(2); views.near.hear('one'); views.near.hear('two')
          views.far.change(5)
        })
        await settled()""") == ['near 2', 'near heard one', 'near heard two', 'far 5']


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
            await settled()""")
        assert log == ['far 5']
