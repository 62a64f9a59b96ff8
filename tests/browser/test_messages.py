"""What the page and the worker say to each other, the site's modules taken alone."""

import pytest
from chromium import watched


@pytest.fixture(scope='module')
def tab(browser, site):
    with watched(browser) as tab:
        tab.route('**/favicon.ico', lambda route: route.fulfill(status=204))
        tab.goto(f'{site}assets/icon.svg')
        yield tab


ENQUEUE = """async kinds => {
  const { enqueue } = await import('./documents.mjs')
  const queue = []
  for (const [kind, model, attr, value] of kinds) enqueue(queue, { kind, model, attr, value })
  return queue.map(it => it.value)
}"""


def queued(tab, *events) -> list:
    return tab.evaluate(ENQUEUE, list(events))


def test_only_the_newest_value_of_a_property_waits(tab):
    assert queued(tab, ['ModelChanged', 'a', 'x', 1], ['ModelChanged', 'a', 'y', 2],
                  ['ModelChanged', 'a', 'x', 3]) == [2, 3]


def test_clicks_are_all_kept_and_what_was_set_before_stays_before(tab):
    assert queued(tab, ['ModelChanged', 'a', 'x', 1], ['MessageSent', None, None, 'click'],
                  ['ModelChanged', 'a', 'x', 2], ['MessageSent', None, None, 'click'],
                  ) == [1, 'click', 2, 'click']


CHECK = """async message => {
  const { TO_WORKER, checked } = await import('./protocol.mjs')
  try { return checked(TO_WORKER, message).type } catch (error) { return String(error) }
}"""


@pytest.mark.parametrize('message, answer', [
    ({'type': 'language', 'lang': 'pt'}, 'language'),
    ({'type': 'language', 'lang': 'xx'}, 'TypeError: message language: bad lang "xx"'),
    ({'type': 'theme', 'theme': 'dark'}, 'theme'),
    ({'type': 'launch'}, 'TypeError: unknown message type "launch"'),
    ({'type': 'rendered', 'page': 'index', 'x': 1},
     'TypeError: message rendered: unknown field x'),
    ({'type': 'open', 'page': 'index', 'viewer': 'os:system()', 'lang': 'pt',
      'theme': 'dark', 'query': {}},
     'TypeError: message open: bad viewer "os:system()"'),
])
def test_a_wrong_message_is_refused_where_it_is_made(tab, message, answer):
    assert tab.evaluate(CHECK, message) == answer
