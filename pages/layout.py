"""How the parts of a page lie on the screen."""

import panel as pn

STACK = ':host { display: grid !important; gap: 16px; grid-template-columns: minmax(0, 1fr); }'


def stack(*parts, gap: int = 16):
    """One below the other, so many pixels apart."""
    return pn.Column(*parts, stylesheets=[STACK.replace('16px', f'{gap}px')],
                     sizing_mode='stretch_width')


def beside(columns: str, *parts):
    """Side by side in these CSS grid columns; one below the other on a phone."""
    css = (f':host {{ display: grid !important; grid-template-columns: {columns}; gap: 24px 32px; '
           'align-items: start; } @media (max-width: 999px) { :host { '
           'grid-template-columns: minmax(0, 1fr); gap: 16px; } }')
    return pn.Column(*parts, stylesheets=[css], sizing_mode='stretch_width')


def show(component, wanted: bool) -> None:
    """Show a component, or take it off the screen without leaving its place empty."""
    styles = {'display': 'block' if wanted else 'none'}
    if component.styles != styles:  # Panel would send it again
        component.styles = styles
