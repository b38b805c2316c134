"""A figure is compared with what was declared, by the newest value that was known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from judged import CLAIM, END, NOW, THEN, bounds, judged

from netwatch.model.claim import (
    ClaimVerdict,
    Measurement,
    Withheld,
)

if TYPE_CHECKING:
    import datetime as dt

MAIL = replace(CLAIM, name="mail", kind="figure", declared=0.75, population=None, criteria=())


def counted(value: float, date: dt.date = NOW, at: float = END - 60, claim: str = "mail") -> Measurement:
    return Measurement(at, claim, date, value, "survey")


@pytest.mark.parametrize(
    ("value", "lower", "expected"),
    [
        (0.75, 0.75, ClaimVerdict.HOLDS),
        (0.7, 0.7, ClaimVerdict.DOES_NOT_HOLD),
        (1.0, 1.0, ClaimVerdict.HOLDS),
    ],
)
def test_a_figure_is_compared_with_what_was_declared(
    value: float, lower: float, expected: ClaimVerdict
) -> None:
    result = judged(claim=MAIL, register=None, observed=0.0, measurements=(counted(value),))
    assert (*bounds(result), result.verdict, result.withheld) == (lower, lower, expected, None)
    assert result.measured == counted(value)
    assert result.units == ()


@pytest.mark.parametrize(
    ("value", "lower", "expected"),
    [(29, 1.0, ClaimVerdict.HOLDS), (58, 1.0, ClaimVerdict.HOLDS), (0, 0.0, ClaimVerdict.DOES_NOT_HOLD),
     (28, 28 / 29, ClaimVerdict.DOES_NOT_HOLD)],
)  # fmt: skip
def test_a_declared_number_is_compared_as_one(value: float, lower: float, expected: ClaimVerdict) -> None:
    claim = replace(MAIL, declared=None, count=29)
    result = judged(claim=claim, register=None, measurements=(counted(value),))
    assert (*bounds(result), result.verdict) == (lower, lower, expected)


@pytest.mark.parametrize(
    ("measurements", "value"),
    [
        ((), None),
        ((counted(0.5, claim="other"),), None),
        ((counted(0.5, at=END + 1),), None),  # not known within the period
        ((counted(75.0),), None),  # per cent is no ratio
        ((counted(-0.1),), None),
        ((counted(0.5), counted(0.6, THEN)), 0.5),  # the newest date
        ((counted(0.5), counted(0.6)), 0.6),  # of one date the later entry
    ],
)
def test_the_newest_value_counts(measurements: tuple[Measurement, ...], value: float | None) -> None:
    result = judged(claim=MAIL, register=None, measurements=measurements)
    assert (result.measured.value if result.measured else None) == value
    if value is None:
        assert (*bounds(result), result.verdict) == (0.0, 1.0, ClaimVerdict.UNDETERMINED)
        assert result.withheld is Withheld.NOT_MEASURED


def test_a_figure_that_declares_no_number_cannot_be_compared() -> None:
    claim = replace(MAIL, declared=None)
    result = judged(claim=claim, register=None, measurements=(counted(0.5),))
    assert result.withheld is Withheld.NOT_MEASURED
    assert judged(claim=MAIL, register=None, reading=True).withheld is Withheld.READING
