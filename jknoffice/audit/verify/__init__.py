"""Verifying the log where it lives: every entry, leaf, subtree, checkpoint, note and key, in one pass.

Memory stays flat: rows come through cursors of the server. `whole.verify()` does it all.
"""
