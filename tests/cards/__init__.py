"""Photos of made-up KTP and JKN cards as telephones take them, with the truth beside. Never a real document.

`photo(seed=…, number=…, tier=…)` always draws the same photo for the same arguments and the same fonts.
"""

from tests.cards.photos import Photo, Tier, Truth, photo

__all__ = ["Photo", "Tier", "Truth", "photo"]
