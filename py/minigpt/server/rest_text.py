"""Texts and the corpus: tokens, chunks, figures."""

import functools

from minigpt.chunking import STRATEGIES
from minigpt.server import readings
from minigpt.server.operation import Call, Operation
from minigpt.server.schemas import (COUNT, NUMBER, OPEN, STRING, TEXT, closed, list_of, maybe, ref)

POSITIVE = {'type': 'integer', 'minimum': 1, 'maximum': 100_000}
FLAG = {'type': 'boolean'}


async def tokenize(server, call: Call):
    return await server.compute(functools.partial(readings.tokenized, server.state.lab,
                                                  **call.body))


async def decode(server, call: Call):
    return await server.compute(readings.decoded, server.state.lab, call.body['ids'])


async def cut(server, call: Call):
    body = call.body
    return await server.compute(functools.partial(
        readings.chunked, server.state.lab, body['text'], body.get('strategy', 'semantic'),
        body.get('size', 512), body.get('overlap', 0), body.get('unit') == 'tokens',
        body.get('preserve_sentences', False), body.get('preserve_paragraphs', False)))


async def corpus(server, call: Call):
    return await server.compute(readings.corpus, server.state.lab)


async def corpus_text(server, call: Call):
    start, count = call.query.get('start', 0), call.query.get('count', 2000)
    text = server.state.lab.corpus
    return {'start': start, 'characters': len(text), 'text': text[start:start + count]}


TOKENIZED = closed(ids=list_of(COUNT), tokens=list_of(ref('Token')), characters=COUNT, bytes=COUNT,
                   words=COUNT, bytes_per_token=NUMBER, tokens_per_word=maybe(NUMBER))
CHUNK = closed(start=COUNT, end=COUNT, overlap=COUNT, reason=STRING, tokens=maybe(COUNT),
               text=STRING)
OPERATIONS = (
    Operation('POST', '/tokenize', 'tokenize', 'A text as the tokens of the lab\'s tokenizer.',
              'texts', tokenize, TOKENIZED,
              closed(text=TEXT | {'minLength': 1}, special_={'enum': ['text', 'allow', 'refuse']}),
              example={'text': 'A menina abriu a porta.'}),
    Operation('POST', '/decode', 'decode', 'Ids back to a text.', 'texts', decode,
              closed(text=STRING), closed(ids=list_of(COUNT) | {'maxItems': 100_000}),
              example={'ids': [65, 66]}),
    Operation('POST', '/chunk', 'chunk', 'Cut a text in chunks, with the figures of the cut.',
              'texts', cut, closed(count=COUNT, quality=OPEN, chunks=list_of(CHUNK)),
              closed(text=TEXT | {'minLength': 1}, strategy_={'enum': list(STRATEGIES)},
                     size_=POSITIVE, overlap_=COUNT, unit_={'enum': ['characters', 'tokens']},
                     preserve_sentences_=FLAG, preserve_paragraphs_=FLAG),
              example={'text': 'Era uma vez. Choveu muito.', 'strategy': 'sentence', 'size': 20}),
    Operation('GET', '/corpus', 'getCorpus', 'Figures of the lab\'s text.', 'corpus', corpus,
              closed(name=STRING, characters=COUNT, bytes=COUNT, words=COUNT, tokens=COUNT,
                     distinct_tokens=COUNT, documents=COUNT, bytes_per_token=NUMBER,
                     tokens_per_word=maybe(NUMBER), beginning=STRING)),
    Operation('GET', '/corpus/text', 'getCorpusText', 'A stretch of the lab\'s text.', 'corpus',
              corpus_text, closed(start=COUNT, characters=COUNT, text=STRING),
              query={'start': COUNT, 'count': {'type': 'integer', 'minimum': 1,
                                               'maximum': 100_000}}),
)
