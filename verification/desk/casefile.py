"""Everything that the review page shows of a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jknoffice.accounts.models import User
from jknoffice.audit.log import Thing
from jknoffice.audit.trail import Step, trail_of
from participants import nik, phone
from participants.models import Peserta
from participants.person import Relative, family
from verification import signals
from verification.annotation.shown import Annotation, annotation
from verification.changes.decision import outcome
from verification.changes.people import OutOfReach
from verification.desk import around
from verification.desk.ages import Age, age_of
from verification.desk.around import Holders, Other
from verification.desk.claims import Claim, claim_of
from verification.desk.evidence import Evidence, evidence
from verification.desk.numbers import Piece, differing
from verification.desk.offers import Offers, offers
from verification.desk.onlookers import Onlooker, onlookers
from verification.desk.person import Side, sides
from verification.documents import viewing
from verification.glass import glass_of
from verification.models import BrokenGlass, CaseNote, Document, PhoneChangeRequest
from verification.models.choices import DocumentKind
from verification.states import EVENTS, Status, Verb

WANTED = (DocumentKind.KTP, DocumentKind.CARD)
LOOKS = frozenset(
    {
        "request.viewed",
        "request.status_viewed",
        "request.printed",
        "request.receipt_printed",
        "request.value_copied",
        "request.copies_viewed",
        "document.viewed",
    }
)
OPINIONS = frozenset(EVENTS[verb] for verb in (Verb.APPROVE, Verb.ENDORSE, Verb.SEND_BACK))
GLASSES_SHOWN = 5
REVIEWED = frozenset({Status.IN_REVIEW, Status.SECOND_REVIEW})


@dataclass(frozen=True, slots=True, kw_only=True)
class Photo:
    """The newest photo of a kind, or None where there is none, and the older ones."""

    kind: DocumentKind
    newest: Document | None
    earlier: tuple[Document, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """A case as the page shows it.

    `claim` is one's own claim. `clear` says that personal values stand there in full, `may_look` that the
    photos may be opened; `sides` is the register in the
    order of KTP and card; `leads_to` is the state that an approval would bring now, None where nobody can approve;
    `trail` has what happened, `looks` who only looked, `onlookers` who else did so a moment ago. `blind` says that a
    first opinion is hidden, because a second one is wanted. `glass` is the opening by which one reads a case of another
    branch, `glasses` are the newest five of the case, which supervisors of its branch are told.
    """

    case: PhoneChangeRequest
    age: Age
    claim: Claim | None
    clear: bool
    may_look: bool
    sides: tuple[Side, Side]
    nik: nik.Reading
    family: Sequence[Relative]
    old_phone: list[Piece]
    new_phone: list[Piece]
    photos: list[Photo]
    evidence: list[Evidence]
    offers: Offers
    leads_to: Status | None
    others: list[Other]
    same_number: list[Other]
    holders: Holders
    notes: list[CaseNote]
    glass: BrokenGlass | None
    glasses: list[BrokenGlass]
    blind: bool
    trail: list[Step]
    looks: list[Step]
    onlookers: list[Onlooker]


def sees_clear(case: PhoneChangeRequest, by: User) -> bool:
    """Return whether `by` sees the personal values of a case within their reach in full.

    Who holds it does, for they have to compare; a frozen case is held by nobody, and a supervisor has to call. Who
    broke the glass sees them, in whatever state the case is.
    """
    if glass_of(case, by):
        return True
    if case.status == Status.FROZEN:
        return by.has_perm("verification.supervise_phonechangerequest")
    return case.claimed_by_id == by.pk


def _is_blind(case: PhoneChangeRequest, by: User) -> bool:
    """Return whether the first opinion is hidden from `by`: who knows it tends to agree."""
    return case.status == Status.SECOND_REVIEW and case.reviewed_by_id not in {None, by.pk}


def open_file(
    *, case: PhoneChangeRequest, by: User, at: datetime, relatives: Sequence[Relative] | None = None
) -> CaseFile:
    """Return what `by` sees of a case within their reach at a moment. The caller has recorded that they look.

    `relatives` are the `family()` of the participant, where the caller has read it.
    """
    peserta = case.peserta
    if peserta is None:
        raise AssertionError("a case without a participant has no branch, and is within nobody's reach")
    glass, clear = glass_of(case, by, at=at), sees_clear(case, by)
    blind = _is_blind(case, by)
    hidden = LOOKS | OPINIONS if blind else LOOKS
    history = trail_of(about=Thing.of(case))
    looks = [step for step in history if step.entry.action in LOOKS]
    signs = signals.look(request=case, at=at) if case.status in REVIEWED else signals.kept(case)
    photos = _photos(case)
    old, new = (_shown(number, clear) for number in (case.old_phone, case.new_phone))
    return CaseFile(
        case=case,
        age=age_of(case, at=at),
        claim=claim_of(case, by=by, at=at),
        clear=clear,
        may_look=viewing.may_look(case, by),
        sides=sides(peserta, typed_birth=case.birth_date, clear=clear, annotations=_annotations(photos, peserta)),
        nik=nik.read(nik=peserta.nik, birth_date=peserta.birth_date, sex=peserta.sex),
        family=family(peserta) if relatives is None else relatives,
        old_phone=differing(old, new) if clear and old else [Piece(old, differs=False)],
        new_phone=differing(new, old) if clear and old else [Piece(new, differs=False)],
        photos=photos,
        evidence=evidence(case=case, signs=signs, by=by),
        offers=_offers(case, by, at),
        leads_to=outcome(request=case, signs=signs) if case.status in REVIEWED else None,
        others=around.of_person(case=case, by=by),
        same_number=around.of_number(case=case, by=by),
        holders=around.holders(new_phone=case.new_phone, apart_from=peserta, by=by),
        notes=_notes(case, blind=blind) if clear else [],
        glass=glass,
        glasses=_glasses(case) if not glass and by.has_perm("verification.supervise_phonechangerequest") else [],
        blind=blind,
        trail=[step for step in history if step.entry.action not in hidden],
        looks=looks,
        onlookers=onlookers(looks, apart_from=by, at=at),
    )


def _offers(case: PhoneChangeRequest, by: User, at: datetime) -> Offers:
    """Return what `by` may do; nothing with a case of another branch, whether the glass is still open or just not."""
    try:
        return offers(case=case, by=by, at=at)
    except OutOfReach:
        return Offers(verbs=frozenset())


def _shown(number: str, clear: bool) -> str:
    if not number:
        return ""
    return phone.show(number) if clear else phone.mask(number)


def _photos(case: PhoneChangeRequest) -> list[Photo]:
    """Return the photos by kind: those that are always wanted first, others when there are any."""
    kept: dict[str, list[Document]] = {kind: [] for kind in WANTED}
    for document in case.documents.order_by("-created_at", "-pk"):
        kept.setdefault(document.kind, []).append(document)
    return [
        Photo(kind=DocumentKind(kind), newest=found[0] if found else None, earlier=tuple(found[1:]))
        for kind, found in kept.items()
    ]


def _annotations(photos: list[Photo], peserta: Peserta) -> dict[DocumentKind, Annotation | None]:
    return {photo.kind: annotation(photo.newest, peserta) for photo in photos if photo.kind in WANTED}


def _glasses(case: PhoneChangeRequest) -> list[BrokenGlass]:
    return list(case.glasses.select_related("broken_by__branch")[:GLASSES_SHOWN])


def _notes(case: PhoneChangeRequest, *, blind: bool) -> list[CaseNote]:
    found = case.notes.select_related("written_by")
    return list(found.exclude(written_by=case.reviewed_by) if blind else found)
