"""How a made-up family is insured: segment, class, status, and the work that goes with it."""

from dataclasses import dataclass
from random import Random
from typing import Final


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment (segmen peserta): how common, how old its heads of family are, its classes, their work."""

    code: str
    weight: float
    ages: tuple[int, int]
    classes: tuple[int, ...]
    occupations: tuple[str, ...]


_INFORMAL: Final = ("BURUH HARIAN LEPAS", "PEDAGANG", "PETANI/PEKEBUN", "NELAYAN/PERIKANAN", "SOPIR", "WIRASWASTA")
_PENSION: Final = ("PENSIUNAN",)

SEGMENTS: Final = (
    Segment("PBI_APBN", 36, (24, 72), (3,), _INFORMAL),
    Segment("PBI_APBD", 14, (22, 70), (3,), _INFORMAL),
    Segment("PPU_PNS", 6, (25, 57), (1, 1, 2), ("PEGAWAI NEGERI SIPIL", "GURU")),
    Segment("PPU_TNI", 1.5, (22, 52), (1, 2), ("TENTARA NASIONAL INDONESIA",)),
    Segment("PPU_POLRI", 1.5, (22, 55), (1, 2), ("KEPOLISIAN RI",)),
    Segment("PPU_BUMN", 2.5, (24, 55), (1, 2), ("KARYAWAN BUMN", "KARYAWAN BUMD")),
    Segment("PPU_SWASTA", 18, (21, 55), (1, 2, 2), ("KARYAWAN SWASTA",)),
    Segment("PBPU", 15, (23, 68), (1, 2, 2, 3, 3, 3), ("WIRASWASTA", "PEDAGANG", "SENIMAN", "PENGACARA", "SOPIR")),
    Segment("BP_INVESTOR", 0.5, (35, 70), (1,), ("WIRASWASTA",)),
    Segment("BP_EMPLOYER", 0.8, (33, 68), (1, 2), ("WIRASWASTA",)),
    Segment("BP_PENSIONER", 3.4, (58, 76), (1, 2), _PENSION),
    Segment("BP_VETERAN", 0.5, (74, 90), (1,), _PENSION),
    Segment("BP_PIONEER", 0.3, (80, 92), (1,), _PENSION),
)


def draw_segment(rng: Random) -> Segment:
    """One segment, as common as in the real programme (half of all participants are PBI)."""
    return rng.choices(SEGMENTS, [segment.weight for segment in SEGMENTS])[0]


def draw_family_status(rng: Random, *, segment: Segment) -> str:
    """What holds for the whole family: premiums are paid, or not, for all of them."""
    chance = rng.random()
    if segment.code == "PBPU" and chance < 0.2:
        return "INACTIVE_PREMIUM"
    if segment.code.startswith("PPU_") and chance < 0.04:
        return "INACTIVE_MONTH_END"
    return "SUSPENDED" if chance > 0.985 else "ACTIVE"


def draw_status(rng: Random, *, family: str, segment: Segment, relation: str, age: int) -> str:
    """The status of one member: the family's, unless they died or outgrew the cover of a wage earner (21)."""
    if rng.random() < (0.03 if age > 60 else 0.002):
        return "DECEASED"
    if segment.code.startswith("PPU_") and relation == "CHILD" and age >= 21 and rng.random() < 0.4:
        return "NOT_COVERED"
    return family


def draw_occupation(rng: Random, *, segment: Segment, relation: str, sex: str, age: int) -> str:
    """The work that a KTP names."""
    if relation == "SELF":
        return rng.choice(segment.occupations)
    if relation == "CHILD":
        return "PELAJAR/MAHASISWA" if age >= 5 else "BELUM/TIDAK BEKERJA"
    if sex == "P" and rng.random() < 0.65:
        return "MENGURUS RUMAH TANGGA"
    return "BELUM/TIDAK BEKERJA" if age > 65 else rng.choice((*_INFORMAL, "KARYAWAN SWASTA"))
