"""Portuguese agreement: gender and number of articles, contractions, pronouns and adjectives.

Every word is written in the masculine singular in the templates and bent here, so ``do``
becomes ``da``, ``dos`` or ``das`` and ``cansado`` becomes ``cansada``.
"""

FEMININE = {
    "um": "uma", "dois": "duas", "meu": "minha", "teu": "tua", "seu": "sua", "num": "numa",
    "ao": "à", "bom": "boa", "mau": "má", "irmão": "irmã", "ele": "ela", "dele": "dela",
    "nele": "nela", "este": "esta", "esse": "essa", "aquele": "aquela", "neste": "nesta",
    "nesse": "nessa", "naquele": "naquela", "deste": "desta", "desse": "dessa",
    "daquele": "daquela", "algum": "alguma", "nenhum": "nenhuma", "brincalhão": "brincalhona",
    "chorão": "chorona", "comilão": "comilona", "campeão": "campeã", "cantor": "cantora",
}
PLURAL = {
    "um": "uns", "algum": "alguns", "bom": "bons", "ao": "aos", "à": "às", "fácil": "fáceis",
    "difícil": "difíceis", "dois": "dois", "duas": "duas", "simples": "simples", "mau": "maus",
    "irmão": "irmãos", "mão": "mãos", "lápis": "lápis", "ônibus": "ônibus", "frágil": "frágeis",
    "útil": "úteis", "três": "três",
}
# A personal name takes no article here: "do" + "Ana" is "de Ana", "seu" + "Ana" is "Ana".
BEFORE_NAME = {"o": "", "seu": "", "meu": "", "nosso": "", "do": "de", "no": "em", "ao": "a",
               "pelo": "por"}


def feminine(word: str) -> str:
    """The feminine of a masculine singular word: ``pequeno -> pequena``."""
    if word in FEMININE:
        return FEMININE[word]
    if word.endswith("o") and not word.endswith("ão"):
        return word[:-1] + "a"
    if word.endswith("ês"):
        return word[:-2] + "esa"
    if word.endswith(("dor", "tor", "sor")):
        return word + "a"
    return word


def plural(word: str) -> str:
    """The plural of a word or phrase: ``azul -> azuis``, ``bolo de milho -> bolos de milho``."""
    head, space, tail = word.partition(" ")
    if space:
        return plural(head) + space + tail
    if word in PLURAL:
        return PLURAL[word]
    for ending, replacement in (("ão", "ões"), ("el", "éis"), ("al", "ais"), ("ol", "óis"),
                                ("ul", "uis"), ("il", "is"), ("m", "ns"), ("ês", "eses"),
                                ("r", "res"), ("z", "zes"), ("s", "s")):
        if word.endswith(ending):
            return word[: -len(ending)] + replacement
    return word + "s"


def inflect(word: str, gender: str, number: str) -> str:
    """Bend ``word`` to a gender (``m``/``f``) and a number (``s``/``p``).

    ``masc~fem`` and ``sing/plur`` spell both forms out: ``herói~heroína``, ``era/eram``.
    """
    if "/" in word:
        return word.split("/")[number == "p"]
    if "~" in word:
        word = word.split("~")[gender == "f"]
    elif gender == "f":
        word = feminine(word)
    return plural(word) if number == "p" else word
