"""What the participant is told of a code that has not gone out, or did not arrive, and what to do now."""

from datetime import datetime

from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _

from participants import phone
from verification.models import PhoneChangeRequest
from verification.sending import Sending, newest_code, state_of


def trouble_of(case: PhoneChangeRequest, *, at: datetime) -> str:
    """Return what is wrong with the newest code of a request, and what to do; empty when nothing is known to be."""
    message = newest_code(request=case)
    state = state_of(message, at=at)
    if message is None or state is Sending.FINE:
        return ""
    until = time_format(timezone.localtime(message.expires_at), "H:i")
    words = {
        Sending.UNSENT: _(
            "The SMS with the code could not be sent to %(number)s. Ask for another code below, visit a branch office"
            " with your KTP and card, or call 165."
        ),
        Sending.STUCK: _(
            "The SMS to %(number)s has not gone out yet: no SMS can be sent at the moment. If it has not come by"
            " %(until)s WIB, ask for another code then, visit a branch office with your KTP and card, or call 165."
        ),
        Sending.UNDELIVERED: _(
            "The SMS did not reach %(number)s. Look whether the telephone is on and has reception, then ask for another"
            " code. If the number is wrong, withdraw the request and begin anew."
        ),
    }
    return words[state] % {"number": phone.mask(message.to), "until": until}
