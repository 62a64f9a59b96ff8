"""The parameters of the pages that look at a model or a text; see modules.py."""

from minigpt.chunking import STRATEGIES
from minigpt.nn.ablation import switches
from minigpt.nn.config import CHOICES, GPTConfig
from minigpt.server.parameter import Parameter

LONGEST = 2000      # characters of a text that a link carries
PLACES = 10**8 - 1  # more than any text has characters or chunks
CHUNK_SIZES = {'characters': (20, 2000), 'tokens': (5, 500)}
WHOLES = r'\d{1,8}(\.\d{1,8}){%d}'  # numbers joined by points
TOKENIZER_TEXT = ('O coração da cidade batia devagar. Na praça, as crianças dançavam, e o avô '
                  'contava, com emoção, a história do menino que perdeu o trem. 🚂\n'
                  'Menina, você também não sabia?')
ANALOGY = ('rei', 'homem', 'mulher', 'rainha')
SENTENCES = ('O menino pulou no rio e nadou', 'Quando ele conta isso, eu rio muito')
PROMPTS = ('Era uma vez uma menina chamada', 'O gato preto subiu no telhado e',
           'Um dia, o velho pescador', '— Vovó, disse o menino,')
QUESTION = ('Onde se formava a roda?', 'no pátio do mercado')


def tokenizer() -> list[Parameter]:
    return [_text('text', TOKENIZER_TEXT), _text('word', ' coração'),
            _choice('special', ('text', 'allow')), _text('search', ''),
            _choice('sort', ('length', 'id', 'token', 'made', 'frequency')),
            _choice('order', ('down', 'up')), _whole('merges', None, 0, 999_999),
            _whole('train', None, 258, 8000)]


def embeddings(config: GPTConfig) -> list[Parameter]:
    return [_text('word', None, key='w', pattern=r'\d{1,8}(-\d{1,8}){0,31}'),
            _choice('drawing', ('pca', 'tsne', 'training')), _choice('kind', ('words', 'all')),
            _choice('metric', ('cosine', 'dot')), _whole('count', 160, 30, 1000, key='n'),
            _whole('perplexity', 15, 2, 100, key='px'), _text('other', 'perguntou', key='b'),
            *(_text(name, word, key=f'an{i}') for i, (name, word) in enumerate(
                zip(('a', 'minus', 'plus', 'expected'), ANALOGY, strict=True))),
            _text('first', SENTENCES[0], key='s1'), _text('second', SENTENCES[1], key='s2'),
            _whole('token', None, 0, config.vocab_size - 1, key='tk')]


def attention(config: GPTConfig) -> list[Parameter]:
    last = config.block_size - 1
    heads, weights = WHOLES % 1, WHOLES % 3
    return [_text('text', None, opening="Ana tinha uma bola azul. Um dia, Ana perdeu a bola"),
            _whole('layer', 1, 1, config.n_layer), _whole('head', 1, 1, config.n_head),
            _whole('query', None, 0, last, key='q'), _whole('looked_at', None, 0, last, key='k'),
            _whole('step', 5, 1, 5), _choice('show', ('weights', 'dots', 'scores')),
            Parameter('temperature', 'number', 1.0, 0.1, 5, key='temp', digits=1),
            Parameter('mask', 'boolean', True, spelling={True: 'on', False: 'off'}),
            *(_text(name, '', pattern=f'({one}(-{one}){{0,63}})?') for name, one in
              (('off', heads), ('forced', weights), ('cut', weights)))]


def transformer(config: GPTConfig) -> list[Parameter]:
    return [_text('text', None, opening='O gato preto subiu no telhado e'),
            _whole('at', None, 0, config.block_size - 1), _whole('block', 1, 1, config.n_layer),
            _choice('part', ('neurons', 'in', 'ln_1', 'heads', 'attn', 'add_attn', 'ln_2', 'mlp',
                             'add_mlp', 'out')),
            Parameter('off', 'texts', [], choices=tuple(switches(config)), join=','),
            _whole('neuron', None, 0, config.mlp_width - 1),
            _whole('word', None, 0, config.vocab_size - 1),
            _choice('order', ('stands_out', 'active', 'helps')),
            _choice('kin', ('rope', 'rmsnorm', 'swiglu', 'gqa'))]


def model(config: GPTConfig) -> list[Parameter]:
    functions = [f'{config.activation}_forward', 'softmax_forward', f'{config.norm}_forward',
                 'weights_step_by_step', 'causal_mask', 'block_forward', 'embed_forward',
                 *(['turned'] if config.position == 'rope' else [])]
    return [_text('text', None, opening='O menino abriu a porta e viu'),
            _text('at', '', pattern=r'[\w.]{0,60}'), _text('inside', '', key='in',
                                                           pattern=r'[\w.]{0,20}'),
            _text('cell', '', pattern=r'(\d{1,8}(\.\d{1,8}){0,5})?'),
            _whole('step', None, 0, 100_000),
            _choice('plan', (None, 'gpt2', 'gpt2-medium', 'gpt2-large', 'gpt2-xl')),
            *(_whole(f'plan_{name}', None, 1, most, key=key) for name, key, most in (
                ('vocab_size', 'pv', 200_000), ('block_size', 'pt', 8192), ('n_embd', 'pc', 8192),
                ('n_head', 'ph', 128), ('n_layer', 'pl', 128), ('n_kv_head', 'pk', 128))),
            *(_choice(f'plan_{name}', (None, *CHOICES[name]), key=key) for name, key in (
                ('position', 'pp'), ('norm', 'pn'), ('activation', 'pa'))),
            _choice('plan_head', (None, 'tied', 'untied'), key='po'),
            _choice('edit', tuple(functions))]


def inference() -> list[Parameter]:
    def cut(name, key, default, low, high, kind='number', digits=2):
        return Parameter(name, kind, default, low, high, key=key, digits=digits, optional=True,
                         spelling={None: 'off'})
    pair = WHOLES % 1
    picks = f'{pair}(-{pair})*'
    return [_text('prompt', None, opening='Era uma vez uma menina chamada'),
            Parameter('temperature', 'number', 0.8, 0, 2, key='t', digits=2),
            cut('top_k', 'k', 10, 1, 10 ** 6, 'integer'), cut('top_p', 'p', None, 0.01, 1),
            cut('min_p', 'm', None, 0, 1), _whole('seed', 7, 0, 9999),
            _whole('length', 40, 1, 200, key='n'), _whole('shown', None, 0, 200),
            _whole('at', 0, 0, 200),
            _text('picks', '', pattern=f'({picks})?'), _text('tree', '', pattern=r'[\d.*_-]*'),
            Parameter('open', 'texts', [], choices=('surprise', 'influence', 'duel', 'cache',
                                                    'batch', 'way')),
            _text('prompts', '\n'.join(PROMPTS))]


def chunking() -> list[Parameter]:
    return [_text('text', None), _choice('unit', ('characters', 'tokens')),
            _whole('size', None, 5, 2000), _whole('overlap', 10, 0, 75),
            _choice('strategy', tuple(STRATEGIES)), _choice('other', ('', *STRATEGIES), key='with'),
            Parameter('preserve', 'texts', [], choices=('sentences', 'paragraphs'), key='keep',
                      join='', spelling={'sentences': 's', 'paragraphs': 'p'}),
            Parameter('amount', 'choice', None, choices=(0, 3000, 10_000, 100_000)),
            _whole('at', 0, 0, PLACES), _whole('chunk', 0, 0, PLACES)]


def sample() -> list[Parameter]:
    return [_text('text', None), Parameter('strategy', 'choice', 'sentence',
                                           choices=tuple(STRATEGIES)),
            _whole('size', 240, 40, 1000), _whole('overlap', 0, 0, 50),
            _whole('part', 1, 1, 10**7 - 1), _text('question', QUESTION[0], key='q'),
            _text('answer', QUESTION[1], key='a'), _whole('at', None, 0, 10**7 - 1)]


def _text(name: str, default: str | None, **more) -> Parameter:
    return Parameter(name, 'text', default, max_length=LONGEST, **more)


def _whole(name: str, default: int | None, low: int, high: int, key: str = '') -> Parameter:
    return Parameter(name, 'integer', default, low, high, key=key)


def _choice(name: str, choices: tuple, key: str = '') -> Parameter:
    """The first choice is the default."""
    return Parameter(name, 'choice', choices[0], choices=tuple(it for it in choices
                                                               if it is not None), key=key)
