"""References of requests: short, speakable, checked, unguessable.

Eight random characters of Crockford's base 32 (40 bits) and a Luhn mod N check character, shown as `ABC-DEF-GHJ`.
The alphabet has no I, L, O, U; a person who types them, or a dash too few, is understood.
"""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 9

_LOOKALIKES = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None, ".": None})


def new() -> str:
    """Return a fresh reference as it is stored: nine characters, no dashes."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check_character(body)


def parse(text: str) -> str | None:
    """Return the stored form of what a person typed, or None when it cannot be a reference."""
    reference = text.strip().upper().translate(_LOOKALIKES)
    if len(reference) != LENGTH or any(char not in ALPHABET for char in reference):
        return None
    return reference if _check_character(reference[:-1]) == reference[-1] else None


def show(reference: str) -> str:
    """Return a stored reference in groups of three."""
    return "-".join(reference[start : start + 3] for start in range(0, len(reference), 3))


def _check_character(body: str) -> str:
    total = 0
    for place, char in enumerate(reversed(body)):
        addend = ALPHABET.index(char) * (2 if place % 2 == 0 else 1)
        total += addend // len(ALPHABET) + addend % len(ALPHABET)
    return ALPHABET[-total % len(ALPHABET)]
