"""The knobs of the inference page, and the reader's choices in a link."""

from pages.settings import Knob, piece

KNOBS = {
    'temperature': Knob('t', 0.8, 0, 2, 0.05, digits=2),
    'top_k': Knob('k', 10, 1, 10 ** 6, 1, switchable=True),  # no more than the vocabulary has
    'top_p': Knob('p', 0.9, 0.01, 1, 0.01, digits=2, switchable=True),
    'min_p': Knob('m', 0.05, 0, 1, 0.01, digits=2, switchable=True),
    'seed': Knob('seed', 7, 0, 9999, 1),
    'length': Knob('n', 40, 1, 200, 1),
}


def read_picks(text: str | None, vocab_size: int) -> dict[int, int]:
    """The reader's choices in a link, `index.token` joined by `-`: "3.412-9.77"."""
    picks = {}
    for pair in (text or '').split('-'):
        index, _, token_id = pair.partition('.')
        place = piece(index, range(KNOBS['length'].end))
        token = piece(token_id, range(vocab_size))
        if place is not None and token is not None:
            picks[place] = token
    return picks


def read_branches(text: str | None, vocab_size: int) -> list[tuple[int, int, dict[int, int]]]:
    """Further branches in a link, (seed, tokens, picks) each: "7*40*3.412_8*40*"."""
    found = []
    for branch in (text or '').split('_'):
        seed, _, rest = branch.partition('*')
        count, _, picks = rest.partition('*')
        seed = piece(seed, range(int(KNOBS['seed'].end) + 1))
        count = piece(count, range(1, 10**6))
        if seed is not None and count is not None:
            found.append((seed, min(count, int(KNOBS['length'].end)),
                          read_picks(picks, vocab_size)))
    return found


def write_branches(branches: list[tuple[int, int, dict[int, int]]]) -> str:
    return '_'.join(f'{seed}*{count}*{write_picks(picks)}' for seed, count, picks in branches)


def write_picks(picks: dict[int, int]) -> str:
    return '-'.join(f'{index}.{token_id}' for index, token_id in picks.items())
