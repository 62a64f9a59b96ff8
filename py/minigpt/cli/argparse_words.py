"""argparse's own words in the reader's language; it asks its function `_` for each of them."""

import argparse

from minigpt.locale import template

# What argparse says → the key of our sentence, under cli.argparse.
WORDS = {
    'usage: ': 'usage', 'positional arguments': 'positionals', 'options': 'options',
    'show this help message and exit': 'help',
    '%(prog)s: error: %(message)s\n': 'error',
    'argument %(argument_name)s: %(message)s': 'argument',
    'the following arguments are required: %s': 'required',
    'unrecognized arguments: %s': 'unrecognized',
    '; is it %s?': 'near',                        # these two are
    '; a text with spaces goes in quotes': 'quotes',  # of parser.py
    'invalid choice: %(value)r (choose from %(choices)s)': 'choice',
    'invalid %(type)s value: %(value)r': 'value',
    'expected one argument': 'expected_one',
    'expected at most one argument': 'at_most_one',
    'not allowed with argument %s': 'not_allowed_with',
    'ambiguous option: %(option)s could match %(matches)s': 'ambiguous',
}


def speak(lang: str) -> None:
    """Let every parser of this process speak the language; words not known here stay English."""
    def translated(text: str) -> str:
        return template(lang, f'cli.argparse.{WORDS[text]}') if text in WORDS else text

    argparse._ = translated
