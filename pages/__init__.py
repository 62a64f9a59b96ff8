"""One Panel page on each idea of minigpt.

    portal.py, inference.py     the pages: a `Page` with params, testable without a browser
    continuation.py             the text being written: minigpt's own steps, without any drawing
    candidates.py, settings.py  its distributions as rows of numbers; its knobs and their bounds
    components/                 the pictures: a small ES module and its Python class side by side
    theme.py, locale/           colours and words
    runtime.py                  the pages inside the browser's worker
"""
