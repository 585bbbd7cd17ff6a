"""Passkeys as the second step (W3C WebAuthn Level 3): after the password, and only with a finger, a face or a PIN."""
