"""Numbers of made-up people: NIK, KK and card number, each handed out once."""

from datetime import date
from random import Random


class NumberOffice:
    """Hands out identity numbers, never the same twice. Seeded by the generator that is passed in."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._issued: set[str] = set()
        self._card = rng.randrange(10**10)

    def nik(self, *, district: str, born: date, sex: str) -> str:
        """A NIK: six digits of district, DDMMYY (day + 40 for women), a serial from 0001 up."""
        day = born.day + (40 if sex == "P" else 0)
        return self._numbered(f"{district}{day:02}{born:%m%y}")

    def kk(self, *, district: str, recorded: date) -> str:
        """A family card number: six digits of district, day of recording, a serial from 0001 up."""
        return self._numbered(f"{district}{recorded:%d%m%y}")

    def card(self) -> str:
        """A card number: 13 digits that begin with 000. The step shares no factor with 10^10, so none repeats."""
        self._card = (self._card + 6_180_339_887) % 10**10
        return f"000{self._card:010}"

    def _numbered(self, stem: str) -> str:
        # Civil registries count up from 0001 each day, so small serials are the common ones.
        serial = self._rng.randint(1, 12)
        while (number := f"{stem}{serial:04}") in self._issued:
            serial += 1
        self._issued.add(number)
        return number
