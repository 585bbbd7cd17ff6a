"""Phone numbers and e-mail addresses of made-up people."""

from random import Random
from typing import Final

_MOBILE_PREFIXES: Final = (
    *("811", "812", "812", "813", "813", "821", "821", "822", "822", "823", "851", "852", "852", "853"),
    *("814", "815", "816", "855", "856", "856", "857", "857", "858", "858"),
    *("817", "818", "819", "859", "877", "877", "878", "878", "831", "831", "832", "833", "838", "838"),
    *("895", "896", "896", "897", "898", "899", "881", "882", "887", "888", "889"),
)
"""Ranges of the Indonesian mobile networks, the common ones twice."""

_MAIL_HOSTS: Final = ("surel.example.id", "pos.example.id", "kotak.example.id", "example.id")


class ContactBook:
    """Hands out phone numbers and e-mail addresses, never the same twice."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._used: set[str] = set()

    def phone(self) -> str:
        """A new mobile number in E.164. The ranges are real: a demo must never send to it (gateway `console`)."""
        while True:
            length = self._rng.choice((8, 8, 8, 7))
            number = f"+62{self._rng.choice(_MOBILE_PREFIXES)}{self._rng.randrange(10**length):0{length}}"
            if number not in self._used:
                self._used.add(number)
                return number

    def email(self, *, name: str) -> str:
        """A new address made of the name, at a host below example.id."""
        parts = [part for part in name.lower().split() if part.isalpha() and len(part) > 2][:2]
        local = self._rng.choice((".", "", "_")).join(parts)
        number = self._rng.choice(("", "", str(self._rng.randint(60, 99))))
        host = self._rng.choice(_MAIL_HOSTS)
        while (address := f"{local}{number}@{host}") in self._used:
            number = str(int(number or 0) + 1)
        self._used.add(address)
        return address
