"""Packets of SMPP 3.4, made and read by smpplib."""

import struct
from typing import Any

from smpplib import command, command_codes, consts, exceptions, smpp
from smpplib.client import SimpleSequenceGenerator
from smpplib.ptypes import ostr

from verification.sms import gsm
from verification.sms.gateways.smpp.account import Account

HEADER = 16
MOST_BYTES = 64 * 1024
"""No packet is longer; whoever claims so speaks something else."""
GSM_ONE_SEGMENT, UCS2_ONE_SEGMENT = 160, 140
"""Octets."""
UCS2 = 8
RECEIPT_WANTED = 1

OK = consts.SMPP_ESME_ROK
THROTTLED = frozenset({consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL})
REFUSED = frozenset({consts.SMPP_ESME_RINVDSTADR})
BUSY, TRY_LATER = consts.SMPP_ESME_RMSGQFUL, consts.SMPP_ESME_RX_T_APPN
UNKNOWN_COMMAND = consts.SMPP_ESME_RINVCMDID

Numbers = SimpleSequenceGenerator
"""The sequence numbers of one line."""

# Optional parameters are read by the length that they state: smpplib breaks on one that it does not expect there.
_OPTIONAL = {name: command.Param(type=ostr) for name in consts.OPTIONAL_PARAMS}
_WITH_BODY = {"bind_transceiver_resp", "submit_sm_resp", "deliver_sm"}
_WRONG = (exceptions.UnknownCommandError, exceptions.PDUError, struct.error, LookupError, ValueError, TypeError)


class Unreadable(Exception):
    """What came is no packet, or one of which only the header can be read; `sequence` is its number then, else 0."""

    def __init__(self, words: str, *, sequence: int = 0) -> None:
        super().__init__(words)
        self.sequence = sequence


def cut(buffer: bytearray) -> bytes | None:
    """Take the first packet out of what has come in; None while it is not whole. Raises `Unreadable`."""
    if len(buffer) < 4:
        return None
    length = int.from_bytes(buffer[:4])
    if not HEADER <= length <= MOST_BYTES:
        raise Unreadable("no SMPP")
    if len(buffer) < length:
        return None
    packet = bytes(buffer[:length])
    del buffer[:length]
    return packet


def read(packet: bytes) -> Any:
    """Return the packet with the fields that we need, as smpplib calls them; raises `Unreadable`."""
    _length, code, _status, sequence = struct.unpack(">LLLL", packet[:HEADER])
    try:
        name = command_codes.get_command_name(code)
        found = smpp.make_pdu(name, sequence=sequence, allow_unknown_opt_params=True)
        found.params = {**found.params, **_OPTIONAL}
        found.parse(packet if name in _WITH_BODY else packet[:HEADER])
    except _WRONG as error:
        raise Unreadable(type(error).__name__, sequence=sequence) from None
    return found


def bind(account: Account, numbers: Any) -> Any:
    """Return what opens the line, for sending and receiving."""
    return smpp.make_pdu(
        "bind_transceiver",
        client=numbers,
        system_id=account.user,
        password=account.password,
        system_type=account.system_type,
    )


def submit(account: Account, numbers: Any, *, to: str, text: str) -> Any:
    """Return a message on its way out: in the GSM alphabet where that has each sign of it, else in UCS-2."""
    octets, coding, most = gsm.encoded(text), 0, GSM_ONE_SEGMENT
    if octets is None:
        octets, coding, most = text.encode("utf-16-be", "replace"), UCS2, UCS2_ONE_SEGMENT
    # Longer than one segment: the gateway is to part it (SMPP 3.4, 5.3.2.32).
    field = "short_message" if len(octets) <= most else "message_payload"
    return smpp.make_pdu(
        "submit_sm",
        client=numbers,
        source_addr_ton=account.sender_ton,
        source_addr_npi=account.sender_npi,
        source_addr=account.sender,
        dest_addr_ton=account.number_ton,
        dest_addr_npi=account.number_npi,
        destination_addr=to.removeprefix("+"),
        data_coding=coding,
        registered_delivery=RECEIPT_WANTED if account.receipts else 0,
        **{field: octets},
    )


def plain(name: str, numbers: Any) -> Any:
    """Return a request without a body: `enquire_link` or `unbind`."""
    return smpp.make_pdu(name, client=numbers)


def answer(name: str, sequence: int, *, status: int = OK) -> Any:
    """Return the answer `name` to the request of this sequence number."""
    made = smpp.make_pdu(name, sequence=sequence)
    made.status, made.sequence = status, sequence
    return made
