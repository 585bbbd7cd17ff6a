"""Licences of all that runs with the product: `python -m deploy.licences`.

Prints each package that requirements.txt, -reading.txt, -s3.txt and -smpp.txt bring with them, as installed here, with
the licence that it states; the exit code is 1 if one is not allowed: no GPL or AGPL, and LGPL only where
`ALLOWED_LGPL` says why.
"""

import re
import sys
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
FILES = ("requirements.txt", "requirements-reading.txt", "requirements-s3.txt", "requirements-smpp.txt")
ALLOWED = re.compile(
    r"\b(MIT|MIT-CMU|BSD|Apache|ISC|PSF|Python Software Foundation|MPL|Mozilla|HPND|Unlicense)\b", re.IGNORECASE
)
FORBIDDEN = re.compile(r"\b[AL]?GPL|General Public", re.IGNORECASE)
ALLOWED_LGPL = {
    "psycopg": "used unchanged, as a library of its own",
    "psycopg-binary": "the compiled part of psycopg",
    "psycopg-pool": "the pool of psycopg",
    "smpplib": "optional; used unchanged, imported only where JKN_SMS_SMPP is set",
}

STATED_IN_FILE = {"pyrage": "MIT"}
"""Packages whose metadata only name a file; read by us."""


def licences() -> dict[str, str]:
    """Return the stated licence of each package of the runtime, by its normalised name (PEP 503)."""
    found: dict[str, str] = {}
    waiting = [Requirement(line) for name in FILES for line in pins(ROOT / name)]
    seen = set[tuple[str, frozenset[str]]]()
    while waiting:
        wanted = waiting.pop()
        name, extras = canonicalize_name(wanted.name), frozenset(wanted.extras)
        if (name, extras) in seen:
            continue
        seen.add((name, extras))
        try:
            package = distribution(name)
        except PackageNotFoundError:  # READING=off, or another system's
            continue
        found[name] = _stated(name)
        for line in package.requires or []:
            further = Requirement(line)
            marker = further.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in (extras or {""})):
                waiting.append(further)
    return dict(sorted(found.items()))


def refused() -> dict[str, str]:
    """Return the packages whose licence is not allowed."""
    return {name: stated for name, stated in licences().items() if not is_allowed(name, stated)}


def pins(path: Path) -> list[str]:
    """Return the requirements of one of our files, without its comments."""
    plain = (line.split("#")[0].strip() for line in path.read_text().splitlines())
    return [line for line in plain if line and not line.startswith("-")]


def _stated(name: str) -> str:
    about = distribution(name).metadata
    classified = [each.split(" :: ")[-1] for each in about.get_all("Classifier", []) if each.startswith("License ::")]
    free_text = about.get_all("License", [""])[0].strip().split("\n")[0][:60]
    stated = about.get_all("License-Expression", [""])[0] or ", ".join(classified) or free_text
    return stated or STATED_IN_FILE.get(name, "not stated")


def is_allowed(name: str, stated: str) -> bool:
    """Return whether the runtime may have a package that states this licence."""
    if name in ALLOWED_LGPL:
        return True
    return bool(ALLOWED.search(stated)) and not FORBIDDEN.search(stated)


def main() -> None:
    """Print, and exit with 1 if a licence is not allowed."""
    for name, stated in licences().items():
        why = f" ({ALLOWED_LGPL[name]})" if name in ALLOWED_LGPL else ""
        sys.stdout.write(f"{name:28}{stated}{why}\n")
    if found := refused():
        sys.exit(f"not allowed: {', '.join(found)}")


if __name__ == "__main__":
    main()
