"""What may be said of a fault: words are read strictly, and a wrong one is told what it should have been."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from netwatch.lab.faults import DEFINITIONS, Fault, FaultKind, WrongValueError, duration, fault, shift


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90.0), ("1m30s", 90.0), ("300ms", 0.3), ("2h", 7200.0), ("1h0m1.5s", 3601.5), ("0s", 0.0)],
)
def test_durations(text: str, seconds: float) -> None:
    assert duration(text) == seconds


@given(st.integers(0, 99), st.integers(0, 59), st.integers(0, 59))
def test_a_duration_is_the_sum_of_its_parts(hours: int, minutes: int, seconds: int) -> None:
    assert duration(f"{hours}h{minutes}m{seconds}s") == hours * 3600 + minutes * 60 + seconds


@pytest.mark.parametrize("text", ["", "5", "5 m", "-5m", "m", "1d", "1m30", "1s1s1s1s1s"])
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(WrongValueError, match="is not a duration"):
        duration(text)


@pytest.mark.parametrize(("text", "seconds"), [("+1h", 3600.0), ("-90s", -90.0)])
def test_a_clock_steps_one_way_or_the_other(text: str, seconds: float) -> None:
    assert shift(text) == seconds


@pytest.mark.parametrize(
    ("kind", "said", "values"),
    [
        (FaultKind.POWER_CUT, {}, {"battery": 7200.0}),
        (FaultKind.POWER_CUT, {"battery": "4m"}, {"battery": 240.0}),
        (FaultKind.LOSS, {"share": "40%"}, {"share": 0.4}),
        (FaultKind.LOSS, {"share": "0.4"}, {"share": 0.4}),
        (FaultKind.DELAY, {"by": "3s"}, {"by": 3.0, "jitter": 0.0}),
        (FaultKind.SILENT, {}, {"to": "both"}),
        (FaultKind.WAY_OUT_CUT, {"carrier": "vnpt"}, {"carrier": "vnpt"}),
        (FaultKind.LOOP, {}, {"rate": 100.0}),
        (FaultKind.FIBRE_CUT, {}, {}),
    ],
)
def test_what_is_said_is_read_and_the_rest_is_as_usual(
    kind: FaultKind, said: dict[str, str], values: dict[str, object]
) -> None:
    assert fault(kind, said) == Fault(kind, values)


@pytest.mark.parametrize(
    ("kind", "said", "message"),
    [
        (FaultKind.LOSS, {}, "loss needs 'share'"),
        (FaultKind.LOSS, {"share": "140%"}, "'140%' is not a share: write 0.4 or 40%"),
        (FaultKind.FIBRE_CUT, {"for": "5m"}, "'for' says nothing about fibre-cut: it takes nothing"),
        (FaultKind.SILENT, {"to": "ping"}, "'ping' is none of echo, snmp, both"),
        (FaultKind.CLOCK_STEP, {"by": "1h"}, r"'1h' has no sign: write \+1h or -1h"),
        (FaultKind.DUPLICATES, {"copies": "0"}, "'0' is not a number from 1 to 9"),
        (FaultKind.LIGHT_FADING, {"rate": "fast"}, "'fast' is not a number"),
        (FaultKind.REBOOT, {"off": "0s"}, "'0s' is no time at all"),
        (FaultKind.LOOP, {"rate": "0"}, "'0' is no rate"),
        (FaultKind.FLAPPING, {"period": "5s", "down": "5s"}, "'down' has to be shorter than 'period'"),
    ],
)
def test_a_wrong_word_is_told_what_it_should_have_been(
    kind: FaultKind, said: dict[str, str], message: str
) -> None:
    with pytest.raises(WrongValueError, match=f"^{message}$"):
        fault(kind, said)


def test_every_kind_is_defined() -> None:
    assert set(DEFINITIONS) == set(FaultKind)
    assert str(fault(FaultKind.DELAY, {"by": "3s"})) == "delay by=3 jitter=0"
