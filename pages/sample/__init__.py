"""The sample page: a text scanned, cut, and asked a question."""
