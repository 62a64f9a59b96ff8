"""The script of the sample page: Python that cuts the same text and asks the same question."""

HEAD = '''from minigpt.chunking import chunk
from minigpt.embeddings import retrieve, token_table

lab = load_lab()
text = {text!r}
chunks = chunk(text, {strategy!r}, {size}, {overlap!r})
for number, it in enumerate(chunks, 1):
    print('chunk', number, it.start, it.end, it.reason, it.density)
'''
SO_FAR = '''
position = {position}
source = chunks[0].source
sizes = [len(it) for it in chunks if it.end <= position]
print('sentences', sum(end <= position for end in source.sentence_list))
print('chunks', len(sizes), 'mean', sum(sizes) / max(1, len(sizes)))
print('density', source.bits_before(position) / max(1, position))
'''
ASK = '''
matches = retrieve({question!r}, [it.text for it in chunks], token_table(lab.model), lab.tokenizer)
for it in matches:
    print('match', it.index + 1, it.cosine, it.bits)
'''


def sample_script(page) -> str:
    """Lines that print what the page shows now."""
    parts = [HEAD.format(text=page.text, strategy=page.strategy, size=page.size,
                         overlap=page.overlap / 100)]
    if page.chunks:
        parts.append(SO_FAR.format(position=page.position))
    if page.answers.matches:
        parts.append(ASK.format(question=page.question))
    return ''.join(parts)
