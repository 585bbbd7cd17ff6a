"""Taking the log, or a part of it, out of the house so that it can be verified elsewhere.

`folder.write()` writes what `jknoffice/audit/offline/audit_verify.py` verifies; `proof.proof_of()` proves one entry.
"""
