"""What the desk says after a step. No number stands there in full: messages travel in a cookie."""

from django.utils.translation import gettext as _

from participants import phone
from verification.models import PhoneChangeRequest
from verification.moments import written
from verification.states import Status


def approved(case: PhoneChangeRequest) -> str:
    """Return what follows from an approval, read from the state that the case is in now."""
    if case.status == Status.SECOND_REVIEW:
        return _("%(case)s is approved. It now needs a second approval by a supervisor.") % {"case": case}
    if case.status == Status.ON_HOLD and case.hold_until:
        return _(
            "%(case)s is approved. The number will be changed on %(moment)s, unless the old number's holder objects."
        ) % {"case": case, "moment": written(case.hold_until)}
    return _("%(case)s is approved. The number is changed: the register now has %(number)s.") % {
        "case": case,
        "number": phone.mask(case.new_phone),
    }


def endorsed(case: PhoneChangeRequest) -> str:
    """Return what follows from a second approval, and what the first person thought, which was hidden until now."""
    first = _("%(name)s had approved it as well.") % {"name": case.reviewed_by.full_name if case.reviewed_by else ""}
    return f"{approved(case)} {first}"


def claimed(case: PhoneChangeRequest) -> str:
    """Return that a case is one's own now."""
    return _("You work on %(case)s now. Your colleagues see that.") % {"case": case}


def released(case: PhoneChangeRequest) -> str:
    """Return that a case is free again."""
    return _("%(case)s is free again.") % {"case": case}


def rejected(case: PhoneChangeRequest) -> str:
    """Return that a case was rejected."""
    return _("%(case)s is rejected. The participant is told by SMS; nothing has been deleted.") % {"case": case}


def asked(case: PhoneChangeRequest) -> str:
    """Return that a better photo was asked for."""
    return _("%(case)s: the participant is asked by SMS for a better photo.") % {"case": case}


def sent_back(case: PhoneChangeRequest) -> str:
    """Return that a case went back to the queue, and whose opinion the second one differs from."""
    back = _("%(case)s is back in the queue, for another operator.") % {"case": case}
    if case.reviewed_by is None:
        return back
    first = _("%(name)s had approved it.") % {"name": case.reviewed_by.full_name}
    return f"{back} {first}"


def escalated(case: PhoneChangeRequest) -> str:
    """Return that a supervisor has the case."""
    return _("%(case)s is with the supervisors now.") % {"case": case}


def snoozed(case: PhoneChangeRequest) -> str:
    """Return until when a case is put off."""
    moment = written(case.snoozed_until) if case.snoozed_until else ""
    return _("%(case)s is put off until %(moment)s.") % {"case": case, "moment": moment}


def noted(case: PhoneChangeRequest) -> str:
    """Return that a note is kept."""
    return _("Your note on %(case)s is kept; your colleagues see it.") % {"case": case}


def unfrozen(case: PhoneChangeRequest) -> str:
    """Return that a frozen change goes on."""
    return _("%(case)s goes on; its hold begins anew.") % {"case": case}


def reversal_asked(case: PhoneChangeRequest) -> str:
    """Return that the first of two people wants a change undone."""
    return _("The reversal of %(case)s is asked for. Another supervisor has to carry it out.") % {"case": case}


def dispute_closed(case: PhoneChangeRequest) -> str:
    """Return that a disputed change stands."""
    return _("The dispute of %(case)s is closed; those who objected are told.") % {"case": case}


def reversed_back(case: PhoneChangeRequest) -> str:
    """Return that a change was undone."""
    return _("%(case)s is reversed. The register has the old number again.") % {"case": case}


def cancelled(case: PhoneChangeRequest) -> str:
    """Return that a request was cancelled."""
    return _("%(case)s is cancelled.") % {"case": case}
