"""Who logs in at the participants' door."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from participants.models.peserta import Peserta

USERNAME = r"^[a-z][a-z0-9._-]{3,29}$"
"""A user name begins with a letter and has no @: it is never taken for an identifier or an e-mail address."""


class ParticipantAccount(AbstractBaseUser):
    """A participant's user name and password. It stands apart from the accounts of staff, in a table of its own.

    So the web's database role may add participants' accounts and no others, and nothing that is asked of a member of
    staff (`is_staff`, a role, a permission) can ever be answered by one of these. `username` and `email` are in small
    letters; `email` is empty until a code sent there has been typed.
    """

    peserta = models.OneToOneField(Peserta, models.PROTECT, related_name="account", verbose_name=_("participant"))
    username = models.CharField(
        _("user name"),
        max_length=30,
        validators=[
            RegexValidator(
                USERNAME,
                _("Use 4 to 30 small letters, digits, dots or dashes. Begin with a letter."),
            )
        ],
    )
    email = models.EmailField(_("e-mail"), blank=True)
    created_at = models.DateTimeField(_("created"))

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("participant's account")
        verbose_name_plural = _("participants' accounts")
        constraints = [
            models.UniqueConstraint(fields=["username"], name="account_username"),
            models.UniqueConstraint(fields=["email"], condition=~models.Q(email=""), name="account_email"),
            models.CheckConstraint(condition=models.Q(username__regex=USERNAME), name="account_username_form"),
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"
