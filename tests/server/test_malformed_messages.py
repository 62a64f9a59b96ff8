"""Whatever a client sends: it is told what was wrong, stays connected, and nobody else notices."""

import json
import math
import random
import string

import pytest
from serving import Running
from speaking import Speaker

from minigpt.errors import ServerError
from minigpt.locale import catalogue
from minigpt.server import session
from minigpt.server.message_check import MESSAGE_BYTES, checked, parsed
from minigpt.server.messages import encoded

DEEP = '{"type":' + '[' * 60_000
# What is sent → the code of the error, and what its sentence must name.
WRONG = [
    (b'{"type":"ping"}', 'message_binary', '15'),
    ('x' * (MESSAGE_BYTES + 1), 'message_too_long', str(MESSAGE_BYTES)),
    ('', 'message_not_json', '1'),
    ('{"type":"ping"', 'message_not_json', '15'),
    ("{'type':'ping'}", 'message_not_json', '2'),
    ('{"type":"ping"}{}', 'message_not_json', '16'),
    (DEEP, 'message_too_deep', ''),
    ('{"type":"metrics","every":NaN}', 'message_not_a_number', 'NaN'),
    ('{"type":"metrics","every":-Infinity}', 'message_not_a_number', '-Infinity'),
    ('{"type":"metrics","every":' + '9' * 5000 + '}', 'message_number_too_long', ''),
    ('{"type":"ping","type":"set"}', 'message_repeats', 'type'),
    ('{"type":"hello","name":"\\ud83d","kind":"page"}', 'message_half_letter', 'UTF-8'),
    ('null', 'message_not_object', 'null'), ('[1]', 'message_not_object', '[1]'),
    ('"ping"', 'message_not_object', 'ping'), ('7', 'message_not_object', '7'),
    ('{}', 'message_unknown_type', 'hello, subscribe, set, metrics, controls, ping'),
    ('{"type":"Ping"}', 'message_unknown_type', 'Ping'),
    ('{"type":["ping"]}', 'message_unknown_type', '["ping"]'),
    ('{"type":"__init__"}', 'message_unknown_type', '__init__'),
    ('{"type":"hello","kind":"page"}', 'message_lacks', 'name'),
    ('{"type":"hello","name":"A","kind":"robot"}', 'message_not_one_of', 'terminal, page, script'),
    ('{"type":"hello","name":"","kind":"page"}', 'message_bad_size', '1'),
    ('{"type":"hello","name":"\\u001b[2J","kind":"page"}', 'message_bad_letters', 'hello.name'),
    ('{"type":"hello","name":"A\\n","kind":"page"}', 'message_bad_letters', 'hello.name'),
    ('{"type":"hello","name":"A\\u202e","kind":"page"}', 'message_bad_letters', 'hello.name'),
    ('{"type":"hello","name":"A","kind":"page","since":-1}', 'message_out_of_range', '-1'),
    ('{"type":"hello","name":"A","kind":"page","since":1e99}', 'message_out_of_range', '1e+99'),
    ('{"type":"hello","name":"A","kind":"page","since":"1"}', 'message_wrong_kind', 'integer'),
    ('{"type":"hello","name":"A","kind":"page","key":"short"}', 'message_bad_letters', 'hello.key'),
    ('{"type":"hello","name":"A","kind":"page","admin":true}', 'message_unknown_field', 'admin'),
    ('{"type":"subscribe","streams":["all"]}', 'message_not_one_of', 'training'),
    ('{"type":"subscribe","modules":7}', 'message_', 'subscribe.modules'),
    ('{"type":"set","module":"model"}', 'message_needs_one', 'values, texts'),
    ('{"type":"set","module":"model","values":{},"texts":{}}', 'message_', 'set'),
    ('{"type":"set","module":"model","values":[]}', 'message_wrong_kind', 'object'),
    ('{"type":"set","module":"model","values":{"a":1},"texts":{"a":"1"}}', 'message_needs_one',
     'values, texts'),
    ('{"type":"set","module":"model","texts":{"text":7}}', 'message_wrong_kind', 'set.texts.text'),
    ('{"type":"set","module":"","values":{"a":1}}', 'message_bad_size', 'set.module'),
    ('{"type":"metrics","every":-1}', 'message_', 'metrics.every'),
    ('{"type":"metrics","every":true}', 'message_wrong_kind', 'true'),
    ('{"type":"controls","action":"steal"}', 'message_not_one_of', 'take, give'),
    ('{"type":"ping","id":null}', 'message_wrong_kind', 'ping.id'),
    ('{"type":"ping","id":{"a":1}}', 'message_wrong_kind', 'ping.id'),
]


@pytest.mark.parametrize('frame, code, named', WRONG, ids=lambda it: repr(it)[:40])
def test_each_error_says_what_was_wrong_in_both_languages(frame, code, named):
    with pytest.raises(ServerError) as caught:
        checked(parsed(frame))
    assert caught.value.key.startswith(code)
    for lang in ('pt', 'en'):
        assert named in caught.value.in_language(lang)
        assert '{' not in catalogue(lang)['errors'][caught.value.key].format(
            **dict.fromkeys(caught.value.values, ''))


def mutated(rng: random.Random) -> str | bytes:
    """A valid message with something broken in it, or rubbish."""
    good = [{'type': 'hello', 'name': 'Ana', 'kind': 'page'}, {'type': 'ping', 'id': 'a'},
            {'type': 'subscribe', 'modules': ['model'], 'streams': ['training']},
            {'type': 'set', 'module': 'attention', 'values': {'layer': 2}},
            {'type': 'metrics', 'every': 1}, {'type': 'controls', 'action': 'take'}]
    message = dict(rng.choice(good))
    odd = [None, True, -1, 10**400, 1e308, '', 'x' * 300, [], {}, [[]], {'a': {}}, '\ud800',
           '\x1b[2J']
    change = rng.randrange(6)
    if change == 0:
        message[rng.choice(list(message))] = rng.choice(odd)
    elif change == 1:
        message[''.join(rng.choices(string.ascii_lowercase, k=5))] = rng.choice(odd)
    elif change == 2:
        message['type'] = rng.choice(odd)
    elif change == 5:
        message = {'type': 'set', 'module': rng.choice(['attention', 'chunking', 'training']),
                   'values': {rng.choice(['layer', 'size', 'temperature', 'x']): rng.choice(odd)}}
    text = json.dumps(message)
    if change == 3:
        text = text[:rng.randrange(1, len(text))]
    if change == 4:
        at = rng.randrange(len(text))
        text = text[:at] + chr(rng.randrange(32, 0x2fff)) + text[at + 1:]
    return text.encode() if rng.random() < 0.05 else text


def test_five_thousand_malformed_messages_and_the_server_still_answers(monkeypatch):
    monkeypatch.setattr(session, 'RATE', 1e9)  # read at once; the pace is tested elsewhere
    monkeypatch.setattr(session, 'BURST', 1e9)
    running, rng, refused = Running(), random.Random(8), 0

    async def scene():
        nonlocal refused
        async with Speaker(running) as other, Speaker(running) as bad:
            await other.hello('Rui')
            await bad.hello()
            for _ in range(50):
                for _ in range(100):
                    await bad.send(mutated(rng))
                await bad.say('ping', id='round')
                while (message := await bad.hear()).get('id') != 'round':
                    if message['type'] == 'error':
                        assert message['code'] != 'server_failed', message
                        assert all(len(text) > 15 for text in message['message'].values())
                        refused += 1
            await bad.ask('controls', action='give')
            answer = await other.ask('set', module='model', values={'text': 'firme'})
            assert answer['type'] == 'done'
            for frame, code, _ in WRONG:
                await bad.send(frame)
                assert (await bad.hear_kind('error'))['code'].startswith(code)
    running.do(scene(), 120)
    running.close()
    assert refused > 3500  # some are still valid, as a changed letter in a name


def test_what_json_does_not_have_is_still_sent_as_json():
    def refuse(name):
        raise AssertionError(name)
    told = {'type': 'training_step', 'loss': math.nan, 'norms': [1.5, math.inf], 'text': '\ud83d'}
    assert json.loads(encoded(told), parse_constant=refuse) == told | {
        'loss': None, 'norms': [1.5, None]}


def test_the_id_of_a_refused_request_comes_back_where_it_is_one():
    running = Running()

    async def scene():
        async with Speaker(running) as ana:
            await ana.say('set', id='a1', module='model', values={'text': 'x'})
            answer = await ana.hear()
            assert (answer['code'], answer['id']) == ('message_hello_first', 'a1')
            await ana.say('ping', id=[1])
            assert 'id' not in await ana.hear()
            await ana.hello()
            await ana.say('hello', name='Ana', kind='page')
            assert (await ana.hear())['code'] == 'message_hello_again'
    running.do(scene())
    running.close()


def test_far_too_long_a_message_ends_only_its_own_connection():
    running = Running()

    async def scene():
        async with Speaker(running) as ana, Speaker(running) as bad:
            await ana.hello()
            await bad.hello()
            await bad.send('x' * 10**6)
            while await bad.hear() is not None:
                pass
            assert (await ana.ask('ping'))['type'] == 'pong'
    running.do(scene())
    running.close()
