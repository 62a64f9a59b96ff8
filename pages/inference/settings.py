"""The knobs of the inference page, and the reader's choices in a link."""

from pages.settings import Knob, each, piece

KNOBS = {
    'temperature': Knob('t', 0.8, 0, 2, 0.05, digits=2),
    'top_k': Knob('k', 10, 1, 10 ** 6, 1, switchable=True),  # no more than the vocabulary has
    'top_p': Knob('p', 0.9, 0.01, 1, 0.01, digits=2, switchable=True),
    'min_p': Knob('m', 0.05, 0, 1, 0.01, digits=2, switchable=True),
    'seed': Knob('seed', 7, 0, 9999, 1),
    'length': Knob('n', 40, 1, 200, 1),
}


def read_picks(query: dict[str, str], vocab_size: int) -> dict[int, int]:
    """The reader's choices in a link, `index.token` joined by `-`: "3.412-9.77"."""
    return _picks(query, 'picks', query.get('picks', ''), vocab_size)


def _picks(query: dict[str, str], key: str, text: str, vocab_size: int) -> dict[int, int]:
    def read(pair: str) -> tuple[int, int] | None:
        index, _, token_id = pair.partition('.')
        both = piece(index, range(KNOBS['length'].end)), piece(token_id, range(vocab_size))
        return None if None in both else both

    return dict(each(query, key, text.split('-'), read))


def read_branches(query: dict[str, str],
                  vocab_size: int) -> list[tuple[int, int, dict[int, int]]]:
    """Further branches in a link, (seed, tokens, picks) each: "7*40*3.412_8*40*"."""
    def read(branch: str) -> tuple[int, int, dict[int, int]] | None:
        seed, _, rest = branch.partition('*')
        count, _, picks = rest.partition('*')
        seed = piece(seed, range(int(KNOBS['seed'].end) + 1))
        count = piece(count, range(1, 10**6))
        if seed is None or count is None:
            return None
        return (seed, min(count, int(KNOBS['length'].end)),
                _picks(query, 'tree', picks, vocab_size))

    return each(query, 'tree', query.get('tree', '').split('_'), read)


def write_branches(branches: list[tuple[int, int, dict[int, int]]]) -> str:
    return '_'.join(f'{seed}*{count}*{write_picks(picks)}' for seed, count, picks in branches)


def write_picks(picks: dict[int, int]) -> str:
    return '-'.join(f'{index}.{token_id}' for index, token_id in picks.items())
