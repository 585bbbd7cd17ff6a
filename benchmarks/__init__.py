"""Measurements: each is a command (`python -m benchmarks.NAME`) that prints a table and JSON. docs/benchmarks.md."""
