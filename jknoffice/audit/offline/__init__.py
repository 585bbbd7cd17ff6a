"""The auditor's own verifier: `audit_verify.py`, one file that shares no code with the log that it judges."""
