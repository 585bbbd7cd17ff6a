"""The JKN card in the forms that are about: Kartu Indonesia Sehat, the older BPJS card, and the printed e-ID."""

from pathlib import Path
from random import Random

from PIL import Image

from jknoffice.demo.people import Person
from tests.cards.fonts import BOLD, NARROW, SANS
from tests.cards.sheet import HEIGHT, WIDTH, Pen, cut, stamped, waves

_GREEN, _WHITE = (0, 128, 72), (252, 253, 252)


def draw_jkn(person: Person, rng: Random) -> Image.Image:
    """Return the flat card in one of its forms."""
    return stamped(rng.choice((_kis, _bpjs, _printed))(person, rng), rng)


def _kis(person: Person, rng: Random) -> Image.Image:
    pen = Pen(Image.new("RGB", (WIDTH, HEIGHT), (244, 250, 246)))
    waves(pen, rng, (226, 240, 230))
    pen.draw.rectangle((0, 0, WIDTH, 118), fill=_WHITE)
    pen.draw.rectangle((0, 118, WIDTH, 128), fill=_GREEN)
    pen.write((330, 20), "KARTU INDONESIA SEHAT", 44, path=BOLD, ink=_GREEN)
    pen.write((330, 76), "Program Jaminan Kesehatan Nasional", 24)
    pen.draw.ellipse((40, 20, 120, 100), fill=(200, 40, 44))
    rows = [
        ("Nomor Kartu", person.card_number),
        ("Nama", person.name),
        ("Alamat", person.address.street),
        ("", f"{person.address.kelurahan}, {person.address.kecamatan}"),
        ("Tanggal Lahir", f"{person.birth_date:%d-%m-%Y}"),
        ("NIK", person.nik),
        ("Faskes Tingkat I", person.facility),
    ]
    _rows(pen, rows, top=170, step=50, size=28, colon=300, path=rng.choice((SANS, BOLD)))
    return pen.sheet


def _bpjs(person: Person, rng: Random) -> Image.Image:
    pen = Pen(Image.new("RGB", (WIDTH, HEIGHT), (214, 236, 222)))
    waves(pen, rng, (200, 228, 212))
    pen.draw.rectangle((0, 0, WIDTH, 104), fill=_GREEN)
    pen.write((40, 24), "BPJS Kesehatan", 50, path=BOLD, ink=_WHITE)
    pen.write((44, 150), person.card_number, 52, path=BOLD)
    pen.write((44, 214), cut(person.name, 38, 900, BOLD), 38, path=BOLD)
    rows = [
        ("NIK", person.nik),
        ("Tgl. Lahir", f"{person.birth_date:%d-%m-%Y}"),
        ("Faskes Tk. I", person.facility),
        ("Kelas Rawat", f"KELAS {'I' * person.care_class}"),
    ]
    _rows(pen, rows, top=300, step=46, size=27, colon=240, path=SANS)
    return pen.sheet


def _printed(person: Person, rng: Random) -> Image.Image:
    pen = Pen(Image.new("RGB", (WIDTH, HEIGHT), _WHITE))
    pen.draw.rectangle((6, 6, WIDTH - 7, HEIGHT - 7), outline=(60, 60, 60), width=3)
    pen.centre(30, "KARTU PESERTA JAMINAN KESEHATAN NASIONAL", 34)
    pen.draw.line((40, 88, WIDTH - 40, 88), fill=_GREEN, width=6)
    rows = [
        ("Nomor Kartu", person.card_number),
        ("Nama", person.name),
        ("Tanggal Lahir", f"{person.birth_date:%d/%m/%Y}" if rng.random() < 0.3 else f"{person.birth_date:%d-%m-%Y}"),
        ("NIK", person.nik),
        ("Faskes Tk. I", person.facility),
        ("Tanggal Cetak", f"{rng.randint(1, 28):02}-{rng.randint(1, 12):02}-{rng.randint(2019, 2026)}"),
    ]
    _rows(pen, rows, top=130, step=66, size=32, colon=330, path=rng.choice((SANS, NARROW)))
    return pen.sheet


def _rows(pen: Pen, rows: list[tuple[str, str]], *, top: int, step: int, size: int, colon: int, path: Path) -> None:

    for line, (label, text) in enumerate(rows):
        y = top + step * line
        pen.write((44, y), label, size)
        if label:
            pen.write((colon - 24, y), ":", size)
        pen.write((colon, y), cut(text, size, WIDTH - colon - 30, path), size, path=path)
