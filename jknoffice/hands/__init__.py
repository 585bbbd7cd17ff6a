"""Separate hands: the web, the worker and the sealer log in to PostgreSQL as three roles, none of which owns a table.

A fourth, the owner, migrates and calls `manage.py grant_hands`; no server process runs with it. So whoever takes over
the web process can add to the audit log, but neither alter it, nor drop a trigger, nor seal.
"""

from jknoffice.hands.decision import DECISION, Hand
from jknoffice.hands.grants import HandRefused, apply, differences, may_alter_the_log

__all__ = ["DECISION", "Hand", "HandRefused", "apply", "differences", "may_alter_the_log"]
