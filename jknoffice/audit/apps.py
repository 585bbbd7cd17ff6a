"""App configuration of the audit log."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """The ground that every other app stands on; imports none of them."""

    name = "jknoffice.audit"
    label = "audit"
    verbose_name = _("Audit")

    def ready(self) -> None:
        """Name the log's own actions."""
        from jknoffice.audit import asking, questions, scope, shredding, values, words
        from jknoffice.audit.export import download
        from jknoffice.audit.sealing import opening

        words.register(
            words.AUDIT_ACTIONS,
            fields=words.AUDIT_FIELDS,
            values={
                **{
                    refusal.code: refusal.sentence
                    for refusal in (
                        asking.OnlyAuditors,
                        download.NoEntries,
                        download.TooManyEntries,
                        questions.NamesSomebody,
                        scope.OutOfScope,
                    )
                },
                **dict(values.Why.choices),
                **dict(shredding.Why.choices),
                **dict(opening.Why.choices),
            },
        )
