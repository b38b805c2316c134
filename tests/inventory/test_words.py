"""Single values: what can be written, and what it means."""

from __future__ import annotations

import contextlib
import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from netwatch.inventory.wording import counted, did_you_mean, listed, quote
from netwatch.inventory.words import (
    Address,
    Date,
    Duration,
    Flag,
    Integer,
    Listen,
    ObjectIdentifier,
    Pattern,
    Rate,
    Ratio,
    Text,
    duration,
    name_kind,
)

if TYPE_CHECKING:
    from netwatch.inventory.kind import Word

ANY_DURATION = Duration(0, 10**9)

GOOD = [
    (ANY_DURATION, "50ms", 0.05),
    (ANY_DURATION, "1s", 1.0),
    (ANY_DURATION, "1.5s", 1.5),
    (ANY_DURATION, "5m", 300.0),
    (ANY_DURATION, "2h", 7200.0),
    (ANY_DURATION, "1d", 86400.0),
    (Rate(), "64k", 64_000),
    (Rate(), "100M", 100_000_000),
    (Rate(), "2.5G", 2_500_000_000),
    (Ratio(), "0", 0.0),
    (Ratio(), "1.0", 1.0),
    (Ratio(), "99.5%", 0.995),
    (Ratio(), "100%", 1.0),
    (Integer(0, 10), "0", 0),
    (Integer(-5, 10), "-5", -5),
    (Flag(), "true", True),
    (Flag(), "false", False),
    (Date(), "2017-12-22", dt.date(2017, 12, 22)),
    (Address(), "198.18.4.1", "198.18.4.1"),
    (Address(), "2001:DB8:0::1", "2001:db8::1"),
    (Address(), "GW.Example.VN.", "gw.example.vn"),
    (Address(), "localhost", "localhost"),
    (Address(), "gw_1.example", "gw_1.example"),
    (Listen(), "127.0.0.1:9990", ("127.0.0.1", 9990)),
    (Listen(), "[::1]:9990", ("::1", 9990)),
    (Listen(), ":9990", ("", 9990)),
    (Listen(), "localhost:0", ("localhost", 0)),
    (ObjectIdentifier(), "1.3.6.1.4.1.9", (1, 3, 6, 1, 4, 1, 9)),
    (ObjectIdentifier(), "0.0", (0, 0)),
    (name_kind("a name"), "gw-nhu_quynh.1", "gw-nhu_quynh.1"),
    (name_kind("a name"), "như-quỳnh", "như-quỳnh"),
    (Text(), "  UBND xã  ", "UBND xã"),
]

BAD: list[tuple[Word[Any], list[str]]] = [
    (ANY_DURATION, ["1", "s", "-1s", "1 s", "1S", "1h30m", "1e3s", "٣s", "1s\n"]),
    (Rate(), ["100", "100m", "M", "-1M", "0k", "100Mb", "1,5G"]),
    (Ratio(), ["-0.1", "1.1", "101%", "%", "1e-3", "99,5%", ".5"]),
    (Integer(0, 10), ["", "+1", "1.0", "11", "-1", "1_0", "0x1", "05", "\uff11"]),
    (Flag(), ["yes", "no", "True", "1", "on"]),
    (Date(), ["2017-13-01", "2017-02-29", "17-12-22", "2017-W51-5", "20171222", "2017-12-22T00:00"]),
    (
        Address(),
        ["", "1.2.3", "1.2.3.4.5", "1.2.3.4/32", "::1/64", "a b", "-a.vn", "a..vn", "x" * 300, "[::1]"],
    ),
    (Address(), ["224.0.0.1", "255.255.255.255", "0.0.0.0", "::", "ff02::1", "fe80::1%eth0", "123"]),
    (Listen(), ["9990", "127.0.0.1", "::1:9990", "127.0.0.1:65536", "127.0.0.1:x", "http://x:1", "a b:1"]),
    (ObjectIdentifier(), ["1", "3.1", "1.40", "1.3.", ".1.3", "1.3.4294967296", "1.03", "1" + ".1" * 128]),
    (name_kind("a name"), ["", "-a", ".a", "a b", "a/b", "a" * 64, "a{b}"]),
    (Text(longest=5), ["123456", "a\nb"]),
]


@pytest.mark.parametrize(("kind", "text", "value"), GOOD, ids=lambda each: str(each)[:20])
def test_a_good_word_is_read(kind: Word[Any], text: str, value: object) -> None:
    assert kind.parse(text) == value


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in BAD for text in texts], ids=lambda each: str(each)[:20]
)
def test_a_bad_word_is_refused(kind: Word[Any], text: str) -> None:
    """With one line for people, never another kind of exception."""
    with pytest.raises(ValueError, match=r".") as refused:
        kind.parse(text)
    assert "\n" not in str(refused.value)


@given(
    st.sampled_from(
        [ANY_DURATION, Rate(), Ratio(), Integer(0, 9), Date(), Address(), Listen(), ObjectIdentifier()]
    ),
    st.one_of(st.text(max_size=40), st.from_regex(r"[0-9.:%a-z-]{0,20}", fullmatch=True)),
)
def test_any_text_is_read_or_refused(kind: Word[Any], text: str) -> None:
    """Nothing but ValueError ever comes out."""
    with contextlib.suppress(ValueError):
        kind.parse(text)


@given(st.integers(1, 10**7).map(lambda milliseconds: milliseconds / 1000))
def test_a_duration_is_written_as_it_is_read(seconds: float) -> None:
    assert ANY_DURATION.parse(duration(seconds)) == pytest.approx(seconds, rel=1e-5)


@pytest.mark.parametrize(
    ("word", "candidates", "hint"),
    [
        ("uplnk", ["uplink", "switch"], "; did you mean 'uplink'?"),
        ("xa", ["xã", "phường"], "; did you mean 'xã'?"),
        ("dac khu", ["xã", "đặc khu"], "; did you mean 'đặc khu'?"),
        ("PARENTS", ["parents"], "; did you mean 'parents'?"),
        ("zebra", ["uplink"], ""),
        ("x" * 10_000, ["x" * 9_999], ""),
        ("x", [], ""),
    ],
)
def test_what_was_meant_is_suggested(word: str, candidates: list[str], hint: str) -> None:
    assert did_you_mean(word, candidates) == hint


def test_what_is_quoted_is_short_and_harmless() -> None:
    """A value from a file does not reach the terminal as an escape sequence."""
    assert quote("a\x1b[2J") == "'a\\u001b[2J'"
    assert len(quote("x" * 10_000)) < 70


def test_words_for_people() -> None:
    assert listed(["a", "b", "c"]) == "a, b or c"
    assert listed(["a"]) == "a"
    assert [counted(1, "device"), counted(0, "reply"), counted(5002, "device")] == [
        "1 device",
        "0 replies",
        "5,002 devices",
    ]


def test_a_pattern_tells_its_form() -> None:
    with pytest.raises(ValueError, match="'b' is not an a: write a"):
        Pattern("a", "an a", "write a").parse("b")
