"""What a restart reads from the ledger is what a process that never ended would know, each minute once."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from lived import DEVICES, LINES, T0, Clock, Life, live, read, weather
from postgres import Server

from netwatch.audit.period import Window
from netwatch.audit.rolling import Rings, Rolling, Told, Wanted
from netwatch.audit.verification import verify
from netwatch.daemon.claims import Claims, Said
from netwatch.daemon.configuration import Configuration
from netwatch.daemon.seeding import Request, Seeding, Source, parts
from netwatch.evidence import codec
from netwatch.evidence.chain import New
from netwatch.evidence.kinds import KIND_OF, Facts
from netwatch.evidence.reading import content
from netwatch.evidence.store import Store
from netwatch.model.attestation import Exhibit
from netwatch.model.claim import Criterion, Finding
from netwatch.model.decision import MinuteSettled, Subject
from netwatch.model.fact import FactKind
from netwatch.model.secret import Secret
from netwatch.model.state import State

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from netwatch.inventory.load import Inventory
    from netwatch.model.figures import Figures

UNITS = ("1", "2", "3")
HOUR = 3600


@pytest.fixture
def inventory(folder: Path) -> Inventory:
    """What the lives below watch."""
    loaded = Configuration(folder, folder / "state", {}).first().inventory
    return replace(loaded, devices=DEVICES)


class Counting(Life):
    """A process whose minutes are counted for claims, as the daemon does it."""

    def __init__(self, place: Path, clock: Clock, inventory: Inventory) -> None:
        self.inventory = inventory
        self.claims = Claims(inventory)
        super().__init__(place, clock)
        self.claims.recall(self.found.rosters, self.found.unsealed)
        self.claims.configured(self.roster)
        self.request = Request(self.claims.wanted, inventory.hours, clock.now)

    def _carry(self, decisions: list[Any]) -> None:
        super()._carry(decisions)
        for decision in decisions:
            if isinstance(decision, MinuteSettled):
                self.claims.count(decision)

    def read(self) -> list[str]:
        """Read what the ledger knew when this process began; return what could not be read."""
        problems: list[str] = []
        for part in parts(self.store, self.found.head, self.request, problems.append):
            self.claims.seed(part)
        return problems


def figures(rolling: Rolling, unit: str, start: int) -> Figures:
    """The figures of an hour."""
    window = Window(start, start + HOUR)
    return rolling.of((Subject.UNIT, unit), window, rolling.passed(window))


class Story(NamedTuple):
    """How long two processes live, and none does, and when the second has read the ledger; seconds."""

    first: int
    pause: int
    second: int
    read_after: int

    @property
    def about(self) -> range:
        """The minutes that the pause may bear on: a kill loses ten seconds before it."""
        ended = T0 + self.first
        return range(int(ended - 20) // 60 * 60, int(ended + self.pause + 60), 60)

    @property
    def paused(self) -> range:
        """The minutes of which nobody knows anything."""
        ended = T0 + self.first
        return range(-int(-ended // 60) * 60, int(ended + self.pause) // 60 * 60, 60)


STORIES = {
    "read at once": Story(5000, 300, 4000, 0),
    "read late": Story(5000, 300, 4000, 3900),
    "over an hour's end": Story(7300, 3600, 3700, 0),
    "before an hour that was over is sealed": Story(7240, 300, 3500, 0),
    "within an hour, a short pause": Story(1800, 20, 5600, 5000),
}
LONGEST = max(story.first + story.pause + story.second for story in STORIES.values())


@pytest.fixture(scope="module")
def never_ended(tmp_path_factory: pytest.TempPathFactory) -> Life:
    life = Life(tmp_path_factory.mktemp("whole"), Clock())
    live(life, LONGEST, weather(1))
    life.kill()
    return life


@pytest.mark.parametrize("killed", [False, True], ids=["ended in order", "killed"])
@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_restart_knows_what_a_process_that_never_ended_would(
    tmp_path: Path, inventory: Inventory, never_ended: Life, story: Story, killed: bool
) -> None:
    sky, clock = weather(1), Clock()
    before = Counting(tmp_path, clock, inventory)
    live(before, story.first, sky)
    before.kill() if killed else before.end()
    for _ in zip(range(story.pause), sky, strict=False):
        clock.now += 1.0
    after = Counting(tmp_path, clock, inventory)
    live(after, story.read_after, sky)
    assert after.read() == []
    live(after, story.second - story.read_after, sky)
    after.end()
    assert verify(read(tmp_path).entries()).problem == ""

    whole, told = Rolling(Wanted(frozenset(UNITS))), verdicts(tmp_path)
    whole.configured(T0, LINES, DEVICES)
    for each in settled(never_ended):
        whole.count(each)
    hours = range(int(T0), int(clock.now - 200) // HOUR * HOUR, HOUR)
    touched = {minute // HOUR * HOUR for minute in story.about}
    assert len(hours) > len(touched), "there is an hour to compare"
    for start, unit in product(hours, UNITS):
        found = figures(after.claims._rolling, unit, start)
        if start not in touched:
            assert found == figures(whole, unit, start), (unit, start)
        there = [told.get((unit, minute), "") for minute in range(start, start + HOUR, 60)]
        assert (found.up, found.down) == (there.count("up"), there.count("down")), (unit, start)
    for each in settled(never_ended, Subject.UNIT):
        known = told.get((each.key, int(each.start)), "unknown")
        if int(each.start) in story.paused:
            assert known == "unknown", each
        elif int(each.start) not in story.about and each.start < hours.stop:
            assert known == each.verdict.value, each


def settled(life: Life, *subjects: Subject) -> Iterator[MinuteSettled]:
    for each in life.decisions:
        if isinstance(each, MinuteSettled) and (not subjects or each.subject in subjects):
            yield each


def verdicts(folder: Path) -> dict[tuple[str, int], str]:
    """What a ledger says of each minute of each unit."""
    found = {}
    for entry in read(folder).entries(kinds=("hour",)):
        hour = content(entry)
        for (subject, key), minutes in hour.verdicts.items():
            if subject is Subject.UNIT:
                found |= {
                    (key, hour.start + 60 * place): told.verdict.value for place, told in minutes.items()
                }
    return found


def test_no_minute_counts_twice_however_late_the_ledger_is_read(tmp_path: Path, inventory: Inventory) -> None:
    """The hours that this process seals while the ledger is being read are its own."""
    clock, sky = Clock(), weather(3)
    first = Counting(tmp_path, clock, inventory)
    live(first, 4000, sky)
    first.kill()
    clock.now += 200
    second = Counting(tmp_path, clock, inventory)
    live(second, 7600, sky)
    second.writer.close(10)
    told = verdicts(tmp_path)
    sealed = [entry for entry in read(tmp_path).entries(kinds=("hour",)) if entry.seq > second.found.head]
    assert len(sealed) >= 2, "some hours were sealed meanwhile"
    second.read()
    for unit in UNITS:
        for start, up, down, _ in second.claims.timeline(unit)[:3]:
            there = [told.get((unit, minute), "") for minute in range(int(start), int(start) + HOUR, 60)]
            assert (up, down) == (there.count("up"), there.count("down")), (unit, start)
    second.store.close()


@pytest.fixture
def ledger(tmp_path: Path, inventory: Inventory) -> Path:
    """A ledger of an hour and a half, with facts and papers behind the hour."""
    life = Counting(tmp_path, Clock(), inventory)
    live(life, 5000, weather(2))
    life.kill()
    store = read(tmp_path)
    store.open()
    store.write([entry(FACTS), entry(PAPER)], (), None)
    store.close()
    return tmp_path


FACTS = Facts(T0 + 60, "gw-a", ((FactKind.IDENTITY, "serial", 1.0, "HC1", "entPhysicalSerialNum"),))
PAPER = Exhibit(T0 + 60, "ab" * 32, "báo-cáo.pdf", 1000, "Báo cáo", "Sở")


def entry(said: object, at: float = T0 + 5000) -> New:
    return New(KIND_OF[type(said)], round(at * 1e6), codec.dump(said))


def request(now: float = T0 + 5200, *units: str, inventory: Inventory) -> Request:
    return Request(Wanted(frozenset(units or UNITS)), inventory.hours, now)


def found(folder: Path, asked: Request, head: int = 10**9) -> tuple[list[Any], list[str]]:
    problems: list[str] = []
    return list(parts(read(folder), head, asked, problems.append)), problems


def test_facts_papers_and_minutes_are_read(ledger: Path, inventory: Inventory) -> None:
    (said, book, told, *rings), problems = found(ledger, request(inventory=inventory))
    assert said == Said((PAPER,))
    expecting = replace(DEVICES[2], expect=(("serial", "HC1"),))
    shown = book.found([expecting], T0, T0 + 6000)
    assert shown[Criterion.IDENTIFIED].finding is Finding.SHOWN
    assert isinstance(told, Told)
    assert told.until == T0 + HOUR
    assert {key for part in rings for key in part.rings} == set(UNITS)
    assert problems == []


def test_only_what_is_wanted_is_read(ledger: Path, inventory: Inventory) -> None:
    (*_, rings), _ = found(ledger, request(T0 + 5200, "2", inventory=inventory))
    assert isinstance(rings, Rings)
    assert set(rings.rings) == {"2"}


def test_nothing_is_read_behind_the_head(ledger: Path, inventory: Inventory) -> None:
    hour = next(iter(read(ledger).entries(kinds=("hour",))))
    (said, told), _ = found(ledger, request(inventory=inventory), head=hour.seq - 1)
    assert said == Said(())
    assert told.minutes == {}


@pytest.mark.parametrize("days", [31, 32], ids=["the longest month ago", "longer ago"])
def test_what_is_older_than_any_period_is_not_read(ledger: Path, inventory: Inventory, days: int) -> None:
    (said, *_, told), _ = found(ledger, request(T0 + days * 86_400, "none", inventory=inventory))
    assert said == Said((PAPER,)), "papers do not grow old"
    assert bool(told.minutes) == (days == 31)


def test_an_hour_of_the_future_is_left_out(ledger: Path, inventory: Inventory) -> None:
    """A clock was wrong once, and is right now."""
    (*_, told), _ = found(ledger, request(T0 - 3 * HOUR, "none", inventory=inventory))
    assert told.minutes == {}


def test_an_entry_that_cannot_be_read_costs_itself_alone(ledger: Path, inventory: Inventory) -> None:
    database = sqlite3.connect(ledger / "ledger.db")
    with database:
        database.execute("UPDATE entries SET body = x'00' WHERE kind IN ('facts', 'hour')")
    database.close()
    (said, told), problems = found(ledger, request(inventory=inventory))
    assert (said, told.minutes) == (Said((PAPER,)), {})
    assert len(problems) == 2


class Reader:
    """A seeding on a real loop, and a real process that reads."""

    def __init__(self, url: str, head: int, inventory: Inventory) -> None:
        self.claims = Claims(inventory)
        self.inventory = inventory
        self.source = Source(Secret(url), "test", head)
        self.ended = asyncio.Event()
        loop = asyncio.get_running_loop()
        self.seeding = Seeding(loop, self.source, self.claims, self.ended.set)

    async def read(self) -> float:
        """Read all of it; return the longest time for which the loop was held up, seconds."""
        loop, longest = asyncio.get_running_loop(), 0.0
        self.seeding.start(request(T0 + 5200, inventory=self.inventory))
        assert self.claims.reading
        async with asyncio.timeout(60):
            while not self.ended.is_set():
                began = loop.time()
                await asyncio.sleep(0.001)
                longest = max(longest, loop.time() - began)
        return longest


@pytest.mark.system
def test_a_process_of_its_own_reads_it(
    ledger: Path, inventory: Inventory, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)

    async def run() -> None:
        reader = Reader(f"sqlite:///{ledger / 'ledger.db'}", 10**9, inventory)
        await reader.read()
        assert not reader.claims.reading
        assert sum(up + down for _, up, down, _ in reader.claims.timeline("1")) > 50
        assert reader.claims._standing.exhibits

    asyncio.run(run())
    assert [record.levelname for record in caplog.records] == ["INFO"]
    assert "claims know what the ledger does" in caplog.text


@pytest.mark.system
def test_a_ledger_in_postgresql_is_read_alike(ledger: Path, inventory: Inventory) -> None:
    server = Server()
    try:
        there = Store(server.url, "test")
        there.open()
        there.write([New(each.kind, each.at, each.body) for each in read(ledger).entries()], (), None)
        there.close()

        async def run(url: str) -> list[tuple[float, int, int, int]]:
            reader = Reader(url, 10**9, inventory)
            await reader.read()
            return reader.claims.timeline("1")

        assert asyncio.run(run(server.url)) == asyncio.run(run(f"sqlite:///{ledger / 'ledger.db'}"))
    finally:
        server.remove()


@pytest.mark.system
def test_a_ledger_that_cannot_be_read_is_told_of_once(
    tmp_path: Path, inventory: Inventory, caplog: pytest.LogCaptureFixture
) -> None:
    """Claims go on by what is counted from now on."""
    (tmp_path / "ledger.db").write_text("no database at all, but long enough to be taken for one" * 20)

    async def run() -> None:
        reader = Reader(f"sqlite:///{tmp_path / 'ledger.db'}", 10**9, inventory)
        await reader.read()
        assert not reader.claims.reading

    asyncio.run(run())
    assert len(caplog.records) == 1
    assert "claims do without what the ledger could not tell" in caplog.text


@pytest.mark.system
def test_the_end_of_the_daemon_does_not_wait_for_it(ledger: Path, inventory: Inventory) -> None:
    async def run() -> None:
        reader = Reader(f"sqlite:///{ledger / 'ledger.db'}", 10**9, inventory)
        reader.seeding.start(request(inventory=inventory))
        await asyncio.sleep(0.05)
        reader.seeding.stop()
        await asyncio.sleep(0)
        assert not reader.ended.is_set()

    began = asyncio.new_event_loop()
    try:
        before = began.time()
        began.run_until_complete(run())
        assert began.time() - before < 5
    finally:
        began.close()


def test_rings_of_others_are_not_taken() -> None:
    """A reload took a unit away while its minutes were read."""
    earlier, rolling = Rolling(Wanted(frozenset("a"))), Rolling(Wanted(frozenset("b")))
    earlier.count(MinuteSettled(T0, Subject.UNIT, "a", State.UP, 60, 60, 0))
    for part in earlier.rings(10):
        rolling.adopt_rings(part, ())
    assert list(rolling.rings(10)) == []
