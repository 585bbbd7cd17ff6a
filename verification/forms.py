"""The fields that more than one door has: each turns what people type into what the domain takes."""

import re
from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from jknoffice.refusal import Refusal
from participants import identifiers, phone
from verification.documents import pictures

Given = TypeVar("Given")
Read = TypeVar("Read")


def reading(read: Callable[[Given], Read], given: Given) -> Read:
    """Return what a reader of the domain makes of `given`; raise its refusal as a form error."""
    try:
        return read(given)
    except Refusal as refusal:
        raise ValidationError(str(refusal)) from refusal


class IdentifierField(forms.CharField):
    """A NIK or card number; cleans to its 16 or 13 digits."""

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {
            "label": _("NIK or BPJS card number"),
            "help_text": _("The 16 digits of the NIK on the KTP, or the 13 digits on the BPJS card."),
            "max_length": 40,
            "widget": forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"}),
        }
        super().__init__(**(defaults | options))

    def clean(self, value: Any) -> Any:
        """Return the digits."""
        return reading(identifiers.parse, super().clean(value))


class NewPhoneField(forms.CharField):
    """A mobile number; cleans to E.164."""

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {
            "label": _("New mobile number"),
            "max_length": 40,
            "widget": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        }
        super().__init__(**(defaults | options))

    def clean(self, value: Any) -> Any:
        """Return the number in E.164."""
        return reading(phone.normalise, super().clean(value))


class PhotoField(forms.FileField):
    """A photo; cleans to a `Picture`, decoded and drawn anew."""

    def __init__(self, **options: Any) -> None:
        defaults: dict[str, Any] = {
            "label": _("Photo"),
            "help_text": _("JPEG or PNG, at most 10 MB. Take it in good light, with the whole card in view."),
            "allow_empty_file": True,
            "widget": forms.FileInput(attrs={"accept": "image/jpeg,image/png"}),
            "error_messages": {"required": _("Choose a photo first.")},
        }
        super().__init__(**(defaults | options))

    def clean(self, data: Any, initial: Any = None) -> Any:
        """Return the picture in the file."""
        return reading(pictures.read, super().clean(data, initial))

    @staticmethod
    def note_cut_off(form: forms.BaseForm) -> None:
        """Let all photos that are missing in a form say that the upload was stopped, instead of asking for one."""
        for field in form.fields.values():
            if isinstance(field, PhotoField):
                field.error_messages["required"] = pictures.TOO_LARGE


class CodeField(forms.CharField):
    """The six digits from the SMS."""

    def __init__(self, **options: Any) -> None:
        attrs = {"inputmode": "numeric", "autocomplete": "one-time-code", "size": 8, "class": "jkn-number"}
        defaults: dict[str, Any] = {
            "label": _("Code from the SMS"),
            "help_text": _("Six digits."),
            "max_length": 20,
            "widget": forms.TextInput(attrs=attrs),
        }
        super().__init__(**(defaults | options))

    def clean(self, value: Any) -> Any:
        """Return the six digits; anything else is a slip of the finger and costs no guess."""
        typed = re.sub(r"[\s.-]", "", super().clean(value))
        if not re.fullmatch(r"[0-9]{6}", typed):
            raise ValidationError(_("The code has six digits. Look at the SMS again."))
        return typed
