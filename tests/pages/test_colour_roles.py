"""Colour is grammar: the hues can be told apart by everyone and be read on their ground."""

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from pages.theme import GROUND, ROLES, stylesheet

# Machado, Oliveira, Fernandes 2009: what dichromats see, in linear RGB.
SIGHT = {
    'ordinary': np.eye(3),
    'protan': np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
                        [-0.003882, -0.048116, 1.051998]]),
    'deutan': np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
                        [-0.011820, 0.042940, 0.968881]]),
    'tritan': np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
                        [0.004733, 0.691367, 0.303900]])}
# Ottosson 2020: linear RGB to OKLab.
TO_LMS = np.array([[.4122214708, .5363325363, .0514459929], [.2119034982, .6806995451, .1073969566],
                   [.0883024619, .2817188376, .6299787005]])
TO_LAB = np.array([[.2104542553, .7936177850, -.0040720468],
                   [1.9779984951, -2.4285922050, .4505937099],
                   [.0259040371, .7827717662, -.8086757660]])


def linear(colour):
    rgb = np.array([int(colour[i:i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)


def oklab(colour, sight):
    return 100 * TO_LAB @ np.cbrt(TO_LMS @ np.clip(SIGHT[sight] @ linear(colour), 0, 1))


def contrast(one, other):
    dark, light = sorted(linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize('sight', SIGHT)
@pytest.mark.parametrize('theme', ROLES)
def test_no_two_hues_are_near_each_other(theme, sight):
    for one, other in combinations(ROLES[theme], 2):
        distance = np.linalg.norm(oklab(ROLES[theme][one], sight)
                                  - oklab(ROLES[theme][other], sight))
        assert distance >= 10, f'{one} and {other}: {distance:.1f}'


@pytest.mark.parametrize('theme', ROLES)
def test_hues_and_texts_are_read_on_their_grounds(theme):
    ground = GROUND[theme]
    for name, colour in ROLES[theme].items():
        assert contrast(colour, ground['ground']) >= 4.5, name
    for text in ('ink', 'soft', 'wrong'):
        for under in ('ground', 'raised', 'sunken'):
            assert contrast(ground[text], ground[under]) >= 4.5, f'{text} on {under}'
    assert contrast(ground['on-output'], ROLES[theme]['output']) >= 4.5
    assert contrast(ground['control'], ground['ground']) >= 3, 'borders of controls'


def test_the_site_s_stylesheet_is_made_from_them():
    theme = Path(__file__).parents[2] / 'site' / 'assets' / 'theme.css'
    assert theme.read_text(encoding='utf-8') == stylesheet(), 'run python -m pages.theme'
