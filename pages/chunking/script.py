"""The chunking page's view as Python: the same chunks, and the same figures of them."""

SCRIPT = '''
from minigpt.chunking import chunk, quality

{text}
tokenizer = {tokenizer}
for strategy in {strategies}:
    chunks = chunk(text, strategy, size={size}, overlap={overlap}, tokenizer=tokenizer,
                   preserve_sentences={sentences}, preserve_paragraphs={paragraphs})
    print(strategy, 'start end overlap density boundary_quality reason text')
    for number, it in enumerate(chunks, 1):
        print(f'{{number:5}} {{it.start:8}} {{it.end:8}} {{it.overlap:5}} {{it.density:7.4f}} '
              f'{{it.boundary_quality:5.2f}} {{it.reason:9}} {{it.text[:40]!r}}')
    print('characters in the text:', len(text))
    print('characters in the chunks:', sum(map(len, chunks)))
    if chunks:
        print(quality(chunks))
'''
LITERAL = 4000  # characters; a longer text is taken from the lab


def chunking_script(page) -> str:
    """The script for what the page shows now."""
    request = page.cut.request
    text = (f'text = {page.cut.text!r}' if len(page.cut.text) <= LITERAL
            else f'text = load_lab().corpus[:{len(page.cut.text)}]')
    strategies = [it.strategy for it in page.cuttings]
    return SCRIPT.format(text=text, strategies=strategies, size=request.size,
                         overlap=request.overlap, sentences=request.preserve_sentences,
                         tokenizer='load_lab().tokenizer' if request.in_tokens else 'None',
                         paragraphs=request.preserve_paragraphs)
