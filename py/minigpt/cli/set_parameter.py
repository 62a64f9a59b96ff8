"""`minigpt set attention.layer 2`: change parameters for everyone who looks at the server."""

import asyncio

from minigpt.cli.live_lines import values
from minigpt.cli.options import add_json, print_json
from minigpt.cli.server import add_server, connection
from minigpt.locale import sentence


def add_arguments(parser, say) -> None:
    parser.usage = f'{parser.prog} MODULE.PARAMETER VALUE [PARAMETER=VALUE ...] [--json]'
    parser.add_argument('words', nargs='+', metavar='MODULE.PARAMETER VALUE',
                        help=say('cli.set.words'))
    add_server(parser, say)
    add_json(parser, say)
    parser.set_defaults(misused=parser.error)


def run(args) -> None:
    module, texts = asked(args)
    change = asyncio.run(changed(args, module, texts))
    if args.json:
        print_json({name: change[name] for name in ('seq', 'module', 'values')})
    else:
        print(f'#{change["seq"]}  {values(module, change["values"])}')


def asked(args) -> tuple[str, dict[str, str]]:
    """The module and its parameters as they were written; exits with 2 for what cannot be meant.

    'attention.layer 2 head=3', 'attention.layer=2 attention.head=3'.
    """
    def misused(key: str, **blanks):
        args.misused(sentence(args.lang, f'cli.set.{key}', **blanks))

    first, *rest = args.words
    if '=' not in first:
        if not rest:
            misused('no_value', word=first)
        first, rest = f'{first}={rest[0]}', rest[1:]
    module, texts = first.partition('=')[0].rpartition('.')[0], {}
    if not module:
        misused('no_module', word=first.partition('=')[0])
    for word in (first, *rest):
        name, equals, text = word.partition('=')
        of, _, name = name.rpartition('.')
        if not equals or not name:
            misused('no_equals', word=word)
        if of not in ('', module):
            misused('one_module', module=module, other=of)
        if name in texts:
            misused('twice', name=name)
        texts[name] = text
    return module, texts


async def changed(args, module: str, texts: dict[str, str]) -> dict:
    """Ask for the change; the event that everybody hears of it."""
    async with connection(args, modules=[module]) as link:
        done = await link.request('set', module=module, texts=texts)
        async for message in link:
            if message['type'] == 'change' and message['seq'] == done['seq']:
                return message
