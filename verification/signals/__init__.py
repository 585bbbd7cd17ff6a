"""What speaks for a second look: signs with a weight each, shown with their evidence. None decides by itself.

A sign is one small function in `person`, `number` or `conduct`, and one line in `registry`. What was seen is kept with
the request as it was seen then, facts included, so that a page can still tell it when the register has moved on.
"""

from verification.signals.registry import SIGNALS, Code, kept, look, needs_second, stored, told, weight_of
from verification.signals.sign import Sign

__all__ = ["SIGNALS", "Code", "Sign", "kept", "look", "needs_second", "stored", "told", "weight_of"]
