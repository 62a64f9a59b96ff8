"""Where sentences end, in Portuguese and English."""

import pytest
from hypothesis import given, strategies as st

from minigpt.chunking import sentences
from minigpt.chunking.abbreviations import BEFORE_NUMBER, NEVER_END
from minigpt.chunking.source import Source

# Each text with | where a sentence must end, and nowhere else.
TEXTS = [
    'O gato dorme. |A menina lê! |Chove? |Sim.',
    'O Sr. Lima, a Sra. Dias e a Dra. Ana saíram. |O Prof. Caio ficou.',
    'Compre frutas, p. ex. Maçãs e peras. |Leve pão, leite etc. |Depois volte.',
    'Custa R$ 3.500,00 ou 3.5 dólares. |São 15h30. |Pronto.',
    'Em 1990. |Nasceu J. R. R. Tolkien e M. de Assis. |Fim.',
    'Viveu no séc. XX, v. fig. 3 e p. 12, cf. Souza. |Morreu em 300 a.C. em Roma.',
    'Não sei... |Talvez. |Ele disse… e calou. |Vou… |Adeus.',
    '“Vem cá.” |Ela foi. |"Já vou!" disse ele. |(Era tarde.) |Dormiu.',
    '— Vamos! — disse ela. |— Está na hora. |— Já? |Sim.',
    '— Oi.\n|— Olá, tudo bem?\n|— Tudo',
    'Ela gritou: — Socorro?! |Ninguém veio.',
    'Compras:\n|- pão\n|- leite\n|* café\n|1. um\n|2) dois\n|a) três\n|• quatro',
    'Título\n\n|O texto começa. |Linha\nquebrada no meio.\n \n|Outro.',
    'Um.\r\n\r\n|Dois\r\ntrês.',
    'Mr. Fox met Dr. Who at 5 p.m. sharp. |He said no. |See No. 5, e.g. this one. |Done.',
    'I agree! |Does J. Smith? |"Stop!" he cried. |St. John, vs. Peter, went.',
    'Version 2.0.1 is at example.org/a.b today. |Good.',
    '今日は。|元気？|はい',
    'مرحبا. |كيف حالك؟ |بخير.',
    '\n\n  Começo. |Fim.  \n',
    'Sr.\u00a0Lima e 10.\u00a0Km ficam juntos. |Sim.',
    'sem ponto',
    'A reunia\u0303o acabou. |Pa\u0301g. 3 e o irma\u0303o. |Fim.',
]


@pytest.mark.parametrize('marked', TEXTS)
def test_sentences(marked):
    assert '|'.join(sentences(marked.replace('|', ''))) == marked


@pytest.mark.parametrize('word', sorted(NEVER_END | BEFORE_NUMBER))
def test_no_sentence_ends_at_an_abbreviation(word):
    assert sentences(f'Veja {word}. 7 e {word}. 8') == [f'Veja {word}. 7 e {word}. 8']
    ends = word not in NEVER_END
    assert len(sentences(f'Veja {word}. Maria')) == 1 + ends
    assert len(sentences(f'Veja x{word}. Maria')) == 2  # only the end of a longer word


def test_a_mark_behind_a_dash_or_quote_stays_with_it():
    # Where a sentence would end between two characters of one grapheme, it goes on.
    assert sentences('Oi. \u0301A') == ['Oi. \u0301A']
    assert sentences('Oi. — A') == ['Oi. ', '— A']
    assert sentences('Oi.\n—\u0301 A') == ['Oi.\n', '—\u0301 A']


def test_blank_texts():
    assert sentences('') == []
    assert sentences(' \n ') == [' \n ']


PIECES = st.sampled_from([
    'a', 'B', '. ', '.', '! ', '?', '… ', '\n', '\r\n', '\n\n', '  ', 'Sr. ', '1. ', '- ',
    '— ', '"', '”', '。', 'e\u0301', ' \u0301', '😀',
    '\ud800', '\u2028', '\x00'])


@given(st.lists(PIECES).map(''.join))
def test_sentences_joined_are_the_text(text):
    source = Source(text)
    assert ''.join(source.sentences()) == text
    assert all(source.sentences())
    assert source.paragraph_set <= source.sentence_set


def test_paragraphs_end_at_blank_lines():
    assert Source('Um. Dois.\n\nTrês.\n  \t\nQuatro\ncinco.').paragraph_list == [11, 21, 34]


@pytest.mark.parametrize('text', [' ', '. ', '\n ', '.', 'a\u0301', '"', 'Sr. ', '1. ', '🇧🇷'])
def test_a_long_run_of_anything_is_read_in_one_go(text):
    # Each rule looks a bounded way around a place; a rule that looked along the whole run would
    # need hours for this.
    assert ''.join(sentences(text * 100_000)) == text * 100_000
