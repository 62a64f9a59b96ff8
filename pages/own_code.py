"""Whether code that a reader writes may run here: in their own browser, not on a shared server."""

import contextvars

allowed: contextvars.ContextVar[bool] = contextvars.ContextVar('own_code_allowed', default=True)
