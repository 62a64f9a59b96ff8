"""The training page: a new model learns from the text before the reader's eyes."""
