"""Words whose dot does not end a sentence, in Portuguese and English.

Only those that a reader expects to go on: "Sra. Lima", "p. ex. assim", "fig. 3". A word that may
well stand last ("etc.", "Ltda.", "Jr.") is not here: for it, a capital letter that follows decides.
One letter and a dot ("J. Silva", "a.C.", "e.g.") never ends a sentence and needs no list.
"""

from unicodedata import normalize


def words(text: str) -> frozenset[str]:
    """The words of a list, those with accents also with the accents as characters of their own."""
    return frozenset(normalize(form, word) for form in ('NFC', 'NFD') for word in text.split())


# A name or a thing named always follows.
NEVER_END = words("""
Sr Sra Srs Sras Srta Srtas Dr Dra Drs Dras Prof Profa Profs Profas Exmo Exma Ilmo Ilma Revmo Mons
Sto Sta Gal Gen Cel Cap Maj Ten Sgt Alm Brig Min Des Dep Sen Ver Gov Pres Eng Enga Arq Adv Rev Pe Fr
sr sra srs sras srta dr dra drs dras prof profa exmo exma ilmo ilma eng pe
Mr Mrs Ms Mx Messrs St Mt Ft Col Lt Capt Cmdr Rep Hon mr mrs
av Av trav Trav estr Estr rod Rod al Al
ex cf Cf vs obs Obs séc sécs Séc pág págs Pág pp vol vols Vol fls núm aprox máx mín apto
""")

# A number follows; before anything else the dot ends the sentence ("He said no. I went.").
BEFORE_NUMBER = words("""
no No nos Nos art arts Art Arts par inc fig figs Fig Figs tab Tab eq Eq sec Sec ch Ch cap caps
ed eds tel Tel fl pag ref
jan fev mar abr mai jun jul ago set out nov dez
feb apr may aug sep sept oct dec Jan Feb Mar Apr Jun Jul Aug Sep Sept Oct Nov Dec
""")

LONGEST = max(map(len, NEVER_END | BEFORE_NUMBER))
