"""The steps of a request: one function each, keyword-only. Nothing else moves a status.

Each locks the row, asks the table in `states.py`, writes, and records it in the audit log, all in one transaction.
What it will not do it says with a `Refusal`.
"""

from verification.changes.assigning import assign
from verification.changes.closing import apply_due, cancel, expire_due, release_stale
from verification.changes.correction import resend
from verification.changes.decision import approve, ask, endorse, reject, send_back
from verification.changes.dispute import close_dispute
from verification.changes.intake import Intake, confirm, send_code, submit
from verification.changes.not_me import not_me
from verification.changes.notes import write_note
from verification.changes.objection import ask_reversal, freeze, reverse, unfreeze
from verification.changes.passing import escalate, snooze
from verification.changes.proof import prove, send_proof
from verification.changes.work import claim, keep_claim, release, release_held, take_next

__all__ = [
    "Intake",
    "apply_due",
    "approve",
    "ask",
    "ask_reversal",
    "assign",
    "cancel",
    "claim",
    "close_dispute",
    "confirm",
    "endorse",
    "escalate",
    "expire_due",
    "freeze",
    "keep_claim",
    "not_me",
    "prove",
    "reject",
    "release",
    "release_held",
    "release_stale",
    "resend",
    "reverse",
    "send_back",
    "send_code",
    "send_proof",
    "snooze",
    "submit",
    "take_next",
    "unfreeze",
    "write_note",
]
