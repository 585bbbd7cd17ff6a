"""What the audit log calls the events of the register, and the codes in their entries."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from jknoffice.audit.reveals import TooManyReveals
from jknoffice.audit.words import Label
from participants.person import Why
from participants.revealing import Field
from participants.searching.asked import Kind
from participants.searching.patience import TooSlow
from participants.searching.search import TooManySearches

ACTIONS: Mapping[str, Label] = {
    "peserta.searched": _("Searched for a participant"),
    "peserta.search_refused": _("Was refused a search for a participant"),
    "peserta.viewed": _("Looked at a participant"),
    "peserta.view_refused": _("Was refused a participant's page"),
    "peserta.value_copied": _("Copied a value"),
    "peserta.revealed": _("Revealed a participant's data"),
    "peserta.reveal_refused": _("Was refused to reveal a participant's data"),
    "peserta.family_viewed": _("Looked at a participant's family"),
    "peserta.number_viewed": _("Looked who has a participant's number"),
    "peserta.phone_changed": _("Changed the registered number"),
    "peserta.email_changed": _("Changed the registered e-mail address"),
    "participant.registered": _("Made an account at the portal"),
    "participant.login": _("Logged in at the portal"),
    "participant.login_refused": _("Was refused at the portal's log-in"),
    "participant.logout": _("Logged out at the portal"),
    "participant.password_changed": _("Changed the password of the portal"),
    "participant.data_viewed": _("Looked at their own data"),
    "import.finished": _("Imported a file"),
    "import.refused": _("Could not import a file"),
    "import.uploaded": _("Uploaded a file"),
    "import.upload_refused": _("Was refused to upload a file"),
    "import.previewed": _("Looked at the first rows of a file"),
    "import.columns_chosen": _("Chose the columns of a file"),
    "import.file_imported": _("Brought an uploaded file into the register"),
    "import.failed": _("An uploaded file could not be checked or imported"),
    "import.check_ordered": _("Ordered the dry run of a file"),
    "import.checked": _("Checked a file in a dry run"),
    "import.confirmed": _("Confirmed the import of a file"),
    "import.confirm_refused": _("Was refused the import of a file"),
    "import.report_downloaded": _("Downloaded rows of a file"),
    "import.upload_removed": _("Deleted an uploaded file"),
}

FIELDS: Mapping[str, Label] = {
    "search": _("Searched by"),
    "count": _("People found"),
    "cut_off": _("Too many found"),
    "shown": _("People shown"),
    "birth_date": _("Date of birth"),
    "cause": _("Cause"),
    "old_phone": _("Registered number"),
    "old_email": _("Earlier e-mail address"),
    "new_email": _("New e-mail address"),
    "new_phone": _("New mobile number"),
    "sha256": _("Fingerprint (SHA-256)"),
    "rows": _("Rows"),
    "created": _("Created"),
    "updated": _("Updated"),
    "unchanged": _("Unchanged"),
    "refused": _("Refused"),
    "warnings": _("Warnings"),
    "kept_phone": _("Kept numbers"),
    "kept_email": _("Kept e-mail addresses"),
    "changed_phone": _("Changed numbers"),
    "bytes": _("Size in bytes"),
    "file_name": _("File"),
    "places": _("Columns"),
    "as_of": _("State of the file"),
    "report": _("Report"),
    "batch": _("Import"),
}

VALUES: Mapping[str, Label] = {
    "no_permission": _("The role does not allow it"),
    "import_peserta": _("import"),
    **dict(Field.choices),
    "retention": _("deletion after the time limit"),
    "rejects": _("refused rows"),
    "warnings": _("rows with warnings"),
    "wrong_name": _("The name that was typed is not the file's name"),
    "too_many_uploads": _("Too many files are waiting"),
    "forgotten": _("Forgotten password"),
    "no_file": _("No file was chosen"),
    "too_large": _("The file is too large"),
    "broken": _("Something went wrong on our side"),
    **{refusal.code: refusal.sentence for refusal in (TooManySearches, TooSlow)},
    **dict(Kind.choices),
    **dict(Why.choices),
    TooManyReveals.code: _("Too many values revealed within an hour"),
}
