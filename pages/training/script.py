"""The training page's view as Python: the same run, which prints the same curve."""

from minigpt.training import TrainConfig
from pages.lab import lab, shipped_lab

LONGEST = 2000  # characters of a text that is written into the script

SCRIPT = '''
from minigpt import GPTConfig, TrainConfig
from minigpt.training import Evaluation, Sample, TrainState, TrainStep, train
from minigpt.training.preparation import (material, new_run, sample_prompt, split_text,
                                          vocabulary, vocabulary_steps)

UPDATES = {updates}
CONFIG = GPTConfig({config})
RUN = TrainConfig({run})
PROMPT = {prompt!r}

lab = load_lab()
text = {text}
training, held_out = split_text(text)
{start}
use = material(training, held_out, run.tokenizer, CONFIG.block_size)
print('parameters', run.model.n_params, 'tokens', len(use.data))
for event in train(run.model, use.data, RUN, validation=use.validation, state=run.train_state,
                   sample_prompt=sample_prompt(PROMPT, run.tokenizer, CONFIG.block_size)):
    if isinstance(event, TrainStep):
        print('loss', event.step, event.loss)
    elif isinstance(event, Evaluation):
        print('validation', event.step, event.validation_loss)
    elif isinstance(event, Sample):
        print('sample', event.step, repr(run.tokenizer.decode(event.ids)))
    if run.train_state.step == UPDATES and isinstance(event, {last}):
        break
'''
NEW = '''tokenizer = vocabulary(list(vocabulary_steps(training, CONFIG.vocab_size)))
run = new_run(tokenizer, CONFIG, RUN)'''
FROM_LAB = '''run = lab.checkpoint  # the lab that the run went on from
run.train_state = TrainState(run.model, RUN)'''


def training_script(page) -> str:
    """The script for the run shown, or for the settings of the next one while none is."""
    desk = page.desk
    session, kept = desk.session, desk.kept_run
    settings = session.settings if session else kept.own_settings if kept else page.settings
    text = session.text if session else page.text
    config = settings.model_config(lab().model.config)
    run, updates = settings.train_config(), desk.step or settings.steps
    due = updates % run.eval_every == 0 or updates == run.steps
    return SCRIPT.format(
        updates=updates, config=arguments(config.to_dict()),
        run=arguments(changed(run.to_dict())), prompt=settings.prompt,
        text=repr(text) if len(text) <= LONGEST and text != shipped_lab().corpus else 'lab.corpus',
        start=NEW if settings.origin == 'new' else FROM_LAB,
        last='Sample' if due else 'TrainStep')


def changed(values: dict) -> dict:
    """What is not TrainConfig's default."""
    return {name: value for name, value in values.items()
            if value != getattr(TrainConfig, name)}


def arguments(values: dict) -> str:
    """As Python writes keywords, infinity included, in lines that are not too long."""
    lines, line = [], ''
    for name, value in values.items():
        value = "float('inf')" if value == float('inf') else repr(value)
        written = f'{name}={value}'
        if len(line) + len(written) > 72:
            lines.append(line + ',')
            line = written
        else:
            line = f'{line}, {written}' if line else written
    return ',\n    '.join([it.rstrip(',') for it in [*lines, line]])
