"""A small reference witness (c2sp.org/tlog-witness): it remembers the newest checkpoint of a log and refuses forks.

Standard library and `cryptography` only, no Django: run it on a machine that the log's owners cannot reach.

    python -m jknoffice.audit.witness --folder DIR --port N --key VKEY [--key VKEY ...]
"""
