"""The KTP as it is laid out: province and city above, fields in a column, at right portrait and date of issue."""

from random import Random

from PIL import Image

from jknoffice.demo.people import Person
from tests.cards.fonts import BOLD, OCR_A, SANS
from tests.cards.sheet import HEIGHT, WIDTH, Pen, cut, silhouette, stamped, waves

_LABEL, _COLON = 36, 262


def draw_ktp(person: Person, rng: Random) -> Image.Image:
    """Return the flat card."""
    pen = Pen(Image.new("RGB", (WIDTH, HEIGHT), (186 + rng.randint(-8, 12), 214 + rng.randint(-8, 8), 232)))
    waves(pen, rng, (168 + rng.randint(-6, 12), 202, 226))
    pen.centre(16, f"PROVINSI {person.address.province}", 32)
    pen.centre(54, person.address.city, 32)
    pen.write((_LABEL, 104), "NIK", 38, path=BOLD)
    pen.write((_COLON - 40, 104), ":", 38, path=BOLD)
    pen.write((_COLON - 10, 106), person.nik, 43, path=OCR_A)
    value = rng.choice((SANS, BOLD))
    for row, (label, text) in enumerate(_fields(person, rng)):
        top = 162 + 31 * row
        pen.write((_LABEL, top), label, 24)
        if text:
            pen.write((_COLON - 18, top), ":", 24)
            pen.write((_COLON, top), cut(text, 24, 450, value), 24, path=value)
    backdrop = (196, 40, 44) if person.birth_date.year % 2 else (44, 86, 176)
    silhouette(pen, (762, 140, 980, 418), rng, backdrop)
    place = person.address.city.removeprefix("KOTA ").removeprefix("KABUPATEN ")
    pen.write((780, 432), cut(place, 22, 200), 22)
    issued = f"{rng.randint(1, 28):02}-{rng.randint(1, 12):02}-{rng.randint(2012, 2024)}"
    pen.write((800, 462), issued, 22)
    x, y = 790.0, 550.0
    points = [(x := x + rng.uniform(4, 16), y + rng.uniform(-34, 30)) for _ in range(13)]
    pen.draw.line(points, fill=(30, 40, 90), width=3, joint="curve")
    return stamped(pen.sheet, rng)


def _fields(person: Person, rng: Random) -> list[tuple[str, str]]:
    until = "SEUMUR HIDUP" if rng.random() < 0.7 else f"{person.birth_date:%d-%m}-{rng.randint(2017, 2029)}"
    blood = rng.choice(("A", "B", "O", "AB", "-"))
    sex = "LAKI-LAKI" if person.sex == "L" else "PEREMPUAN"
    return [
        ("Nama", person.name),
        ("Tempat/Tgl Lahir", f"{person.birth_place}, {person.birth_date:%d-%m-%Y}"),
        ("Jenis Kelamin", f"{sex}{' ' * 10}Gol. Darah : {blood}"),
        ("Alamat", person.address.street),
        ("      RT/RW", person.address.rt_rw),
        ("      Kel/Desa", person.address.kelurahan),
        ("      Kecamatan", person.address.kecamatan),
        ("Agama", rng.choice(("ISLAM", "KRISTEN", "KATHOLIK", "HINDU", "BUDHA"))),
        ("Status Perkawinan:", ""),
        ("Pekerjaan", person.occupation),
        ("Kewarganegaraan:", ""),
        ("Berlaku Hingga", until),
    ]
