"""The state: atomic sets, numbers without a gap, what is told again and what is not."""

from dataclasses import replace

import pytest

from minigpt.errors import ServerError
from minigpt.lab import shipped_lab
from minigpt.nn import GPT, GPTConfig
from minigpt.server import modules
from minigpt.server.state import State
from minigpt.training import Checkpoint


def small_lab():
    shipped = shipped_lab()
    config = GPTConfig(shipped.tokenizer.vocab_size, block_size=16, n_embd=16, n_head=2, n_layer=2)
    return replace(shipped, checkpoint=Checkpoint(GPT(config), shipped.tokenizer), name='small')


def test_a_change_has_a_number_and_reaches_all_who_watch_in_order():
    state, one, other = State(), [], []
    state.watch(one.append)
    leave = state.watch(other.append)
    change = state.set('attention', {'layer': 2, 'head': 3}, by='ana')
    assert (change.seq, change.values, change.by) == (1, {'layer': 2, 'head': 3}, 'ana')
    leave()
    state.set('attention', {'layer': 4}, by='rui')
    assert [(it['seq'], it['by'], it['values']) for it in one] == [
        (1, 'ana', {'layer': 2, 'head': 3}), (2, 'rui', {'layer': 4})]
    assert [it['seq'] for it in other] == [1]
    assert state.values('attention') | {'layer': 4, 'head': 3} == state.values('attention')


@pytest.mark.parametrize('module, values, key', [
    ('attention', {'layer': 2, 'head': 9}, 'parameter_bounds'),
    ('attention', {'layer': 2, 'heads': 1}, 'unknown_parameter'),
    ('attention', {}, 'no_values'), ('attention', None, 'no_values'),
    ('attenuation', {'layer': 2}, 'unknown_module'),
    ('attention', {'layer': True}, 'parameter_integer'),
    ('attention', {'layer': 1.5}, 'parameter_integer'),
    ('attention', {'layer': '2'}, 'parameter_integer'),
    ('attention', {'layer': None}, 'parameter_missing'),
    ('attention', {'layer': float('nan')}, 'parameter_integer'),
    ('attention', {'temperature': float('nan')}, 'parameter_number'),
    ('attention', {'temperature': 10**400}, 'parameter_number'),
    ('attention', {'temperature': 1.25}, 'parameter_digits'),
    ('attention', {'mask': 0}, 'parameter_boolean'),
    ('attention', {'off': '1.1; import os'}, 'parameter_pattern'),
    ('attention', {'text': 'x' * 2001}, 'parameter_long'),
    ('attention', {'text': 'a\ud800'}, 'parameter_surrogate'),
    ('transformer', {'off': ['h.0.mlp', 'h.9.mlp']}, 'parameter_choice'),
    ('transformer', {'off': 'h.0.mlp'}, 'parameter_texts'),
    ('training', {'n_layer': True}, 'parameter_integer'),
    ('training', {'block_size': 17}, 'parameter_choice'),
    ('chunking', {'unit': 'tokens', 'size': 900}, 'parameter_bounds'),
])
def test_what_does_not_fit_is_said_and_changes_nothing(module, values, key):
    state = State()
    before = state.snapshot()
    with pytest.raises(ServerError) as told:
        state.set(module, values, by='ana')
    assert told.value.key == key
    assert state.snapshot() == before
    assert told.value.in_language('pt') != told.value.in_language('en')


def test_several_modules_are_set_together_or_not_at_all():
    state = State()
    with pytest.raises(ServerError):
        state.set_many({'attention': {'layer': 2}, 'inference': {'length': 0}}, by='ana')
    assert state.seq == 0 and state.values('attention')['layer'] == 1
    state.set_many({'attention': {'layer': 2}, 'inference': {'length': 3}}, by='ana')
    assert state.seq == 2 and state.values('inference')['length'] == 3


def test_who_was_away_gets_what_is_missing_or_must_take_the_snapshot():
    state = State(kept=5)
    for length in range(1, 9):
        state.set('inference', {'length': length}, by='ana')
    assert [it['seq'] for it in state.since(5)] == [6, 7, 8]
    assert [it['values']['length'] for it in state.since(3)] == [4, 5, 6, 7, 8]
    assert state.since(8) == []
    assert state.since(2) is None   # the third is forgotten
    assert state.since(9) is None   # of another life
    assert state.snapshot()['parameters']['inference']['length'] == 8


def test_a_state_that_goes_on_counts_on():
    state = State(seq=100)
    assert state.since(100) == [] and state.since(99) is None
    assert state.set('inference', {'length': 5}, by='ana').seq == 101
    assert [it['seq'] for it in state.since(100)] == [101]


def test_streams_have_no_number_and_are_not_told_again():
    state, told = State(), []
    leave = state.watch_streams(told.append)
    state.stream('token', text='oi')
    leave()
    state.stream('token', text='tchau')
    assert told == [{'type': 'token', 'text': 'oi'}]
    assert state.seq == 0 and state.since(0) == []


def test_another_lab_moves_bounds_and_takes_back_what_it_does_not_allow():
    state, told = State(), []
    state.set('attention', {'layer': 4, 'head': 2, 'show': 'dots'}, by='ana')
    state.set('transformer', {'off': ['h.0.mlp', 'h.3.mlp']}, by='ana')
    state.watch(told.append)
    state.set_lab(small_lab(), by='training')
    assert [(it['type'], it.get('module'), it.get('values')) for it in told] == [
        ('lab', None, None),
        ('change', 'attention', {'layer': 1}), ('change', 'transformer', {'off': []})]
    assert told[0]['lab']['name'] == 'small' and told[0]['lab']['config']['n_layer'] == 2
    assert state.values('attention') | {'layer': 1, 'head': 2, 'show': 'dots'} == (
        state.values('attention'))
    with pytest.raises(ServerError, match='from 1 to 2'):
        state.set('attention', {'layer': 3}, by='ana')


def test_every_default_fits_and_every_parameter_has_a_schema_that_agrees():
    import jsonschema
    for module in modules.of(shipped_lab()).values():
        for it in module.parameters.values():
            assert it.check(it.default) == it.default
            jsonschema.validate(it.default, it.to_schema())
        assert len({it.key for it in module.parameters.values()}) == len(module.parameters)


def test_values_survive_a_link():
    said = {
        'attention': {'text': 'oi', 'layer': 3, 'mask': False, 'temperature': 0.5,
                      'off': '0.1-2.3', 'query': 0},
        'inference': {'top_k': None, 'top_p': 0.9, 'min_p': 0.0, 'open': ['duel', 'cache'],
                      'temperature': 0.0},
        'training': {'max_grad_norm': 'inf', 'tied_head': False, 'learning_rate': 1e4,
                     'dropout': 0.05},
        'chunking': {'preserve': ['paragraphs'], 'size': 40, 'unit': 'tokens', 'amount': 0},
        'transformer': {'off': ['position', 'h.0.head.1'], 'at': 0},
        'model': {'plan': 'gpt2-xl', 'plan_head': 'untied', 'plan_n_embd': 12},
        'tokenizer': {'train': 300, 'merges': 0, 'order': 'up', 'word': ''},
    }
    for name, module in modules.of(shipped_lab()).items():
        values = module.defaults() | module.check(said[name], module.defaults()) if (
            name in said) else module.defaults()
        query = module.to_query(values)
        assert module.from_query(query) == values
        assert len(query) == len(said.get(name, {}))
        assert all(isinstance(it, str) for it in query.values())


@pytest.mark.parametrize('name, text, value', [
    ('attention.layer', '2', 2), ('attention.mask', 'não', False), ('attention.mask', 'on', True),
    ('inference.temperature', '0,5', 0.5), ('inference.top_k', 'off', None),
    ('inference.top_p', 'none', None), ('training.learning_rate', '0.001', 0.001),
    ('training.max_grad_norm', 'inf', 'inf'), ('chunking.preserve', 'sentences', ['sentences']),
    ('transformer.off', 'h.0.mlp,position', ['position', 'h.0.mlp']),
    ('attention.text', '2', '2'), ('model.plan', '', None)])
def test_a_person_spells_values(name, text, value):
    module, _, parameter = name.partition('.')
    assert modules.of(shipped_lab())[module].parameter(parameter).from_text(text) == value


@pytest.mark.parametrize('name, text', [
    ('attention.layer', 'two'), ('attention.layer', ''), ('attention.layer', 'none'),
    ('attention.mask', 'maybe'), ('inference.temperature', 'inf'),
    ('training.learning_rate', '0.0011'), ('chunking.preserve', 'x'), ('model.plan', 'gpt5')])
def test_what_spells_no_value_is_said(name, text):
    module, _, parameter = name.partition('.')
    with pytest.raises(ServerError, match=parameter):
        modules.of(shipped_lab())[module].parameter(parameter).from_text(text)
