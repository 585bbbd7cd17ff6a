"""Who works here: staff accounts, branches, roles, and the second factor."""
