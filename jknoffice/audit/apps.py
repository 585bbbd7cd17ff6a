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
        from jknoffice.audit import asking, shredding, values, words
        from jknoffice.audit.sealing import opening

        words.register(
            words.AUDIT_ACTIONS,
            fields=words.AUDIT_FIELDS,
            values={
                asking.OnlyAuditors.code: asking.OnlyAuditors.sentence,
                **dict(values.Why.choices),
                **dict(shredding.Why.choices),
                **dict(opening.Why.choices),
            },
        )
