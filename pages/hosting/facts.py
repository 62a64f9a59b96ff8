"""/server.json: that there is a server, the words of its panel, how links spell its parameters."""

from pages.locale import LANGUAGES, text


def facts(state) -> dict:
    """`state` None: whoever asks has not given the token yet, and learns only that one is asked."""
    words = {lang: text(lang)['server'] for lang in LANGUAGES}
    if state is None:
        return {'server': {'needsToken': True}, 'words': words}
    return {'server': {'needsToken': False}, 'words': words, 'modules': {
        name: {it.key: _spelling(it) for it in module.parameters.values()}
        for name, module in state.modules.items()}}


def _spelling(parameter) -> dict:
    """What follow.mjs needs to write a value as a link does."""
    spelt = dict(parameter.spelling)
    if parameter.kind in ('choice', 'boolean'):
        values = parameter.choices or (True, False)
        spelt = {value: parameter.to_text(value) for value in values}
    return {'name': parameter.name, 'kind': parameter.kind, 'default': parameter.default,
            'digits': parameter.digits, 'join': parameter.join,
            'spelling': [[value, text] for value, text in spelt.items()]}
