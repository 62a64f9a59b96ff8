"""The chunking page: a long text painted in its chunks, and what each way of cutting costs."""
