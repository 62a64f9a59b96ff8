"""What a link to the page carries: prompt, knobs, the choices made, the tree, and what is open."""

from pages.first_text import first_text
from pages.inference.settings import KNOBS, write_picks
from pages.lab import lab
from pages.locale import text

LONGEST = 2000  # characters of a tree that a link carries
FIRST_PROMPT = text('pt')['inference']['examples'][0]


def read_knobs(query: dict[str, str]) -> dict:
    """The values of all knobs and which cuts are on, by the names of the page's params."""
    values = {name: knob.read(query) for name, knob in KNOBS.items()}
    values['top_k'] = min(values['top_k'], lab().model.config.vocab_size)
    values['top_k_on'] = query.get('k') != 'off'
    values['top_p_on'] = query.get('p', 'off') != 'off'
    values['min_p_on'] = query.get('m', 'off') != 'off'
    return values


def link_state(page) -> dict[str, str]:
    """What the page's `restore` reads, without what is as at first."""
    state = {'prompt': page.prompt}
    for name, knob in KNOBS.items():
        off = knob.switchable and not getattr(page, f'{name}_on')
        state[knob.key] = 'off' if off else knob.write(getattr(page, name))
    if page.text and len(page.text.written) != page.length and not page.ended:
        state['shown'] = str(len(page.text.written))
    if page.text and page.text.picks:
        state['picks'] = write_picks(page.text.picks)
    if page.text and page.shown:
        state['at'] = str(page.shown)
    if page.text and len(tree := page.branches.link()) <= LONGEST:
        state['tree'] = tree
    state['open'] = '.'.join(it.section for it in page.opened)
    for it in page.experiments:
        state |= it.state()
    first = {knob.key: knob.write(knob.default) for knob in KNOBS.values()} | {
        'prompt': first_text(FIRST_PROMPT), 'p': 'off', 'm': 'off', 'tree': '', 'open': ''}
    return {key: value for key, value in state.items() if first.get(key) != value}
