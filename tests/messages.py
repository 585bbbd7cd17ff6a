"""The words of the product in Indonesian, without gettext's own programs.

`python -m tests.messages add FILE.json ...` merges translations into the catalogue (new ones win) and compiles it,
`tidy` also drops what the code no longer says, `missing` prints as JSON what has no Indonesian words yet (exit status
1 when there is any). A JSON file holds `{"msgid": "msgstr"}`; a plural is `{"msgid": {"plural": "...", "msgstr":
["..."]}}`, for Indonesian has one form; a context stands before the msgid, divided by U+0004 as in gettext's files.
"""

import argparse
import fcntl
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PO = ROOT / "jknoffice/locale/id/LC_MESSAGES/django.po"
MO = PO.with_suffix(".mo")
PACKAGES = ("jknoffice", "participants", "verification")
KEYWORDS = DEFAULT_KEYWORDS | {
    f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")
}
CONTEXT = "\u0004"


class Indonesian(Catalog):
    """A catalogue whose header says nothing that changes from day to day or from machine to machine."""

    # As Django's own catalogue says; Babel would ask for two forms.
    num_plurals = 1
    plural_expr = "0"

    def __init__(self) -> None:
        super().__init__(locale="id", header_comment="# JKN Office in Indonesian. Written by tests/messages.py.")
        self.fuzzy = False

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """The header's lines that a reader of the catalogue needs."""
        return [
            ("Language", "id"),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]


def texts(given: str | list[str] | tuple[str, ...] | None) -> list[str]:
    """Return a msgid or a translation as a list: singular first, then the plural where there is one."""
    return [given] if isinstance(given, str) else list(given or [])


def said() -> Catalog:
    """Return every msgid that our Python code and our templates say, without translations."""
    from django.utils.translation.template import templatize

    sources = [path.read_bytes() for name in PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]
    for template in sorted((ROOT / "templates").rglob("*.*")):
        # Django turns all but the messages into filler; its indentation is no Python.
        lines = templatize(template.read_text(), origin=str(template)).splitlines()
        sources.append("\n".join(line.lstrip() for line in lines).encode())
    found = Indonesian()
    for source in sources:
        for _, msgid, _, context in extract("python", BytesIO(source), keywords=KEYWORDS):
            found.add(msgid, context=context)
    return found


def translated() -> Catalog:
    """Return our translations, as they stand in the .po file."""
    ours = Indonesian()
    if PO.exists():
        with PO.open("rb") as file:
            for message in read_po(file, locale="id"):
                if message.id:
                    ours.add(message.id, message.string, context=message.context)
    return ours


def compiled(catalog: Catalog) -> bytes:
    """Return the bytes of the .mo file that belongs to a catalogue."""
    file = BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def missing() -> dict[str, Any]:
    """Return what we say that has no Indonesian words, neither ours nor Django's own for the same msgid.

    The form is that of the JSON files, with empty translations to fill in.
    """
    ours, django = translated(), _of_django()
    gaps: dict[str, Any] = {}
    for message in said():
        msgid = texts(message.id)[0]
        known = ours.get(msgid, message.context)
        whole = known and all(texts(known.string)) and known.pluralizable >= message.pluralizable
        key = f"{message.context}{CONTEXT}{msgid}" if message.context else msgid
        if msgid and not whole and key not in django:
            gaps[key] = {"plural": texts(message.id)[1], "msgstr": [""]} if message.pluralizable else ""
    return gaps


def obsolete() -> list[str]:
    """Return the translated msgids that we no longer say."""
    now = said()
    return sorted(
        texts(each.id)[0] for each in translated() if each.id and not now.get(texts(each.id)[0], each.context)
    )


def add(files: list[Path]) -> None:
    """Merge translations from JSON files into the catalogue, and compile it."""
    with _lock():
        ours = translated()
        for file in files:
            for key, value in json.loads(file.read_text()).items():
                context, _, msgid = key.rpartition(CONTEXT)
                ours.delete(msgid, context or None)
                if isinstance(value, dict):
                    ours.add((msgid, value["plural"]), tuple(value["msgstr"]), context=context or None)
                else:
                    ours.add(msgid, value, context=context or None)
        _write(ours)


def tidy() -> None:
    """Drop what we no longer say, and compile the catalogue anew."""
    with _lock():
        now, ours = said(), translated()
        for message in list(ours):
            if message.id and not now.get(texts(message.id)[0], message.context):
                ours.delete(message.id, message.context)
        _write(ours)


def _of_django() -> set[str]:
    """Return what Django translates into Indonesian itself: its core and those of its apps that we install."""
    import django
    from django.apps import apps

    django.setup()
    folders = [Path(django.__file__).parent / "conf/locale"]
    folders += [Path(app.path) / "locale" for app in apps.get_app_configs() if app.name.startswith("django.")]
    known = set()
    for path in (folder / "id/LC_MESSAGES/django.mo" for folder in folders):
        if path.exists():
            with path.open("rb") as file:
                catalog: dict[str | tuple[str, int], str] = vars(GNUTranslations(file))["_catalog"]
            known |= {key if isinstance(key, str) else key[0] for key, text in catalog.items() if text}
    return known


@contextmanager
def _lock() -> Iterator[None]:
    """Let one process at a time change the catalogue."""
    PO.parent.mkdir(parents=True, exist_ok=True)
    folder = os.open(PO.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def _write(catalog: Catalog) -> None:
    with PO.open("wb") as file:
        write_po(file, catalog, no_location=True, sort_output=True, width=0)
    MO.write_bytes(compiled(catalog))


def main() -> int:
    """Run one command of this tool, and return its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("add").add_argument("files", nargs="+", type=Path)
    commands.add_parser("tidy")
    commands.add_parser("missing")
    given = parser.parse_args()
    if given.command == "add":
        add(given.files)
    elif given.command == "tidy":
        tidy()
    elif gaps := missing():
        sys.stdout.write(json.dumps(gaps, ensure_ascii=False, indent=2) + "\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
