"""The topology of `deploy/compose.yaml` as plain processes of one machine: for trying, breaking and measuring.

Not for production: everything runs as one user, with keys and passwords in one folder.
"""
