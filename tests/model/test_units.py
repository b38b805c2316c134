"""What devices count in, and what becomes of it: the closed table of units."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from netwatch.model.units import LIGHT, RANGES, UNITS, OutOfRange, parsed, unified

TABLE = [
    ("dBm", -12, -12.0),
    ("dBm", "-12.3 dBm", -12.3),
    ("dBm", "-12.3", -12.3),
    ("0.1 dBm", -123, -12.3),
    ("0.01 dBm", -2153, -21.53),
    ("0.01 dBm", 0, 0.0),
    ("0.001 dBm", -21530, -21.53),
    ("mW", "0.5012", -3.0),
    ("mW", "0.5012 mW", -3.0),
    ("mW", "0.0000", None),
    ("0.1 mW", 10, 0.0),
    ("uW", 1000, 0.0),
    ("0.1 uW", 70, -21.549),
    ("0.1 uW", 1, -40.0),
    ("0.1 uW", 0, None),
    ("0.1 uW", -5, None),
    ("0.01 uW", 100_000, 0.0),
    ("nW", 1_000_000, 0.0),
    # HUAWEI-ENTITY-EXTENT-MIB: above 0 microwatts, below 0 hundredths of a dBm.
    ("0.01 dBm or uW", 500, -3.0103),
    ("0.01 dBm or uW", -2153, -21.53),
    ("0.01 dBm or uW", -1, None),
    ("0.01 dBm or uW", 0, None),
    ("ratio", "0.25", 0.25),
    ("percent", 37, 0.37),
    ("percent", "37 %", 0.37),
    ("0.1 percent", 375, 0.375),
    ("0.01 percent", 3750, 0.375),
    ("idle percent", 80, 0.2),
    ("percent or 0.1 percent", 100, 1.0),
    ("percent or 0.1 percent", 1000, 1.0),
    ("percent or 0.1 percent", 455, 0.455),
    ("celsius", 42, 42.0),
    ("celsius", "+42.5 C", 42.5),
    ("celsius", "42 degrees", 42.0),
    ("0.5 celsius", 97, 48.5),
    ("0.1 celsius", 425, 42.5),
    ("0.01 celsius", 4250, 42.5),
    ("0.001 celsius", -5000, -5.0),
    ("W", 15, 15.0),
    ("0.1 W", 155, 15.5),
    ("0.001 W", 15500, 15.5),
    ("s", 90, 90.0),
    ("min", 2, 120.0),
    ("0.01 s", 9000, 90.0),
    ("B", 4096, 4096.0),
    ("kB", 4, 4096.0),
]


@pytest.mark.parametrize(("unit", "raw", "told"), TABLE)
def test_every_unit_comes_to_its_base(unit: str, raw: int | str, told: float | None) -> None:
    """Of no light there is no dBm."""
    found = unified(unit, raw)
    assert found == (None if told is None else pytest.approx(told, abs=1e-3))
    assert found is None or isinstance(found, float)


def test_the_table_leaves_no_unit_out() -> None:
    assert {unit for unit, _, _ in TABLE} == set(UNITS)


@pytest.mark.parametrize(
    ("unit", "raw"),
    [
        ("dBm", 31),
        ("0.01 dBm", -6001),
        ("0.01 dBm", 2147483647),
        ("0.001 dBm", -99999999),
        ("uW", 2**31 - 1),
        ("percent", 101),
        ("percent", -1),
        ("percent or 0.1 percent", 1001),
        ("idle percent", 101),
        ("celsius", 255),
        ("celsius", -127),
        ("W", -1),
        ("s", -1),
        ("min", -1),
        ("B", -1),
        ("celsius", "warm"),
        ("celsius", "42 of 100"),
        ("celsius", "1e9"),
        ("celsius", "nan"),
        ("celsius", "inf"),
        ("celsius", "9" * 300),
    ],
)
def test_what_cannot_be_true_is_refused(unit: str, raw: int | str) -> None:
    with pytest.raises(OutOfRange):
        unified(unit, raw)


@pytest.mark.parametrize(
    ("raw", "told"),
    [(823, 8.23), (1000, 10.0), (1001, None), (1900, None), (-4000, -40.0), (-5000, -50.0), (-5001, None)],
)
def test_light_is_believed_within_what_optics_can(raw: int, told: float | None) -> None:
    """Thresholds may lie beyond."""
    assert unified("0.01 dBm", raw) == raw / 100
    if told is not None:
        assert unified("0.01 dBm", raw, within=LIGHT) == told
        return
    with pytest.raises(OutOfRange):
        unified("0.01 dBm", raw, within=LIGHT)


@pytest.mark.parametrize("text", ["N/A", "--", "", " ", "none", "-", "Unknown"])
def test_texts_that_say_that_there_is_nothing(text: str) -> None:
    assert unified("mW", text) is None


def test_what_the_profile_calls_absent_is_nothing() -> None:
    """Before the range is looked at; also where it is written out."""
    assert unified("0.01 dBm", 2147483647, (2147483647,)) is None
    assert unified("dBm", "-99.0", (-99,)) is None
    assert unified("0.01 dBm", -100, (2147483647,)) == -1.0


@given(st.sampled_from(sorted(UNITS)), st.integers(-(2**63), 2**64) | st.text(max_size=30))
def test_whatever_a_device_sends_is_in_range_or_refused(unit: str, raw: int | str) -> None:
    try:
        found = unified(unit, raw)
    except OutOfRange:
        return
    least, most = RANGES[UNITS[unit].base]
    assert found is None or least <= found <= most


@pytest.mark.parametrize(("text", "number"), [("1.", 1.0), (" -3 ", -3.0), ("0.5012mW", 0.5012)])
def test_numbers_that_texts_begin_with(text: str, number: float) -> None:
    assert parsed(text) == number
