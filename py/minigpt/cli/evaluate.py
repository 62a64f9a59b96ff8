"""`minigpt evaluate`: the loss on documents held out of training."""

import json
import textwrap

from minigpt import shipped
from minigpt.cli.plain import WIDTH
from minigpt.errors import TextError
from minigpt.locale import decimal, sentence
from minigpt.training import Checkpoint
from minigpt.training.dataset import documents, read_text, split_documents
from minigpt.training.evaluate import held_out_loss


def add_arguments(parser, say):
    parser.add_argument('text', nargs='*', metavar='FILE', help=say('cli.evaluate.text'))
    parser.add_argument('--checkpoint', metavar='FILE', help=say('cli.checkpoint'))
    parser.add_argument('--json', action='store_true', help=say('cli.json'))


def run(args) -> None:
    checkpoint = Checkpoint.load(args.checkpoint) if args.checkpoint else shipped.load()
    for path in args.text or [shipped.folder() / shipped.CORPUS]:
        _, held_out = split_documents(documents(read_text(path)))
        if not held_out:
            raise TextError('nothing_held_out', path=path)
        loss = held_out_loss(checkpoint, held_out)
        if args.json:
            print(json.dumps({'file': str(path), 'documents': len(held_out), **vars(loss)}))
        else:
            said = sentence(args.lang, 'cli.evaluate.done', path=path, documents=len(held_out),
                            tokens=decimal(loss.tokens, 0, args.lang),
                            nats=decimal(loss.nats_per_token, 3, args.lang),
                            bits=decimal(loss.bits_per_byte, 3, args.lang))
            print(textwrap.fill(said, WIDTH, subsequent_indent='  ', break_long_words=False,
                                break_on_hyphens=False))
