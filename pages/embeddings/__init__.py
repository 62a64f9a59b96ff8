"""The embeddings page: the token vectors as a map, in pairs, in sums and in context."""
