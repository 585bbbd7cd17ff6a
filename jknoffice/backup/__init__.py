"""Back-up: all that is kept of it is encrypted to a key whose other half lies offline (docs/runbooks/backup.md).

Files are in the format age (age-encryption.org/v1): X25519, HKDF-SHA-256, ChaCha20-Poly1305 in chunks of 64 KiB, the
last of which is marked, so that a file that was cut short does not open.
"""
