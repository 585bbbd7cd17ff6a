"""Participants' accounts: made, entered, changed. Who a participant is has been proved before, by a code."""

from jknoffice.audit.actor import Actor

SELF = Actor.participant("self_service")
"""A participant who acts on their own account."""
