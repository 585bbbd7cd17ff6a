"""Two processes that do something at the same moment, and what came of it. See `benchmarks.races`."""
