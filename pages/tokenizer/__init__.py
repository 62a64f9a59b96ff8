"""The tokenizer page: a text in tokens, and a vocabulary being learnt merge by merge."""
