"""App configuration of the register."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    """Participants, their numbers and their families."""

    name = "participants"
    verbose_name = _("Register")
