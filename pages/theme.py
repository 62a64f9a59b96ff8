"""Colour is grammar: one hue per role, the same on every page, in light and in dark.

Custom properties cross shadow roots, so components only ever say `var(--query)`. The site's
`assets/theme.css` is `stylesheet()`, written by `python -m pages.theme` and tested to be equal.
"""

import sys
from pathlib import Path

# The hues: told apart in ordinary and colour-blind sight, each 4.5:1 or better on its ground.
ROLES = {
    'light': {'query': '#3266fb', 'key': '#aa3d02', 'value': '#157157', 'attention': '#801999',
              'gradient': '#de1187', 'weights': '#3e4348', 'output': '#1c1363'},
    'dark': {'query': '#188beb', 'key': '#dda433', 'value': '#44e59e', 'attention': '#e3bdf6',
             'gradient': '#fa3d71', 'weights': '#99a9bb', 'output': '#b6f53a'},
}

# The grounds and greys those hues stand on. (`wrong`, since Panel has an --error of its own.)
GROUND = {
    'light': {'ground': '#ffffff', 'raised': '#f6f7f9', 'sunken': '#eceef2', 'line': '#cfd4dc',
              'control': '#79818d', 'ink': '#191d23', 'soft': '#555d69', 'on-output': '#ffffff',
              'wrong': '#b00020'},
    'dark': {'ground': '#14181f', 'raised': '#1c212a', 'sunken': '#262c37', 'line': '#3a4250',
             'control': '#8791a0', 'ink': '#eceff4', 'soft': '#aab3c0', 'on-output': '#14181f',
             'wrong': '#ff9a9a'},
}

FONTS = {
    'sans': "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', "
            'sans-serif',
    'mono': "ui-monospace, 'SF Mono', 'Cascadia Mono', Menlo, Consolas, 'DejaVu Sans Mono', "
            'monospace',
}


def stylesheet() -> str:
    """The custom properties as CSS, for :root and for both values of data-theme."""
    blocks = ['/* Written by `python -m pages.theme`: change pages/theme.py instead. */',
              _block(':root', {'sans': FONTS['sans'], 'mono': FONTS['mono']})]
    for theme in ('light', 'dark'):
        selector = ':root' if theme == 'light' else ":root[data-theme='dark']"
        blocks.append(_block(selector, {'scheme': theme} | GROUND[theme] | ROLES[theme]))
    return '\n'.join(blocks)


def _block(selector: str, properties: dict[str, str]) -> str:
    lines = [f'  --{name}: {value};' for name, value in properties.items()]
    if scheme := properties.get('scheme'):
        lines[0] = f'  color-scheme: {scheme};'
    return '\n'.join([f'{selector} {{', *lines, '}', ''])


if __name__ == '__main__':
    target = Path(__file__).parents[1] / 'site' / 'assets' / 'theme.css'
    target.write_text(stylesheet(), encoding='utf-8')
    print(f'wrote {target.name}', file=sys.stderr)
