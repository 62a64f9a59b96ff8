"""How the chunking page lays its parts out: stylesheets of Panel columns."""

LAYOUT = """
:host { display: grid !important; grid-template-columns: 320px minmax(0, 1fr); gap: 32px;
  align-items: start; }
@media (max-width: 899px) { :host { grid-template-columns: minmax(0, 1fr); gap: 20px; } }
"""
STACK = """
:host { display: grid !important; gap: 20px; grid-template-columns: minmax(0, 1fr); }
:host > .scroll-button { display: none; }
"""
CONTROLS = STACK + """
@media (min-width: 900px) { :host { position: sticky; top: 72px; max-height: calc(100vh - 88px);
  padding-right: 8px; overflow-y: auto; } }
"""
SIDE_BY_SIDE = """
:host { display: flex !important; flex-flow: row wrap; gap: 32px; align-items: flex-start; }
:host > * { flex: 1 1 400px; min-width: 0; }
:host > .scroll-button { display: none; }  /* Panel's, never wanted here */
"""
MAYBE_ABSENT = ':host(.absent) { display: none !important; }'
