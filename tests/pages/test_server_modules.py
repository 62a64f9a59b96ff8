"""The server's modules are the pages' links: the same keys, the same bounds, the same defaults."""

from dataclasses import replace

import pytest
from event_loop import in_an_event_loop

from minigpt.lab import shipped_lab
from minigpt.server import modules, presets
from pages import lab as labs
from pages.attention import what_if
from pages.attention.page import Attention
from pages.chunking import settings as chunking
from pages.chunking.page import Chunking
from pages.embeddings.drawing import KNOBS as MAP_KNOBS
from pages.embeddings.page import Embeddings
from pages.inference import settings as inference
from pages.inference.page import Inference
from pages.model import plan_settings as plans
from pages.model.page import Model
from pages.sample import settings as sample
from pages.sample.page import Sample
from pages.tokenizer.learning import SIZES
from pages.tokenizer.page import Tokenizer
from pages.training import settings as training
from pages.training.page import Training
from pages.transformer.page import Transformer

PAGES = {'tokenizer': Tokenizer, 'embeddings': Embeddings, 'attention': Attention,
         'transformer': Transformer, 'model': Model, 'training': Training, 'inference': Inference,
         'chunking': Chunking, 'sample': Sample}
# Values that each page may have at once, none of them the default.
SAID = {
    'tokenizer': {'text': 'o rato', 'word': ' rato', 'special': 'allow', 'search': 'a',
                  'sort': 'id', 'order': 'up', 'merges': 40},
    'embeddings': {'word': '338-400', 'drawing': 'tsne', 'kind': 'all', 'metric': 'dot',
                   'count': 50, 'perplexity': 5, 'other': 'casa', 'a': 'sol', 'minus': 'dia',
                   'plus': 'noite', 'expected': 'lua', 'first': 'O menino viu o rio',
                   'second': 'O rio viu o menino', 'token': 839},
    'attention': {'text': 'o rato roeu a roupa do rei', 'layer': 3, 'head': 2, 'query': 2,
                  'looked_at': 1, 'step': 2, 'show': 'scores', 'temperature': 0.5, 'mask': False,
                  'off': '0.1-2.3', 'forced': '0.0.2.1', 'cut': '1.1.2.0-1.1.2.1'},
    'transformer': {'text': 'o rato roeu', 'at': 1, 'block': 3, 'part': 'mlp',
                    'off': ['position', 'h.0.head.1'], 'neuron': 7, 'word': 300, 'order': 'active',
                    'kin': 'gqa'},
    'model': {'text': 'o rato', 'at': 'h.1.attn.q', 'cell': '0.1.2', 'step': 3,
              'plan_vocab_size': 5000, 'plan_block_size': 256, 'plan_n_embd': 64, 'plan_n_head': 8,
              'plan_n_layer': 3, 'plan_n_kv_head': 2, 'plan_position': 'rope',
              'plan_norm': 'rmsnorm', 'plan_activation': 'swiglu', 'plan_head': 'untied',
              'edit': 'softmax_forward'},
    'training': {'origin': 'lab', 'vocab_size': 300, 'block_size': 32, 'n_embd': 48, 'n_head': 2,
                 'n_layer': 3, 'n_kv_head': 1, 'position': 'rope', 'norm': 'rmsnorm',
                 'activation': 'relu', 'tied_head': False, 'dropout': 0.05, 'steps': 100,
                 'batch_size': 3, 'accumulate': 2, 'optimizer': 'sgd', 'learning_rate': 1e-5,
                 'schedule': 'one-cycle', 'warmup': 7, 'floor': 0.01, 'weight_decay': 0.3,
                 'max_grad_norm': 'inf', 'beta1': 0.95, 'beta2': 0.999, 'seed': 5,
                 'eval_every': 10, 'eval_batches': 2, 'patience': 3, 'prompt': 'Sim',
                 'text': 'o rato roeu a roupa'},
    'inference': {'prompt': 'o rato', 'temperature': 1.25, 'top_k': None, 'top_p': 0.75,
                  'min_p': 0.0, 'seed': 3, 'length': 5, 'picks': '1.300', 'open': ['cache'],
                  'prompts': 'um\ndois', 'shown': 3, 'at': 2},
    'chunking': {'text': 'o rato roeu a roupa do rei de roma', 'unit': 'tokens', 'size': 20,
                 'overlap': 25, 'strategy': 'sliding', 'other': 'sentence',
                 'preserve': ['paragraphs'], 'amount': 0, 'at': 3, 'chunk': 1},
    'sample': {'text': 'o rato roeu. a roupa do rei. ' * 9, 'strategy': 'fixed', 'size': 60,
               'overlap': 20, 'question': 'quem?', 'answer': 'rato', 'at': 3},
}


@pytest.fixture(scope='module')
def registry():
    return modules.of(shipped_lab())


@pytest.mark.parametrize('name', PAGES)
def test_a_page_as_at_first_says_nothing_and_is_the_default(registry, name):
    module = registry[name]
    query = PAGES[name]('pt').query
    assert query == {} and module.from_query({}) == module.defaults()


@pytest.mark.parametrize('name', PAGES)
def test_what_the_state_says_the_page_shows_and_says_again(registry, name):
    module = registry[name]
    values = module.defaults() | module.check(SAID[name], module.defaults())
    query = module.to_query(values)
    assert len(query) == len(SAID[name])
    page = PAGES[name]('pt', query)
    page.relabel()  # some say what they show only once they are on the screen
    assert page.query == query
    assert module.from_query(page.query) == values


def test_every_parameter_is_tried_above(registry):
    left = {f'{name}.{it}' for name, module in registry.items() for it in module.parameters
            if it not in SAID[name]}
    # Each stands in the place of another one, or depends on what the page has made of the rest.
    assert left == {'tokenizer.train', 'model.inside', 'model.plan', 'inference.tree',
                    'sample.part'}


@pytest.mark.parametrize('name, values', [
    ('tokenizer', {'train': 300}), ('model', {'at': 'wte.weight', 'inside': 'exit'}),
    ('model', {'plan': 'gpt2-xl'}),
    ('sample', {'part': 3})])
def test_the_others_too(registry, name, values):
    module = registry[name]
    query = module.to_query(module.defaults() | values)
    page = PAGES[name]('pt', query)
    page.relabel()
    if name == 'tokenizer':  # it learns first, once it is on the screen
        assert page.own and page.size == 300
        return
    assert module.from_query(page.query) == module.defaults() | values


def test_a_link_may_hold_further_branches_of_a_text(registry):
    written = inference.write_branches([(7, 12, {3: 412, 5: 9}), (8, 40, {})])
    assert registry['inference'].from_query({'tree': written})['tree'] == written


def bounds(registry, name, parameter):
    it = registry[name].parameter(parameter)
    return it.key, it.low, it.high, it.default


def knob(it):
    return it.key, it.start, it.end, it.default


def test_bounds_and_defaults_are_those_of_the_pages(registry):
    for name, it in inference.KNOBS.items():
        key, low, high, default = bounds(registry, 'inference', name)
        assert (key, low, high) == knob(it)[:3]
        assert default == (None if name in ('top_p', 'min_p') else it.default)
    for name, it in MAP_KNOBS.items():
        assert bounds(registry, 'embeddings', name) == knob(it)
    assert bounds(registry, 'chunking', 'overlap') == knob(chunking.OVERLAP)
    assert modules.views.CHUNK_SIZES == {unit: (it.start, it.end)
                                         for unit, it in chunking.SIZES.items()}
    assert bounds(registry, 'sample', 'size') == knob(sample.SIZE)
    assert bounds(registry, 'sample', 'overlap') == knob(sample.OVERLAP)
    assert bounds(registry, 'attention', 'temperature') == knob(what_if.TEMPERATURE)
    for name, it in plans.KNOBS.items():
        assert bounds(registry, 'model', f'plan_{name}')[:3] == knob(it)[:3]
    assert bounds(registry, 'tokenizer', 'train')[1:3] == (SIZES[0], SIZES[-1])
    for name, it in training.CONTROLS.items():
        ours = registry['training'].parameter(name)
        assert ours.key == it.key
        default = getattr(training.FIRST, name)
        assert ours.default == ('inf' if default == float('inf') else default)
        if isinstance(it, training.Whole):
            assert (ours.low, ours.high) == (it.start, it.end)
        elif ours.kind == 'choice':
            assert [ours.to_text(one) for one in ours.choices] == [it.write(one)
                                                                   for one in it.options]


def test_the_shipped_training_presets_are_the_pages(registry):
    for name, values in training.PRESETS.items():
        assert presets.SHIPPED[f'training-{name}'] == {'training': values}
        registry['training'].check(values or {'steps': 1}, registry['training'].defaults())


def test_opening_texts_are_what_the_pages_open_on(registry):
    for name, shown in (('attention', 'typed'), ('transformer', 'prompt'), ('model', 'prompt'),
                        ('inference', 'prompt')):
        parameter = registry[name].parameters.get('text') or registry[name].parameters['prompt']
        assert getattr(PAGES[name]('pt'), shown) == parameter.opening


@in_an_event_loop
def test_with_an_own_lab_the_pages_still_open_on_the_default():
    own = replace(shipped_lab(), corpus='Havia um rio longo e manso que ia para o mar. ' * 60)
    try:
        labs.replace(own)
        for name, module in modules.of(own).items():
            assert module.from_query(PAGES[name]('pt').query) == module.defaults(), name
    finally:
        labs.back_to_shipped()
