"""Pictures that are neither a KTP nor a JKN card, though some look like one."""

from random import Random

from PIL import Image, ImageDraw

from jknoffice.demo.people import Person
from tests.cards.fonts import BOLD, OCR_A
from tests.cards.sheet import HEIGHT, WIDTH, Pen, silhouette, waves


def draw_other(person: Person, rng: Random) -> Image.Image:
    """Return the flat picture of something else."""
    return rng.choice((_bank, _licence, _tax, _blank, _selfie, _app, _letter))(person, rng)


def _card(rng: Random) -> Pen:
    pen = Pen(Image.new("RGB", (WIDTH, HEIGHT), (rng.randint(120, 240), rng.randint(120, 240), rng.randint(120, 240))))
    waves(pen, rng, (200, 200, 210))
    return pen


def _bank(person: Person, rng: Random) -> Image.Image:
    pen = _card(rng)
    pen.write((60, 50), rng.choice(("BANK CONTOH", "BANK MAJU JAYA")), 54, path=BOLD)
    number = "".join(rng.choice("0123456789") for _ in range(16))
    pen.write((60, 330), " ".join(number[place : place + 4] for place in range(0, 16, 4)), 60, path=OCR_A)
    pen.write((360, 430), f"{rng.randint(1, 12):02}/{rng.randint(26, 32)}", 36)
    pen.write((60, 510), person.name, 38, path=BOLD)
    return pen.sheet


def _licence(person: Person, rng: Random) -> Image.Image:
    pen = _card(rng)
    pen.centre(20, "INDONESIA", 40)
    pen.centre(66, "SURAT IZIN MENGEMUDI", 40)
    silhouette(pen, (60, 150, 280, 430), rng, (180, 40, 40))
    rows = (
        person.name,
        f"{person.birth_place}, {person.birth_date:%d-%m-%Y}",
        person.address.street,
        "POLDA METRO JAYA",
    )
    for line, text in enumerate(rows):
        pen.write((320, 160 + 56 * line), f"{line + 1}. {text}", 28)
    number = f"{rng.randint(1000, 9999)}-{rng.randint(1000, 9999)}-{rng.randint(100000, 999999)}"
    pen.write((320, 420), number, 40, path=BOLD)
    return pen.sheet


def _tax(person: Person, rng: Random) -> Image.Image:
    pen = _card(rng)
    pen.centre(30, "KEMENTERIAN KEUANGAN REPUBLIK INDONESIA", 34)
    pen.centre(76, "DIREKTORAT JENDERAL PAJAK", 34)
    pen.write(
        (60, 170),
        f"NPWP : {rng.randint(10, 99)}.{rng.randint(100, 999)}.{rng.randint(100, 999)}.1-015.000",
        44,
        path=BOLD,
    )
    pen.write((60, 260), person.name, 40)
    pen.write((60, 330), person.address.street, 30)
    return pen.sheet


def _blank(person: Person, rng: Random) -> Image.Image:
    return Image.new("RGB", (WIDTH, HEIGHT), (rng.randint(200, 255),) * 3)


def _selfie(person: Person, rng: Random) -> Image.Image:
    pen = Pen(Image.new("RGB", (WIDTH, HEIGHT), (rng.randint(100, 220), 170, 160)))
    silhouette(pen, (200, 0, 820, HEIGHT), rng, (rng.randint(100, 220), 170, 160))
    return pen.sheet


def _app(person: Person, rng: Random) -> Image.Image:
    sheet = Image.new("RGB", (720, 1280), (246, 248, 250))
    ImageDraw.Draw(sheet).rectangle((0, 0, 720, 120), fill=(0, 110, 190))
    pen = Pen(sheet)
    pen.write((40, 40), rng.choice(("Ubah Data Peserta", "Pesan", "Saldo Anda")), 40, path=BOLD, ink=(255, 255, 255))
    for line in range(rng.randint(4, 9)):
        pen.write((40, 170 + 100 * line), rng.choice(("Nomor HP", "Segmen", "Faskes", "Status", "Kelas")), 28)
        pen.write((40, 206 + 100 * line), f"{rng.randint(100, 999)} {person.occupation}", 32)
    return sheet


def _letter(person: Person, rng: Random) -> Image.Image:
    pen = Pen(Image.new("RGB", (WIDTH, 1300), (250, 250, 246)))
    pen.centre(80, "SURAT KETERANGAN", 44)
    for line in range(14):
        pen.write(
            (80, 200 + 60 * line),
            " ".join(rng.choice(("dengan", "ini", "bahwa", "yang", "surat")) for _ in range(9)),
            30,
        )
    pen.write((80, 1120), person.name, 30)
    return pen.sheet
