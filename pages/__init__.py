"""One Panel page on each idea of minigpt.

    tokenizer/, attention/, …   a page each: page.py is a `Page` with params, testable without a
                                browser; view.py or its parts show it, tasks.py are its exercises
    page.py, part.py, frame.py  what all pages are, and what stands around their pictures
    lab.py, work.py             the model and text that all show; work that takes a while
    components/                 the pictures: a small ES module and its Python class side by side
    console/                    the Python console of every page
    theme.py, locale/           colours and words
    opened.py                   open pages, in the browser's worker (runtime.py) or on a server
                                (hosting/)
"""
