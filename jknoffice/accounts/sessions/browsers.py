"""Which browser this is, as its owner would call it.

The header may say anything: it helps people to recognise their own sessions and decides nothing.
"""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

# The first mark that is found counts: most browsers also name those that they want to be taken for.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("UCBrowser/", "UC Browser"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def seen_in(user_agent: str) -> tuple[str, str]:
    """Return the names of browser and system in a `User-Agent` header, "" for what is not known."""
    return _first(user_agent, _BROWSERS), _first(user_agent, _SYSTEMS)


def in_words(browser: str, system: str) -> str:
    """Return what `seen_in()` found as one phrase, such as "Firefox, Windows"."""
    found = [name for name in (browser, system) if name]
    return ", ".join(found) or str(_("Unknown browser"))


def _first(text: str, marks: Sequence[tuple[str, str]]) -> str:
    return next((name for mark, name in marks if mark in text), "")
