"""Telling people by e-mail what happened to their password and second step (OWASP ASVS 5.0, 6.3.7).

The e-mail is ordered in the transaction of the change and sent by the worker: one that does not go out breaks nothing.
"""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from functools import partial

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override
from procrastinate.contrib.django import app

from jknoffice.accounts.models import User
from jknoffice.audit.actor import Actor
from jknoffice.audit.log import Thing, record

TELL_TASK = "accounts.tell"
TOLD = "account.told"


class Event(StrEnum):
    """What people are told."""

    ADDED = "factor_added"
    REPLACED = "factor_replaced"
    REMOVED = "factor_removed"
    CODES = "codes_made"
    PASSKEY_COPIED = "passkey_copied"
    RESET = "factors_reset"
    PASSWORD = "password_changed"  # noqa: S105 - the name of an event
    VOIDED = "password_voided"


WORDS: Mapping[Event, str | Promise] = {
    Event.ADDED: gettext_lazy("An authenticator or a passkey was set up for your account."),
    Event.REPLACED: gettext_lazy("The authenticator of your account was exchanged for another one."),
    Event.REMOVED: gettext_lazy("A passkey of your account was removed."),
    Event.CODES: gettext_lazy("New recovery codes were made for your account. The old ones do not work any more."),
    Event.PASSKEY_COPIED: gettext_lazy(
        "A passkey of your account was refused: it may have been copied. It does not count any more."
    ),
    Event.RESET: gettext_lazy(
        "Two staff administrators have reset the second step of your account. You were logged out everywhere. To log in"
        " again you need your password and a one-time link, which one of them hands you in person."
    ),
    Event.VOIDED: gettext_lazy(
        "A staff administrator has made the password of your account void, and you were logged out everywhere. You"
        " choose a new one with a one-time link. Your second step stays as it is."
    ),
    Event.PASSWORD: gettext_lazy("The password of your account was changed. Your other log-ins have ended."),
}


class NotSent(Exception):
    """The mail server did not take it; named by the kind of error, for its words may quote the address."""


def order(*, user: User, event: Event, at: datetime) -> None:
    """Let the worker tell `user`, if there is an e-mail address and a mail server. In the transaction of the change."""
    if user.email and settings.MAIL_IS_SET_UP:
        app.configure_task(TELL_TASK).defer(user_id=user.pk, event=event.value, at=at.isoformat())


def tell(*, user_id: int, event: Event, at: datetime) -> None:
    """Send what was ordered, and record it. Raises `NotSent`; to be called outside of a transaction."""
    user = User.objects.filter(pk=user_id).exclude(email="").first()
    if user is None:
        return
    try:
        _letter(user, event, at).send()
    except Exception as error:  # noqa: BLE001 - whatever a mail server does is one failed attempt
        raise NotSent(type(error).__name__) from None
    with transaction.atomic():
        record(TOLD, by=Actor.system("worker"), about=Thing.of(user), after={"what": event.value})


def _letter(user: User, event: Event, at: datetime) -> EmailMessage:
    # Accounts keep no language of their own: both are said, the product's first.
    languages = sorted((code for code, _name in settings.LANGUAGES), key=lambda code: code != settings.LANGUAGE_CODE)
    with override(settings.LANGUAGE_CODE):
        subject = _("JKN Office: your log-in")
    return EmailMessage(
        subject=subject,
        body="\n\n--\n\n".join(map(partial(_said, event, at), languages)) + "\n",
        to=[user.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _said(event: Event, at: datetime, language: str) -> str:
    with override(language):
        moment = date_format(timezone.localtime(at), "j F Y H:i")
        lines = [
            str(WORDS[event]),
            _("When: %(time)s WIB") % {"time": moment},
            _(
                "If that was you, you need not do anything. If not, tell your staff administrator at once, by telephone"
                " or in person."
            ),
        ]
        return "\n\n".join(lines)
