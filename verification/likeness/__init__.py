"""The same photo in another case: a fingerprint finds candidates, a second look compares two pictures."""
