"""The site on the integration server: found, followed, computed there, and well without it."""

import asyncio
import json
import re
import subprocess
import sys
import threading
import urllib.request

import pytest
from accessible import violations
from chromium import fits, here, wait_live, watched
from playwright.sync_api import expect
from tornado.websocket import websocket_connect

TEXT = 'O gato preto subiu no telhado'
LOST = ('ERR_CONNECTION_REFUSED', 'WebSocket connection', 'Failed to load resource')


class Terminal:
    """What a terminal says to the server: one message, and its answer."""

    def __init__(self, address: str):
        self.address = address.replace('http', 'ws') + 'ws'

    def ask(self, kind: str, **fields) -> dict:
        # On a thread of its own: Playwright's loop runs on this one.
        found = []
        asking = threading.Thread(target=lambda: found.append(asyncio.run(self._ask(kind, fields))))
        asking.start()
        asking.join(30)
        return found[0]

    async def _ask(self, kind: str, fields: dict) -> dict:
        socket = await websocket_connect(self.address)
        for message in ({'type': 'hello', 'name': 'Terminal', 'kind': 'terminal'},
                        {'type': kind, 'id': 1, **fields}):
            await socket.write_message(json.dumps(message))
        snapshot = {}
        while (answer := json.loads(await socket.read_message())).get('id') != 1:
            snapshot = answer if answer['type'] == 'snapshot' else snapshot
        socket.close()
        return answer | {'parameters': snapshot['parameters']}

    def rest(self, module: str, **values) -> None:
        """The same by REST."""
        address = self.address.replace('ws://', 'http://').removesuffix('ws')
        urllib.request.urlopen(urllib.request.Request(
            f'{address}api/v1/modules/{module}/parameters', json.dumps(values).encode(),
            {'Content-Type': 'application/json'}, method='PATCH'), timeout=30).close()

    def values(self, module: str) -> dict:
        return self.ask('ping')['parameters'][module]


class Server:
    """The program itself, as one starts it."""

    def __init__(self, dist, folder):
        self.command = [sys.executable, str(dist.parent / 'build.py'), 'serve', '--integration',
                        '--dir', str(dist), '--state', str(folder), '--port']
        self.start('0')

    def start(self, port: str) -> None:
        self.program = subprocess.Popen([*self.command, port], stdout=subprocess.PIPE, text=True)
        line = self.program.stdout.readline()
        self.address = re.search(r'http://\S+/', line)[0]
        self.terminal = Terminal(self.address)

    @property
    def port(self) -> str:
        return self.address.rpartition(':')[2].strip('/')

    def stop(self) -> None:
        self.program.terminate()
        self.program.communicate(timeout=30)


@pytest.fixture(scope='module')
def server(dist, tmp_path_factory):
    server = Server(dist, tmp_path_factory.mktemp('state'))
    yield server
    server.stop()


def joined(tab, address: str, page: str = 'attention.html'):
    tab.goto(address + page)
    wait_live(tab)
    expect(tab.locator('#open-server')).to_have_attribute('data-state', 'on')
    return tab


@pytest.fixture(scope='module')
def tab(browser, server):
    """One person, in Portuguese."""
    with watched(browser, allowed=LOST, service_workers='allow') as tab:
        yield joined(tab, server.address)


@pytest.fixture(scope='module')
def other(browser, server, tab):
    """Another person, in English, on a phone and in the dark."""
    with watched(browser, allowed=LOST, locale='en-GB', color_scheme='dark',
                 viewport={'width': 390, 'height': 844}) as other:
        yield joined(other, server.address)


def heading(tab):
    """The picture's, with the head that it shows."""
    return here(tab).locator('h2').filter(has_text=re.compile('bloco|block')).first


def box(tab):
    return here(tab).locator('textarea').first


def weights(tab):
    """What the picture says of the token that looks."""
    return here(tab).get_by_text(re.compile('«.*» olha para:|“.*” looks at:')).first


def test_the_page_says_that_there_is_a_server(tab, axe):
    expect(tab.locator('#open-server')).to_contain_text('Servidor')
    tab.locator('#open-server').press('Enter')
    panel = tab.locator('#server')
    expect(panel).to_contain_text('Ligado ao servidor')
    expect(panel.locator('.people li')).to_contain_text('você')
    expect(panel.locator('.people li')).to_contain_text('vê Atenção')
    memory = panel.locator('.chart').nth(1)
    expect(memory.locator('strong')).to_have_text(re.compile(r'[1-9].* MB'))
    expect(memory.locator('canvas').first).to_be_visible()
    expect(tab.locator('footer > p')).to_contain_text('chegam a quem está nele')
    for part in ('header', '#server'):
        assert violations(tab, axe, part, tags=None) == []
    tab.keyboard.press('Escape')
    expect(panel).to_be_hidden()
    expect(tab.locator('#open-server')).to_be_focused()


def test_charts_are_drawn_of_what_the_server_tells_in_the_page_s_colours_and_words(tab):
    tab.locator('#open-server').click()
    memory = tab.locator('#server .chart').nth(1)
    expect(memory.locator('strong')).to_have_text(re.compile(r'[1-9].* MB'))
    expect(memory.locator('canvas').first).to_be_visible()

    def drawn():
        return tab.evaluate("""() => {
            const figures = Bokeh.documents.flatMap(it => it.roots()).filter(
                it => it.type === 'Figure' && it.height === 130)
            const [cpu, memory, , latency] = figures, [line] = memory.renderers
            return {count: figures.length, ground: memory.background_fill_color,
                y: memory.left[0].axis_label, legend: latency.above[0].visible,
                labels: latency.above[0].items.map(it => it.label.value),
                hover: memory.toolbar.tools[0].tooltips,
                last: [...line.data_source.get('y_text')].at(-1)}}""")
    found = drawn()
    assert (found['count'], found['y'], found['ground']) == (6, 'MB', '#ffffff')
    assert found['legend'] and found['labels'] == ['mediana', 'p95']
    assert found['hover'] == [['segundos', '@x_text'], ['MB', '@y_text']]
    # The table says the same.
    tab.locator('#server summary').click()
    row = tab.locator('#server tbody tr').nth(1)
    expect(row).to_contain_text('MemóriaMB')
    expect(memory.locator('strong')).to_have_text(f'{row.locator("td").nth(2).text_content()} MB')
    tab.locator('#theme').click()
    tab.locator('[data-choose=en]').click()
    expect(tab.locator('#server thead')).to_contain_text('Lowest')
    found = drawn()
    assert found['ground'] == '#14181f' and found['labels'] == ['median', 'p95']
    tab.locator('[data-choose=pt]').click()
    tab.locator('#theme').click()
    tab.locator('#server .bar button').click()


def test_a_change_of_a_terminal_moves_the_control_in_every_page(tab, other, server):
    expect(tab.locator('#open-server .count')).to_have_text('2')
    assert server.terminal.ask('set', module='attention', values={
        'layer': 2, 'head': 3, 'text': TEXT})['type'] == 'done'
    expect(heading(tab)).to_have_text(re.compile('bloco 2, cabeça 3'))
    expect(heading(other)).to_have_text(re.compile('block 2, head 3'))
    for it in (tab, other):
        expect(box(it)).to_have_value(TEXT)
        expect(it).to_have_url(re.compile('layer=2.*head=3'))


def test_a_change_on_a_page_reaches_terminals_and_other_pages(tab, other, server):
    box(other).fill('Maria deu um livro')
    expect(box(tab)).to_have_value('Maria deu um livro')
    assert server.terminal.values('attention')['text'] == 'Maria deu um livro'
    assert server.terminal.values('attention')['layer'] == 2
    # What one types is not touched while one types it.
    box(tab).focus()
    tab.keyboard.press('End')
    tab.keyboard.type(' ao')
    server.terminal.ask('set', module='attention', values={'head': 1})
    tab.keyboard.type(' menino')
    expect(heading(tab)).to_have_text(re.compile('cabeça 1'))
    expect(box(tab)).to_have_value('Maria deu um livro ao menino')
    expect(box(other)).to_have_value('Maria deu um livro ao menino')


def test_one_may_go_one_s_own_way(tab, other, server):
    other.locator('#open-server').click()
    other.get_by_role('checkbox', name='Follow:').uncheck()
    expect(other.locator('footer > p')).to_contain_text('nothing you write leaves it')
    server.terminal.ask('set', module='attention', values={'head': 4})
    expect(heading(tab)).to_have_text(re.compile('cabeça 4'))
    expect(heading(other)).to_have_text(re.compile('head 1'))
    other.get_by_role('checkbox', name='Follow:').check()
    expect(heading(other)).to_have_text(re.compile('head 4'))
    fits(other)
    other.locator('#server .bar button').click()


def test_a_page_that_is_not_open_yet_opens_as_the_state_is(tab, server):
    server.terminal.rest('inference', seed=12, length=5)
    tab.locator('header').get_by_role('link', name='Inferência').click()
    wait_live(tab)
    expect(tab.get_by_role('textbox', name='Semente', exact=True)).to_have_value('12')
    tab.go_back()
    wait_live(tab)


def test_one_person_may_take_the_controls(tab, other, server):
    tab.locator('#open-server').click()
    tab.get_by_role('button', name='Ficar com os controles').click()
    expect(tab.locator('#server')).to_contain_text('Só você pode mexer')
    assert server.terminal.ask('set', module='attention', values={'head': 2})['type'] == 'error'
    box(other).fill('Ana tinha uma bola')
    expect(other.locator('#notice')).to_be_visible()
    expect(box(tab)).to_have_value('Maria deu um livro ao menino')
    tab.get_by_role('button', name='Devolver os controles a todos').click()
    expect(tab.locator('#server')).to_contain_text('Todos podem mexer')
    tab.locator('#server .bar button').click()
    server.terminal.ask('set', module='attention', values={'text': TEXT, 'head': 2})
    expect(box(other)).to_have_value(TEXT)


def test_presets_are_saved_applied_and_deleted_on_the_page(tab, other, server):
    server.terminal.ask('set', module='attention', values={'head': 2})
    expect(heading(tab)).to_have_text(re.compile('cabeça 2'))
    tab.locator('#open-server').click()
    panel = tab.locator('#server .presets')
    expect(panel.get_by_role('button', name='Apagar training-small')).to_be_hidden()
    panel.get_by_label('Nome').fill('da aula')
    panel.get_by_label('Nome').press('Enter')
    kept = panel.locator('li').filter(has_text='da aula')
    expect(kept).to_contain_text('da aula Atenção')
    expect(panel.get_by_label('Nome')).to_have_value('')
    server.terminal.ask('set', module='attention', values={'head': 4})
    expect(heading(tab)).to_have_text(re.compile('cabeça 4'))
    kept.get_by_role('button', name='Aplicar').press('Enter')
    for it, head in ((tab, 'cabeça 2'), (other, 'head 2')):
        expect(heading(it)).to_have_text(re.compile(head))
    kept.get_by_role('button', name='Apagar').click()
    expect(kept).to_have_count(0)
    panel.get_by_label('Nome').fill('não/pode')
    panel.get_by_role('button', name='Guardar').click()
    expect(tab.locator('#notice')).to_be_visible()
    expect(panel.get_by_label('Nome')).to_have_value('não/pode')
    panel.get_by_label('Nome').fill('')
    tab.locator('#server .bar button').click()


def test_a_connection_is_ended_from_the_server_s_machine(tab, server):
    async def one_is_sent_away(until):
        socket = await websocket_connect(server.terminal.address)
        await socket.write_message(json.dumps({'type': 'hello', 'name': 'Intruso',
                                               'kind': 'script'}))
        while (frame := await socket.read_message()) is not None:
            until.append(json.loads(frame))
    heard = []
    asking = threading.Thread(target=lambda: asyncio.run(one_is_sent_away(heard)))
    asking.start()
    tab.locator('#open-server').click()
    people = tab.locator('#server .people')
    kick = people.get_by_role('button', name='Desconectar Intruso')
    expect(kick).to_be_visible()
    mine = people.locator('li').filter(has_text='você')
    expect(mine.get_by_role('button')).to_be_hidden()
    kick.focus()
    kick.press('Enter')
    asking.join(30)
    assert heard[-1]['type'] == 'bye' and heard[-1]['reason'] == 'kicked'
    expect(people.locator('li').filter(has_text='Intruso')).to_have_count(0)
    expect(tab.locator('#notice')).to_contain_text('Intruso')
    tab.locator('#server .bar button').click()


def test_the_server_computes_the_same_numbers(tab, server):
    expect(box(tab)).to_have_value(TEXT)
    expect(heading(tab)).to_have_text(re.compile('bloco 2, cabeça 2'))
    said = weights(tab).text_content()
    assert '%' in said
    tab.locator('#open-server').click()
    tab.get_by_role('button', name='Calcular no servidor').click()
    expect(tab.locator('#computes summary')).to_contain_text('o servidor, NumPy')
    wait_live(tab)
    for _ in range(100):  # the browser's Python goes, and its memory with it
        if not tab.workers:
            break
        tab.wait_for_timeout(100)
    assert tab.workers == []
    tab.get_by_role('button', name='Calcular neste navegador').click()
    expect(tab.locator('#computes summary')).to_contain_text('SIMD', timeout=60_000)
    wait_live(tab)
    assert tab.workers
    expect(weights(tab)).to_have_text(said, use_inner_text=False)
    tab.get_by_role('button', name='Calcular no servidor').click()
    expect(tab.locator('#computes summary')).to_contain_text('o servidor, NumPy')
    wait_live(tab)
    tab.locator('#server .bar button').click()
    expect(heading(tab)).to_have_text(re.compile('bloco 2, cabeça 2'))
    expect(weights(tab)).to_have_text(said, use_inner_text=False)
    expect(tab.locator('footer > p')).to_contain_text('calculado no servidor')
    server.terminal.ask('set', module='attention', values={'head': 3})
    expect(heading(tab)).to_have_text(re.compile('cabeça 3'))
    tab.keyboard.press('F2')  # what runs the reader's code stays in the reader's browser
    expect(tab.locator('#notice')).to_contain_text('só no seu próprio navegador')
    # Kept in the browser by now, it is not lost with the server.
    expect(tab.locator('#offline')).to_have_attribute('data-state', 'kept', timeout=60_000)
    tab.reload()
    wait_live(tab)
    expect(tab.locator('#computes summary')).to_contain_text('o servidor, NumPy')
    expect(heading(tab)).to_have_text(re.compile('bloco 2, cabeça 3'))


def test_pages_outlive_the_server_and_find_it_again(tab, other, server):
    server.stop()
    for it in (tab, other):
        expect(it.locator('#open-server')).to_have_attribute('data-state', 'lost')
        expect(it.locator('#notice')).to_be_visible()
        wait_live(it)
    expect(tab.locator('#computes summary')).to_contain_text('SIMD', timeout=60_000)
    wait_live(tab)
    expect(heading(tab)).to_have_text(re.compile('bloco 2, cabeça 3'))
    box(other).fill('Um rato')  # goes on in the browser
    expect(other).to_have_url(re.compile('text=Um.rato'))
    server.start(server.port)
    for it in (tab, other):
        expect(it.locator('#open-server')).to_have_attribute('data-state', 'on', timeout=60_000)
    server.terminal.ask('set', module='attention', values={'head': 1})
    expect(heading(tab)).to_have_text(re.compile('cabeça 1'))
    expect(heading(other)).to_have_text(re.compile('head 1'))
    expect(box(other)).to_have_value('Um rato')  # nobody changed it meanwhile


def test_a_static_host_shows_no_sign_of_it(browser, site):
    asked, wrong = [], []
    with watched(browser) as tab:
        tab.on('request', lambda it: asked.append(it.url.removeprefix(site)))
        tab.on('response', lambda it: it.ok or it.status == 304 or wrong.append(it.url))
        tab.on('websocket', lambda it: wrong.append(it.url))
        tab.goto(f'{site}attention.html')
        wait_live(tab)
        tab.wait_for_function('() => performance.getEntriesByName(location.origin'
                              ' + location.pathname.replace(/[^/]*$/, "server.json")).length')
        assert tab.locator('#open-server, #server').count() == 0
        assert tab.locator('#computes option[value=server]').count() == 0
    assert wrong == [] and 'server.json' in asked
    assert not any(it.startswith('server/') for it in asked)
