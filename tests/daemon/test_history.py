"""Outages from the ledger: all that its entries say of each, bounded, and read on from where it was read."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

import pytest

from netwatch.daemon import history
from netwatch.daemon.history import History
from netwatch.evidence import codec
from netwatch.evidence.chain import Entry
from netwatch.evidence.kinds import KIND_OF, Started, Stopped
from netwatch.model.cause import Cause, Fact
from netwatch.model.decision import CauseSettled, OutageBegan, RunEnded, Subject
from netwatch.model.maintenance import Annotation
from netwatch.model.report import OutageAccount
from netwatch.publishing.present import OutagesAsked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")


class Chain:
    """A ledger in memory that counts what is read of it."""

    def __init__(self, *said: object) -> None:
        self.entries: list[Entry] = []
        self.read = 0
        for each in said:
            self.append(each)

    def append(self, said: object) -> None:
        seq = len(self.entries) + 1
        self.entries.append(Entry("p", seq, seq, KIND_OF[type(said)], codec.dump(said), bytes(32)))

    def after(self, seq: int, kinds: Sequence[str]) -> Iterator[Entry]:
        for entry in self.entries[seq:]:
            if entry.kind in kinds:
                self.read += 1
                yield entry


async def at_once(work: Callable[[], T]) -> T:
    return work()


def told(
    chain: Chain, *asked: OutagesAsked, of: History | None = None
) -> list[list[tuple[str, OutageAccount]]]:
    reader = of or History(chain.after, at_once, lambda: 0.0)

    async def story() -> list[list[tuple[str, OutageAccount]]]:
        return [list(await reader.outages(each)) for each in asked]

    return asyncio.run(story())


def began(start: float, unit: str = "12004", *, root: str = "") -> OutageBegan:
    cause = Cause.UPSTREAM if root else Cause.UNDETERMINED
    return OutageBegan(start + 100, Subject.UNIT, unit, start, cause, root)


def ended(start: float, end: float, unit: str = "12004", *, outage: bool = True) -> RunEnded:
    return RunEnded(end + 90, Subject.UNIT, unit, start, end, outage, unknown=3.0)


FACTS = (Fact(1000.0, "gw", "started"),)


def settled(start: float, end: float, unit: str = "12004") -> CauseSettled:
    return CauseSettled(end + 200, Subject.UNIT, unit, start, end, Cause.RESTART, "", FACTS, 3.0)


def account(start: float, end: float | None, cause: Cause, **more: Any) -> OutageAccount:
    values: dict[str, Any] = {"root": "", "unknown": 0.0, "settled": False, "facts": (), "notes": ()}
    return OutageAccount(start, end, cause, **(values | more))


NOTE = Annotation(3000.0, "12004", 1000.0, "NOC", "đứt cáp", "VNPT-1")

ONE = OutagesAsked("12004")


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ([], []),
        ([began(1000)], [account(1000, None, Cause.UNDETERMINED)]),
        ([began(1000, root="core")], [account(1000, None, Cause.UPSTREAM, root="core")]),
        ([began(1000), ended(1000, 1500)], [account(1000, 1500, Cause.UNDETERMINED, unknown=3.0)]),
        (
            [began(1000), ended(1000, 1500), settled(1000, 1500), NOTE],
            [account(1000, 1500, Cause.RESTART, unknown=3.0, settled=True, facts=FACTS, notes=(NOTE,))],
        ),
        ([ended(1000, 1010, outage=False)], []),
        ([began(1000), ended(1000, 1010, outage=False)], []),
        ([began(1000, "12005"), NOTE], []),
        ([OutageBegan(1100, Subject.DEVICE, "12004", 1000, Cause.UNDETERMINED, "")], []),
        ([began(1000), Stopped(1.0)], [account(1000, None, Cause.UNDETERMINED)]),
    ],
)
def test_what_the_entries_say_of_an_outage(said: list[object], known: list[OutageAccount]) -> None:
    assert told(Chain(*said), ONE) == [[("12004", each) for each in known]]


@pytest.mark.parametrize(
    ("asked", "starts"),
    [
        (OutagesAsked(), [1000, 1200, 3000]),
        (OutagesAsked(since=1500), [1200, 3000]),
        (OutagesAsked(since=1499), [1000, 1200, 3000]),
        (OutagesAsked(until=3000), [1000, 1200]),
        (OutagesAsked(until=1000), []),
        (OutagesAsked(since=2000, until=2500), [1200]),
        (OutagesAsked(limit=1), [3000]),
        (OutagesAsked("a", limit=1), [3000]),
        (OutagesAsked("b"), [1200]),
        (OutagesAsked("nowhere"), []),
    ],
)
def test_the_newest_that_touch_the_time_asked_for(asked: OutagesAsked, starts: list[float]) -> None:
    """One of `a` from 1000 to 1500 and one from 3000; one of `b` that goes on since 1200."""
    chain = Chain(
        began(1000, "a"), began(1200, "b"), ended(1000, 1500, "a"), began(3000, "a"), ended(3000, 3100, "a")
    )
    assert [[outage.start for _, outage in found] for found in told(chain, asked)] == [starts]


def test_what_was_read_is_not_read_again_and_what_is_new_is_heard() -> None:
    chain = Chain(began(1000), began(1100, "other"))
    reader = History(chain.after, at_once, lambda: 0.0)
    (first,) = told(chain, ONE, of=reader)
    assert chain.read == 2
    told(chain, ONE, ONE, of=reader)
    assert chain.read == 2
    chain.append(ended(1000, 1500))
    (again,) = told(chain, ONE, of=reader)
    assert chain.read == 3
    assert (first[0][1].end, again[0][1].end) == (None, 1500)


def test_one_unit_has_two_hundred_and_all_together_a_thousand() -> None:
    count = history.KEPT + history.SPARE + 10
    chain = Chain(*(ended(1000.0 * number, 1000.0 * number + 60) for number in range(1, count + 1)))
    of_one, of_all = told(chain, OutagesAsked("12004", limit=1000), OutagesAsked(limit=1000))
    assert (len(of_one), len(of_all)) == (history.OF_A_UNIT, history.KEPT)
    assert of_one[-1][1].start == of_all[-1][1].start == 1000.0 * count


def test_no_more_units_are_kept_than_there_is_room_for() -> None:
    chain = Chain(began(1000))
    reader = History(chain.after, at_once, lambda: 0.0)
    told(chain, *(OutagesAsked(f"u{number}") for number in range(history.UNITS + 1)), of=reader)
    before = chain.read
    told(chain, OutagesAsked(f"u{history.UNITS}"), of=reader)
    assert chain.read == before
    told(chain, OutagesAsked("u0"), of=reader)
    assert chain.read == before + 1


def test_who_waits_too_long_is_told_so_and_the_reading_goes_on() -> None:
    """A disk that hangs holds up nobody; what it brings at last is there for the next."""
    chain = Chain(began(1000))
    gate = asyncio.Event()
    tasks: list[asyncio.Future[Any]] = []

    async def slow(work: Callable[[], T]) -> T:
        tasks.append(asyncio.ensure_future(held(work)))
        return await asyncio.shield(tasks[-1])

    async def held(work: Callable[[], T]) -> T:
        await gate.wait()
        return work()

    async def story() -> None:
        reader = History(chain.after, slow, lambda: 0.0, limit=0.001)
        with pytest.raises(OSError, match="not read in time"):
            await reader.outages(ONE)
        gate.set()
        await asyncio.gather(*tasks)
        assert chain.read == 1

    asyncio.run(story())


def test_a_chain_that_takes_for_ever_is_given_up_and_gone_on_with_later() -> None:
    chain = Chain(*(began(1000.0 * number) for number in range(1, 6)))
    time = iter(range(0, 10_000, 25))
    reader = History(chain.after, at_once, lambda: float(next(time)))
    with pytest.raises(OSError, match="too long"):
        told(chain, ONE, of=reader)
    assert chain.read == 3
    (found,) = told(chain, ONE, of=reader)
    assert (chain.read, len(found)) == (5, 5)


def test_an_entry_that_cannot_be_read_is_an_error_of_the_ledger() -> None:
    chain = Chain(began(1000))
    chain.entries[0] = chain.entries[0]._replace(body=b'{"key":"12004"}')
    with pytest.raises(OSError, match="entry 1 of poller p"):
        told(chain, ONE)


def test_other_kinds_are_not_even_read() -> None:
    assert KIND_OF[Started] not in history.KINDS
    assert set(history.KINDS) == {"outage-began", "run-ended", "cause-settled", "annotation"}
