"""A dump takes what an agent tells in order, keeps what it had, and always comes to an end."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from netwatch.protocols import ber, snmp
from netwatch.protocols.snmp import Response, decode_response
from netwatch.protocols.snmp_dump import IP_ADDRESS, OPAQUE, Bounds, Dump, Row
from netwatch.protocols.snmp_step import Step

ROOT = (1, 3, 6, 1, 2, 1)
WIDE = Bounds(rows=1000, answers=1000, octets=10**6)
TEXT = ber.encode(ber.OCTET_STRING, b"text")


def answer(*varbinds: tuple[tuple[int, ...], bytes], status: int = 0) -> Response:
    """An agent's answer: names, and values encoded whole."""
    listed = b"".join(
        ber.encode(ber.SEQUENCE, ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(name)) + value)
        for name, value in varbinds
    )
    body = ber.encode_integer(1) + ber.encode_integer(status) + ber.encode_integer(0)
    pdu = ber.encode(snmp.RESPONSE, body + ber.encode(ber.SEQUENCE, listed))
    message = ber.encode_integer(snmp.VERSION_2C) + ber.encode(ber.OCTET_STRING, b"public") + pdu
    return decode_response(ber.encode(ber.SEQUENCE, message))


def asked(dump: Dump, repetitions: int) -> tuple[int, tuple[int, ...], int]:
    """What a dump asks for next: the kind of its request, after which name, and how many rows."""
    request = dump.ask(repetitions)
    assert request.second == 0
    return request.pdu, ber.oid(snmp.varbind(request.varbinds, 0, len(request.varbinds))[0]), request.third


def test_every_request_asks_for_what_follows_the_last_name() -> None:
    dump = Dump(ROOT, WIDE)
    assert asked(dump, 20) == (snmp.GETBULK, ROOT, 20)
    assert dump.take(answer(((*ROOT, 1, 1), TEXT), ((*ROOT, 1, 2), TEXT))) is Step.MORE
    assert asked(dump, 20) == (snmp.GETBULK, (*ROOT, 1, 2), 20)
    assert asked(dump, 0) == (snmp.GETNEXT, (*ROOT, 1, 2), 0)
    assert [row.oid for row in dump.rows] == [(*ROOT, 1, 1), (*ROOT, 1, 2)]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ((1, 3, 6, 1, 2, 2), TEXT),
        ((1, 3, 6, 1, 3), TEXT),
        ((*ROOT, 9), bytes((snmp.END_OF_MIB_VIEW, 0))),
        ((*ROOT, 1, 1), bytes((snmp.END_OF_MIB_VIEW, 0))),
    ],
)
def test_a_dump_ends_where_its_subtree_ends(name: tuple[int, ...], value: bytes) -> None:
    dump = Dump(ROOT, WIDE)
    assert dump.take(answer(((*ROOT, 1, 1), TEXT), (name, value), ((*ROOT, 99), TEXT))) is Step.DONE
    assert dump.done
    assert not dump.cut
    assert [row.oid for row in dump.rows] == [(*ROOT, 1, 1)]


@pytest.mark.parametrize("second", [(*ROOT, 1, 5), (*ROOT, 1, 4), ROOT])
def test_names_that_do_not_increase_end_it_and_what_came_before_stays(second: tuple[int, ...]) -> None:
    dump = Dump(ROOT, WIDE)
    assert dump.take(answer(((*ROOT, 1, 5), TEXT), (second, TEXT))) is Step.MALFORMED
    assert dump.detail == "answer cannot be read: not increasing"
    assert len(dump.rows) == 1
    assert asked(dump, 1)[1] == (*ROOT, 1, 5)


def test_an_answer_with_nothing_in_it_leads_nowhere() -> None:
    dump = Dump(ROOT, WIDE)
    assert dump.take(answer()) is Step.MALFORMED
    assert dump.detail == "an answer that leads nowhere"


@pytest.mark.parametrize(
    ("status", "step"),
    [
        (snmp.TOO_BIG, Step.TOO_BIG),
        (2, Step.DONE),
        (5, Step.FAILED),
        (snmp.NO_ACCESS, Step.REFUSED),
        (snmp.AUTHORIZATION_ERROR, Step.REFUSED),
    ],
)
def test_an_error_is_judged(status: int, step: Step) -> None:
    dump = Dump(ROOT, WIDE)
    assert dump.take(answer(status=status)) is step
    assert dump.done is (step is Step.DONE)


@pytest.mark.parametrize(
    ("bounds", "rows"),
    [
        (Bounds(rows=3, answers=99, octets=9999), 3),
        (Bounds(rows=99, answers=2, octets=9999), 4),
        (Bounds(rows=99, answers=99, octets=20), 2),  # eleven a row
    ],
)
def test_a_bound_cuts_a_dump_whichever_it_is(bounds: Bounds, rows: int) -> None:
    dump = Dump(ROOT, bounds)
    step = Step.MORE
    for number in range(1, 10, 2):
        if step is Step.MORE:
            step = dump.take(answer(((*ROOT, 1, number), TEXT), ((*ROOT, 1, number + 1), TEXT)))
    assert step is Step.DONE
    assert dump.cut
    assert len(dump.rows) == rows


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        (ber.encode_integer(-5), (ber.INTEGER, b"\xfb")),
        (ber.encode_integer(2**32 - 1, snmp.COUNTER32), (snmp.COUNTER32, b"\x00\xff\xff\xff\xff")),
        (ber.encode_integer(7, snmp.UINTEGER32), (snmp.GAUGE32, b"\x07")),
        (ber.encode_integer(2**64 - 1, snmp.COUNTER64), (snmp.COUNTER64, b"\x00" + b"\xff" * 8)),
        (ber.encode(ber.OCTET_STRING, b""), (ber.OCTET_STRING, b"")),
        (ber.encode(IP_ADDRESS, bytes(4)), (IP_ADDRESS, bytes(4))),
        (ber.encode(OPAQUE, b"\x9f\x78"), (OPAQUE, b"\x9f\x78")),
        (ber.encode(ber.OBJECT_IDENTIFIER, b"\x00"), (ber.OBJECT_IDENTIFIER, b"\x00")),
        (ber.encode(ber.NULL, b""), (ber.NULL, b"")),
        (ber.encode(IP_ADDRESS, bytes(5)), "damaged"),
        (ber.encode(ber.NULL, b"x"), "damaged"),
        (ber.encode(ber.INTEGER, b""), "empty integer"),
        (ber.encode(snmp.COUNTER32, bytes((1,) * 6)), "long integer"),
        (ber.encode(ber.OBJECT_IDENTIFIER, b"\x80"), "oid"),
        (ber.encode(0x48, b"\x01"), "wrong type"),
        (ber.encode(ber.SEQUENCE, b""), "wrong type"),
    ],
)
def test_a_value_is_kept_where_it_can_be_decoded_and_passed_over_where_not(
    value: bytes, taken: tuple[int, bytes] | str
) -> None:
    dump = Dump(ROOT, WIDE)
    assert dump.take(answer(((*ROOT, 1), value))) is Step.MORE
    assert asked(dump, 1)[1] == (*ROOT, 1)
    if isinstance(taken, str):
        assert dump.refused == {taken: 1}
        assert dump.rows == []
    else:
        assert dump.rows == [Row((*ROOT, 1), *taken)]
        assert not dump.refused


@given(st.binary(max_size=200), st.integers(0, 20))
def test_whatever_comes_is_taken_or_refused(varbinds: bytes, status: int) -> None:
    """No bytes raise anything, and what is kept ascends below the root."""
    dump = Dump((1, 3), WIDE)
    step = dump.take(Response(1, status, 0, b"public", varbinds, 0, len(varbinds)))
    assert step in Step
    assert [row.oid for row in dump.rows] == sorted({row.oid for row in dump.rows})
    assert all(row.oid[:2] == (1, 3) for row in dump.rows)
