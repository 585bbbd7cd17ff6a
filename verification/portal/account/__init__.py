"""The part of the participants' door behind a log-in: an account, and one's own data."""
