"""The audit log: who read or wrote what, when and why, so that nobody can quietly rewrite it.

The design is in docs/audit-log.md. Everybody writes through `jknoffice.audit.log.record()`.
"""
