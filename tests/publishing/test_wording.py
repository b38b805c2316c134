"""How numbers, times and names are written, in both languages."""

from __future__ import annotations

import datetime as dt
import re
import sys
import unicodedata
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from netwatch.publishing.wording import STYLES, Wording, clean

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
VI = Wording(STYLES["vi"], HERE)
EN = Wording(STYLES["en"], HERE)
AT = dt.datetime(2026, 10, 7, 23, 59, 58, tzinfo=HERE).timestamp()


@pytest.mark.parametrize(
    ("written", "vietnamese", "english"),
    [
        (lambda say: say.lower(0.995), "99,50\N{NO-BREAK SPACE}%", "99.50\N{NO-BREAK SPACE}%"),
        (lambda say: say.lower(0.99999), "99,99\N{NO-BREAK SPACE}%", "99.99\N{NO-BREAK SPACE}%"),
        (lambda say: say.upper(0.00001), "0,01\N{NO-BREAK SPACE}%", "0.01\N{NO-BREAK SPACE}%"),
        (lambda say: say.lower(0.995, 0), "99\N{NO-BREAK SPACE}%", "99\N{NO-BREAK SPACE}%"),
        (
            lambda say: say.bounds(0.12345, 0.67891),
            "12,34\N{EN DASH}67,90\N{NO-BREAK SPACE}%",
            "12.34\N{EN DASH}67.90\N{NO-BREAK SPACE}%",
        ),
        (lambda say: say.bounds(0, 1), "0,00\N{EN DASH}100,00\N{NO-BREAK SPACE}%", None),
        (lambda say: say.exact(0.995), "99,5\N{NO-BREAK SPACE}%", "99.5\N{NO-BREAK SPACE}%"),
        (lambda say: say.exact(1.0), "100\N{NO-BREAK SPACE}%", "100\N{NO-BREAK SPACE}%"),
        (lambda say: say.exact(0.07), "7\N{NO-BREAK SPACE}%", "7\N{NO-BREAK SPACE}%"),
        (lambda say: say.number(1234567), "1.234.567", "1,234,567"),
        (lambda say: say.number(29.0), "29", "29"),
        (lambda say: say.number(1e15), "1.000.000.000.000.000", "1,000,000,000,000,000"),
        (lambda say: say.number(-0.25), "-0,25", "-0.25"),
        (lambda say: say.milliseconds(0.01234), "12,3\N{NO-BREAK SPACE}ms", "12.3\N{NO-BREAK SPACE}ms"),
        (lambda say: say.milliseconds(1.5), "1.500,0\N{NO-BREAK SPACE}ms", "1,500.0\N{NO-BREAK SPACE}ms"),
        (lambda say: say.day(dt.date(2017, 12, 22)), "22/12/2017", "2017-12-22"),
        (lambda say: say.iso_day("2017-12-22"), "22/12/2017", "2017-12-22"),
        (lambda say: say.iso_day("one day"), "one day", "one day"),
        (lambda say: say.period("2026-10"), "tháng 10/2026", "2026-10"),
        (lambda say: say.period("2026-10-07"), "07/10/2026", "2026-10-07"),
        (
            lambda say: say.period("2026-10-01..2026-10-15"),
            "từ 01/10/2026 đến 15/10/2026",
            "2026-10-01 to 2026-10-15",
        ),
        (lambda say: say.days(AT, AT + 2), "07/10/2026", "2026-10-07"),
        (lambda say: say.days(AT, AT + 2.5), "từ 07/10/2026 đến 08/10/2026", "2026-10-07 to 2026-10-08"),
        (
            lambda say: say.moment(AT + 0.9),
            "07/10/2026 23:59:58\N{NO-BREAK SPACE}+07:00",
            "2026-10-07 23:59:58\N{NO-BREAK SPACE}+07:00",
        ),
        (lambda say: say.iso(AT), "2026-10-07T23:59:58+07:00", "2026-10-07T23:59:58+07:00"),
        (lambda say: say.offset(AT), "UTC+07:00", "UTC+07:00"),
        (lambda say: say.duration(0), "0\N{NO-BREAK SPACE}giây", "0\N{NO-BREAK SPACE}s"),
        (lambda say: say.duration(59.9), "59\N{NO-BREAK SPACE}giây", "59\N{NO-BREAK SPACE}s"),
        (
            lambda say: say.duration(11525),
            "3\N{NO-BREAK SPACE}giờ 12\N{NO-BREAK SPACE}phút",
            "3\N{NO-BREAK SPACE}h 12\N{NO-BREAK SPACE}min",
        ),
        (lambda say: say.duration(3605), "1\N{NO-BREAK SPACE}giờ", "1\N{NO-BREAK SPACE}h"),
        (
            lambda say: say.duration(2 * 86400 + 3600),
            "2\N{NO-BREAK SPACE}ngày 1\N{NO-BREAK SPACE}giờ",
            "2\N{NO-BREAK SPACE}d 1\N{NO-BREAK SPACE}h",
        ),
    ],
)
def test_formats(written: object, vietnamese: str, english: str | None) -> None:
    assert callable(written)
    assert written(VI) == vietnamese
    if english is not None:
        assert written(EN) == english


def test_a_moment_has_the_offset_that_its_clock_had() -> None:
    """In winter and in summer, and where the offset is no whole hour."""
    berlin = Wording(STYLES["en"], ZoneInfo("Europe/Berlin"))
    assert berlin.moment(1_767_225_600) == "2026-01-01 01:00:00\N{NO-BREAK SPACE}+01:00"
    assert berlin.moment(1_782_864_000) == "2026-07-01 02:00:00\N{NO-BREAK SPACE}+02:00"
    newfoundland = Wording(STYLES["en"], ZoneInfo("America/St_Johns"))
    assert newfoundland.offset(1_767_225_600) == "UTC-03:30"


@pytest.mark.parametrize("ratio", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_number_is_never_written(ratio: float) -> None:
    for write in (VI.lower, VI.upper, VI.number):
        with pytest.raises(ValueError, match="is no"):
            write(ratio)


@given(st.data(), st.integers(1, 10**6), st.integers(0, 3))
def test_a_bound_is_rounded_outwards_and_by_less_than_a_step(
    data: st.DataObject, total: int, digits: int
) -> None:
    """The lower bound never looks higher than it is, nor the upper one lower."""
    part = data.draw(st.integers(0, total))
    exact = Fraction(part, total) * 100
    step = Fraction(1, 10**digits)
    lower, upper = read(VI.lower(part / total, digits)), read(EN.upper(part / total, digits))
    assert lower <= exact < lower + step
    assert upper - step < exact <= upper


def read(text: str) -> Fraction:
    """Read a percentage back."""
    found = re.fullmatch(r"([0-9]+(?:[.,][0-9]+)?)\N{NO-BREAK SPACE}%", text)
    assert found, text
    return Fraction(found[1].replace(",", "."))


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("Xã Như Quỳnh", "Xã Như Quỳnh"),
        (unicodedata.normalize("NFD", "Phường Phố Hiến"), "Phường Phố Hiến"),
        ("two\nlines\tand\r", "two lines and "),
        ("gw\u202egnp.exe", "gw\ufffdgnp.exe"),
        ("a\u2066b\u2069", "a\ufffdb\ufffd"),
        ("bell\x07", "bell\ufffd"),
        ("99,5\N{NO-BREAK SPACE}%", "99,5\N{NO-BREAK SPACE}%"),
        ("<b>&", "<b>&"),
    ],
)
def test_texts_are_cleared_of_what_steers(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_every_character_that_steers_is_known() -> None:
    """Compared with Unicode's own categories, all of them."""
    steering = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    for code in range(sys.maxunicode + 1):
        char = chr(code)
        if unicodedata.category(char) in steering:
            assert clean(char) in {" ", "\ufffd"}, hex(code)
