"""Traps and informs of versions 1 and 2c: one shape, and nothing that anybody sends makes it raise."""

from __future__ import annotations

import notifications as sent
import pytest
from hypothesis import given, strategies as st
from pyasn1.codec.ber import decoder
from pysnmp.proto import api

from netwatch.protocols import ber, traps
from netwatch.protocols.ber import MalformedError
from netwatch.protocols.snmp import decode_response
from netwatch.protocols.traps import Varbind, decode

IF_INDEX = (1, 3, 6, 1, 2, 1, 2, 2, 1, 1, 7)


@pytest.mark.parametrize(
    ("generic", "specific", "expected"),
    [
        # RFC 3584 section 3.1 (2): the generic traps of RFC 1157 are children of snmpTraps.
        (0, 0, (1, 3, 6, 1, 6, 3, 1, 1, 5, 1)),
        (1, 0, (1, 3, 6, 1, 6, 3, 1, 1, 5, 2)),
        (2, 0, (1, 3, 6, 1, 6, 3, 1, 1, 5, 3)),
        (3, 0, (1, 3, 6, 1, 6, 3, 1, 1, 5, 4)),
        (4, 0, (1, 3, 6, 1, 6, 3, 1, 1, 5, 5)),
        (5, 0, (1, 3, 6, 1, 6, 3, 1, 1, 5, 6)),
        (2, 99, (1, 3, 6, 1, 6, 3, 1, 1, 5, 3)),  # a specific code beside a generic one says nothing
        # (3): all others are enterprise, zero, specific code.
        (6, 0, (*sent.ENTERPRISE, 0, 0)),
        (6, 12, (*sent.ENTERPRISE, 0, 12)),
        (6, 2**31 - 1, (*sent.ENTERPRISE, 0, 2**31 - 1)),
    ],
)
def test_a_version_1_trap_reads_as_a_later_one(
    generic: int, specific: int, expected: tuple[int, ...]
) -> None:
    message = decode(sent.v1(generic=generic, specific=specific, agent=b"\xc6\x12\x04\x01"))
    said = message.notification
    assert (message.version, message.community) == (0, b"public")
    assert (said.trap, said.uptime, said.agent) == (expected, 4711, "198.18.4.1")
    assert not said.confirmed


@pytest.mark.parametrize(("generic", "specific"), [(7, 0), (-1, 0), (6, -1)])
def test_a_generic_trap_that_there_is_not_is_malformed(generic: int, specific: int) -> None:
    with pytest.raises(MalformedError, match="generic-trap"):
        decode(sent.v1(generic=generic, specific=specific))


def test_an_agent_without_an_address_tells_none() -> None:
    assert decode(sent.v1()).notification.agent == ""


@pytest.mark.parametrize("inform", [False, True])
def test_a_version_2c_notification(inform: bool) -> None:
    said = decode(sent.v2c("secret", varbinds=sent.varbind(IF_INDEX, sent.number(7)), inform=inform))
    assert (said.version, said.community) == (1, b"secret")
    assert said.notification.trap == sent.LINK_DOWN
    assert said.notification.uptime == 4711
    assert said.notification.varbinds == (Varbind(IF_INDEX, ber.INTEGER, b"\x07"),)
    assert (said.notification.confirmed, said.notification.request_id) == (inform, 77)


def test_a_trap_that_forgets_its_uptime_is_taken_one_without_a_name_is_not() -> None:
    def listed(varbinds: bytes) -> bytes:
        numbers = sent.number(1) + sent.number(0) * 2
        return sent.message(1, "public", ber.encode(traps.TRAP, numbers + ber.encode(ber.SEQUENCE, varbinds)))

    trap = sent.varbind(traps.SNMP_TRAP_OID, sent.name(sent.LINK_DOWN))
    said = decode(listed(trap)).notification
    assert (said.trap, said.uptime) == (sent.LINK_DOWN, None)
    with pytest.raises(MalformedError, match="no snmpTrapOID"):
        decode(listed(sent.varbind(traps.SYS_UP_TIME, sent.ticks(5))))


@pytest.mark.parametrize(
    ("datagram", "reason"),
    [
        (b"", "truncated"),
        (sent.v2c()[:-1], "truncated"),
        (sent.v2c() + b"\x00", "trailing octets"),
        (sent.message(2, "public", sent.pdu()), "version"),
        (sent.message(3, "public", sent.pdu()), "version"),
        (sent.message(0, "public", sent.pdu()), "tag"),  # a later PDU in an old message
        (sent.message(1, "public", sent.old_pdu()), "not a notification"),  # and the reverse
        (sent.message(1, "public", ber.encode(0xA0, b"")), "not a notification"),
        (sent.v1(agent=b"\x01\x02\x03"), "agent-addr"),
        (sent.v1(agent=bytes(16)), "agent-addr"),
    ],
)
def test_what_is_no_notification_is_malformed(datagram: bytes, reason: str) -> None:
    with pytest.raises(MalformedError) as raised:
        decode(datagram)
    assert raised.value.reason == reason


def test_one_broken_varbind_costs_only_itself_and_many_are_cut_off() -> None:
    good = sent.varbind(IF_INDEX, sent.number(7))
    broken = ber.encode(ber.SEQUENCE, b"\x06\x05\x2b")
    said = decode(sent.v2c(varbinds=broken + good)).notification
    assert [each.name for each in said.varbinds] == [IF_INDEX]
    many = decode(sent.v2c(varbinds=good * 500)).notification
    assert len(many.varbinds) == traps.MAX_VARBINDS - 2


@given(st.integers(-(2**31), 2**31 - 1), st.integers(0, 200))
def test_an_inform_is_answered_with_its_own_request_id_and_varbinds(request_id: int, count: int) -> None:
    varbinds = sent.varbind(IF_INDEX, sent.number(7)) * count
    inform = decode(sent.v2c("tám", varbinds=varbinds, inform=True, request_id=request_id))
    answer = decode_response(traps.response(inform))
    assert (answer.request_id, answer.error_status, answer.error_index) == (request_id, 0, 0)
    assert answer.community == "tám".encode()
    assert answer.data[answer.start : answer.stop] == inform.notification.listed
    assert inform.notification.listed.endswith(varbinds)


def test_pysnmp_reads_the_answer_as_a_response() -> None:
    inform = decode(sent.v2c(inform=True))
    protocol = api.PROTOCOL_MODULES[api.SNMP_VERSION_2C]
    message, rest = decoder.decode(traps.response(inform), asn1Spec=protocol.Message())
    pdu = protocol.apiMessage.get_pdu(message)
    assert (rest, pdu.__class__.__name__) == (b"", "ResponsePDU")
    assert int(protocol.apiPDU.get_request_id(pdu)) == 77


def holds_up(datagram: bytes) -> None:
    try:
        decode(datagram)
        traps.version(datagram)
    except MalformedError as error:
        reason = error.reason
        assert reason


@given(st.binary(max_size=200))
def test_arbitrary_octets_are_decoded_or_malformed(datagram: bytes) -> None:
    holds_up(datagram)


VALID = (
    sent.v1(varbinds=sent.varbind(IF_INDEX, sent.number(7))),
    sent.v2c(varbinds=sent.varbind(IF_INDEX, sent.number(7))),
    sent.v2c(inform=True),
)


@given(st.sampled_from(VALID), st.data())
def test_octets_changed_in_a_good_datagram_are_decoded_or_malformed(
    datagram: bytes, data: st.DataObject
) -> None:
    octets = bytearray(datagram)
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    holds_up(bytes(octets))
    holds_up(bytes(octets[: data.draw(st.integers(0, len(octets)))]))
