"""What `transformers` draws from, and finds by beam search: sampling.json, beam.json."""

import json
from pathlib import Path

import torch
from transformers import GPT2Config, GPT2LMHeadModel
from transformers.generation.logits_process import (
    LogitsProcessorList, MinPLogitsWarper, RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper, TopKLogitsWarper, TopPLogitsWarper)

HERE = Path(__file__).parent
STAGES = {'repetition_penalty': RepetitionPenaltyLogitsProcessor,
          'temperature': TemperatureLogitsWarper, 'top_k': TopKLogitsWarper,
          'top_p': TopPLogitsWarper, 'min_p': MinPLogitsWarper}
SETTINGS = [
    {'temperature': 0.7}, {'top_k': 5}, {'top_p': 0.6}, {'min_p': 0.2},
    {'repetition_penalty': 1.3}, {'repetition_penalty': 0.8},
    {'repetition_penalty': 1.2, 'temperature': 0.9, 'top_k': 12, 'top_p': 0.9, 'min_p': 0.05},
    {'repetition_penalty': 1.5, 'temperature': 1.7, 'top_p': 0.8, 'min_p': 0.3}]
BEAMS = [{'n_beams': 3, 'length_penalty': 1.0}, {'n_beams': 4, 'length_penalty': 0.0},
         {'n_beams': 4, 'length_penalty': 2.0}, {'n_beams': 2, 'length_penalty': 0.5},
         {'n_beams': 6, 'length_penalty': 1.0}]
PROMPT, NEW_TOKENS, STOP = [3, 1, 4], 8, 12


def sampling_cases() -> list[dict]:
    generator = torch.Generator().manual_seed(0)
    cases = []
    for settings in SETTINGS:
        logits = torch.randn(1, 40, generator=generator) * 3
        seen = torch.randint(0, 40, (1, 8), generator=generator)
        stages = LogitsProcessorList(kind(settings[name]) for name, kind in STAGES.items()
                                     if name in settings)
        probs = torch.softmax(stages(seen, logits.clone()).double(), dim=-1)
        cases.append({'settings': settings, 'logits': logits[0].tolist(),
                      'seen': seen[0].tolist(), 'probs': probs[0].tolist()})
    return cases


def beam_case() -> dict:
    """A tiny GPT-2 with rough random weights, and what its beam search returns."""
    torch.manual_seed(33)  # of these weights, beams disagree and some end early
    model = GPT2LMHeadModel(GPT2Config(vocab_size=13, n_positions=16, n_embd=8, n_head=2,
                                       n_layer=1, bos_token_id=STOP, eos_token_id=STOP)).eval()
    with torch.no_grad():
        for weights in model.parameters():
            weights.add_(torch.randn_like(weights) * 0.7)
    return {'prompt': PROMPT, 'max_new_tokens': NEW_TOKENS, 'stop_id': STOP,
            'weights': {name.removeprefix('transformer.'): tensor.tolist()
                        for name, tensor in model.named_parameters()},
            'results': [settings | found(model, settings) for settings in BEAMS]}


def found(model, settings: dict) -> dict:
    with torch.no_grad():
        out = model.generate(torch.tensor([PROMPT]), max_new_tokens=NEW_TOKENS, do_sample=False,
                             num_beams=settings['n_beams'], pad_token_id=STOP, eos_token_id=STOP,
                             length_penalty=settings['length_penalty'], early_stopping='never',
                             return_dict_in_generate=True, output_scores=True)
    ids = out.sequences[0, len(PROMPT):].tolist()
    if STOP in ids:
        ids = ids[:ids.index(STOP) + 1]
    return {'ids': ids, 'score': out.sequences_scores[0].item()}


def main() -> None:
    for name, value in (('sampling', sampling_cases()), ('beam', beam_case())):
        (HERE / f'{name}.json').write_text(json.dumps(value) + '\n', encoding='utf-8')


if __name__ == '__main__':
    main()
