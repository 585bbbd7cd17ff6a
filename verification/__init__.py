"""Changing a registered number: requests, evidence, codes, decisions, messages."""
