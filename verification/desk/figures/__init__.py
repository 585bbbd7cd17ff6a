"""What supervisors see at a glance: how much waits and was done, how fast, and what is conspicuous."""
