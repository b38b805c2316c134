"""One head a day of a running netwatch, vouched for as soon as that can be, whatever fails in between."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import pytest

from netwatch.daemon.anchoring import RECENT, Anchoring
from netwatch.daemon.posting import PostError
from netwatch.daemon.retrying import FIRST, LONGEST, Retrying
from netwatch.evidence import codec, heads
from netwatch.evidence.anchors import HEAD, SENT, SIGNATURE, AnchorFolder
from netwatch.evidence.chain import Entry
from netwatch.evidence.key_file import write_key
from netwatch.evidence.keys import SigningKey, check
from netwatch.evidence.place import LedgerError
from netwatch.inventory.anchors import AnchorSettings
from netwatch.model.attestation import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from netwatch.evidence.kinds import Anchored

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MICRO = 1_000_000
H, DAY = 3600.0, 86400.0
START = dt.datetime(2026, 11, 1, 12, tzinfo=HANOI).timestamp()  # a noon
NOV = [dt.date(2026, 11, day) for day in range(1, 31)]


class Clock:
    """Turned by hand; steady and wall time are one."""

    epoch = 0.0

    def __init__(self, now: float = START) -> None:
        self.now = now

    def monotonic(self) -> float:
        return self.now

    def wall(self) -> float:
        return self.now


class Inline:
    """Runs at once what would run aside."""

    async def run(self, work: Callable[[], Any]) -> Any:
        return work()


class Settings:
    """The two things that are asked of them."""

    def __init__(self, anchors: AnchorSettings, timezone: str = "Asia/Ho_Chi_Minh") -> None:
        self.anchors = anchors
        self.timezone = timezone


class Chain:
    """A ledger of two chains; this one's entries are kept as the daemon's are."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.entries: list[Entry] = []
        self.broken = False

    def append(self, kind: str, body: bytes = b"{}") -> None:
        seq = len(self.entries) + 1
        entry = Entry("noc", seq, round(self._clock.now * MICRO), kind, body, seq.to_bytes(32, "big"))
        self.entries.append(entry)

    async def keep(self, said: Anchored) -> None:
        self.append("anchor", codec.dump(said))

    def ends(self) -> tuple[Receipt, ...]:
        if self.broken:
            raise LedgerError("ledger x: disk I/O error")
        ends = (
            Receipt(each.poller, each.seq, each.at / MICRO, each.hash.hex()) for each in self.entries[-1:]
        )
        return (Receipt("far", 3, 0.0, bytes(32).hex()), *ends)

    def last(self, kind: str, until: float = math.inf) -> Entry | None:
        fits = (entry for entry in reversed(self.entries) if entry.kind == kind and entry.at <= until * MICRO)
        return next(fits, None)

    @property
    def told(self) -> list[tuple[str, str]]:
        said = [json.loads(entry.body) for entry in self.entries if entry.kind == "anchor"]
        return [(each["date"], each["sha256"]) for each in said]


class Outside:
    """Every stranger that anything is posted to."""

    def __init__(self) -> None:
        self.got: list[tuple[str, dict[str, str]]] = []
        self.broken = False
        self.hangs = False
        self.asked = 0

    async def __call__(self, url: str, body: bytes, content_type: str, most: int) -> bytes:
        self.asked += 1
        if self.hangs:
            await asyncio.sleep(10 * DAY)
        if self.broken:
            raise PostError("https://out.example: it cannot be reached: no route")
        assert content_type == "application/json"
        self.got.append((url, json.loads(body)))
        return b""

    def dates(self, url: str) -> list[str]:
        return [said["date"] for to, said in self.got if to == url]


class World:
    """A netwatch that runs, or not; it writes a heartbeat at each look."""

    def __init__(self, place: Path, *, timezone: str = "Asia/Ho_Chi_Minh", **settings: Any) -> None:
        self.place = place
        self.clock = Clock()
        self.chain = Chain(self.clock)
        self.outside = Outside()
        self.settings = AnchorSettings(**settings)
        self.timezone = timezone
        self.folder = AnchorFolder(place / "anchors")
        self.start()

    def start(self) -> None:
        """Another process: it knows only what the folder and the ledger tell."""
        self.anchoring = Anchoring(
            self.clock,
            Settings(self.settings, self.timezone),  # type: ignore[arg-type]  # a part of them
            self.place,
            ledger=self.chain,
            append=self.chain.keep,
            aside=Inline(),  # type: ignore[arg-type]  # it stands for one
            post=self.outside,
        )

    def use(self, **changes: Any) -> None:
        self.settings = replace(self.settings, **changes)
        self.anchoring.use(Settings(self.settings, self.timezone))  # type: ignore[arg-type]  # as above

    def run(self, until: float, every: float = 600.0) -> None:
        """Run until then, and look so often (seconds)."""
        while self.clock.now < until:
            self.look()
            self.clock.now += every

    def look(self) -> None:
        self.chain.append("heartbeat")
        asyncio.run(self.anchoring.look())

    def pause(self, until: float) -> None:
        """Not run until then."""
        self.clock.now = until
        self.start()

    @property
    def dates(self) -> list[dt.date]:
        return self.folder.dates(HEAD)

    def made(self, date: dt.date) -> dt.datetime:
        head = heads.decode(self.folder.file(date, HEAD) or b"")
        return dt.datetime.fromtimestamp(head.made / MICRO, HANOI)

    @property
    def errors(self) -> dict[str, int]:
        return {step: count for step, count in self.anchoring.totals().errors.items() if count}


def at(day: int, hour: float = 0.0) -> float:
    """A moment of November 2026, in local time."""
    return dt.datetime(2026, 11, 1, tzinfo=HANOI).timestamp() + (day - 1) * DAY + hour * H


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_a_month_has_a_head_for_each_day_made_within_a_look_of_its_midnight(world: World) -> None:
    world.run(at(30, 23.9), every=1800.0)
    assert world.dates == NOV[:29]
    for date in world.dates:
        midnight = dt.datetime.combine(date + dt.timedelta(days=1), dt.time(), HANOI)
        assert dt.timedelta() <= world.made(date) - midnight < dt.timedelta(seconds=1800)
    assert [date for date, _ in world.chain.told] == [str(date) for date in world.dates]
    assert world.errors == {}


def test_each_head_names_the_one_before_and_every_chain_of_the_ledger(world: World) -> None:
    world.run(at(5, 1))
    before = ""
    for date in world.dates:
        data = world.folder.file(date, HEAD) or b""
        head = heads.decode(data)
        assert head.previous == before
        assert [chain.poller for chain in head.chains] == ["far", "noc"]
        before = heads.digest(data)
    assert [digest for _, digest in world.chain.told][-1] == before


def test_a_day_is_over_when_it_is_over_there(tmp_path: Path) -> None:
    world = World(tmp_path, timezone="America/New_York")  # on 1 November 2026 its clocks went back
    world.run(at(2, 11.99))  # 23:59 over there
    assert world.dates == []
    world.run(at(2, 12.1))
    assert world.dates == [NOV[0]]


@pytest.mark.parametrize(
    ("ran", "again", "dates"),
    [
        ((1, 23.99), (2, 0.001), [1]),  # a start at midnight
        ((1, 23.99), (2, 9.0), [1]),  # a night without
        ((1, 13.0), (2, 23.99), [1]),  # most of two days without
        ((1, 23.99), (3, 0.001), []),  # a whole day without: that has none, and the first is past
        ((1, 23.99), (20, 9.0), []),
        ((2, 0.0), (2, 0.1), [1]),
    ],
)
def test_after_a_start_yesterdays_is_made_if_netwatch_ran_then(
    world: World, ran: tuple[int, float], again: tuple[int, float], dates: list[int]
) -> None:
    world.run(at(*ran))
    world.pause(at(*again))
    world.look()
    assert [date.day for date in world.dates] == dates


def test_a_start_a_minute_before_midnight_has_a_head_of_that_minute(world: World) -> None:
    world.pause(at(7, 23.99))
    world.run(at(8, 0.1), every=60.0)
    assert world.dates == [NOV[6]]


def test_a_netwatch_that_is_new_today_has_none_of_yesterday(world: World) -> None:
    world.run(at(1, 23.9))
    assert world.dates == []


def test_days_without_netwatch_have_none_and_the_next_head_follows_on_the_last(world: World) -> None:
    world.run(at(3, 1))
    world.pause(at(9, 15))
    world.run(at(11, 1))
    assert [date.day for date in world.dates] == [1, 2, 9, 10]
    ninth = heads.decode(world.folder.file(NOV[8], HEAD) or b"")
    assert ninth.previous == heads.digest(world.folder.file(NOV[1], HEAD) or b"")


@pytest.mark.parametrize("gone", [True, False])
def test_no_head_is_made_twice_even_if_its_file_is_gone(world: World, gone: bool) -> None:
    """The ledger tells that there was one: whoever took it away must not get another."""
    world.run(at(3, 1))
    told = list(world.chain.told)
    if gone:
        (world.folder.path / "2026-11-02.json").unlink()
    world.start()
    world.run(at(3, 20))
    assert world.chain.told == told
    assert (NOV[1] in world.dates) is not gone
    world.run(at(4, 1))
    third = heads.decode(world.folder.file(NOV[2], HEAD) or b"")
    assert third.previous == told[-1][1], "the one that is gone is missed there"


def test_of_a_head_that_was_changed_the_ledgers_word_counts(world: World) -> None:
    world.run(at(3, 1))
    told = world.chain.told[-1][1]
    for changed in (b"{}", b"[]", b"5"):  # some hash higher, some lower
        (world.folder.path / "2026-11-02.json").write_bytes(changed)
        (world.folder.path / "2026-11-03.json").unlink(missing_ok=True)
        world.chain.entries = [entry for entry in world.chain.entries if b"2026-11-03" not in entry.body]
        world.clock.now = at(3, 23.9)
        world.run(at(4, 0.5))
        assert heads.decode(world.folder.file(NOV[2], HEAD) or b"").previous == told


def test_a_head_that_the_ledger_does_not_tell_of_is_told_at_the_next_look(world: World) -> None:
    """A process that was killed in between, or a head that was made by hand."""
    world.run(at(3, 1))
    world.chain.entries = [entry for entry in world.chain.entries if b"2026-11-02" not in entry.body]
    world.start()
    world.look()
    assert [date for date, _ in world.chain.told] == ["2026-11-01", "2026-11-02"]


def test_a_head_of_today_made_by_hand_is_that_days(world: World) -> None:
    world.run(at(3, 1))
    made = heads.encode([heads.ChainEnd("noc", 1, "0" * 64)], NOV[2], 5, world.chain.told[-1][1])
    world.folder.add(NOV[2], HEAD, made)
    world.run(at(5, 1))
    assert [date.day for date in world.dates] == [1, 2, 3, 4]
    fourth = heads.decode(world.folder.file(NOV[3], HEAD) or b"")
    assert fourth.previous == heads.digest(made)


def test_a_head_of_a_day_to_come_stops_them_and_is_told(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """By a clock that was wrong: heads stay in the order of their dates."""
    world.folder.add(NOV[9], HEAD, heads.encode([heads.ChainEnd("noc", 1, "0" * 64)], NOV[9], 5, ""))
    world.run(at(3, 1))
    assert world.dates == [NOV[9]]
    assert "the newest head is of 2026-11-10, which is to come" in caplog.text
    world.run(at(12, 1))
    assert [date.day for date in world.dates] == [10, 11]


def test_a_ledger_that_cannot_be_read_is_told_and_the_head_is_made_later(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.run(at(1, 23.9))
    world.chain.broken = True
    world.run(at(2, 5))
    assert world.dates == []
    told = [record for record in caplog.records if "disk I/O error" in record.getMessage()]
    assert len(told) == world.errors["head"]
    assert 5 < len(told) < 12, "ever more seldom, an hour at most"
    world.chain.broken = False
    world.run(at(2, 6.1))
    assert [date.day for date in world.dates] == [1]
    assert world.made(NOV[0]) > dt.datetime(2026, 11, 2, 5, tzinfo=HANOI)


def a_key(folder: Path, name: str = "key.pem") -> tuple[Path, SigningKey]:
    key = SigningKey.generate()
    write_key(folder / name, key)
    return folder / name, key


@pytest.mark.parametrize("how", ["key_file", "credential"])
def test_heads_are_signed_by_the_key(tmp_path: Path, how: str) -> None:
    path, key = a_key(tmp_path)
    world = World(tmp_path, **{how: path})
    world.run(at(4, 1))
    assert len(world.dates) == 3
    for anchor in world.folder.all():
        assert check(anchor.head or b"", anchor.signature or b"") == key.public


def test_without_a_key_heads_are_not_signed_and_that_is_said_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(tmp_path, credential=tmp_path / "none")
    world.run(at(4, 1))
    assert len(world.dates) == 3
    assert world.folder.dates(SIGNATURE) == []
    assert caplog.text.count("heads are not signed: there is no key") == 1
    assert world.errors == {}


def test_a_key_that_comes_later_signs_those_that_wait(tmp_path: Path) -> None:
    world = World(tmp_path, credential=tmp_path / "key.pem")
    world.run(at(4, 1))
    _, key = a_key(tmp_path)
    world.look()
    signers = {check(anchor.head or b"", anchor.signature or b"") for anchor in world.folder.all()}
    assert signers == {key.public}


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (None, "there is no such file"),
        ("geheim", "no private key in PEM"),
        ("0644", "everyone on this machine"),
    ],
)
def test_a_key_that_cannot_be_used_is_a_line_and_heads_are_made_all_the_same(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: str | None, problem: str
) -> None:
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_text(content)
        path.chmod(0o644 if content == "0644" else 0o600)
    world = World(tmp_path, key_file=path, send=("https://out.example/heads",))
    world.run(at(2, 0.2), every=60.0)
    assert world.dates == [NOV[0]]
    assert world.folder.dates(SIGNATURE) == []
    assert problem in caplog.text
    assert "geheim" not in caplog.text
    assert world.errors["signed"] > 0
    assert world.outside.got == [], "it waits for its signature"
    path.unlink(missing_ok=True)
    _, key = a_key(tmp_path)
    world.run(at(2, 2))
    (_, said), *_ = world.outside.got
    assert check(said["head"].encode(), said["sig"].encode()) == key.public


def test_each_head_is_sent_once_to_each_as_its_bytes_are(tmp_path: Path) -> None:
    path, _ = a_key(tmp_path)
    urls = ("https://one.example/?token=geheim", "https://two.example/")
    world = World(tmp_path, key_file=path, send=urls)
    world.run(at(4, 1))
    world.start()
    world.run(at(5, 1))
    for url in urls:
        assert world.outside.dates(url) == [str(date) for date in NOV[:4]]
    for _, said in world.outside.got:
        anchor = world.folder.read(dt.date.fromisoformat(said["date"]))
        assert said["head"].encode() == anchor.head
        assert said["sig"].encode() == anchor.signature
    kept = "".join(path.read_text() for path in world.folder.path.glob(f"*.{SENT}"))
    assert "geheim" not in kept


def test_one_who_does_not_take_it_gets_it_later_and_holds_up_no_other(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    world = World(tmp_path, send=("https://out.example/geheim",))
    world.outside.broken = True
    world.run(at(3, 1))
    assert len(world.dates) == 2
    assert 0 < world.errors["sent"] < 40
    assert world.anchoring.totals().last.get("sent") is None
    assert "geheim" not in caplog.text
    world.outside.broken = False
    world.run(at(3, 3))
    assert world.outside.dates("https://out.example/geheim") == ["2026-11-01", "2026-11-02"]
    assert world.anchoring.totals().last["sent"] == world.made(NOV[1]).timestamp()


def test_somebody_new_gets_the_last_month(tmp_path: Path) -> None:
    world = World(tmp_path)
    world.run(at(30, 1) + 10 * DAY, every=3 * H)
    world.use(send=("https://new.example/",))
    world.look()
    assert len(world.dates) > RECENT
    assert world.outside.dates("https://new.example/") == [str(date) for date in world.dates[-RECENT:]]


def test_what_is_told_of_itself(tmp_path: Path) -> None:
    path, _ = a_key(tmp_path)
    world = World(tmp_path, key_file=path)
    assert world.anchoring.totals().last == {}
    assert set(world.anchoring.totals().errors) == {"head", "signed", "stamped", "sent"}, "from 0 on"
    world.run(at(3, 1))
    made = world.made(NOV[1]).timestamp()
    assert world.anchoring.totals().last == {"head": made, "signed": made}
    path.unlink()
    world.run(at(4, 1))
    last = world.anchoring.totals().last
    assert (last["head"], last["signed"]) == (world.made(NOV[2]).timestamp(), made)


def test_another_folder_may_be_configured(tmp_path: Path) -> None:
    world = World(tmp_path, folder=tmp_path / "elsewhere")
    world.run(at(2, 1))
    assert AnchorFolder(tmp_path / "elsewhere").dates(HEAD) == [NOV[0]]
    assert world.dates == []


def test_what_fails_is_tried_after_a_minute_then_ever_more_seldom() -> None:
    retrying, now, pauses = Retrying(), 5.0, []
    assert retrying.due("x", now)
    for _ in range(9):
        retrying.failed("x", now)
        begun = now
        while not retrying.due("x", now):
            now += 1
        pauses.append(now - begun)
    assert pauses == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]
    assert (pauses[0], pauses[-1]) == (FIRST, LONGEST)
    assert retrying.due("y", 0.0), "others are none of its business"
    retrying.succeeded("x")
    assert retrying.due("x", now)
