"""The refused rows, as a file to correct and import again."""

import csv
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TextIO

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from participants.importing.faults import SENTENCES, CannotRun, Fault
from participants.importing.source import Source


def demand_other_file(source: Path, rejects: Path) -> None:
    """Raise `CannotRun` when the rejects would overwrite the file that they come from."""
    if rejects.resolve() == source.resolve():
        raise CannotRun("rejects", _("The rejects file would overwrite the file itself. Name another one."))


def write(source: Source, rejects: Path, faults: Mapping[int, Fault]) -> None:
    """Write line, column, reason and sentence before each refused row; with no fault, remove what an earlier run left.

    Only the owner may read the file. The cells stand there as they came, because they are to be corrected and
    imported again (the four columns in front do not disturb that): whoever opens it in a spreadsheet should know that
    a cell may begin with `=`. Raises `CannotRun` when the file cannot be written.
    """
    try:
        if not faults:
            if rejects.is_file():  # not /dev/null
                rejects.unlink()
            return
        with _open(rejects) as file, override(settings.LANGUAGE_CODE):
            writer = csv.writer(file)
            writer.writerow(["line", "column", "reason", "sentence", *source.header])
            for line in source.lines():
                if fault := faults.get(line.number):
                    sentence = str(SENTENCES[fault.code])
                    writer.writerow([line.number, fault.column, fault.code, sentence, *line.cells])
    except OSError as error:
        sentence = _("The rejects file cannot be written: %(reason)s.")
        raise CannotRun("rejects", sentence % {"reason": error.strerror}) from error


def _open(rejects: Path) -> TextIO:
    descriptor = os.open(rejects, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(descriptor, "w", encoding="utf-8", newline="")
