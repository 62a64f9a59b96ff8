"""The tokenizer page without a browser: set its params, do its gestures, read its components."""

import asyncio

import pytest
from take_home import printed

from minigpt.tokenizer import BPETokenizer, WhitespaceBPETokenizer, text_statistics
from pages import exercises, lab, work
from pages.tokenizer.learning import SIZES
from pages.tokenizer.text_pieces import PAGE_BYTES
from pages.tokenizer.page import Tokenizer
from pages.tokenizer.reading import SMALL
from pages.tokenizer.state import FIRST_TEXT, LINKED

PAYLOADS = ['<img src=x onerror="alert(1)">', '<script>alert(1)</script>', '{{7*7}}', '&lt;b&gt;',
            '\u202egato\u202c', '\x00\t\\n', 'שלום עולם', '🙂', 'a', ' ', '\n\n\n', '\ud800']


@pytest.fixture
def page():
    before = lab.lab()
    made = Tokenizer()
    yield made
    made.hidden = True
    lab.replace(before)


def wait(page, act=lambda: None):
    """Do something inside an event loop, and let the work it starts come to its end."""
    async def run():
        act()
        while page.work.running:
            await asyncio.sleep(0)
    asyncio.run(run())
    assert page.failure == ''


def cut(tree, n):
    return [tree] if tree[1] <= n or len(tree) < 4 else cut(tree[2], n) + cut(tree[3], n)


def drawn_ids(page):
    """The ids that the component draws: its trees cut at its slider."""
    it = page._view.pieces
    return [piece[0] for word in it.drawing['trees'] for tree in word
            for piece in cut(tree, it.merges)]


def row(page, name):
    return next(it for it in page._view.strategies.rows if it['name'] == name)


def test_it_opens_on_a_paragraph_in_tokens_with_the_counts_of_strategies(page):
    assert drawn_ids(page) == lab.lab().tokenizer.encode(FIRST_TEXT) and page.query == {}
    counted = [it['tokens'] for it in page._view.strategies.rows if 'tokens' in it]
    assert len(counted) == 4 and counted[0] == len(FIRST_TEXT.encode('utf-8'))
    assert page._view.pieces.notes[0].endswith(f'({"bytes conferidos: "}{counted[0]}).')


@pytest.mark.parametrize('merges', [0, 1, 100, 500, 743])
def test_the_slider_gives_the_encoding_by_so_many_merges(page, merges):
    page.merges = merges
    tokenizer = BPETokenizer(lab.lab().tokenizer.merges[:merges])
    want = tokenizer.encode(FIRST_TEXT)
    assert drawn_ids(page) == want
    assert page._view.pieces.drawing['counts'][merges] == row(page, 'bpe')['tokens'] == len(want)
    assert row(page, 'bpe')['preview'][0]['token'] == 'O'
    assert page.query == ({} if merges == 743 else {'merges': str(merges)})


def test_the_strategies_are_minigpt_s_own(page):
    wait(page, page.start)
    want = text_statistics(WhitespaceBPETokenizer.train(lab.lab().corpus, 1000), FIRST_TEXT)
    got = row(page, 'whitespace_bpe')
    assert got['tokens'] == want.n_tokens and got['unknown'] == want.n_unknown
    assert got['bytes_per_token'] == want.bytes_per_token
    assert got['tokens_per_word'] == want.tokens_per_word and not got['exact']
    assert [it['name'] for it in page._view.strategies.rows if it['exact']] == [
        'bytes', 'bpe_gpt4', 'bpe']


def test_the_corpus_is_counted(page):
    wait(page, page.start)
    ids = lab.lab().tokenizer.encode(lab.lab().corpus)
    assert page.reading.vocabulary.corpus.counts[-1] == len(ids)
    page.search = ' menino'
    shown = page._view.vocabulary.rows
    assert [it['token'] for it in shown] == ['·menino']
    assert shown[0]['frequency'] == ids.count(shown[0]['id'])
    corpus, text = page._view.chart.columns['corpus'], page._view.chart.columns['seu texto']
    assert corpus[-1] == pytest.approx(len(lab.lab().corpus.encode('utf-8')) / len(ids))
    assert text[0] == corpus[0] == 1


def test_the_vocabulary_is_searched_sorted_and_paged(page):
    table = page._view.vocabulary
    assert table.pages == 84 and table.rows[0]['length'] >= table.rows[1]['length'] > 8
    page.param.update(sort='id', descending=False)
    assert [it['id'] for it in table.rows] == list(range(12))
    page.turn_table(99)
    assert page.table_page == 83 and table.rows[-1]['token'] == '<|endoftext|>'
    page.search = 'ção'
    assert page.table_page == 0 and all('ção' in it['token'] for it in table.rows)
    page.search = '999'
    assert [it['made'] for it in table.rows] == [None]
    page.search = 'xyzxyz'
    assert table.rows == [] and table.pages == 1 and '0 de 1.000' in table.summary


def test_a_word_chosen_in_the_text_shows_its_tree(page):
    page._view.pieces.pinned = 1
    tree = page._view.tree
    assert page.word == tree.word == ' coração'
    roots = [it for it in tree.tree['boxes'] if it['parent'] is None]
    assert [it['id'] for it in roots] == lab.lab().tokenizer.encode(' coração')
    assert [it['token'] for it in roots] == ['·cora', 'ção'] and tree.tree['width'] == 10
    for box in tree.tree['boxes']:
        parts = [tree.tree['boxes'][part] for part in box['parts']]
        assert sum(it['width'] for it in parts) == (box['width'] if parts else 0)
        assert all(it['height'] < box['height'] for it in parts)
    page._view.tree.word = 'maçã'
    assert page.pinned == page._view.pieces.pinned == -1 and '«maçã»' in tree.about


def test_a_word_says_why_it_stays_in_pieces(page):
    wait(page, page.start)
    tokenizer = lab.lab().tokenizer
    pair = tuple(tokenizer.encode(' coração'))
    together = sum(pair == it for word in page.reading.vocabulary.corpus.words
                   for it in zip(tokenizer.encode(word), tokenizer.encode(word)[1:]))
    said, = page._view.tree.reasons
    assert f'{together} vezes' in said and together == page.reading.vocabulary.corpus.pairs[pair] > 0


def test_training_learns_what_the_library_learns(page):
    page.size = 600
    wait(page, page.train)
    want = BPETokenizer.train(lab.lab().corpus, 600, ['<|endoftext|>'])
    assert page.tokenizer.merges == want.merges and page.merges == page.limit == 343
    learnt = page._view.pieces.drawing['learnt']
    assert learnt[0][3] > learnt[-1][3] > 0
    assert page.query == {'train': '600'} and drawn_ids(page) == want.encode(FIRST_TEXT)
    name, content = page.tokenizer_file()
    assert name == 'tokenizer.json' and BPETokenizer.from_json(content).merges == want.merges
    wait(page, page.back)
    assert page.tokenizer is lab.lab().tokenizer and page.query == {}


def test_training_can_be_paused_stepped_and_gone_on_with(page, monkeypatch):
    monkeypatch.setattr(work, 'SHORTEST', 0.0)  # each step is seen, however fast the machine
    page.size = 400

    async def run():
        page.step()
        page.step()
        assert page.limit == 2 and page._view.pieces.drawing['limit'] == 2
        page.resume()
        while page.limit < 20:
            await asyncio.sleep(0)
        page.pause()
        count = page.limit
        reasons = {it['id']: it['reason'] for it in page._view.actions.buttons}
        assert reasons['resume'] == '' and reasons['pause']
        await asyncio.sleep(0)
        assert page.limit == count < 143
        page.resume()
        while page.work.running:
            await asyncio.sleep(0)
    asyncio.run(run())
    assert page.tokenizer.merges == BPETokenizer.train(
        lab.lab().corpus, 400, ['<|endoftext|>']).merges


def test_own_text_teaches_the_vocabulary_and_the_strategies(page):
    wait(page, page.start)
    wait(page, lambda: page._view.own_text.use('banana bandana ' * 30))
    assert row(page, 'words')['vocab'] < 10 and page.tokenizer is lab.lab().tokenizer
    page.size = 300
    wait(page, page.train)
    assert page.limit < 43 and 'acabou antes' in ' '.join(page._view.progress.lines)
    page.text = 'banana'
    assert page._view.pieces.drawing['counts'][-1] == 1


def test_a_link_carries_the_whole_state():
    query = {'text': 'O sol 🙂', 'merges': '12', 'special': 'allow', 'word': ' sol', 'search': 'ç',
             'sort': 'frequency', 'order': 'up', 'train': '300'}
    page = Tokenizer(query=query)
    wait(page, page.start)
    assert page.query == query and page.merges == 12 and page.limit == 43
    other = Tokenizer(query=page.query)
    wait(other, other.start)
    assert drawn_ids(other) == drawn_ids(page)


@pytest.mark.parametrize('query', [{'merges': '-1'}, {'merges': 'x'}, {'merges': '99999999999'},
                                   {'train': '1'}, {'train': '9e9'}, {'sort': 'nothing'},
                                   {'special': '?'}])
def test_nonsense_in_a_link_is_passed_over(query):
    page = Tokenizer(query=query)
    assert page.merges == page.limit == 743 and page.size in SIZES


@pytest.mark.parametrize('payload', PAYLOADS)
def test_any_text_is_cut_and_comes_back(page, payload):
    page.text = page.word = payload
    tokenizer, seen = lab.lab().tokenizer, payload.encode('utf-8', 'replace').decode()
    if '\ud800' not in payload:
        assert drawn_ids(page) == tokenizer.encode(seen)
    assert page.reading.error is None and row(page, 'bpe')['exact']
    assert all(token.isprintable() for token, _ in page._view.pieces.drawing['tokens'].values())


def test_no_text_has_no_figures(page):
    page.text = page.word = ''
    assert page._view.strategies.rows == [] and page._view.pieces.drawing['trees'] == []
    assert page._view.tree.tree['boxes'] == [] and page._view.pieces.notes == []


def test_a_special_token_is_letters_or_a_signal(page):
    page.text = 'Fim.<|endoftext|>Era'
    tokenizer = lab.lab().tokenizer
    assert drawn_ids(page) == tokenizer.encode(page.text)
    page.special = 'allow'
    assert drawn_ids(page) == tokenizer.encode(page.text, 'allow')
    assert tokenizer.end_of_text in drawn_ids(page) and row(page, 'bpe')['exact']


@pytest.mark.parametrize('experiment', ['accents', 'emoji', 'spaces', 'capitals', 'numbers',
                                        'english', 'code', 'special'])
def test_each_experiment_says_what_it_shows(page, experiment):
    page._view.experiments._handle_msg({'choose': experiment})
    lesson, *parts = page._view.experiments.result
    assert lesson and parts and drawn_ids(page) == lab.lab().tokenizer.encode(
        page.text, page.special)
    page.text += '!'
    assert page.experiment == '' and page._view.experiments.result == []


def test_a_long_text_is_counted_in_parts_and_shown_in_parts(page):
    text = 'A menina não sabia. ' * (2 * SMALL // 20)
    wait(page, lambda: setattr(page, 'text', text))
    assert page._view.pieces.drawing['counts'][-1] == len(lab.lab().tokenizer.encode(text))
    assert page._view.pieces.drawing['pages'] == len(page.pieces.pages()) > 10
    assert sum(len(word) for word in page._view.pieces.drawing['trees']) < PAGE_BYTES
    first = drawn_ids(page)
    page._view.pieces._handle_msg({'page': 1})
    seen = first + drawn_ids(page)
    assert page._view.pieces.drawing['first'] > 0
    assert seen == lab.lab().tokenizer.encode(text)[:len(seen)]
    assert 'text' not in page.query and len(text) > LINKED


def test_a_monster_of_a_word_is_refused_in_words(page):
    page.text = 'x' * 60_000
    assert '60000' in page._view.text.error and page._view.text.value == page.text
    page.text = 'x'
    assert page._view.text.error == ''


def test_an_empty_corpus_teaches_nothing(page):
    wait(page, lambda: lab.change(corpus=''))
    wait(page, page.train)
    assert page._view.progress.error and not page.own and page.failure == ''


def test_the_page_speaks_both_languages(page):
    before = page._view.tree.about
    page.lang = 'en'
    assert page._view.tree.about != before and 'costs 2 tokens' in page._view.tree.about
    assert page._view.chart.columns.keys() == {'vocabulary size (tokens)', 'corpus', 'your text'}


def test_the_exercises_are_done_by_doing_them(page):
    page.merges = 0
    assert exercises.done('tokenizer') == {'bytes'}
    page.merges = page.limit
    page.text = ' respondeu'
    assert exercises.done('tokenizer') == {'bytes', 'long'}
    page.size = 2200
    wait(page, page.train)
    since = page.tokenizer.derive(' coração')[0].since
    page.frame.answered('one', '1')
    assert 'one' not in exercises.done('tokenizer')
    page.frame.answered('one', str(since))
    assert exercises.done('tokenizer') == {'bytes', 'long', 'one'}


def test_the_script_prints_the_page_s_numbers(page, tmp_path):
    page.merges = 300
    wait(page, page.start)
    said = printed(page, tmp_path)
    counts = page._view.pieces.drawing['counts']
    assert f'first 300 merges: {counts[300]} tokens' in said
    assert f'all merges: {counts[-1]} tokens' in said
    for name in ('bytes', 'characters', 'words', 'whitespace_bpe', 'bpe_gpt4'):
        it = row(page, name)
        assert (f'{name}: {it["tokens"]} tokens, {it["bytes_per_token"]:.2f} bytes a token, '
                f'{it["tokens_per_word"]:.2f} tokens a word, {it["unknown"]} unknown') in said


def test_the_code_shown_is_there(page):
    assert all(callable(thing) for thing in page.sources())


def test_a_corpus_of_one_enormous_word_keeps_nobody_waiting(page):
    wait(page, lambda: lab.change(corpus='abcde' * 20_000))
    assert page.work.steps > 100 and page.reading.vocabulary.corpus.counts[0] == 100_000
    assert set(page.reading.vocabulary.rivals) == {
        'bytes', 'characters', 'words', 'whitespace_bpe', 'bpe_gpt4'}
