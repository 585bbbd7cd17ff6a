"""What data admins fill in on the way of a file into the register."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from participants.importing.columns import COLUMNS, OPTIONAL
from participants.models import ImportUpload

LABELS = {
    "nik": _("NIK"),
    "card_number": _("Card number"),
    "kk_number": _("Family card number (KK)"),
    "name": _("Name"),
    "birth_place": _("Place of birth"),
    "birth_date": _("Date of birth"),
    "sex": _("Sex"),
    "phone": _("Mobile number"),
    "email": _("E-mail"),
    "segment": _("Segment"),
    "care_class": _("Care class"),
    "relation": _("Family relation"),
    "status": _("Status"),
    "facility": _("Primary care facility"),
    "branch": _("Branch"),
}
"""What the columns of the register are called on pages."""

_LONGEST_TITLE = 40


class FileForm(forms.Form):
    """A file. `cut_off` says that it was larger than allowed."""

    file = forms.FileField(
        label=_("File with participants"),
        max_length=255,
        error_messages={
            "required": _("Choose a file first."),
            "empty": _("The file is empty."),
            "invalid": _("Choose a file first."),
        },
    )

    def __init__(self, *args: Any, cut_off: bool = False, most: int = 0, **options: Any) -> None:
        self._cut_off, self._most = cut_off, most
        super().__init__(*args, **options)
        self.fields["file"].widget.attrs["data-most"] = most

    def clean(self) -> dict[str, Any]:
        """Refuse what was cut off, in the place of saying that there is no file."""
        if self._cut_off:
            self.errors.pop("file", None)
            sentence = _("The file is larger than %(most)s MiB. Import it with the command import_peserta instead.")
            self.add_error("file", ValidationError(sentence, params={"most": self._most // 1024 // 1024}))
        return self.cleaned_data


class ColumnsForm(forms.Form):
    """Where each of our columns stands in a file, and of when the file is."""

    def __init__(self, upload: ImportUpload, data: Mapping[str, Any] | None = None) -> None:
        initial: dict[str, Any] = {column: str(place) for column, place in upload.places.items()}
        super().__init__(data, initial=initial | {"as_of": timezone.localdate(upload.as_of)})
        self._as_of = upload.as_of
        titles = [(str(place), _titled(title, place)) for place, title in enumerate(upload.reading["header"])]
        for column in COLUMNS:
            self.fields[column] = forms.ChoiceField(
                label=LABELS[column],
                choices=[("", _("– not in the file")), *titles],
                required=column not in OPTIONAL,
                error_messages={"required": _("This column is needed. Choose the one of the file.")},
            )
        self.fields["as_of"] = forms.DateField(
            label=_("State of the file"),
            help_text=_(
                "The day of which the file tells. Numbers that requests changed since then are kept. Unless you say"
                " otherwise it is 30 days ago, so that no number is taken back by mistake."
            ),
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )

    def column_fields(self) -> list[forms.BoundField]:
        """Return the fields of the columns; the date is apart."""
        return [self[column] for column in COLUMNS]

    def missing(self) -> list[str]:
        """Return what needed columns are called that nobody has found in the file yet."""
        return [str(LABELS[column]) for column in COLUMNS if column not in OPTIONAL and column not in self.initial]

    def clean_as_of(self) -> date:
        """Refuse a day that is not over, and years that no file is of."""
        day: date = self.cleaned_data["as_of"]
        if not date(2014, 1, 1) <= day <= timezone.localdate():  # JKN began in 2014
            raise ValidationError(_("This day cannot be: it lies in the future, or before JKN began in 2014."))
        return day

    def clean(self) -> dict[str, Any]:
        """Refuse one column of the file for two of ours."""
        taken: dict[str, str] = {}
        for column in COLUMNS:
            place = self.cleaned_data.get(column)
            if place and taken.setdefault(place, column) != column:
                sentence = _("This column is chosen for “%(other)s” already.")
                self.add_error(column, ValidationError(sentence, params={"other": LABELS[taken[place]]}))
        return self.cleaned_data

    def places(self) -> dict[str, int]:
        """Return the place of each column that the file has."""
        return {column: int(self.cleaned_data[column]) for column in COLUMNS if self.cleaned_data[column]}

    def as_of(self) -> datetime:
        """Return the moment of which the file tells: as it was, or the beginning of another day that was given."""
        day: date = self.cleaned_data["as_of"]
        if day == timezone.localdate(self._as_of):
            return self._as_of
        return timezone.make_aware(datetime.combine(day, time.min))


class ConfirmForm(forms.Form):
    """The name of the file, typed."""

    typed = forms.CharField(
        label=_("Type the name of the file to import it"),
        max_length=255,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        error_messages={"required": _("Type the name of the file, as it stands above.")},
    )


def _titled(title: str, place: int) -> str:
    plain = " ".join(title.split())
    if not plain:
        return str(_("Column %(number)s (without a title)") % {"number": place + 1})
    return plain if len(plain) <= _LONGEST_TITLE else f"{plain[:_LONGEST_TITLE]}…"
