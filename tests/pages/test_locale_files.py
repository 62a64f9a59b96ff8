"""The words of the pages: the same keys and blanks in both languages, and none too many."""

import string

import pytest

from pages.locale import LANGUAGES, text


def leaves(node, path=()):
    """(dotted key, sentence) of every sentence."""
    items = node.items() if isinstance(node, dict) else enumerate(node)
    for key, value in items:
        if isinstance(value, str):
            yield '.'.join(map(str, (*path, key))), value
        else:
            yield from leaves(value, (*path, key))


def blanks(sentence):
    return sorted(name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None)


def test_both_languages_have_the_same_keys_with_the_same_blanks():
    pt, en = (dict(leaves(text(lang))) for lang in LANGUAGES)
    assert pt.keys() == en.keys()
    assert {key: blanks(pt[key]) for key in pt} == {key: blanks(en[key]) for key in en}


def test_no_sentence_is_empty():
    for lang in LANGUAGES:
        assert [key for key, sentence in leaves(text(lang)) if not sentence.strip()] == []


def test_an_unknown_language_is_refused():
    with pytest.raises(ValueError, match='lang must be one of pt, en'):
        text('xx')
