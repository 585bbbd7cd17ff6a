"""The 12 branch offices of the demo: real cities and their region codes, office codes made up."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class BranchPlan:
    """One branch office (kantor cabang).

    city_codes: the four-digit codes (province and regency or city) that NIKs of its people begin with.
    cultures: naming habits found there and their weights, keys of `names.CULTURES`.
    share: how many of the families live there, relative to the other branches.
    zone: the name of its time zone.
    """

    code: str
    name: str
    region: str
    city_codes: tuple[str, ...]
    cultures: tuple[tuple[str, int], ...] = (("javanese", 1),)
    share: int = 1
    zone: str = "WIB"


def _region(number: str) -> str:
    return f"Kedeputian Wilayah {number}"


BRANCHES: Final = (
    BranchPlan(
        "0901",
        "Jakarta Pusat",
        _region("IV"),
        ("3171",),
        (("javanese", 5), ("sundanese", 2), ("chinese", 2), ("batak", 2), ("minang", 2)),
        5,
    ),
    BranchPlan("1001", "Bandung", _region("V"), ("3273",), (("sundanese", 8), ("javanese", 2), ("chinese", 1)), 4),
    BranchPlan("1101", "Semarang", _region("VI"), ("3374",), (("javanese", 8), ("chinese", 1)), 3),
    BranchPlan("1201", "Yogyakarta", _region("VI"), ("3471", "3404"), (("javanese", 12), ("chinese", 1)), 3),
    BranchPlan("1301", "Surabaya", _region("VII"), ("3578",), (("javanese", 8), ("chinese", 2)), 4),
    BranchPlan(
        "0201",
        "Medan",
        _region("I"),
        ("1271",),
        (("batak", 7), ("javanese", 3), ("chinese", 2), ("minang", 2), ("malay", 2)),
        4,
    ),
    BranchPlan("0601", "Palembang", _region("III"), ("1671",), (("malay", 7), ("javanese", 2), ("minang", 1)), 2),
    BranchPlan("1701", "Banjarmasin", _region("VIII"), ("6371",), (("malay", 8), ("javanese", 2)), 2, "WITA"),
    BranchPlan(
        "2001", "Makassar", _region("IX"), ("7371",), (("bugis", 8), ("javanese", 1), ("chinese", 1)), 3, "WITA"
    ),
    BranchPlan("2101", "Manado", _region("X"), ("7171",), (("minahasan", 8), ("bugis", 1), ("javanese", 1)), 2, "WITA"),
    BranchPlan("2301", "Denpasar", _region("XI"), ("5171", "5103"), (("balinese", 8), ("javanese", 2)), 2, "WITA"),
    BranchPlan("2601", "Jayapura", _region("XII"), ("9171",), (("papuan", 6), ("bugis", 2), ("javanese", 2)), 2, "WIT"),
)
