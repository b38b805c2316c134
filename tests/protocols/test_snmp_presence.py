"""Which of many tables a device has, in one request; and what a GET of instances and a short walk ask."""

from __future__ import annotations

import pytest

from netwatch.protocols import ber, snmp
from netwatch.protocols.snmp_get import Get
from netwatch.protocols.snmp_presence import Presence
from netwatch.protocols.snmp_rows import Column, Columns
from netwatch.protocols.snmp_step import Step
from netwatch.protocols.snmp_walk import Scalars, Walk

TABLES = [Column(f"t{arc}", (1, 3, 6, 1, 4, 1, 9999, arc), "integer") for arc in (1, 2, 3)]


def answer(*varbinds: tuple[tuple[int, ...], bytes], status: int = 0, index: int = 0) -> snmp.Response:
    listed = b"".join(
        ber.encode(ber.SEQUENCE, ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(oid)) + value)
        for oid, value in varbinds
    )
    return snmp.Response(1, status, index, b"public", listed, 0, len(listed))


ONE = ber.encode_integer(1)
TEXT = ber.encode(ber.OCTET_STRING, b"text")
END = bytes((snmp.END_OF_MIB_VIEW, 0))


def test_a_table_is_there_where_something_follows_within_it() -> None:
    """Whatever its type is; what lies in another table, or is the question itself, does not count."""
    look = Presence(TABLES)
    assert look.ask().pdu == snmp.GETNEXT
    step = look.take(answer(((*TABLES[0].oid, 7), TEXT), ((*TABLES[2].oid, 1), ONE), (TABLES[2].oid, END)))
    assert (step, look.present) == (Step.DONE, {TABLES[0].oid})


def test_the_end_of_what_there_is_is_no_table() -> None:
    look = Presence(TABLES[:2])
    look.ask()
    look.take(answer(((*TABLES[0].oid, 7), END), (TABLES[1].oid, ONE)))
    assert look.present == set()


def test_what_is_too_much_at_once_is_asked_in_pieces() -> None:
    look = Presence(TABLES[:2])
    whole = look.ask()
    assert look.take(answer(status=snmp.TOO_BIG)) is Step.MORE
    assert len(look.ask().varbinds) < len(whole.varbinds)
    assert look.take(answer(((*TABLES[0].oid, 0), ONE))) is Step.MORE
    look.ask()
    assert look.take(answer(((*TABLES[1].oid, 0), ONE))) is Step.DONE
    assert look.present == {TABLES[0].oid, TABLES[1].oid}


def test_instances_are_asked_for_as_they_are_named() -> None:
    get = Get(TABLES[:1], b"")
    assert ber.encode_oid(TABLES[0].oid) + b"\x05\x00" in get.ask().varbinds
    get.take(answer((TABLES[0].oid, ONE)))
    assert get.values == {"t1": 1}


@pytest.mark.parametrize(("most", "steps"), [(3, [Step.MORE, Step.DONE]), (2, [Step.DONE])])
def test_a_walk_of_the_first_rows_is_done_without_complaint(most: int, steps: list[Step]) -> None:
    walk = Walk(Columns(tuple(TABLES[:1])), Scalars(()), most=most)
    found = []
    for start in (1, 3)[: len(steps)]:
        walk.ask(2)
        found.append(walk.take(answer(((*TABLES[0].oid, start), ONE), ((*TABLES[0].oid, start + 1), ONE))))
    assert (found, walk.refused) == (steps, {})
    assert len(walk.cells()) == 2 * len(steps)
