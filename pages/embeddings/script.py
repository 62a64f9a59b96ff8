"""The map part of the page's script: Python that finds the same neighbours and the same plane."""

from pages.embeddings.drawing import ITERATIONS, SEED
from pages.embeddings.drawing import EVERY as EVERY_ITERATIONS
from pages.embeddings.training import HOW, SIZES
from pages.embeddings.words import COUNTED, frequent

IMPORTS = '''import numpy as np

from minigpt import GPT, GPTConfig, TrainConfig, train
from minigpt.embeddings import (analogy, cosine_similarity, dot_similarity, mean_vector,
                                nearest_neighbours, pca, states_by_depth, token_table, tsne)

lab = load_lab()
table = token_table(lab.model)'''


def map_script(part) -> list[str]:
    """Lines that print what the map and its list show; `vectors` are those on the map."""
    frequent_ids = frequent(part.kind, part.count)[0].tolist()
    lines = ['', '# The map and the neighbours', f'frequent = {frequent_ids}',
             f'word = {list(part.chosen.ids)}', *_vectors(part)]
    if part.drawing == 'tsne' and part.run:
        lines += _tsne(part.run)
    else:
        lines += ['found = pca(vectors[frequent], 2)',
                  "print('variance explained', *found.explained_ratio)"]
    return [*lines, f'for it in nearest_neighbours(vectors, mean_vector(vectors, word), '
            f'{len(part.near)},', f'                             metric={part.metric!r}, '
            'exclude=word):',
            '    print(it.index, repr(lab.tokenizer.decode([it.index])), it.similarity)']


def _vectors(part) -> list[str]:
    """Where the vectors on the map come from."""
    if part.drawing != 'training' or not part.training:
        return ['vectors = table']
    config = ', '.join(f'{name}={value}' for name, value in SIZES.items())
    how = ', '.join(f'{name}={value}' for name, value in HOW.items())
    return [f'config = GPTConfig(vocab_size=lab.model.config.vocab_size, {config})',
            f"small = GPT(config, rng=np.random.default_rng({HOW['seed']}))",
            f'ids = np.array(lab.tokenizer.encode(lab.corpus[:{COUNTED}]))',
            f'for step, _ in zip(range({part.update}), train(small, ids, TrainConfig({how}))):',
            '    pass', 'vectors = token_table(small)']


def _tsne(run) -> list[str]:
    return [f'drawn = {[list(word.ids) for word in run.words]}',
            'points = np.array([mean_vector(vectors, ids) for ids in drawn])',
            f'for step in tsne(points, perplexity={run.perplexity}, n_iterations={ITERATIONS}, '
            f'every={EVERY_ITERATIONS},', f'                 rng=np.random.default_rng({SEED})):',
            f'    if step.iteration == {run.step.iteration}:',
            "        print('iteration', step.iteration, 'KL', step.kl)", '        break']
