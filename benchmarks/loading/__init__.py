"""A crowd of operators and participants before the local cluster, and what is measured of both."""
