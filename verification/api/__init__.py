"""The partners' door: the requests of the portal, for programs (docs/api.md)."""
