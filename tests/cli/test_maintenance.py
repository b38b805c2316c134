"""`netwatch maintenance` and `netwatch annotate`, as typed, against a socket that is really there."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from netwatch.cli.main import main
from netwatch.daemon.announcing import Announcing
from netwatch.daemon.orders import NAME, Orders
from netwatch.inventory.load import load
from netwatch.model.maintenance import Annotation, Outage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from netwatch.model.maintenance import Announcement

NOW = 1_789_996_400.0  # 2026-09-21 20:13:20 in Hanoi


@dataclass
class Station:
    """A daemon's control socket in a thread of its own; its ledger is a list, its clock is turned by hand."""

    config: Path
    state: Path
    now: float = NOW

    def __post_init__(self) -> None:
        self.ledger: list[Announcement | Annotation] = []
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever)
        self.thread.start()
        self.orders: Orders = self.call(self._start())

    def call(self, work: object) -> Orders:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(30)  # type: ignore[arg-type, return-value]

    async def _start(self) -> Orders:
        announcing = Announcing(
            load(self.config, {}),
            (),
            append=self._append,
            outages_of=self._outages_of,
            now=lambda: self.now,
            on_change=lambda: None,
        )
        orders = Orders(self.state / NAME, announcing.handlers)
        await orders.start()
        return orders

    async def _append(self, entry: Announcement | Annotation) -> None:
        self.ledger.append(entry)

    async def _outages_of(self, unit: str) -> Sequence[Outage]:
        return [Outage(NOW - 600, None)]

    def end(self) -> None:
        self.call(self.orders.stop())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()
        self.loop.close()


@pytest.fixture
def station(folder: Path, tmp_path: Path) -> Iterator[Station]:
    station = Station(folder, tmp_path / "state")
    yield station
    station.end()


Typed = tuple[int, str, str]


@pytest.fixture
def typed(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Callable[..., Typed]:
    """Types a command; gives status, stdout and stderr."""

    def typed(*words: str) -> Typed:
        status = main([*words, "--state", str(tmp_path / "state")])
        return status, *capsys.readouterr()

    return typed


ADD = ("maintenance", "add", "--for", "2h", "--by", "NOC", "thay ONT")


def test_a_window_from_now_on(station: Station, typed: Callable[..., Typed]) -> None:
    assert typed(*ADD, "--unit", "12004") == (
        0,
        (
            "announced  2026-09-21-2013-12004\n"
            "from       2026-09-21 20:13:20 +07:00\n"
            "until      2026-09-21 22:13:20 +07:00\n"
            "covers     1 unit, 2 devices\n"
            "by         NOC: thay ONT\n"
        ),
        "",
    )
    assert len(station.ledger) == 1


def test_a_window_about_much_later(station: Station, typed: Callable[..., Typed]) -> None:
    much = ("--device", "gw", "--device", "sw", "--area", "Văn Lâm", "--start", "2026-12-05 22:00")
    status, out, err = typed(*ADD, *much, "--name", "đêm")
    assert (status, err) == (0, "")
    assert out.splitlines()[:2] == ["announced  đêm", "from       2026-12-05 22:00:00 +07:00"]


def test_a_window_about_no_device_is_told(station: Station, typed: Callable[..., Typed]) -> None:
    status, out, err = typed(*ADD, "--unit", "11992")
    assert (status, "covers     0 units, 0 devices" in out) == (0, True)
    assert err == "no device is in it: it explains nothing as long as that is so\n"


REFUSED = {
    "about nothing": ((), "a window needs a unit, a device or an area: without them it is about nothing"),
    "no such unit": (
        ("--unit", "Nhu Quynh"),
        "unit 'Nhu Quynh' is not in register 'hung-yen'; did you mean 12004 (Xã Như Quỳnh)?",
    ),
    "no such device": (("--device", "gww"), "there is no device 'gww'; did you mean 'gw'?"),
    "no such area": (("--area", "Van Lam"), "there is no area 'Van Lam'; did you mean 'Văn Lâm'?"),
    "colours": (("--area", "\x1b[1m"), "'areas' has an invisible character (U+001B): delete it"),
    "bytes that are no text": (
        ("--area", "\udcff"),
        "'areas' has an invisible character (U+DCFF): delete it",
    ),
    "very much": (
        ("--device", "x" * 5_000_000),
        "an order has at most 65536 bytes",
    ),
}


@pytest.mark.parametrize(("words", "message"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_is_one_line(
    words: tuple[str, ...], message: str, station: Station, typed: Callable[..., Typed]
) -> None:
    assert typed(*ADD, *words) == (1, "", message + "\n")
    assert station.ledger == []


FOR = "thay ONT"
DAY, NEXT, AT = "2026-09-21", "2026-09-22", "+07:00"


def test_windows_are_listed_and_ended(station: Station, typed: Callable[..., Typed]) -> None:
    nothing = "no window is open, coming within 60 days, or over since yesterday\n"
    assert typed("maintenance", "list") == (0, nothing, "")
    typed(*ADD, "--unit", "12004", "--name", "một")
    typed(*ADD, "--device", "gw", "--name", "b", "--start", "2026-09-22 02:00")
    station.now += 1800
    assert typed("maintenance", "end", "một", "--by", "NOC") == (
        0,
        "ended  một at 2026-09-21 20:43:20 +07:00\n",
        "",
    )
    status, out, err = typed("maintenance", "list")
    assert (status, err) == (0, "")
    assert [re.split("  +", line) for line in out.splitlines()] == [
        ["STATE", "NAME", "FROM", "UNTIL", "BY", "COVERS", "WHAT FOR"],
        [
            "over",
            "một",
            f"{DAY} 20:13:20 {AT}",
            f"{DAY} 20:43:20 {AT}",
            "NOC",
            "1 unit, 2 devices",
            "thay ONT",
        ],
        [
            "coming",
            "b",
            f"{NEXT} 02:00:00 {AT}",
            f"{NEXT} 04:00:00 {AT}",
            "NOC",
            "1 unit, 1 device",
            "thay ONT",
        ],
    ]
    assert {line.index("thay ONT") for line in out.splitlines()[1:]} == {out.index("WHAT FOR")}
    listed = json.loads(typed("maintenance", "list", "--json")[1])
    assert [window["name"] for window in listed] == ["một", "b"]
    assert typed("maintenance", "end", "b") == (1, "", "window 'b' has not begun\n")


NOTE = ("annotate", "--by", "NOC", "--ticket", "VNPT-123", "đứt cáp")


@pytest.mark.parametrize(
    "which",
    [
        ("--outage", "12004@2026-09-21 20:10"),
        ("--unit", "12004", "--at", "2026-09-21 20:10"),
        ("--unit", "12004"),
    ],
)
def test_a_note(which: tuple[str, ...], station: Station, typed: Callable[..., Typed]) -> None:
    told = "noted  outage of 12004 from 2026-09-21 20:03:20 +07:00, which goes on\n"
    assert typed(*NOTE, *which) == (0, told, "")
    assert station.ledger == [Annotation(NOW, "12004", NOW - 600, "NOC", "đứt cáp", "VNPT-123")]


HOW = '--outage takes the unit and the time, such as "12004@2026-12-05 22:10"'
BAD_NOTES = {
    "no such outage": (
        ("--outage", "12004@2026-09-21 19:00"),
        (
            "unit 12004 had no outage at 2026-09-21T19:00:00+07:00; "
            "the nearest: 2026-09-21T20:03:20+07:00 to now"
        ),
    ),
    "no time": (("--outage", "12004"), HOW),
    "no unit": (("--outage", "@2026-09-21 19:00"), HOW),
    "two times": (("--outage", "12004@2026-09-21 19:00", "--at", "2026-09-21 19:00"), HOW),
}


@pytest.mark.parametrize(("which", "message"), BAD_NOTES.values(), ids=BAD_NOTES)
def test_a_note_that_is_refused(
    which: tuple[str, ...], message: str, station: Station, typed: Callable[..., Typed]
) -> None:
    assert typed(*NOTE, *which) == (1, "", message + "\n")
    assert station.ledger == []


def test_no_daemon_is_one_line(tmp_path: Path, typed: Callable[..., Typed]) -> None:
    told = f"no netwatch runs on {tmp_path}/state: --state DIR names the folder of the one that does\n"
    assert typed("maintenance", "list") == (1, "", told)
    (tmp_path / "state").mkdir()
    assert typed("maintenance", "list") == (1, "", told)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as left:
        left.bind(str(tmp_path / "state" / NAME))
    assert typed("maintenance", "list") == (1, "", told), "what a killed one left is none"


def test_a_path_that_is_too_long_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["maintenance", "list", "--state", str(tmp_path / ("x" * 120))]) == 1
    assert capsys.readouterr().err.endswith("/orders: AF_UNIX path too long\n")
