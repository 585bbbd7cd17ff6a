"""What the machine read of a field, as the review page shows it beside the register."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.utils.functional import Promise

from participants import identifiers
from participants.models import Peserta
from verification.annotation.comparing import Compared, Verdict
from verification.annotation.shown import FIELDS, VERDICTS, Annotation, registered
from verification.desk.numbers import Piece, differing
from verification.reading.result import FieldName

_LOOKS = {Verdict.DIFFERS: "bad", Verdict.SIMILAR: "warn", Verdict.UNSURE: "warn"}
_NUMBERS = frozenset({FieldName.NIK, FieldName.CARD_NUMBER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """One field as it was read: `pieces` mark what differs, `words` are the verdict and `look` its colour.

    `box` says where on the photo it stands, "" where it was not read; `corrected` what a person saw instead.
    """

    name: FieldName
    label: Promise
    pieces: tuple[Piece, ...]
    words: Promise
    look: str
    box: str
    corrected: str


def reads_of(annotation: Annotation | None, peserta: Peserta) -> Callable[..., tuple[Read, ...]]:
    """Return a function that gives what was read of some fields, nothing where nothing was."""
    stands = registered(peserta)

    def reads(*names: FieldName) -> tuple[Read, ...]:
        if annotation is None:
            return ()
        found = [(name, annotation.compared[name]) for name in names if name in annotation.compared]
        return tuple(_read(name, each, stands[name], annotation) for name, each in found)

    return reads


def _read(name: FieldName, compared: Compared, stands: str, annotation: Annotation) -> Read:
    return Read(
        name=name,
        label=FIELDS[name],
        pieces=_pieces(name, compared, stands),
        words=VERDICTS[compared.verdict],
        look=_LOOKS.get(compared.verdict, ""),
        box=annotation.boxes.get(name, ""),
        corrected=annotation.corrected.get(name, ""),
    )


def _pieces(name: FieldName, compared: Compared, stands: str) -> tuple[Piece, ...]:
    if not compared.read or compared.verdict is Verdict.MATCH:
        return ()
    if name in _NUMBERS:
        return tuple(differing(identifiers.show(compared.read), stands))
    if name is FieldName.BIRTH_DATE:
        read, born = date.fromisoformat(compared.read), date.fromisoformat(stands)
        return tuple(differing(f"{read:%d-%m-%Y}", f"{born:%d-%m-%Y}"))
    marked = ((char, place in compared.differing) for place, char in enumerate(compared.read))
    runs = groupby(marked, key=lambda pair: pair[1])
    return tuple(Piece("".join(char for char, _differs in run), differs) for differs, run in runs)
