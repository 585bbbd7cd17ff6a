"""What somebody should look into: rules over the audit log, evaluated by the worker (docs/alarms.md)."""
