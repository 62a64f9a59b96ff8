"""To learn from: the educational log, pictures made of characters, lessons, exercises.

Nothing here prints: a terminal or a page shows what these modules give.
"""
