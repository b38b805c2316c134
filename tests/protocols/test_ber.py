from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from pyasn1.codec.ber import decoder, encoder
from pyasn1.type import univ

from netwatch.protocols import ber
from netwatch.protocols.ber import MalformedError

ARCS = st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=126).map(tuple)


@given(st.integers(-(2**31), 2**31 - 1))
def test_integers_come_back_as_they_went_in_at_most_four_octets_and_pyasn1_reads_them(value: int) -> None:
    encoded = ber.encode_integer(value)
    assert len(encoded) <= 2 + 4
    assert decoder.decode(encoded) == (univ.Integer(value), b"")
    tag, start, end = ber.header(encoded, 0, len(encoded))
    assert tag == ber.INTEGER
    assert ber.integer(encoded[start:end]) == value


@given(st.integers(0, 2**64 - 1))
def test_unsigned_numbers_come_back_as_they_went(value: int) -> None:
    encoded = ber.encode_integer(value, 0x46)
    assert ber.unsigned(encoded[2:], 8) == value


@given(ARCS)
def test_object_identifiers_come_back_as_they_went_and_are_encoded_as_pyasn1_does(
    arcs: tuple[int, ...],
) -> None:
    name = (1, 3, *arcs)
    encoded = ber.encode_oid(name)
    assert ber.encode(ber.OBJECT_IDENTIFIER, encoded) == encoder.encode(univ.ObjectIdentifier(name))
    assert ber.oid(encoded) == name
    assert ber.arcs(ber.encode_arcs(arcs)) == arcs


def test_the_first_two_arcs_share_one_number() -> None:
    assert ber.oid(ber.encode_oid((0, 0))) == (0, 0)
    assert ber.oid(ber.encode_oid((1, 39))) == (1, 39)
    assert ber.oid(ber.encode_oid((2, 999, 3))) == (2, 999, 3)


@given(st.binary(max_size=40), st.integers(0, 300))
def test_lengths_of_every_form_lead_to_the_content(content: bytes, repeat: int) -> None:
    content *= repeat
    encoded = ber.encode(ber.OCTET_STRING, content)
    assert ber.header(encoded, 0, len(encoded)) == (
        ber.OCTET_STRING,
        len(encoded) - len(content),
        len(encoded),
    )


@given(st.binary(max_size=80))
def test_any_octets_are_either_decoded_or_malformed(octets: bytes) -> None:
    for decode in (
        lambda: ber.header(octets, 0, len(octets)),
        lambda: ber.oid(octets),
        lambda: ber.arcs(octets),
        lambda: ber.integer(octets),
        lambda: ber.unsigned(octets, 8),
    ):
        try:
            decode()
        except MalformedError:
            continue


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"", "truncated"),
        (b"\x04", "truncated"),
        (b"\x04\x05abcd", "truncated"),
        (b"\x04\x82\x01", "truncated"),
        (b"\x04\x84\xff\xff\xff\xff", "truncated"),
        (b"\x30\x80\x00\x00", "length"),
        (b"\x04\x85\x00\x00\x00\x00\x01a", "length"),
        (b"\x1f\x81\x00", "tag"),
    ],
)
def test_a_header_that_is_cut_or_that_snmp_has_no_use_for_is_refused(octets: bytes, reason: str) -> None:
    with pytest.raises(MalformedError) as caught:
        ber.header(octets, 0, len(octets))
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("octets", "reason"),
    [
        (b"\x80", "oid"),  # an arc that never ends
        (b"\x80\x01", "oid"),  # 1 with a leading zero
        (b"\x90\x80\x80\x80\x00", "oid"),  # 2³²
        (b"\x81" * 100_000, "long oid"),
        (b"\x01" * 129, "long oid"),
    ],
)
def test_arcs_are_bounded(octets: bytes, reason: str) -> None:
    with pytest.raises(MalformedError) as caught:
        ber.arcs(octets)
    assert caught.value.reason == reason


def test_an_empty_integer_is_no_zero() -> None:
    with pytest.raises(MalformedError):
        ber.integer(b"")
    with pytest.raises(MalformedError):
        ber.unsigned(b"", 4)


@pytest.mark.parametrize(
    ("octets", "value"),
    [
        (b"\xff\x80\x00\x00\x00", -(2**31)),
        (bytes(7) + b"\x05", 5),
        (b"\x00\x80\x00\x00\x00", None),
        (b"\xff\x7f\xff\xff\xff", None),
        (bytes(8) + b"\x05", None),
    ],
)
def test_an_integer_has_32_bits_in_however_many_octets(octets: bytes, value: int | None) -> None:
    if value is None:
        with pytest.raises(MalformedError):
            ber.integer(octets)
    else:
        assert ber.integer(octets) == value


@pytest.mark.parametrize("octets", [b"\x01\x00\x00\x00\x00", b"\x01\x00\x00\x00\x00\x00"])
def test_unsigned_numbers_of_more_than_32_bits_are_refused(octets: bytes) -> None:
    with pytest.raises(MalformedError):
        ber.unsigned(octets, 4)


@pytest.mark.parametrize("arcs", [(1,), (3, 1), (1, 40), (1, 3, -1), (1, 3, 2**32), (1, 3, *range(127))])
def test_what_is_no_object_identifier_is_not_encoded(arcs: tuple[int, ...]) -> None:
    with pytest.raises(MalformedError):
        ber.encode_oid(arcs)
