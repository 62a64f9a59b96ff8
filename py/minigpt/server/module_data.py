"""What a module shows with its present parameters, and its figures, computed from the lab.

`DATA` and `METRICS` map a module to a plain function of the lab and the values; both run beside
the loop.
"""

import statistics

from minigpt.chunking import chunk
from minigpt.embeddings import retrieve, token_table
from minigpt.lab import Lab, shipped_corpus
from minigpt.nn.changes import Change, cut, forced, tempered, together, unmasked, without_head
from minigpt.nn.counts import GPT2_SIZES, memory, parts
from minigpt.server import readings
from minigpt.server.training_plan import model_config

FIRST_WORDS = 6   # of an own text, where a page opens on it
EXCERPT = 2000    # characters of the corpus that the sample page scans
LARGEST = 200_000  # characters of the corpus that are cut in one answer
CHUNK_SIZE = {'characters': 300, 'tokens': 80}


async def data(server, name: str) -> dict:
    """What the module shows. ServerError for an unknown one, MinigptError for an unfit text."""
    return await _computed(server, name, DATA, 'data')


async def metrics(server, name: str) -> dict:
    return await _computed(server, name, METRICS, 'metrics')


async def _computed(server, name: str, functions: dict, what: str) -> dict:
    module = server.state.module(name)
    lab, values, seq = server.state.lab, server.state.values(module.name), server.state.seq
    opening = {it.name: it.opening for it in module.parameters.values() if it.opening}
    if module.name == 'training':
        found = {'status': server.jobs.status, 'curves': await server.compute(server.jobs.curves)}
        found = functions['training'](lab, values, found)
    else:
        shown = values | {key: opened(lab, text) for key, text in opening.items()
                          if values[key] is None}
        found = await server.compute(functions[module.name], lab, shown)
    return {'module': module.name, 'seq': seq, what: found}


def opened(lab: Lab, ours: str) -> str:
    """The text that a page shows by itself: ours, or an own text's first words."""
    if lab.corpus == shipped_corpus():
        return ours
    return ' '.join(lab.corpus[:300].split()[:FIRST_WORDS]) or ours


# Data

def tokenizer_data(lab: Lab, values: dict) -> dict:
    return readings.tokenized(lab, values['text'], values['special'], values['merges'])


def embeddings_data(lab: Lab, values: dict) -> dict:
    ids = _chosen(lab, values)
    near = readings.neighbours(lab, ids, 10, values['metric'])
    word = lab.tokenizer.decode(ids)
    return near | {'similarity': readings.similarity(lab, f'"{word}"', values['other'])}


def _chosen(lab: Lab, values: dict) -> list[int]:
    if values['word'] is None:
        return readings.word_ids(lab, 'disse')
    return [int(it) for it in values['word'].split('-')]


def attention_data(lab: Lab, values: dict) -> dict:
    return readings.attention(lab, values['text'], values['layer'], values['head'],
                              lambda T: attention_change(lab, values, T))


def attention_change(lab: Lab, values: dict, T: int) -> Change:
    """What the parameters change in the attention over T tokens; what a shorter text or a smaller
    model does not have is left out, as on the page."""
    config = lab.model.config

    def here(name: str) -> list[tuple[int, ...]]:
        found = [tuple(map(int, it.split('.'))) for it in values[name].split('-') if it]
        return [it for it in found if it[0] < config.n_layer and it[1] < config.n_head
                and max(it[2:], default=0) < T]

    return together(*([] if values['mask'] else [unmasked()]), *(cut(*it) for it in here('cut')),
                    tempered(values['temperature']), *(forced(*it) for it in here('forced')),
                    *(without_head(*it, config) for it in here('off')))


def transformer_data(lab: Lab, values: dict) -> dict:
    """What the model would say after each block, at the place looked at."""
    return readings.lens(lab, values['text'], values['at'], values['off'])


def model_data(lab: Lab, values: dict) -> dict:
    config = GPT2_SIZES[values['plan']] if values['plan'] else lab.model.config
    return {'config': config.to_dict(), 'memory': memory(config),
            'parts': [{'name': it.name, 'parameters': it.parameters, 'flops': it.flops}
                      for it in parts(config)]}


def training_data(lab: Lab, values: dict, found: dict) -> dict:
    return found


def inference_data(lab: Lab, values: dict) -> dict:
    return readings.likely(lab, values['prompt'], 20, temperature=values['temperature'],
                           top_k=values['top_k'], top_p=values['top_p'], min_p=values['min_p'])


def chunking_data(lab: Lab, values: dict) -> dict:
    text = values['text'] or lab.corpus
    amount = 3000 if values['amount'] is None else values['amount'] or LARGEST
    size = values['size'] or CHUNK_SIZE[values['unit']]
    return readings.chunked(lab, text[:min(amount, LARGEST)], values['strategy'], size,
                            size * values['overlap'] // 100, values['unit'] == 'tokens',
                            'sentences' in values['preserve'], 'paragraphs' in values['preserve'])


def sample_data(lab: Lab, values: dict) -> dict:
    """The excerpt's chunks, and how well each answers the question."""
    excerpts = chunk(values['text'] or lab.corpus, 'sentence', EXCERPT, 0,
                     preserve_paragraphs=True)
    text = excerpts[min(values['part'], len(excerpts)) - 1].text
    chunks = chunk(text, values['strategy'], values['size'], values['overlap'] / 100)
    matches = retrieve(values['question'], [it.text for it in chunks], token_table(lab.model),
                       lab.tokenizer) if values['question'].strip() else []
    return {'text': text, 'chunks': [{'start': it.start, 'end': it.end} for it in chunks],
            'matches': [{'chunk': it.index, 'cosine': it.cosine, 'bits': it.bits}
                        for it in matches]}


# Figures

def tokenizer_metrics(lab: Lab, values: dict) -> dict:
    found = tokenizer_data(lab, values)
    return {name: found[name] for name in ('characters', 'bytes', 'words', 'bytes_per_token',
                                           'tokens_per_word')} | {'tokens': len(found['ids'])}


def embeddings_metrics(lab: Lab, values: dict) -> dict:
    found = embeddings_data(lab, values)
    return {'cosine': found['similarity']['cosine'], 'dot': found['similarity']['dot'],
            'nearest': found['neighbours'][0]['similarity']}


def attention_metrics(lab: Lab, values: dict) -> dict:
    weights = attention_data(lab, values)['weights']
    bits = readings.entropies(weights)
    return {'tokens': len(weights), 'mean_entropy_bits': statistics.fmean(bits),
            'last_entropy_bits': bits[-1], 'strongest_of_last': max(weights[-1])}


def transformer_metrics(lab: Lab, values: dict) -> dict:
    found = transformer_data(lab, values)['depths']
    return {'tokens': len(found), 'final_probability': found[-1]['probability'],
            'first_probability': found[0]['probability']}


def model_metrics(lab: Lab, values: dict) -> dict:
    found = model_data(lab, values)
    return {'parameters': sum(it['parameters'] for it in found['parts']),
            'flops': sum(it['flops'] for it in found['parts']),
            'weight_bytes': found['memory']['weights']}


def training_metrics(lab: Lab, values: dict, found: dict) -> dict:
    status = found['status'] or {}
    config = model_config(values, lab)
    return {'planned_parameters': sum(it.parameters for it in parts(config)),
            **{name: status.get(name) for name in ('step', 'steps', 'loss', 'validation_loss',
                                                   'tokens_per_second', 'seconds')}}


def inference_metrics(lab: Lab, values: dict) -> dict:
    found = inference_data(lab, values)
    best = found['candidates'][0]
    return {'entropy_bits': found['entropy'], 'kept': found['kept'],
            'best_probability': best['probability'],
            'perplexity': 2 ** found['entropy']}


def chunking_metrics(lab: Lab, values: dict) -> dict:
    return {name: it for name, it in chunking_data(lab, values)['quality'].items()
            if name != 'borders'}


def sample_metrics(lab: Lab, values: dict) -> dict:
    found = sample_data(lab, values)
    cosines = [it['cosine'] for it in found['matches']]
    sizes = [it['end'] - it['start'] for it in found['chunks']]
    return {'characters': len(found['text']), 'chunks': len(sizes),
            'mean_size': statistics.fmean(sizes) if sizes else None,
            'best_cosine': max(cosines, default=None)}


DATA = {'tokenizer': tokenizer_data, 'embeddings': embeddings_data, 'attention': attention_data,
        'transformer': transformer_data, 'model': model_data, 'training': training_data,
        'inference': inference_data, 'chunking': chunking_data, 'sample': sample_data}
METRICS = {'tokenizer': tokenizer_metrics, 'embeddings': embeddings_metrics,
           'attention': attention_metrics, 'transformer': transformer_metrics,
           'model': model_metrics, 'training': training_metrics, 'inference': inference_metrics,
           'chunking': chunking_metrics, 'sample': sample_metrics}
