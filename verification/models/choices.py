"""Vocabularies of the requests."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """Where a request came in."""

    SELF_SERVICE = "self_service", _("Self-service")
    LOST_ACCESS = "lost_access", _("Lost access")
    COUNTER = "counter", _("Counter")
    API = "api", _("API")


class ChangeReason(models.TextChoices):
    """Why a participant asks for a new number."""

    LOST_PHONE = "lost_phone", _("Phone lost or stolen")
    DEAD_NUMBER = "dead_number", _("Number no longer active")
    NOT_MINE = "not_mine", _("The registered number is not mine")
    NEW_NUMBER = "new_number", _("Moved to a new number")


class DocumentKind(models.TextChoices):
    """What a photo shows."""

    KTP = "ktp", _("KTP")
    CARD = "card", _("BPJS card")
    KK = "kk", _("Family card (KK)")
    SELFIE = "selfie", _("Selfie")
    POWER_OF_ATTORNEY = "power_of_attorney", _("Power of attorney")


class Fault(models.TextChoices):
    """What is wrong with a photo: named when a better one is asked for."""

    BLURRED = "blurred", _("The photo is blurred")
    GLARE = "glare", _("Light reflects on the card")
    DARK = "dark", _("The photo is too dark")
    CROPPED = "cropped", _("A part of the card is cut off")
    SCREEN = "screen", _("This is a photo of a screen. Photograph the card itself")
    WRONG_DOCUMENT = "wrong_document", _("This is not the document asked for")


class RejectReason(models.TextChoices):
    """Why a request is rejected."""

    NOT_SAME_PERSON = "not_same_person", _("The person on the photo is not the participant")
    DATA_DIFFERS = "data_differs", _("The documents differ from the register")
    DOCUMENT_NOT_VALID = "document_not_valid", _("A document is not valid")
    SUSPECTED_FRAUD = "suspected_fraud", _("Signs of misuse")
    HOLDER_OBJECTS = "holder_objects", _("The holder of the registered number objects")
    WITHDRAWN = "withdrawn", _("The participant no longer wants the change")


class Finding(models.TextChoices):
    """Why a change stands to which the holder of the old number or of the e-mail objected."""

    HOLDER_AGREES = (
        "holder_agrees",
        _("The participant was reached at the old number or by e-mail, and wants it"),
    )
    SEEN_IN_PERSON = "seen_in_person", _("The participant came with the KTP, and wants the change")
    NUMBER_OF_ANOTHER = "number_of_another", _("The old number belongs to somebody else now")
