"""Demo data for development: made-up people, their specimen cards, and what is filled in with them."""
