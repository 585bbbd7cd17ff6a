"""Sealing: every entry becomes a leaf of one Merkle tree whose root is signed and handed to witnesses.

Pure: `merkle.py` (RFC 6962) and `note.py` (C2SP signed notes). With the database: `sealer.py`, `proofs.py`.
"""
