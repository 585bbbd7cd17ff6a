"""One segment of an SMS in the GSM 7-bit alphabet (3GPP TS 23.038), and the room it leaves for our own address."""

from django.conf import settings
from django.urls import reverse

from verification import links
from verification.sms import gsm
from verification.sms.texts import TEXTS, text_of

LENGTH = 160
ALPHABET = frozenset(gsm.DEFAULT) - {chr(gsm.ESCAPE)}
"""The characters that take one place each. Others take two, or turn the whole message into one of 70 characters."""
LONGEST = {"code": "123456", "minutes": "10", "reference": "ABC-DEF-GHJ", "moment": "30 September 2026 23:59"}
"""What our texts are filled with, at its longest."""


def room() -> int:
    """Return how many characters an address of this place may have for each text with a link to fit one segment."""
    link = max((reverse(f"portal:{name}", args=[links.new_secret()]) for name in ("not_me", "private")), key=len)
    taken = [
        len(text_of(template=template, language=language, context=LONGEST | {"link": link}))
        for template, text in TEXTS.items()
        for language, _name in settings.LANGUAGES
        if "%(link)s" in str(text)
    ]
    return LENGTH - max(taken)
