"""The specimen of a KTP, the identity card."""

import math
from random import Random

from PIL import Image, ImageDraw

from jknoffice.demo.cards.photo import photographed
from jknoffice.demo.cards.sheet import HEIGHT, INK, WIDTH, bold, centred, fitted, font, portrait, stamp
from jknoffice.demo.people import Person

_PAPER = (200, 224, 240)
_WAVE = (182, 211, 232)
_LABELS = 46
_VALUES = 268
_LIMIT = 470


def draw_ktp(person: Person, *, seed: int) -> bytes:
    """Return a photo of the person's specimen KTP as JPEG bytes. The same person and seed give the same photo."""
    rng = Random(f"{seed}/ktp/{person.nik}")
    sheet = Image.new("RGB", (WIDTH, HEIGHT), _PAPER)
    draw = ImageDraw.Draw(sheet)
    _waves(draw)
    centred(draw, 22, f"PROVINSI {person.address.province}", 34)
    centred(draw, 62, person.address.city, 34)
    bold(draw, (_LABELS, 116), "NIK", 38)
    bold(draw, (_VALUES - 60, 116), f": {person.nik}", 42)
    for line, (label, value) in enumerate(_fields(person)):
        y = 178 + 31 * line
        draw.text((_LABELS, y), label, fill=INK, font=font(23))
        draw.text((_VALUES, y), ":", fill=INK, font=font(23))
        bold(draw, (_VALUES + 16, y), fitted(value, 23, _LIMIT - 16), 23)
    backdrop = (190, 40, 46) if person.birth_date.year % 2 else (40, 78, 170)
    portrait(sheet, (772, 150, 972, 410), sex=person.sex, backdrop=backdrop, rng=rng)
    place = person.address.city.removeprefix("KOTA ").removeprefix("KABUPATEN ").title()
    draw.text((786, 424), fitted(place, 22, 190), fill=INK, font=font(22))
    draw.text((786, 452), f"{rng.randint(1, 28):02}-{rng.randint(1, 12):02}-{rng.randint(2012, 2024)}", INK, font(22))
    _signature(draw, rng)
    return photographed(stamp(sheet), rng)


def _fields(person: Person) -> list[tuple[str, str]]:
    return [
        ("Nama", person.name),
        ("Tempat/Tgl Lahir", f"{person.birth_place}, {person.birth_date:%d-%m-%Y}"),
        ("Jenis Kelamin", "LAKI-LAKI" if person.sex == "L" else "PEREMPUAN"),
        ("Alamat", person.address.street),
        ("   RT/RW", person.address.rt_rw),
        ("   Kel/Desa", person.address.kelurahan),
        ("   Kecamatan", person.address.kecamatan),
        ("Agama", "(SPESIMEN)"),
        ("Status Perkawinan", person.marital_status),
        ("Pekerjaan", person.occupation),
        ("Kewarganegaraan", "WNI"),
        ("Berlaku Hingga", "SEUMUR HIDUP"),
    ]


def _waves(draw: ImageDraw.ImageDraw) -> None:
    for line in range(-2, 24):
        points = [(x, 30 * line + 16 * math.sin(x / 70 + line / 2)) for x in range(0, WIDTH + 12, 12)]
        draw.line(points, fill=_WAVE, width=3)


def _signature(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    x, y = 790.0, 540.0
    points = [(x, y)]
    for _ in range(14):
        x, y = x + rng.uniform(4, 16), 540 + rng.uniform(-34, 30)
        points.append((x, y))
    draw.line(points, fill=(30, 40, 90), width=3, joint="curve")
