"""Succession follows predecessors through every date between, and never the codes alone."""

from __future__ import annotations

import datetime as dt

from netwatch.inventory.succession import Changes, Lineage, compare
from netwatch.model.register import Register, Unit

BEGIN, MIDDLE, END = dt.date(2000, 1, 1), dt.date(2010, 1, 1), dt.date(2020, 1, 1)


def unit(
    code: str, name: str, begins: dt.date, ends: dt.date | None = None, made_of: tuple[str, ...] = ()
) -> Unit:
    return Unit(code, name, "xã", "", "P", begins, ends, made_of, None, None, "test")


# 2000: A B C D E.  2010: A+B -> X under A's code; C is renamed.  2020: X is split; D takes foreign land.
REGISTER = Register(
    "r",
    (
        unit("1", "A", BEGIN, MIDDLE),
        unit("2", "B", BEGIN, MIDDLE),
        unit("3", "C", BEGIN, MIDDLE),
        unit("4", "D", BEGIN, END),
        unit("5", "E", BEGIN),
        unit("1", "X", MIDDLE, END, ("1", "2")),
        unit("3", "C2", MIDDLE, None, ("3",)),
        unit("1", "Y", END, None, ("1",)),
        unit("2", "Z", END, None, ("1",)),
        unit("4", "D", END, None, ("4", "99")),
        unit("6", "F", END, None, ("98",)),
    ),
    example=False,
)
LINEAGE = Lineage(REGISTER)


def test_ancestors_are_found_through_what_lay_between() -> None:
    made_of = {unit.name: LINEAGE.ancestors(unit, BEGIN) for unit in REGISTER.as_of(END)}
    assert made_of == {
        "Y": {"1", "2"},
        "Z": {"1", "2"},
        "C2": {"3"},
        "D": {"4"},
        "E": {"5"},
        "F": frozenset(),
    }


def test_a_unit_that_existed_is_its_own_ancestor() -> None:
    there = {unit.name: LINEAGE.ancestors(unit, MIDDLE) for unit in REGISTER.as_of(MIDDLE)}
    assert there == {"X": {"1"}, "C2": {"3"}, "D": {"4"}, "E": {"5"}}


def test_a_unit_that_has_ended_has_no_ancestors_later() -> None:
    assert LINEAGE.ancestors(REGISTER.units[0], END) == frozenset()


def test_changes_between_two_days() -> None:
    changes = compare(REGISTER, BEGIN, MIDDLE)
    assert (changes.before, changes.after) == (5, 4)
    assert [(unit.name, [part.name for part in parts]) for unit, parts in changes.merged] == [
        ("X", ["A", "B"])
    ]
    assert [(old.name, new.name) for old, new in changes.renamed] == [("C", "C2")]
    assert [(unit.name, [heir.name for heir in heirs]) for unit, heirs in changes.abolished] == [
        ("A", ["X"]),
        ("B", ["X"]),
    ]
    assert (changes.created, changes.split) == ((), ())


def test_a_split_unit_and_a_new_one() -> None:
    changes = compare(REGISTER, MIDDLE, END)
    assert [(unit.name, [heir.name for heir in heirs]) for unit, heirs in changes.split] == [
        ("X", ["Y", "Z"])
    ]
    assert [unit.name for unit in changes.created] == ["F"]
    assert [unit.name for unit, _ in changes.abolished] == ["X"]
    assert (changes.renamed, changes.merged) == ((), ())


def test_nothing_changes_within_a_day() -> None:
    assert compare(REGISTER, BEGIN, BEGIN) == Changes(5, 5, (), (), (), (), ())
