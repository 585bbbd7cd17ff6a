"""Web sessions: how long those of staff last, what ends them, and what their owners see of them."""
