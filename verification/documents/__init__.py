"""Photos as evidence: taken in safely, kept encrypted, shown only with a trace."""
