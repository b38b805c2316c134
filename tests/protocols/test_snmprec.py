"""Recordings are written as snmpsim reads them."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from snmpsim.record.snmprec import SnmprecRecord

from netwatch.protocols import ber, snmp
from netwatch.protocols.snmp_dump import IP_ADDRESS, OPAQUE, Row
from netwatch.protocols.snmprec import line

NAME = (1, 3, 6, 1, 2, 1, 1, 1, 0)


@pytest.mark.parametrize(
    ("tag", "content", "written"),
    [
        (ber.OCTET_STRING, b"RouterOS CRS326", "4|RouterOS CRS326"),
        (ber.OCTET_STRING, b"a|b\\x41", "4|a|b\\x41"),
        (ber.OCTET_STRING, b"", "4|"),
        (ber.OCTET_STRING, b" led by a space", "4x|206c65642062792061207370616365"),
        (ber.OCTET_STRING, b"two\r\nlines", "4x|74776f0d0a6c696e6573"),
        (ber.OCTET_STRING, "Văn".encode(), "4x|56c4836e"),
        (ber.OCTET_STRING, b"\x00\x1b", "4x|001b"),
        (ber.INTEGER, b"\xff", "2|-1"),
        (snmp.COUNTER32, b"\x00\xff\xff\xff\xff", "65|4294967295"),
        (snmp.GAUGE32, b"\x01", "66|1"),
        (snmp.TIMETICKS, b"\x64", "67|100"),
        (snmp.COUNTER64, b"\x00" + b"\xff" * 8, "70|18446744073709551615"),
        (IP_ADDRESS, bytes((192, 0, 2, 1)), "64x|c0000201"),
        (OPAQUE, b"\x9f\x78", "68x|9f78"),
        (ber.OBJECT_IDENTIFIER, b"\x2b\x06\x01", "6|1.3.6.1"),
        (ber.OBJECT_IDENTIFIER, b"\x00", "6|0.0"),
        (ber.NULL, b"", "5|"),
    ],
)
def test_a_line_is_name_tag_and_value(tag: int, content: bytes, written: str) -> None:
    assert line(Row(NAME, tag, content)) == f"1.3.6.1.2.1.1.1.0|{written}"


CONTENTS = st.one_of(
    st.tuples(st.just(ber.OCTET_STRING), st.binary(max_size=40)),
    st.tuples(st.just(ber.OCTET_STRING), st.text(max_size=40).map(str.encode)),
    st.tuples(st.just(OPAQUE), st.binary(min_size=1, max_size=40)),
    st.tuples(st.just(IP_ADDRESS), st.binary(min_size=4, max_size=4)),
    st.tuples(st.just(ber.INTEGER), st.integers(-(2**31), 2**31 - 1)),
    st.tuples(st.sampled_from((snmp.COUNTER32, snmp.GAUGE32, snmp.TIMETICKS)), st.integers(0, 2**32 - 1)),
    st.tuples(st.just(snmp.COUNTER64), st.integers(0, 2**64 - 1)),
)


@given(CONTENTS)
def test_snmpsim_reads_back_what_was_meant(value: tuple[int, bytes | int]) -> None:
    """Through its own reader of lines and values."""
    tag, meant = value
    content = meant if isinstance(meant, bytes) else ber.encode_integer(meant)[2:]
    record = SnmprecRecord()
    name, read_tag, text = record.grammar.parse(line(Row(NAME, tag, content)).encode("ascii") + b"\n")
    _, _, read = record.evaluate_value(name, read_tag, text)
    assert name == "1.3.6.1.2.1.1.1.0"
    assert sum(read.tagSet[0]) == tag
    assert (bytes(read) if isinstance(meant, bytes) else int(read)) == meant
