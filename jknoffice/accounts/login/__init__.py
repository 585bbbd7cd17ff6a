"""Logging in, in two steps: a password, then something that one has (NIST SP 800-63B-4, AAL2).

After the first step nobody is logged in: the session only knows who is on the way (`pending.py`).
"""
