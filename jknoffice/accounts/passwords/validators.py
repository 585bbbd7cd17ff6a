"""What `AUTH_PASSWORD_VALIDATORS` asks beside Django's own validators (NIST SP 800-63B-4, 3.1.1.2)."""

import logging
import re

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jknoffice.accounts.passwords import breached

LONGEST = 1000
"""No form takes a longer one."""

WORDS = """
bpjskesehatan bpjs jknoffice jknmobile jkn kesehatan askes peserta petugas operator supervisor auditor administrator
admin kantor cabang office mobile indonesia katasandi sandi password rahasia
""".split()
"""What somebody tries first at this door. A longer word stands before the shorter one that it holds."""
_LETTERS_LEFT = 4

logger = logging.getLogger(__name__)


class MaximumLengthValidator:
    """No longer than what the log-in takes."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for more than 1,000 characters."""
        if len(password) > LONGEST:
            said = ngettext(
                "This password is too long. It may have at most %(n)d character.",
                "This password is too long. It may have at most %(n)d characters.",
                LONGEST,
            )
            raise ValidationError(said % {"n": LONGEST}, code="password_too_long")

    def get_help_text(self) -> str:
        """Return the advice: what is long need not be difficult."""
        return _("A sentence of several words is easy to remember and hard to guess.")


class OwnWordsValidator:
    """More than words of this house and digits."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when next to nothing is left without such words, digits and punctuation."""
        letters = re.sub(r"[\W\d_]+", "", password.casefold())
        left = re.sub("|".join(WORDS), "", letters)
        if left != letters and len(left) < _LETTERS_LEFT:
            raise ValidationError(self.get_help_text(), code="password_own_words")

    def get_help_text(self) -> str:
        """Return the rule."""
        return _("Your password can't be made of words such as BPJS, JKN or petugas and digits only.")


class BreachedPasswordValidator:
    """None that became known; asked only where `JKN_BREACHED_PASSWORDS` names a file."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError for a password in the file, and for any while the file cannot be read."""
        file = settings.BREACHED_PASSWORDS
        if file is None:
            return
        try:
            known = breached.is_listed(password, file=file)
        except OSError as error:
            logger.exception("JKN_BREACHED_PASSWORDS cannot be read: %s", type(error).__name__)
            said = _("Passwords can't be checked at the moment. Please tell your administrator, and try again later.")
            raise ValidationError(said, code="password_unchecked") from error
        if known:
            said = _("This password became known in a theft of data elsewhere. Choose another one.")
            raise ValidationError(said, code="password_breached")

    def get_help_text(self) -> str:
        """Return the rule."""
        return _("Your password can't be one that became known in a theft of data.")
