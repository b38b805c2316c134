from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings, strategies as st

from netwatch.model.observation import MISSING
from netwatch.protocols import ber, snmp
from netwatch.protocols.ber import MalformedError
from netwatch.protocols.snmp_get import Get
from netwatch.protocols.snmp_rows import Column, Columns
from netwatch.protocols.snmp_step import Step
from netwatch.protocols.snmp_walk import MAX_ROWS, Scalars, Walk

STATUS = Column("ifOperStatus", (1, 3, 6, 1, 2, 1, 2, 2, 1, 8), "integer")
ERRORS = Column("ifInErrors", (1, 3, 6, 1, 2, 1, 2, 2, 1, 14), "counter32")
OCTETS = Column("ifHCInOctets", (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 6), "counter64")
NAME = Column("ifName", (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1), "text")
UPTIME = Column("sysUpTime", (1, 3, 6, 1, 2, 1, 1, 3), "timeticks")
COLUMNS = Columns((STATUS, ERRORS, OCTETS))
TAGS = {
    "integer": 0x02,
    "counter32": 0x41,
    "gauge32": 0x42,
    "timeticks": 0x43,
    "counter64": 0x46,
    "text": 0x04,
}
NONE = Scalars(())

Varbind = tuple[tuple[int, ...], int, bytes]


def cell(column: Column, index: int, content: bytes, tag: int | None = None) -> Varbind:
    """One varbind of a column."""
    return (*column.oid, index), TAGS[column.syntax] if tag is None else tag, content


def row(index: int, status: int = 1, errors: int = 0, octets: int = 10**12) -> list[Varbind]:
    """A regular row of COLUMNS."""
    return [
        cell(column, index, ber.encode_integer(value)[2:])
        for column, value in zip(COLUMNS.columns, (status, errors, octets), strict=True)
    ]


END = [((1, 3, 6, 1, 2, 1, 99), 0x02, b"\x01")] * 3


def response(varbinds: list[Varbind], *, status: int = 0, index: int = 0) -> snmp.Response:
    """A response of these varbinds, as it is decoded."""
    listed = b"".join(
        ber.encode(
            ber.SEQUENCE, ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(oid)) + ber.encode(tag, content)
        )
        for oid, tag, content in varbinds
    )
    return snmp.Response(1, status, index, b"public", listed, 0, len(listed))


@dataclass(frozen=True)
class Asked:
    """A request, read back."""

    pdu: int
    non_repeaters: int
    repetitions: int
    names: list[tuple[int, ...]] = field(default_factory=list)


def asked(walk: Walk | Get, *repetitions: int) -> Asked:
    """Read what a question would send."""
    request = walk.ask(*repetitions)  # type: ignore[call-arg]  # a Get takes none
    data, at, stop = request.varbinds, 0, len(request.varbinds)
    names = []
    while at < stop:
        name, _, _, at = snmp.varbind(data, at, stop)
        names.append(ber.oid(name))
    return Asked(request.pdu, request.second, request.third, names)


def walked(walk: Walk, *answers: list[Varbind]) -> Step:
    """Ask and answer in turn; return what follows from the last answer."""
    step = Step.MORE
    for varbinds in answers:
        assert step is Step.MORE
        walk.ask(5)
        step = walk.take(response(varbinds))
    return step


def table(walk: Walk) -> dict[int, tuple[int, ...]]:
    """What a walk over numbers found, by index."""
    indices, columns = walk.numbers()
    return {
        ber.arcs(index)[0]: values for index, values in zip(indices, zip(*columns, strict=True), strict=True)
    }


BOTH = pytest.mark.parametrize("plain", [False, True], ids=["quick", "plain"])


@BOTH
def test_rows_are_taken_until_every_column_has_ended(plain: bool) -> None:
    walk = Walk(COLUMNS, NONE, plain=plain)
    assert walked(walk, row(1) + row(2), row(3, 2, 7, 2**64 - 2) + END) is Step.DONE
    assert table(walk) == {1: (1, 0, 10**12), 2: (1, 0, 10**12), 3: (2, 7, 2**64 - 2)}
    assert not walk.refused


@BOTH
def test_indices_of_any_width_keep_their_order(plain: bool) -> None:
    indices = [1, 127, 128, 16383, 16384, 15728641, 2**28, 2**31 - 1]
    walk = Walk(COLUMNS, NONE, plain=plain)
    assert walked(walk, [varbind for index in indices for varbind in row(index)] + END) is Step.DONE
    assert list(table(walk)) == indices


@BOTH
def test_an_incomplete_last_row_is_asked_for_again(plain: bool) -> None:
    walk = Walk(COLUMNS, NONE, plain=plain)
    assert walked(walk, row(1) + row(2)[:2]) is Step.MORE
    assert asked(walk, 5).names == [(*column.oid, 1) for column in COLUMNS.columns]
    assert walked(walk, row(2, 2) + END) is Step.DONE
    assert table(walk) == {1: (1, 0, 10**12), 2: (2, 0, 10**12)}


@BOTH
def test_holes_leave_values_missing_and_columns_in_step(plain: bool) -> None:
    walk = Walk(COLUMNS, NONE, plain=plain)
    first, second, third = row(1), row(2), row(3)
    # Row 2 has no ifHCInOctets: that column runs ahead.
    assert walked(walk, [*first, second[0], second[1], third[2]]) is Step.MORE
    assert asked(walk, 5).names == [(*column.oid, 2) for column in COLUMNS.columns]
    assert walked(walk, third + END) is Step.DONE
    assert table(walk) == {1: (1, 0, 10**12), 2: (1, 0, MISSING), 3: (1, 0, 10**12)}


@BOTH
def test_columns_may_end_at_different_rows(plain: bool) -> None:
    walk = Walk(COLUMNS, NONE, plain=plain)
    gone = ((1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 7, 1), 0x46, b"\x05")
    assert walked(walk, [*row(1), *row(2)[:2], gone, *row(3)[:2], gone]) is Step.MORE
    assert asked(walk, 5).names == [(*STATUS.oid, 3), (*ERRORS.oid, 3)]
    assert walked(walk, row(4)[:2] + row(5)[:2] + END[:2]) is Step.DONE
    assert table(walk) == {1: (1, 0, 10**12)} | dict.fromkeys((2, 3, 4, 5), (1, 0, MISSING))


@BOTH
def test_the_end_of_the_mib_ends_a_column(plain: bool) -> None:
    walk = Walk(COLUMNS, NONE, plain=plain)
    ends = [cell(column, 1, b"", snmp.END_OF_MIB_VIEW) for column in COLUMNS.columns]
    assert walked(walk, row(1) + ends) is Step.DONE
    assert list(table(walk)) == [1]


@pytest.mark.parametrize("indices", [(1, 1), (2, 1), (5, 5, 5)])
@BOTH
def test_indices_that_do_not_increase_end_their_column(plain: bool, indices: tuple[int, ...]) -> None:
    walk = Walk(COLUMNS, NONE, plain=plain)
    assert walked(walk, [varbind for index in indices for varbind in row(index)]) is Step.DONE
    assert list(table(walk)) == [indices[0]]
    assert walk.refused == {"not increasing": 3}


@BOTH
def test_an_agent_without_an_end_is_left_at_the_cap(plain: bool) -> None:
    walk = Walk(COLUMNS, NONE, plain=plain)
    answers = 0
    step = Step.MORE
    while step is Step.MORE:
        walk.ask(5)
        step = walk.take(response([v for n in range(50) for v in row(answers * 50 + n + 1)]))
        answers += 1
    assert step is Step.DONE
    assert MAX_ROWS <= len(table(walk)) < MAX_ROWS + 50
    assert walk.refused == {"too many rows": 1}


@pytest.mark.parametrize("varbinds", [[], row(1)[:2], row(9)[:1]])
@BOTH
def test_an_answer_without_a_complete_row_leads_nowhere(plain: bool, varbinds: list[Varbind]) -> None:
    walk = Walk(COLUMNS, NONE, plain=plain)
    assert walked(walk, varbinds) is Step.MALFORMED
    assert walk.refused == {"no progress": 1}
    assert table(walk) == {}


@pytest.mark.parametrize(
    ("varbind", "reason"),
    [
        (cell(ERRORS, 2, b""), "empty integer"),
        (cell(ERRORS, 2, b"17", 0x04), "wrong type"),
        (cell(ERRORS, 2, b"\x01", 0x44), "wrong type"),  # Opaque
        (cell(ERRORS, 2, b"\x01" * 6), "long integer"),
        (cell(ERRORS, 2, b"\xfe", 0x02), "negative"),
    ],
)
@BOTH
def test_a_bad_value_costs_only_itself(plain: bool, varbind: Varbind, reason: str) -> None:
    walk = Walk(COLUMNS, NONE, plain=plain)
    bad = row(2)
    bad[1] = varbind
    assert walked(walk, row(1) + bad + row(3) + END) is Step.DONE
    assert table(walk) == {1: (1, 0, 10**12), 2: (1, MISSING, 10**12), 3: (1, 0, 10**12)}
    assert walk.refused == {reason: 1}


@BOTH
def test_a_negative_number_is_missing_from_an_array_of_unsigned(plain: bool) -> None:
    walk = Walk(COLUMNS, NONE, plain=plain)
    assert walked(walk, row(1, -1) + END) is Step.DONE
    assert table(walk) == {1: (MISSING, 0, 10**12)}
    assert walk.refused == {"negative": 1}


@BOTH
def test_an_index_of_the_wrong_shape_is_no_row(plain: bool) -> None:
    walk = Walk(COLUMNS, NONE, plain=plain)
    odd = [((*oid, 7), tag, content) for oid, tag, content in row(1)]
    assert walked(walk, odd + row(2) + END) is Step.DONE
    assert list(table(walk)) == [2]
    assert walk.refused == {"index": 3}


def test_tables_with_indices_of_several_arcs_can_be_walked() -> None:
    columns = Columns((ERRORS,), index_arcs=0)
    walk = Walk(columns, NONE)
    found = [((*ERRORS.oid, 1, 300), 0x41, b"\x05"), ((*ERRORS.oid, 2), 0x41, b"\x06")]
    assert walked(walk, found + END[:1]) is Step.DONE
    indices, (values,) = walk.numbers()
    assert [ber.arcs(index) for index in indices] == [(1, 300), (2,)]
    assert list(values) == [5, 6]


def test_texts_stay_octets() -> None:
    walk = Walk(Columns((NAME,)), NONE)
    assert walked(walk, [cell(NAME, 1, b"ge-0/0/1"), cell(NAME, 2, b"\xff\x00"), END[0]]) is Step.DONE
    assert walk.texts() == {b"\x01": [b"ge-0/0/1"], b"\x02": [b"\xff\x00"]}


def test_scalars_ride_in_the_first_and_the_last_request() -> None:
    walk = Walk(COLUMNS, Scalars((UPTIME,)), expected=8)
    first = asked(walk, 5)
    assert (first.pdu, first.non_repeaters, first.repetitions) == (snmp.GETBULK, 1, 5)
    assert first.names[0] == UPTIME.oid
    uptime = ((*UPTIME.oid, 0), snmp.TIMETICKS, b"\x07")
    walk.take(response([uptime, *(v for n in range(1, 4) for v in row(n))]))
    middle = asked(walk, 2)
    assert (middle.non_repeaters, middle.repetitions, len(middle.names)) == (0, 2, 3)
    last = asked(walk, 5)
    assert (last.non_repeaters, last.repetitions) == (1, 5)
    walk.take(
        response([((*UPTIME.oid, 0), snmp.TIMETICKS, b"\x09"), *(v for n in range(4, 9) for v in row(n))])
    )
    assert asked(walk, 5).repetitions == 5
    assert (walk.first, walk.latest) == ({"sysUpTime": 7}, {"sysUpTime": 9})
    assert len(table(walk)) == 8


def test_the_last_request_asks_for_what_is_left_and_the_end() -> None:
    walk = Walk(COLUMNS, NONE, expected=7)
    walked(walk, [v for n in range(1, 6) for v in row(n)])
    assert asked(walk, 5).repetitions == 3


def test_scalars_that_the_agent_does_not_have_are_left_out() -> None:
    walk = Walk(COLUMNS, Scalars((UPTIME,)))
    assert walked(walk, [((1, 3, 6, 1, 2, 1, 1, 4, 0), 0x04, b"ops"), *row(1), *END]) is Step.DONE
    assert walk.first == {}


def test_getnext_asks_one_row_at_a_time() -> None:
    walk = Walk(COLUMNS, NONE)
    request = asked(walk, 0)
    assert (request.pdu, request.non_repeaters, request.repetitions) == (snmp.GETNEXT, 0, 0)
    assert walked(walk, row(1), row(2), END) is Step.DONE
    assert list(table(walk)) == [1, 2]


def test_without_columns_one_answer_is_all() -> None:
    walk = Walk(Columns(()), Scalars((UPTIME,)))
    assert asked(walk, 5).pdu == snmp.GETNEXT
    assert walked(walk, [((*UPTIME.oid, 0), snmp.TIMETICKS, b"\x07")]) is Step.DONE
    assert walk.first == {"sysUpTime": 7}
    assert walk.numbers() == ((), ())


@pytest.mark.parametrize(
    ("status", "index", "step", "detail"),
    [
        (snmp.TOO_BIG, 0, Step.TOO_BIG, ""),
        (5, 0, Step.FAILED, "agent says genErr"),
        (5, 9, Step.FAILED, "agent says genErr"),
        (snmp.AUTHORIZATION_ERROR, 0, Step.REFUSED, "agent says authorizationError"),
    ],
)
def test_errors_of_the_agent(status: int, index: int, step: Step, detail: str) -> None:
    walk = Walk(COLUMNS, NONE)
    walk.ask(5)
    assert walk.take(response([], status=status, index=index)) is step
    assert walk.detail == detail


def test_an_error_about_one_column_costs_that_column() -> None:
    walk = Walk(COLUMNS, NONE)
    walk.ask(5)
    assert walk.take(response([], status=5, index=2)) is Step.MORE
    assert asked(walk, 5).names == [STATUS.oid, OCTETS.oid]
    first = row(1)
    assert walked(walk, [first[0], first[2], *END[:2]]) is Step.DONE
    assert table(walk) == {1: (1, MISSING, 10**12)}
    assert walk.refused == {"genErr": 1}


def test_a_first_request_is_sized_to_one_datagram() -> None:
    assert COLUMNS.fitting() == 20
    assert Columns((NAME,)).fitting() == 45
    assert Columns(()).fitting() == 50


# The quick way is held equal to the plain loop, on regular, irregular and broken answers alike.

CONTENTS = st.one_of(
    st.binary(max_size=10),
    st.integers(0, 2**64 - 1).map(lambda n: ber.encode_integer(n)[2:]),
    st.integers(0, 300).map(lambda n: ber.encode_integer(n)[2:]),
)
INDICES = st.one_of(st.integers(1, 140), st.integers(16380, 16390), st.integers(0, 2**32 - 1))


@st.composite
def answers(draw: st.DrawFn) -> list[bytes]:
    """Lists of varbinds as a switch would send them, some of them spoilt."""
    index = draw(st.integers(1, 130))
    listed = []
    for _ in range(draw(st.integers(1, 4))):
        varbinds: list[Any] = []
        for _ in range(draw(st.integers(0, 7))):
            contents = draw(st.tuples(CONTENTS, CONTENTS, CONTENTS))
            varbinds += [
                cell(column, index, content if draw(st.integers(0, 3)) == 0 else b"\x05")
                for column, content in zip(COLUMNS.columns, contents, strict=True)
            ]
            index += draw(st.integers(1, 3)) if draw(st.integers(0, 15)) else -1
            index = max(index, 0)
        if varbinds and draw(st.integers(0, 2)) == 0:
            place = draw(st.integers(0, len(varbinds) - 1))
            change = draw(st.sampled_from(["drop", "tag", "index", "end", "two arcs"]))
            oid, tag, content = varbinds[place]
            varbinds[place : place + 1] = {
                "drop": [],
                "tag": [
                    (
                        oid,
                        draw(st.sampled_from([0x02, 0x04, 0x41, 0x42, 0x44, 0x46, 0x80, 0x81, 0x82])),
                        content,
                    )
                ],
                "index": [((*oid[:-1], draw(INDICES)), tag, content)],
                "end": [END[0]],
                "two arcs": [((*oid, 1), tag, content)],
            }[change]
        octets = bytearray(response(varbinds).data)
        if octets and draw(st.integers(0, 2)) == 0:
            octets[draw(st.integers(0, len(octets) - 1))] = draw(st.integers(0, 255))
        listed.append(bytes(octets))
    return listed


@settings(max_examples=250)
@given(answers())
def test_the_quick_way_finds_what_the_plain_loop_finds(listed: list[bytes]) -> None:
    quick = Walk(COLUMNS, NONE)
    plain = Walk(COLUMNS, NONE, plain=True)
    for octets in listed:
        assert quick.ask(5) == plain.ask(5)
        answer = snmp.Response(1, 0, 0, b"public", octets, 0, len(octets))
        step = quick.take(answer)
        assert step is plain.take(answer)
        if step is not Step.MORE:
            break
    assert quick.numbers() == plain.numbers()
    assert quick.refused == plain.refused
    assert quick.detail == plain.detail


@settings(max_examples=200)
@given(st.binary(max_size=200))
def test_octets_of_any_kind_never_raise(octets: bytes) -> None:
    for question in (Walk(COLUMNS, NONE), Get((UPTIME, STATUS))):
        assert question.take(snmp.Response(1, 0, 0, b"public", octets, 0, len(octets))) in Step
    with contextlib.suppress(MalformedError):
        snmp.decode_response(octets)


def test_a_get_takes_what_the_agent_has() -> None:
    get = Get((UPTIME, NAME, ERRORS))
    request = asked(get)
    assert (request.pdu, request.names) == (
        snmp.GET,
        [(*column.oid, 0) for column in (UPTIME, NAME, ERRORS)],
    )
    answer = [
        ((*UPTIME.oid, 0), snmp.TIMETICKS, b"\x07"),
        ((*NAME.oid, 0), snmp.NO_SUCH_INSTANCE, b""),
        ((*ERRORS.oid, 0), 0x41, b""),
    ]
    assert get.take(response(answer)) is Step.DONE
    assert get.values == {"sysUpTime": 7}
    assert get.refused == {"empty integer": 1}


def test_a_get_that_is_too_big_is_split() -> None:
    get = Get((UPTIME, NAME, ERRORS))
    assert get.take(response([], status=snmp.TOO_BIG)) is Step.MORE
    assert len(asked(get).names) == 1
    assert get.take(response([], status=snmp.TOO_BIG)) is Step.TOO_BIG
    assert get.take(response([((*UPTIME.oid, 0), snmp.TIMETICKS, b"\x07")])) is Step.MORE
    assert asked(get).names == [(*NAME.oid, 0)]


def test_an_error_about_one_object_costs_that_object() -> None:
    get = Get((UPTIME, NAME))
    assert get.take(response([], status=2, index=1)) is Step.MORE
    assert asked(get).names == [(*NAME.oid, 0)]
    assert get.take(response([((*NAME.oid, 0), 0x04, b"a")])) is Step.DONE
    assert get.values == {"ifName": b"a"}
    assert get.refused == {"noSuchName": 1}


def test_devices_cannot_make_patterns_without_end() -> None:
    many = Columns(tuple(Column(f"c{n}", (1, 3, 6, 1, n), "integer") for n in range(1, 9)))
    for bits in range(1, 255):
        ended = frozenset(n for n in range(8) if bits >> n & 1)
        fewer = many.without(ended)
        assert fewer.positions == tuple(n for n in range(8) if n not in ended)
        assert fewer.without(frozenset((0,))).positions == fewer.positions[1:]
    assert len(many._subsets) == 16


@BOTH
def test_an_answer_may_not_begin_below_the_cursor(plain: bool) -> None:
    walk = Walk(COLUMNS, NONE, plain=plain)
    assert walked(walk, row(16384), row(16383)) is Step.DONE
    assert list(table(walk)) == [16384]


@BOTH
def test_nothing_is_kept_of_an_answer_that_breaks_off(plain: bool) -> None:
    walk = Walk(COLUMNS, NONE, plain=plain)
    walk.ask(5)
    odd = [*row(1, -1), *row(2)]
    octets = response(odd).data + b"\x30\x50broken"
    assert walk.take(snmp.Response(1, 0, 0, b"public", octets, 0, len(octets))) is Step.MALFORMED
    assert walked(walk, row(2) + END) is Step.DONE
    assert list(table(walk)) == [2]


def test_a_change_of_any_octet_is_judged_alike_by_the_quick_way_and_the_loop() -> None:
    octets = response(row(5, 1, 300, 10**12) + row(6, 2, 0, 7) + END).data
    for place in range(len(octets)):
        for change in (1, 2, 3, 0x7F, 0x80, 0xFF):
            changed = bytearray(octets)
            changed[place] ^= change
            answer = snmp.Response(1, 0, 0, b"public", bytes(changed), 0, len(changed))
            quick, plain = (Walk(COLUMNS, NONE, plain=each) for each in (False, True))
            assert quick.take(answer) is plain.take(answer)
            assert quick.numbers() == plain.numbers()
            assert quick.refused == plain.refused
