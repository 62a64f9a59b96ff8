"""What happens on an integration server, each event as a line of text."""

import json
import re
from functools import partial

from minigpt.locale import decimal, sentence
from minigpt.server.mirror import Mirror

# What could move the cursor or turn the writing round: others write these texts.
CONTROL = re.compile('[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]')
LONGEST = 60  # characters of a value


def line(message: dict, mirror: Mirror, lang: str) -> str | None:
    """The line of a message; None for one that has nothing to tell."""
    teller = TELLERS.get(message['type'])
    if not teller:
        return None
    text = teller(message, mirror, partial(sentence, lang), lang)
    return f'#{message["seq"]}  {text}' if text and message['type'] in NUMBERED else text


def clean(text) -> str:
    """A text of somebody's, without what a terminal would obey."""
    return CONTROL.sub('�', str(text))


def value(found) -> str:
    """A parameter's value: words as they are, all else as JSON."""
    text = found if isinstance(found, str) and found.strip() == found != '' else json.dumps(
        found, ensure_ascii=False)
    return clean(text if len(text) <= LONGEST else text[:LONGEST - 1] + '…')


def values(module: str, found: dict) -> str:
    """'attention.layer = 2 · head = 3'"""
    return f'{module}.' + ' · '.join(f'{name} = {value(it)}' for name, it in found.items())


def change(message, mirror, say, lang) -> str:
    return f'{values(message["module"], message["values"])}  ({clean(message["name"])})'


def lab(message, mirror, say, lang) -> str:
    told = message['lab']
    return say('cli.live.lab', name=clean(told['name'] or 'minigpt'),
               parameters=decimal(told['parameters'], 0, lang), by=clean(message['name']))


def training(message, mirror, say, lang) -> str:
    told = message['training']
    if told is None:
        return say('cli.live.no_training')
    text = say('cli.live.training', id=told['id'], step=told['step'], steps=told['steps'],
               status=say(f'cli.live.status.{told["status"]}'))
    return f'{text}: {told["error"]["message"][lang]}' if told['error'] else text


def step(message, mirror, say, lang) -> str:
    status = mirror.training or {}
    return say('cli.train.step', step=message['step'], total=status.get('steps', '?'),
               loss=decimal(message.get('loss'), 3, lang),
               speed=decimal(message.get('tokens_per_second'), 0, lang))


def evaluation(message, mirror, say, lang) -> str:
    return say('cli.live.evaluation', step=message['step'],
               validation=decimal(message.get('validation_loss'), 3, lang))


def sample(message, mirror, say, lang) -> str:
    return f'  «{clean(message["text"])}»'


def token(message, mirror, say, lang) -> str:
    return value(message['text'])


def demo(message, mirror, say, lang) -> str:
    if message.get('said'):
        return f'demo {message["demo"]} {message["number"]}: {clean(message["said"][lang])}'
    return f'demo {message["demo"]}: {say("cli.live.status." + message["status"])}'


def presets(message, mirror, say, lang) -> str:
    return say('cli.live.presets', names=', '.join(map(clean, message['presets'])) or '–')


def clients(message, mirror, say, lang) -> str:
    names = ', '.join(f'{clean(it["name"])} ({it["kind"]})' for it in message['clients'])
    return say('cli.live.clients', count=len(message['clients']), names=names or '–')


def controls(message, mirror, say, lang) -> str:
    return held(message['holder'], say)


def held(holder: dict | None, say) -> str:
    return say('cli.live.held', name=clean(holder['name'])) if holder else say('cli.live.free')


def metrics(message, mirror, say, lang) -> str:
    return say('cli.live.metrics', cpu=decimal(message['cpu_percent'], 0, lang),
               memory=decimal(message['memory_bytes'] / 1e6, 0, lang),
               requests=decimal(message['requests_per_second'], 1, lang),
               tokens=decimal(message['tokens_per_second'], 0, lang), clients=message['clients'])


def snapshot(message, mirror, say, lang) -> str:
    key = 'behind' if message['because'] == 'behind' else 'snapshot'
    return say(f'cli.live.{key}')


def lost(message, mirror, say, lang) -> str:
    return say('cli.live.lost')


def found(message, mirror, say, lang) -> str:
    return say('cli.live.found')


def bye(message, mirror, say, lang) -> str:
    return message['message'][lang]


NUMBERED = ('change', 'lab', 'training', 'demo', 'presets', 'snapshot')
TELLERS = {'change': change, 'lab': lab, 'training': training, 'training_step': step,
           'training_evaluation': evaluation, 'training_sample': sample, 'token': token,
           'demo': demo, 'presets': presets, 'clients': clients, 'controls': controls,
           'metrics': metrics, 'snapshot': snapshot, 'lost': lost, 'found': found, 'bye': bye}
