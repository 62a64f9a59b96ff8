"""One word's merge trees as boxes over its bytes, and why it stops at so many pieces."""

from collections.abc import Mapping

from minigpt.tokenizer import Piece
from pages.lab import visible

WIDEST = 48  # bytes of a word that are drawn


def tree_boxes(trees: list[Piece], tokenizer) -> dict:
    """`boxes`, one per piece: `start` and `width` in bytes, `height` above the bytes, `since`,
    `token`, `id`, `bytes`, and `parts` and `parent` as places in the list; `cut` says that the
    word goes on."""
    boxes, start, cut = [], 0, False
    for tree in trees:
        width = len(tokenizer.token_bytes(tree.token_id))
        if start + width > WIDEST and (boxes or width > 4 * WIDEST):
            cut = True
            break
        start += boxes[_add(boxes, tree, start, None, tokenizer)]['width']
    return {'boxes': boxes, 'width': start, 'cut': cut,
            'height': max((box['height'] for box in boxes), default=0)}


def _add(boxes: list[dict], piece: Piece, start: int, parent: int | None, tokenizer) -> int:
    """Append a piece and, behind it, its parts; return its place."""
    place, raw = len(boxes), tokenizer.token_bytes(piece.token_id)
    box = {'id': piece.token_id, 'token': visible(piece.token_id, tokenizer), 'bytes': raw.hex(' '),
           'since': piece.since, 'start': start, 'width': 1 if not piece.parts else len(raw),
           'parent': parent, 'parts': [], 'height': 0}
    boxes.append(box)
    for part in piece.parts:
        box['parts'].append(_add(boxes, part, start, place, tokenizer))
        start += len(tokenizer.token_bytes(part.token_id))
        box['height'] = max(box['height'], boxes[box['parts'][-1]]['height'] + 1)
    return place


def borders(trees: list[Piece], pairs: Mapping[tuple[int, int], int]) -> list[dict]:
    """The places where a word stays in two: both ids, how often they stand side by side in the
    corpus, and the place of that count among all pairs that no merge joins (1 is the most)."""
    ids = [tree.token_id for tree in trees]
    return [{'left': left, 'right': right, 'count': pairs.get((left, right), 0),
             'place': 1 + sum(count > pairs.get((left, right), 0) for count in pairs.values())}
            for left, right in zip(ids, ids[1:])]
