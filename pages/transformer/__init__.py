"""The transformer page: one block at work on a sentence, and what each of its parts is for."""
