"""Chunks as a JSON file, with everything the page says of them."""

import json
from dataclasses import asdict

from pages.chunking.cutting import Cutting
from pages.chunking.window import described


def export(cutting: Cutting, tokenizer) -> str:
    """Offsets count characters (code points) of the text, as Python does."""
    q = cutting.quality
    chunks = [described(chunk, i, tokenizer) | {'text': chunk.text}
              for i, chunk in enumerate(cutting.chunks)]
    for it in chunks:
        it['number'] = it.pop('index') + 1
        it['boundary_quality'] = it.pop('quality')
    whole = {'strategy': cutting.strategy, **asdict(cutting.request),
             'characters_in_text': len(cutting.text), 'characters_in_chunks': cutting.characters,
             'figures': asdict(q) if q else None, 'chunks': chunks}
    return json.dumps(whole, ensure_ascii=False, indent=1)
