"""Pages of the register in the admin: search, results, one person."""
