"""The columns of the file, under the names that files give them."""

import re
from collections.abc import Sequence

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


def places(header: Sequence[str]) -> dict[str, int]:
    """Return where each of our columns stands in the file. Raises `CannotRun` when one is missing or there twice."""
    found: dict[str, int] = {}
    for place, title in enumerate(header):
        plain = re.sub(r"[\s_.\-]", "", title).lower()
        column = ALIASES.get(plain, next((name for name in COLUMNS if name.replace("_", "") == plain), ""))
        if column and column in found:
            raise CannotRun("duplicate_column", _("Two columns are %(name)s. Keep one.") % {"name": column})
        if column:
            found[column] = place
    missing = [name for name in COLUMNS if name not in found and name not in OPTIONAL]
    if missing:
        raise CannotRun("missing_column", _("These columns are missing: %(names)s.") % {"names": ", ".join(missing)})
    return found
