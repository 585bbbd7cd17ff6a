"""Questions to the log that auditors ask again and again."""

from urllib.parse import urlencode

from django.db import models
from django.utils.translation import gettext_lazy as _


class AuditQuestion(models.Model):
    """The filters of a list of entries under a name. It names no person, and no case: `questions.save()` sees to it.

    `owner` is a user name; `filters` are texts by the name of a field of `EntryFilter`, as its query string has them.
    """

    owner = models.CharField(_("owner"), max_length=150)
    name = models.CharField(_("name"), max_length=60)
    filters = models.JSONField(_("filters"))
    is_shared = models.BooleanField(_("shared with all auditors"))

    class Meta:
        verbose_name = _("saved question")
        verbose_name_plural = _("saved questions")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "name"], name="audit_question_name_once")]

    def __str__(self) -> str:
        return f"{self.owner}/{self.pk}"

    @property
    def query(self) -> str:
        """The filters as a query string of the list."""
        return urlencode(self.filters)
