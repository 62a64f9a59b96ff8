"""One word's tokens as boxes that rest on the boxes they were merged from, down to the bytes."""

import param

from pages.components import Component, Json


class MergeTree(Component):
    """`tree`: `pages.tokenizer.word_tree.tree_boxes`. Boxes that need more than `merges` merges are not
    made yet and are drawn dashed. `reasons`: sentences on why the word stays in pieces.
    `about`, a sentence for the whole; `word` follows what is typed; `n_merges` of the vocabulary.
    """

    tree = Json(default={'boxes': [], 'width': 0, 'height': 0, 'cut': False})
    merges = param.Integer(default=0)
    n_merges = param.Integer(default=0)
    word = param.String(default='')
    about = param.String(default='')
    reasons = param.List(default=[], item_type=str)
