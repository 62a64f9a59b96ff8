"""The attention page: who looks at whom in a text, by which sum, and what comes of it."""
