"""What the domain says when it will not do something."""

from datetime import timedelta
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """The domain declines, and says to a person what to do instead.

    Subclasses stand beside the function that raises them. `code` is a stable word for logs, tests and the API;
    `sentence` is for the person, in their language, and carries no personal data.
    """

    code: ClassVar[str] = "refused"
    sentence: str | Promise = _("This is not possible now.")

    def __init__(self, sentence: str | Promise | None = None) -> None:
        if sentence is not None:
            self.sentence = sentence
        super().__init__(self.code)

    def __str__(self) -> str:
        return str(self.sentence)


class TooOften(Refusal):
    """A limit is used up; `wait` is how long it lasts."""

    code = "too_many"

    def __init__(self, wait: timedelta, sentence: str | Promise | None = None) -> None:
        self.wait = wait
        super().__init__(sentence)
