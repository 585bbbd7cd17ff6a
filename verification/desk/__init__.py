"""The operators' desk in the admin: queue, review, decisions, and intake at the counter.

Views parse, make one call of `verification.changes` and turn its refusals into messages; the other modules say what a
page shows.
"""
