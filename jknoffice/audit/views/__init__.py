"""Pages of the log, read-only, for staff with `audit.view_auditlog`."""
