"""The model: attention, embeddings, the next token, text written token by token."""

import functools
import time

import numpy as np

from minigpt.backend.clock import per
from minigpt.inference import generate
from minigpt.server import readings
from minigpt.server.operation import Call, Operation
from minigpt.server.schemas import (COUNT, NUMBER, STRING, TEXT, closed, list_of, maybe, ref)

WORD = {'type': 'string', 'minLength': 1, 'maxLength': 200}
METRIC = {'enum': ['cosine', 'dot']}
ONE_OR_MORE = {'type': 'integer', 'minimum': 1, 'maximum': 1000}
PROMPT = TEXT | {'minLength': 1, 'maxLength': 20_000}
SAMPLING = {'temperature_': {'type': 'number', 'minimum': 0, 'maximum': 100},
            'top_k_': maybe({'type': 'integer', 'minimum': 1}),
            'top_p_': maybe({'type': 'number', 'exclusiveMinimum': 0, 'maximum': 1}),
            'min_p_': maybe({'type': 'number', 'minimum': 0, 'maximum': 1}),
            'repetition_penalty_': maybe({'type': 'number', 'exclusiveMinimum': 0,
                                          'maximum': 100})}


async def attention(server, call: Call):
    """Layer and head are checked by the module that has their bounds."""
    body = call.body
    server.state.module('attention').check(
        {name: body[name] for name in ('layer', 'head') if name in body},
        server.state.values('attention'))
    return await server.compute(readings.attention, server.state.lab, body['text'], body['layer'],
                                body.get('head'))


async def neighbours(server, call: Call):
    lab, body = server.state.lab, call.body
    return await server.compute(lambda: readings.neighbours(
        lab, readings.word_ids(lab, body['word']), body.get('count', 10),
        body.get('metric', 'cosine')))


async def similarity(server, call: Call):
    return await server.compute(readings.similarity, server.state.lab, *call.body['words'])


async def next_token(server, call: Call):
    body = dict(call.body)
    return await server.compute(functools.partial(
        readings.likely, server.state.lab, body.pop('text'), body.pop('count', 10), **body))


async def write(server, call: Call):
    """Refused before the stream begins where the prompt or a setting is unfit."""
    body, lab = dict(call.body), server.state.lab
    ids = await server.compute(readings.prompt_ids, lab, body.pop('prompt'))
    rng = np.random.default_rng(body.pop('seed', 7))
    stop = [] if lab.tokenizer.end_of_text is None else [lab.tokenizer.end_of_text]
    events = generate(lab.model, ids, max_new_tokens=body.pop('length', 40), rng=rng,
                      stop_ids=stop, **body)
    return written(server, lab, ids, events, call.by)


async def written(server, lab, ids: list[int], events, by: str):
    """A line for each token, and one at the end with the whole text; all who watch get them too."""
    tokenizer, told, began = lab.tokenizer, len(lab.tokenizer.decode(ids)), time.perf_counter()
    prompt = told
    written = list(ids)
    run = f'{by}-{time.time_ns():x}'
    try:
        while (event := await server.compute(next, events, None)) is not None:
            written.append(event.token_id)
            whole = tokenizer.decode(written).rstrip('\ufffd')  # half a character waits
            line = {'type': 'token', 'run': run, 'by': by, 'index': event.index,
                    'id': event.token_id, 'text': whole[told:],
                    'probability': float(event.distribution.probs[event.token_id])}
            told = max(told, len(whole))
            server.monitor.count_tokens(1)
            server.state.stream(**{'kind': line['type'], **{
                name: it for name, it in line.items() if name != 'type'}})
            yield line
        seconds, count = time.perf_counter() - began, len(written) - len(ids)
        yield {'type': 'end', 'run': run, 'text': tokenizer.decode(written)[prompt:],
               'tokens': count, 'seconds': seconds, 'tokens_per_second': per(count, seconds)}
    finally:
        events.close()


MATRIX = list_of({})
TOKEN_LINE = closed(type={'const': 'token'}, run=STRING, by=STRING, index=COUNT, id=COUNT,
                    text=STRING, probability=NUMBER)
END_LINE = closed(type={'const': 'end'}, run=STRING, text=STRING, tokens=COUNT, seconds=NUMBER,
                  tokens_per_second=maybe(NUMBER))
NEAR = closed(id=COUNT, text=STRING, bytes=STRING, similarity=NUMBER)
CANDIDATE = closed(id=COUNT, text=STRING, bytes=STRING, probability=NUMBER,
                   model_probability=NUMBER)
OPERATIONS = (
    Operation('POST', '/attention', 'attention', 'The attention weights of a block over a text, '
              'of one head or of all; both counted from 1.', 'model', attention,
              closed(tokens=list_of(ref('Token')), layer=COUNT, head=maybe(COUNT), weights=MATRIX),
              closed(text=PROMPT, layer=COUNT, head_=COUNT),
              example={'text': 'Ana tinha uma bola', 'layer': 1, 'head': 1}),
    Operation('POST', '/embeddings/neighbours', 'neighbours', 'The tokens most like a word.',
              'model', neighbours,
              closed(word=list_of(ref('Token')), metric=METRIC, neighbours=list_of(NEAR)),
              closed(word=WORD, count_=ONE_OR_MORE, metric_=METRIC),
              example={'word': 'disse', 'count': 5}),
    Operation('POST', '/embeddings/similarity', 'similarity', 'How alike two words are.', 'model',
              similarity, closed(words=list_of(list_of(ref('Token'))), cosine=NUMBER, dot=NUMBER),
              closed(words=list_of(WORD) | {'minItems': 2, 'maxItems': 2}),
              example={'words': ['disse', 'perguntou']}),
    Operation('POST', '/next', 'nextToken', 'The candidates for the next token.', 'model',
              next_token, closed(tokens=list_of(ref('Token')), entropy=NUMBER, kept=COUNT,
                                 candidates=list_of(CANDIDATE)),
              closed(text=PROMPT, count_=ONE_OR_MORE, **SAMPLING),
              example={'text': 'Era uma vez', 'count': 5}),
    Operation('POST', '/generate', 'generate', 'Write on: a line of JSON for each token as it '
              'comes, then one with the whole.', 'model', write,
              {'oneOf': [TOKEN_LINE, END_LINE]},
              closed(prompt=PROMPT, length_=ONE_OR_MORE, seed_=COUNT, **SAMPLING), streams=True,
              example={'prompt': 'Era uma vez', 'length': 12}),
)
