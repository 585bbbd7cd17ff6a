"""Gateways that speak SMPP 3.4: one long-lived line each, over which messages go out and receipts come in.

Needs requirements-smpp.txt. Only `packets.py` imports smpplib, and nothing imports that before `lines.py` is asked for
a line. smpplib makes and reads the packets; its client is not used: it logs each packet whole, reads as many bytes as
the other side claims, and knows neither time limits nor the name that a certificate must have.
"""
