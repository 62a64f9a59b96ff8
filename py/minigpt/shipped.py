"""The model, tokenizer and corpus that come with minigpt."""

from pathlib import Path

from minigpt.training.checkpoint import Checkpoint

MODEL = 'minigpt-pt.safetensors'
CORPUS = 'corpus_pt_br.txt'
RUN = 'training_run.jsonl'  # how a small model learnt from the corpus, event by event


def folder() -> Path:
    """Where the shipped files lie: inside the installed package, or `data/` of the checkout."""
    inside = Path(__file__).parent / 'data'
    return inside if inside.is_dir() else Path(__file__).parents[2] / 'data'


def load() -> Checkpoint:
    """The shipped model with its tokenizer."""
    return Checkpoint.load(folder() / MODEL)
