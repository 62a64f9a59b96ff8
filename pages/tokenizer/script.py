"""The tokenizer page's view as Python, and the code that computed it."""

from minigpt.tokenizer import BPETokenizer, derivation, statistics, token_counts, train
from minigpt.tokenizer.split import split

SCRIPT = '''
from minigpt.tokenizer import BPETokenizer, STRATEGIES, text_statistics

TEXT = {text!r}
SPECIAL = {special!r}  # special tokens written in the text: 'allow', or ordinary 'text'
MERGES = {merges}  # how many are applied
WORD = {word!r}
OWN = {own}  # learnt from the lab's corpus: merges; None for the model's vocabulary

lab = load_lab()
tokenizer = lab.tokenizer
if OWN is not None:
    steps = BPETokenizer.train_steps(lab.corpus, 256 + OWN)
    tokenizer = BPETokenizer([merge.pair for merge in steps], ['<|endoftext|>'])

n_bytes = len(TEXT.encode('utf-8'))
ids = tokenizer.encode(TEXT, SPECIAL)
print(f'vocabulary: {{tokenizer.vocab_size}} tokens, {{len(tokenizer.merges)}} merges')
print(f'all merges: {{len(ids)}} tokens for {{n_bytes}} bytes')
print(f'comes back: {{tokenizer.decode(ids) == TEXT}}')
first = BPETokenizer(tokenizer.merges[:MERGES], list(tokenizer.special_tokens))
ids = first.encode(TEXT, SPECIAL)
print(f'first {{MERGES}} merges: {{len(ids)}} tokens')
print(*[first.token_bytes(i) for i in ids], sep=' ')

print('the word:')
for tree in tokenizer.derive(WORD):
    for piece in tree.all():
        print(f'  {{tokenizer.token_bytes(piece.token_id)!r}}: merge {{piece.since}}')

print('strategies, learnt from the corpus:')
trained = {{name: kind.train(lab.corpus, tokenizer.vocab_size)
           for name, kind in STRATEGIES.items() if name != 'bpe'}}
trained['bpe_gpt4'] = BPETokenizer.train(lab.corpus, tokenizer.vocab_size, pattern='gpt4')
for name, other in trained.items():
    measured = text_statistics(other, TEXT)
    print(f'  {{name}}: {{measured.n_tokens}} tokens, '
          f'{{measured.bytes_per_token:.2f}} bytes a token, '
          f'{{measured.tokens_per_word:.2f}} tokens a word, {{measured.n_unknown}} unknown')
'''


def tokenizer_script(page) -> str:
    """The script for what the page shows now."""
    return SCRIPT.format(text=page.pieces.text, special=page.special, merges=page.merges,
                         word=page.word, own=page.limit if page.own else None)


def tokenizer_sources(page) -> list:
    """From text to tokens, and where the vocabulary came from."""
    shown = [BPETokenizer.encode, split, derivation.Piece, derivation.derive, token_counts,
             statistics.TextStatistics]
    return [train.merge_steps_of, train.merge_in_word, *shown] if page.own else shown
