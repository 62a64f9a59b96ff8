"""A part of a text as the trees and names that the pieces component draws."""

from minigpt.tokenizer import BPETokenizer, Piece
from pages.lab import visible, visible_bytes
from pages.tokenizer.strategies import shortened
from pages.tokenizer.text_pieces import PAGE_BYTES, TextPieces

DEEPEST = 200  # bytes of a token that is taken apart; longer ones are drawn whole


def drawn_text(pieces: TextPieces, first: int, end: int) -> tuple[list, dict]:
    """The words from `first` to before `end`: the trees of each, as `[id, since, left, right]`,
    and id → `[token as seen, its bytes in hex]`. A word longer than a page is cut."""
    tokenizer, words, ids = pieces.tokenizer, [], set()
    for word in pieces.words[first:end]:
        size, trees = 0, []
        for tree in pieces.trees(word):
            length = len(tokenizer.token_bytes(tree.token_id))
            if size > PAGE_BYTES:
                break
            trees.append(_listed(tree if length <= DEEPEST else Piece(tree.token_id), ids))
            size += length
        words.append(trees)
    return words, {i: [shortened(visible(i, tokenizer)),
                       shortened(tokenizer.token_bytes(i).hex(' '), 96)] for i in ids}


def _listed(piece: Piece, ids: set[int]) -> list:
    ids.add(piece.token_id)
    return [piece.token_id, piece.since, *(_listed(part, ids) for part in piece.parts)]


def learnt_rows(tokenizer: BPETokenizer, learning) -> list[list]:
    """Each merge as `[left, right, token, count]`; count is None where nobody counted."""
    seen = {}

    def name(token_id: int) -> str:
        if token_id not in seen:
            seen[token_id] = shortened(visible(token_id, tokenizer))
        return seen[token_id]

    counts = [merge.count for merge in learning.merges] if learning else []
    rows = []
    for number, (left, right) in enumerate(tokenizer.merges):
        spelt = tokenizer.token_bytes(left) + tokenizer.token_bytes(right)
        rows.append([name(left), name(right), shortened(visible_bytes(spelt)),
                     counts[number] if counts else None])
    return rows
