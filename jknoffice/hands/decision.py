"""Who may do what with each table. A table that is missing here lets `grant_hands` and a test fail."""

from enum import StrEnum
from typing import NamedTuple


class Hand(StrEnum):
    """A database role by what it is for; its name in the database is free (`jkn_web` by default)."""

    WEB = "web"
    WORKER = "worker"
    SEALER = "sealer"


class Rights(NamedTuple):
    """The privileges of the three hands, as GRANT spells them, parted by spaces: `SELECT UPDATE(note)`.

    The worker's hand is also that of the commands which data admins and auditors call.
    """

    web: str = ""
    worker: str = ""
    sealer: str = ""

    def of(self, hand: Hand) -> list[str]:
        """Return the privileges of one hand."""
        return str(getattr(self, hand)).split()


READ = "SELECT"
ADD = "SELECT INSERT"
WORK = "SELECT INSERT UPDATE"
ALL = "SELECT INSERT UPDATE DELETE"

_READ_BY_PEOPLE = Rights(web=READ, worker=READ)
_READ_BY_ALL = Rights(web=READ, worker=READ, sealer=READ)
_SEALED = Rights(web=READ, worker=READ, sealer=ADD)
_QUEUE = Rights(web=ADD, worker=ALL, sealer=ALL)

DECISION: dict[str, Rights] = {
    # The log: everybody adds, nobody changes. Only the sealer writes what is sealed, and it signs a checkpoint once.
    "audit_auditlog": Rights(web=ADD, worker=ADD, sealer=ADD),
    "audit_auditvalue": Rights(web=ADD, worker=ADD),
    "audit_auditsubject": Rights(web=ADD, worker=f"{ADD} UPDATE(wrapped_key)"),  # emptied by shredding
    "audit_auditquestion": Rights(web=ALL),
    "audit_auditorigin": _SEALED,
    "audit_auditleaf": _SEALED,
    "audit_auditnode": _SEALED,
    "audit_auditkey": _SEALED,
    "audit_auditcheckpoint": Rights(web=READ, worker=READ, sealer=f"{ADD} UPDATE(note)"),
    "audit_audithalt": Rights(web=READ, worker=READ, sealer=f"{ADD} UPDATE(ended_at)"),
    # Staff. At the web people change what proves that they are themselves, and staff administrators the rest; triggers
    # hold what the web may add and whom it may make an administrator (accounts, migration 0008).
    "accounts_branch": Rights(web=READ, worker=WORK),
    "accounts_user": Rights(
        web=f"{ADD} UPDATE(last_login,password,role,branch_id,is_active,needs_link"
        ",suspended_at,suspended_by_id,left_at,left_by_id)",
        worker=ADD,
    ),
    "accounts_stafflink": Rights(web=WORK, worker=f"{ADD} UPDATE(revoked_at)"),
    "accounts_proposal": Rights(web=WORK, worker=READ),
    "accounts_staffletter": Rights(web=ADD, worker="SELECT INSERT UPDATE(tries) DELETE"),
    "accounts_counter": Rights(web=WORK, worker=ALL),
    "accounts_recoverycode": Rights(web=ALL),
    "otp_totp_totpdevice": Rights(web=ALL),
    "accounts_passkey": Rights(web=ALL),
    "accounts_passkeychallenge": Rights(web=ALL, worker="SELECT DELETE"),
    "accounts_websession": Rights(web=ALL, worker="SELECT DELETE"),
    # The register. Only an import adds people or changes anything but a number or an e-mail address.
    "participants_peserta": Rights(
        web=f"{READ} UPDATE(phone,phone_changed_at,email,email_changed_at,updated_at)", worker=WORK
    ),
    # Participants log in by a table of their own: the web may add nobody to the staff.
    "participants_participantaccount": Rights(web=WORK, worker=READ),
    "participants_importbatch": Rights(web=READ, worker=WORK),
    "participants_importupload": Rights(web=WORK, worker="SELECT UPDATE"),
    # Between file and register, emptied by every import.
    "participants_staged": Rights(worker="SELECT INSERT TRUNCATE MAINTAIN"),
    "participants_checked": Rights(worker="SELECT INSERT TRUNCATE MAINTAIN"),
    "participants_stage": Rights(worker="SELECT INSERT UPDATE TRUNCATE"),
    # Requests stay; photos of requests that came to nothing are removed.
    "verification_phonechangerequest": Rights(web=WORK, worker="SELECT UPDATE"),
    "verification_document": Rights(web=ALL, worker="SELECT UPDATE(wrapped_key,key_id,shredded_at) DELETE"),
    "verification_documentreading": Rights(web=ALL, worker=ALL),  # they go with their photo
    "verification_readingcorrection": Rights(web=ALL, worker="SELECT DELETE"),
    # Which photos are copies: the worker finds, the web shows; both go with the photo.
    "verification_fingerprint": Rights(web="SELECT DELETE", worker=ALL),
    "verification_documentlikeness": Rights(web="SELECT DELETE", worker="SELECT INSERT DELETE"),
    "verification_casenote": Rights(web=ADD),
    "verification_brokenglass": Rights(web=ADD),
    "verification_phonecode": Rights(web=WORK, worker="SELECT UPDATE DELETE"),
    "verification_accountcode": Rights(web=WORK, worker="SELECT UPDATE DELETE"),
    "verification_privatelink": Rights(web=ALL, worker=ALL),
    "verification_outboxmessage": Rights(web=WORK, worker=ALL),
    # Partners are made by commands; answers to them are kept for a day.
    "verification_apiclient": Rights(web=READ, worker=WORK),
    "verification_apianswer": Rights(web=ALL, worker="SELECT DELETE"),
    "verification_dailysummary": Rights(worker=WORK),
    # Alarms: the worker finds them, people see and handle them; they go after years.
    "alarms_alarm": Rights(
        web=f"{READ} UPDATE(seen_by_id,seen_at,handled_by_id,handled_at,note)", worker=f"{ADD} DELETE UPDATE(mailed_at)"
    ),
    "alarms_alarmmark": Rights(worker=WORK),
    # Jobs: the web only adds them.
    "procrastinate_jobs": _QUEUE,
    "procrastinate_events": _QUEUE,
    "procrastinate_periodic_defers": Rights(worker=ALL, sealer=ALL),
    "procrastinate_workers": Rights(web=READ, worker=ALL, sealer=ALL),
    # Django's own, written by migrations.
    "django_migrations": _READ_BY_ALL,
    "django_content_type": _READ_BY_PEOPLE,
    "auth_permission": _READ_BY_PEOPLE,
    "auth_group": _READ_BY_PEOPLE,
    "auth_group_permissions": _READ_BY_PEOPLE,
    "django_admin_log": _READ_BY_PEOPLE,
}
