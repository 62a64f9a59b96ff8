"""One strategy per file: each gives the `cut` that says where chunks begin and end."""

from minigpt.chunking.strategies import adaptive, fixed, overlap, semantic, sentence, sliding

STRATEGIES = {'fixed': fixed.cut, 'sentence': sentence.cut, 'semantic': semantic.cut,
              'sliding': sliding.cut, 'overlap': overlap.cut, 'adaptive': adaptive.cut}

__all__ = ['STRATEGIES']
