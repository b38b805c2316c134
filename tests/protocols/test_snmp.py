from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, strategies as st
from pyasn1.codec.ber import decoder, encoder
from pysnmp.proto import api

from netwatch.protocols import ber, snmp
from netwatch.protocols.ber import MalformedError

if TYPE_CHECKING:
    from collections.abc import Callable

PROTOCOL = api.PROTOCOL_MODULES[api.SNMP_VERSION_2C]
NAME = ber.encode_oid((1, 3, 6, 1, 2, 1, 1, 3, 0))


def pysnmp_response(
    varbinds: list[tuple[Any, Any]],
    request_id: int = 0x01020304,
    *,
    status: int = 0,
    index: int = 0,
    community: bytes = b"public",
) -> bytes:
    """Encode a response by pysnmp's own objects, an encoder that is not ours."""
    pdu = PROTOCOL.ResponsePDU()
    PROTOCOL.apiPDU.set_defaults(pdu)
    PROTOCOL.apiPDU.set_request_id(pdu, request_id)
    PROTOCOL.apiPDU.set_error_status(pdu, status)
    PROTOCOL.apiPDU.set_error_index(pdu, index)
    PROTOCOL.apiPDU.set_varbinds(pdu, varbinds)
    message = PROTOCOL.Message()
    PROTOCOL.apiMessage.set_defaults(message)
    PROTOCOL.apiMessage.set_community(message, community)
    PROTOCOL.apiMessage.set_pdu(message, pdu)
    encoded: bytes = encoder.encode(message)
    return encoded


def listed(response: snmp.Response) -> list[tuple[bytes, int, bytes]]:
    """Every varbind of a response."""
    found = []
    at = response.start
    while at < response.stop:
        name, tag, content, at = snmp.varbind(response.data, at, response.stop)
        found.append((name, tag, content))
    return found


VALUES = st.one_of(
    st.integers(-(2**31), 2**31 - 1).map(lambda n: ("integer", PROTOCOL.Integer32(n), n)),
    st.integers(0, 2**32 - 1).map(lambda n: ("counter32", PROTOCOL.Counter32(n), n)),
    st.integers(0, 2**32 - 1).map(lambda n: ("gauge32", PROTOCOL.Gauge32(n), n)),
    st.integers(0, 2**32 - 1).map(lambda n: ("timeticks", PROTOCOL.TimeTicks(n), n)),
    st.integers(0, 2**64 - 1).map(lambda n: ("counter64", PROTOCOL.Counter64(n), n)),
    st.binary(max_size=300).map(lambda b: ("text", PROTOCOL.OctetString(b), b)),
    st.just(("oid", PROTOCOL.ObjectIdentifier((1, 3, 6, 1)), b"\x2b\x06\x01")),
)
OIDS = st.lists(st.integers(0, 2**32 - 1), max_size=20).map(lambda tail: (1, 3, 6, 1, *tail))


@example([((1, 3), ("integer", PROTOCOL.Integer32(-(2**31)), -(2**31)))], 1, b"")
@given(st.lists(st.tuples(OIDS, VALUES), max_size=30), st.integers(0, 2**31 - 1), st.binary(max_size=140))
def test_what_pysnmp_encodes_is_decoded_to_the_same_values(
    rows: list[tuple[Any, Any]], request_id: int, community: bytes
) -> None:
    data = pysnmp_response([(oid, value) for oid, (_, value, _) in rows], request_id, community=community)
    response = snmp.decode_response(data)
    assert (response.request_id, response.error_status, response.community) == (request_id, 0, community)
    for (oid, (syntax, _, wanted)), (name, tag, content) in zip(rows, listed(response), strict=True):
        assert ber.oid(name) == oid
        assert snmp.value(tag, content, syntax) == wanted


@given(
    st.integers(snmp.REQUEST_IDS.start, snmp.REQUEST_IDS.stop - 1),
    st.binary(max_size=200),
    st.lists(OIDS, max_size=20),
    st.integers(0, 127),
    st.integers(0, 127),
)
def test_pysnmp_reads_our_getbulk_requests(
    request_id: int, community: bytes, oids: list[tuple[int, ...]], non_repeaters: int, repetitions: int
) -> None:
    varbinds = b"".join(snmp.encode_varbind(ber.encode_oid(oid)) for oid in oids)
    data = snmp.encode_request(
        community, snmp.GETBULK, request_id, varbinds, non_repeaters=non_repeaters, repetitions=repetitions
    )
    message, rest = decoder.decode(data, asn1Spec=PROTOCOL.Message())
    pdu = PROTOCOL.apiMessage.get_pdu(message)
    assert not rest
    assert bytes(PROTOCOL.apiMessage.get_community(message)) == community
    assert int(PROTOCOL.apiBulkPDU.get_request_id(pdu)) == request_id
    assert int(PROTOCOL.apiBulkPDU.get_non_repeaters(pdu)) == non_repeaters
    assert int(PROTOCOL.apiBulkPDU.get_max_repetitions(pdu)) == repetitions
    assert [tuple(oid) for oid, _ in PROTOCOL.apiBulkPDU.get_varbinds(pdu)] == oids


LARGE = pysnmp_response(
    [((1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6, n), PROTOCOL.Counter64(2**40 + n)) for n in range(1, 30)]
)
SMALL = pysnmp_response([((1, 3, 6, 1, 2, 1, 1, 3, 0), PROTOCOL.TimeTicks(4711))])


def outcome(decode: Callable[[bytes], snmp.Response], data: bytes) -> snmp.Response | str:
    try:
        return decode(data)
    except MalformedError as error:
        return error.reason


@given(
    st.sampled_from([LARGE, SMALL]), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 255)), max_size=3)
)
@example(LARGE, [])
def test_the_quick_decoder_says_of_any_octets_what_the_plain_one_says(
    data: bytes, changes: list[tuple[int, int]]
) -> None:
    changed = bytearray(data)
    for at, octet in changes:
        changed[at % len(changed)] = octet
    assert outcome(snmp.decode_response, bytes(changed)) == outcome(
        snmp.decode_response_plainly, bytes(changed)
    )


@pytest.mark.parametrize("data", [LARGE, SMALL])
def test_an_answer_cut_anywhere_is_malformed(data: bytes) -> None:
    for size in range(len(data)):
        with pytest.raises(MalformedError):
            snmp.decode_response(data[:size])


def test_octets_after_the_message_are_not_accepted() -> None:
    with pytest.raises(MalformedError):
        snmp.decode_response(SMALL + b"\x00")


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        (b"\x02\x01\x01\x04", b"\x02\x01\x00\x04", "version"),
        (b"\xa2", b"\xa5", "not a response"),
        (b"\x02\x04\x01\x02\x03\x04", b"\x04\x04\x01\x02\x03\x04", "tag"),
    ],
)
def test_only_version_2c_responses_are_taken(old: bytes, new: bytes, reason: str) -> None:
    with pytest.raises(MalformedError) as caught:
        snmp.decode_response(SMALL.replace(old, new, 1))
    assert caught.value.reason == reason


def test_errors_are_told_with_their_index() -> None:
    response = snmp.decode_response(pysnmp_response([((1, 3, 6, 1), PROTOCOL.Null(""))], status=5, index=1))
    assert (response.error_status, response.error_index) == (5, 1)
    assert snmp.error_name(response.error_status) == "genErr"
    assert snmp.error_name(77) == "error 77"
    assert snmp.error_name(-1) == "error -1"


@pytest.mark.parametrize(
    ("tag", "content", "syntax", "value"),
    [
        (snmp.GAUGE32, b"\xff\xff\xff\xff", "gauge32", 2**32 - 1),  # sent negative
        (snmp.COUNTER32, b"\x80", "counter32", 128),
        (ber.INTEGER, b"\xff\xff\xff\xfe", "gauge32", 2**32 - 2),  # wrong type, and negative
        (snmp.GAUGE32, b"\x00\xff\xff\xff\xff", "gauge32", 2**32 - 1),  # as it should be
        (snmp.UINTEGER32, b"\x05", "gauge32", 5),
        (snmp.COUNTER64, b"\xff" * 8, "counter64", 2**64 - 1),
        (snmp.COUNTER64, b"\x00" + b"\xff" * 8, "counter64", 2**64 - 1),
        (ber.INTEGER, b"\xff", "integer", -1),
        (ber.INTEGER, b"\x00\x00\x00\x07", "integer", 7),
    ],
)
def test_numbers_are_taken_for_what_broken_agents_mean(
    tag: int, content: bytes, syntax: str, value: int
) -> None:
    assert snmp.number(tag, content, syntax) == value


@pytest.mark.parametrize(
    ("tag", "content", "syntax", "reason"),
    [
        (ber.INTEGER, b"", "integer", "empty integer"),
        (snmp.COUNTER64, b"", "counter64", "empty integer"),
        (ber.INTEGER, b"\xff", "counter32", "negative"),
        (snmp.COUNTER32, b"\x01\x00\x00\x00\x00", "counter32", "long integer"),
        (snmp.COUNTER64, b"\x01" + b"\x00" * 8, "counter64", "long integer"),
        (snmp.COUNTER32, b"\x01", "counter64", "wrong type"),
        (ber.OCTET_STRING, b"17", "integer", "wrong type"),
        (0x5F, b"\x01", "integer", "wrong type"),
        (snmp.DAMAGED, b"", "integer", "damaged"),
        (ber.INTEGER, b"\x01", "text", "wrong type"),
        (ber.OCTET_STRING, b"a", "oid", "wrong type"),
    ],
)
def test_what_is_not_of_the_syntax_is_refused(tag: int, content: bytes, syntax: str, reason: str) -> None:
    with pytest.raises(MalformedError) as caught:
        snmp.value(tag, content, syntax)
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("inside", "name"),
    [
        (b"", b""),
        (b"\x04\x01a\x05\x00", b""),  # no name
        (ber.encode(ber.OBJECT_IDENTIFIER, NAME), NAME),  # no value
        (ber.encode(ber.OBJECT_IDENTIFIER, NAME) + b"\x41\x05\x01", NAME),  # a value that is cut
        (ber.encode(ber.OBJECT_IDENTIFIER, NAME) + b"\x41\x01\x01\x00", NAME),  # something after the value
        (ber.encode(ber.OBJECT_IDENTIFIER, NAME) + b"\x5f\x81\x00", NAME),  # a tag of two octets
    ],
)
def test_a_broken_varbind_is_told_and_the_next_one_is_found(inside: bytes, name: bytes) -> None:
    broken = ber.encode(ber.SEQUENCE, inside)
    good = ber.encode(ber.SEQUENCE, ber.encode(ber.OBJECT_IDENTIFIER, NAME) + b"\x43\x01\x07")
    found_name, tag, _, at = snmp.varbind(broken + good, 0, len(broken + good))
    assert (found_name, tag) == (name, snmp.DAMAGED)
    assert snmp.varbind(broken + good, at, len(broken + good)) == (
        NAME,
        snmp.TIMETICKS,
        b"\x07",
        len(broken + good),
    )


@given(st.binary(max_size=60))
def test_any_octets_are_a_varbind_or_malformed(octets: bytes) -> None:
    try:
        name, _, content, at = snmp.varbind(octets, 0, len(octets))
    except MalformedError:
        return
    assert 2 <= at <= len(octets)
    assert len(name) + len(content) <= at
