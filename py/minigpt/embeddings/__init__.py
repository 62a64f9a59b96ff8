"""What vectors say: similarity, neighbours, analogies, and pictures by PCA and t-SNE."""

from minigpt.embeddings.analogy import Analogy, analogy
from minigpt.embeddings.neighbours import Neighbour, nearest_neighbours
from minigpt.embeddings.pca import PCA, pca
from minigpt.embeddings.retrieval import Match, retrieve
from minigpt.embeddings.similarity import cosine_similarity, dot_similarity
from minigpt.embeddings.tsne import TsneStep, tsne
from minigpt.embeddings.vectors import (contextual_states, mean_vector, position_table,
                                        states_by_depth, token_table)

__all__ = ['Analogy', 'Match', 'Neighbour', 'PCA', 'TsneStep', 'analogy', 'contextual_states',
           'cosine_similarity', 'dot_similarity', 'mean_vector', 'nearest_neighbours', 'pca',
           'position_table', 'retrieve', 'states_by_depth', 'token_table', 'tsne']
