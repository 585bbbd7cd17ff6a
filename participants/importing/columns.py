"""The columns of the file, under the names that files give them."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from django.utils.translation import gettext as _

from participants.importing.faults import CannotRun

COLUMNS = (
    "nik",
    "card_number",
    "kk_number",
    "name",
    "birth_place",
    "birth_date",
    "sex",
    "phone",
    "email",
    "segment",
    "care_class",
    "relation",
    "status",
    "facility",
    "branch",
)
OPTIONAL = frozenset({"kk_number", "birth_place", "phone", "email", "facility"})
NUMBERS = frozenset({"nik", "card_number", "kk_number"})
"""Columns whose every digit counts."""

# The second names are those of VClaim, BPJS's bridging API; the rest is how Indonesian spreadsheets are headed.
ALIASES = {
    "nokartu": "card_number",
    "nomorkartu": "card_number",
    "nokk": "kk_number",
    "nomorkk": "kk_number",
    "kk": "kk_number",
    "nama": "name",
    "tempatlahir": "birth_place",
    "tgllahir": "birth_date",
    "tanggallahir": "birth_date",
    "jeniskelamin": "sex",
    "jk": "sex",
    "notelepon": "phone",
    "nohp": "phone",
    "nomorhp": "phone",
    "hp": "phone",
    "surel": "email",
    "jenispeserta": "segment",
    "segmen": "segment",
    "segmenpeserta": "segment",
    "hakkelas": "care_class",
    "kelas": "care_class",
    "pisa": "relation",
    "hubungankeluarga": "relation",
    "statuspeserta": "status",
    "provumum": "facility",
    "faskes": "facility",
    "fktp": "facility",
    "kodecabang": "branch",
    "cabang": "branch",
}


def named_in(path: Path) -> dict[str, str]:
    """Return our columns by the titles that a TOML file gives them (`nik = "No. KTP"`). Raises `CannotRun`."""
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        sentence = _("The file of columns cannot be read: %(reason)s.")
        raise CannotRun("columns_map", sentence % {"reason": error.strerror}) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        sentence = _('The file of columns is no TOML. Write a line for each column, such as: nik = "No. KTP"')
        raise CannotRun("columns_map", sentence) from error
    for column, title in given.items():
        if column not in COLUMNS or not isinstance(title, str):
            sentence = _("The file of columns names %(column)s, which is none of ours: %(ours)s.")
            raise CannotRun("columns_map", sentence % {"column": column, "ours": ", ".join(COLUMNS)})
    return {title: column for column, title in given.items()}


def places(header: Sequence[str], named: Mapping[str, str] | None = None) -> dict[str, int]:
    """Return where each of our columns stands in the file; `named` gives them by titles of the file, and goes first.

    Raises `CannotRun` when one is missing or there twice, or when `named` names a title that is not there.
    """
    named = named or {}
    if strangers := [title for title in named if title not in header]:
        sentence = _("The file has no column “%(title)s”. Its columns: %(header)s.")
        raise CannotRun("columns_map", sentence % {"title": strangers[0], "header": ", ".join(header)})
    found: dict[str, int] = {}
    for place, title in enumerate(header):
        column = named.get(title) or _column(title)
        if title not in named and column in named.values():
            continue
        if column and column in found:
            raise CannotRun("duplicate_column", _("Two columns are %(name)s. Keep one.") % {"name": column})
        if column:
            found[column] = place
    missing = [name for name in COLUMNS if name not in found and name not in OPTIONAL]
    if missing:
        raise CannotRun("missing_column", _("These columns are missing: %(names)s.") % {"names": ", ".join(missing)})
    return found


def guess(header: Sequence[str]) -> dict[str, int]:
    """Return where our columns seem to stand, as far as their titles tell; of two with one meaning the first."""
    found: dict[str, int] = {}
    for place, title in enumerate(header):
        if column := _column(title):
            found.setdefault(column, place)
    return found


def _column(title: str) -> str:
    """Return which of our columns a title means, "" for none."""
    plain = re.sub(r"[\s_.\-]", "", title).lower()
    return ALIASES.get(plain, next((name for name in COLUMNS if name.replace("_", "") == plain), ""))
