"""The specimen of a JKN card, the proof of being insured."""

from random import Random

from PIL import Image, ImageDraw

from jknoffice.demo.cards.photo import photographed
from jknoffice.demo.cards.sheet import HEIGHT, INK, WIDTH, bold, fitted, font, stamp
from jknoffice.demo.people import Person

_GREEN = (20, 132, 72)
_LIME = (150, 198, 60)
_WHITE = (252, 253, 252)
_QUIET = (84, 96, 90)


def draw_jkn_card(person: Person, *, seed: int) -> bytes:
    """Return a photo of the person's specimen card as JPEG bytes. The same person and seed give the same photo."""
    rng = Random(f"{seed}/card/{person.card_number}")
    sheet = Image.new("RGB", (WIDTH, HEIGHT), _WHITE)
    draw = ImageDraw.Draw(sheet)
    draw.ellipse((620, 300, 1300, 980), fill=(232, 244, 236))
    draw.rectangle((0, 0, WIDTH, 132), fill=_GREEN)
    draw.rectangle((0, 132, WIDTH, 142), fill=_LIME)
    bold(draw, (44, 26), "KARTU PESERTA JKN", 44, _WHITE)
    draw.text((44, 82), "Jaminan Kesehatan Nasional", fill=_WHITE, font=font(26))
    draw.ellipse((884, 26, 964, 106), outline=_WHITE, width=6)
    draw.line((924, 44, 924, 88), fill=_WHITE, width=8)
    draw.line((902, 66, 946, 66), fill=_WHITE, width=8)
    draw.text((44, 168), "Nomor Kartu", fill=_QUIET, font=font(24))
    bold(draw, (44, 198), person.card_number, 52)
    for line, (label, value) in enumerate(_fields(person)):
        y = 288 + 52 * line
        draw.text((44, y), label, fill=_QUIET, font=font(26))
        bold(draw, (290, y), fitted(value, 28, 660), 28, INK)
    _stripes(draw, rng)
    return photographed(stamp(sheet), rng)


def _fields(person: Person) -> list[tuple[str, str]]:
    return [
        ("Nama", person.name),
        ("Tanggal Lahir", f"{person.birth_date:%d-%m-%Y}"),
        ("NIK", person.nik),
        ("Faskes Tingkat I", person.facility),
        ("Kelas Rawat", f"Kelas {person.care_class}"),
    ]


def _stripes(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    """A bar code that says nothing."""
    x = 44
    while x < 420:
        width = rng.choice((2, 3, 5))
        draw.rectangle((x, 566, x + width, 612), fill=INK)
        x += width + rng.choice((3, 4, 6))
