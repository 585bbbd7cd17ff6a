"""What the audit log calls the events of the requests, and the codes in their entries."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from jknoffice.audit.words import Label
from verification.models.choices import ChangeReason, Channel, DocumentKind, Fault, RejectReason
from verification.signals import Code
from verification.states import EVENTS, Status, Verb

ACTIONS: Mapping[str, Label] = {
    EVENTS[Verb.SUBMIT]: _("Submitted the request"),
    EVENTS[Verb.CONFIRM]: _("Confirmed the new number"),
    EVENTS[Verb.EXPIRE]: _("Let the request expire"),
    EVENTS[Verb.CANCEL]: _("Cancelled the request"),
    EVENTS[Verb.CLAIM]: _("Claimed the case"),
    EVENTS[Verb.RELEASE]: _("Released the case"),
    EVENTS[Verb.ASK]: _("Asked for a better photo"),
    EVENTS[Verb.RESEND]: _("Sent a better photo"),
    EVENTS[Verb.REJECT]: _("Rejected the request"),
    EVENTS[Verb.APPROVE]: _("Approved the request"),
    EVENTS[Verb.ENDORSE]: _("Gave the second approval"),
    EVENTS[Verb.SEND_BACK]: _("Sent the case back to the queue"),
    EVENTS[Verb.ESCALATE]: _("Handed the case to a supervisor"),
    EVENTS[Verb.SNOOZE]: _("Put the case off"),
    EVENTS[Verb.RECALL]: _("Stopped the change at the end of its hold: new signals"),
    EVENTS[Verb.APPLY]: _("Applied the change after its hold"),
    EVENTS[Verb.FREEZE]: _("Froze the change: not me"),
    EVENTS[Verb.UNFREEZE]: _("Let the frozen change go on"),
    EVENTS[Verb.REVERSE]: _("Reversed the change"),
    "request.reversal_asked": _("Asked for a reversal"),
    "request.claim_kept": _("Kept the case longer"),
    "request.noted": _("Left a note"),
    "request.viewed": _("Looked at the case"),
    "request.printed": _("Printed the case"),
    "request.receipt_printed": _("Printed the receipt"),
    "request.value_copied": _("Copied a value of the case"),
    "request.refused": _("Was refused a step or a case"),
    "request.intake_refused": _("Was refused at the portal"),
    "request.correction_refused": _("Was refused a better photo"),
    "request.code_asked": _("Asked for another code"),
    "request.code_refused": _("Typed a code that was not right"),
    "request.status_viewed": _("Looked at the status page"),
    "request.status_refused": _("Was refused the status page"),
    "document.viewed": _("Looked at a photo"),
    "desk.figures_viewed": _("Looked at the figures of the desk"),
    "desk.summary_sent": _("Sent the daily summary"),
    "desk.summary_failed": _("Gave the daily summary up"),
    "retention.swept": _("Deleted what is kept no longer"),
    "message.sent": _("Sent an SMS"),
    "message.expired": _("Did not send an SMS whose time was over"),
    "message.failed": _("Gave an SMS up"),
    "message.tried_anew": _("Sent a given-up SMS on its way again"),
    "message.cap_near": _("Warned that the SMS of the day are nearly used up"),
    "message.cap_reached": _("Stopped: the SMS of the day are used up"),
    "message.delivered": _("Heard that an SMS was delivered"),
    "message.undelivered": _("Heard that an SMS was not delivered"),
}

FIELDS: Mapping[str, Label] = {
    "status": _("Status"),
    "channel": _("Channel"),
    "matched": _("Found in the register"),
    "documents": _("Photos"),
    "document": _("Photo"),
    "kind": _("Kind"),
    "sha256": _("Fingerprint (SHA-256)"),
    "signals": _("Signals"),
    "hold_until": _("Applied not before"),
    "snoozed_until": _("Put off until"),
    "held_by": _("Held by"),
    "clear": _("Shown in full"),
    "step": _("Step"),
    "identifier": _("NIK or BPJS card number"),
    "old_phone": _("Registered number"),
    "new_phone": _("New mobile number"),
    "note": _("Note"),
    "reference": _("Reference"),
    "days": _("Days"),
    "figure": _("Figure"),
    "template": _("Message"),
    "attempts": _("Attempts"),
    "request": _("Request"),
    "recipient": _("Recipient"),
    "most": _("At most"),
    "what": _("What"),
    "deleted": _("Rows deleted"),
    "older_than_days": _("Older than days"),
}

STEPS: Mapping[str, Label] = {
    "submit": _("enter a request"),
    "send_code": _("send a code"),
    "confirm": _("confirm the code"),
    "claim": _("claim"),
    "release": _("release"),
    "keep": _("keep the case"),
    "ask": _("ask for a better photo"),
    "approve": _("approve"),
    "reject": _("reject"),
    "endorse": _("give the second approval"),
    "send_back": _("send back to the queue"),
    "escalate": _("hand to a supervisor"),
    "snooze": _("put off"),
    "note": _("leave a note"),
    "assign": _("take back or hand over"),
    "send_again": _("send messages again"),
    "unfreeze": _("let a frozen change go on"),
    "ask_reversal": _("ask for a reversal"),
    "reverse": _("carry out a reversal"),
    "cancel": _("cancel"),
}

REFUSALS: Mapping[str, Label] = {
    "no_permission": _("The role does not allow it"),
    "out_of_reach": _("Belongs to another branch"),
    "involved": _("Involved in the case"),
    "claimed_by_other": _("Somebody else works on it"),
    "not_claimed": _("Not claimed first"),
    "already_decided": _("Already decided"),
    "not_allowed": _("Not possible from this state"),
    "evidence_missing": _("A photo is missing"),
    "not_compared": _("Not confirmed as compared"),
    "too_long": _("Put off for too long"),
    "one_of_them": _("One of several cases could not be handed over"),
    "not_filled_in": _("The form was not complete"),
    "too_late": _("Older than 30 days"),
    "changed_since": _("The number has changed since"),
    "reversal_not_asked": _("Nobody has asked for the reversal"),
    "unknown_participant": _("Not in the register"),
    "already_open": _("Another request is open"),
    "same_number": _("The number is already registered"),
    "stale": _("The page was out of date"),
    "not_waiting": _("Does not wait for a code"),
    "too_many_codes": _("Too many codes"),
    "no_such_request": _("Reference and date of birth do not match"),
    "too_many": _("Too many attempts"),
    "wrong": _("Wrong code"),
    "spent": _("No guess left"),
    "nothing_left_to_send": _("No message could be sent any more"),
}

DOERS: Mapping[str, Label] = {
    "web": _("web"),
    "worker": _("worker"),
    "intake": _("intake"),
    "portal": _("portal"),
    "old_number": _("holder of the registered number"),
}

VALUES: Mapping[str, Label] = {
    "old_phone": _("Registered number"),
    "new_phone": _("New number"),
    **STEPS,
    **REFUSALS,
    **DOERS,
    **{
        value: label
        for choices in (Status, Channel, ChangeReason, DocumentKind, Fault, RejectReason, Code)
        for value, label in choices.choices
    },
}
