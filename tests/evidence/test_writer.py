"""The writer at its seam: whatever the sink does, what was acknowledged is written, once and in order."""

from __future__ import annotations

import errno
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.evidence.codec import load, parse
from netwatch.evidence.kinds import Gap
from netwatch.evidence.place import LedgerError
from netwatch.evidence.writer import Job, Writer
from netwatch.model.attestation import Receipt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netwatch.evidence.chain import New

FULL = LedgerError("ledger /x: No space left on device")


class Sink:
    """Fails as it is told to, once for each error; then writes."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.tried: list[Any] = []
        self.entries: list[tuple[str, bytes]] = []
        self.pieces: dict[int, bytes] = {}

    def write(
        self, new: Sequence[New], pieces: Sequence[tuple[int, int, bytes]], drop: int | None
    ) -> Sequence[Receipt]:
        self.tried.append((tuple(new), tuple(pieces), drop))
        if self.errors:
            raise self.errors.pop(0)
        self.entries += [(each.kind, each.body) for each in new]
        self.pieces |= {number: body for number, _, body in pieces}
        self.pieces = {number: body for number, body in self.pieces.items() if drop is None or number > drop}
        first = len(self.entries) - len(new) + 1
        return [Receipt("test", first + place, 0.0, f"{first + place:064x}") for place in range(len(new))]


class Written:
    """A writer whose pauses are an event each, and what it has said."""

    def __init__(self, sink: Sink, **bounds: Any) -> None:
        self.said: list[str] = []
        self.pauses: list[float] = []
        self.go_on = threading.Semaphore(0)
        self.paused = threading.Semaphore(0)
        self.writer = Writer(sink, lambda: 5.0, self.said.append, pause=self._pause, **bounds)

    def _pause(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.paused.release()
        self.go_on.acquire()

    def hand_in(
        self, kind: str, body: Callable[[], bytes] = lambda: b"{}", **more: Any
    ) -> Future[Receipt | None]:
        done: Future[Receipt | None] = Future()
        self.writer.hand_in(Job(kind, 1, body, more.pop("size", 10), done, **more))
        return done

    def fail(self, times: int) -> None:
        """Let so many attempts fail, and the next begin."""
        for _ in range(times):
            self.paused.acquire()
            self.go_on.release()


def impossible() -> bytes:
    raise TypeError("no bytes")


def test_what_cannot_be_written_waits_and_is_written_in_its_order() -> None:
    sink = Sink(FULL, FULL, FULL)
    told = Written(sink)
    futures = [told.hand_in(kind) for kind in ("a", "b")]
    told.writer.start()
    told.paused.acquire()
    assert not any(future.done() for future in futures), "not acknowledged before it is written"
    assert (told.writer.status.problem, told.writer.status.queued) == (str(FULL), 2)
    futures.append(told.hand_in("c"))
    told.go_on.release()
    told.fail(2)
    receipts = [future.result(10) for future in futures]
    assert [receipt.seq for receipt in receipts if receipt] == [1, 2, 3], "each learns where its entry stands"
    assert told.writer.close(10)
    assert [kind for kind, _ in sink.entries] == ["a", "b", "c"]
    assert told.pauses == [0.5, 1.0, 2.0]
    assert told.said == [f"{FULL}; what is to be kept waits", "the ledger is written again"]
    status = told.writer.status
    assert (status.errors, status.entries, status.queued, status.problem) == (3, 3, 0, "")


def test_what_was_tried_is_tried_again_unchanged() -> None:
    """The transaction may have been committed: only the same one is recognised."""
    sink = Sink(FULL, FULL)
    told = Written(sink)
    told.hand_in("a")
    told.writer.start()
    told.paused.acquire()
    told.hand_in("b")
    told.go_on.release()
    told.fail(1)
    told.writer.close(10)
    assert [[each.kind for each in new] for new, _, _ in sink.tried] == [["a"], ["a"], ["a"], ["b"]]


@pytest.mark.parametrize(
    "error", [OSError(errno.EIO, "Input/output error"), RuntimeError("?"), MemoryError()], ids=repr
)
def test_no_error_of_the_sink_ends_the_thread(error: Exception) -> None:
    sink = Sink(error)
    told = Written(sink)
    kept = told.hand_in("a")
    told.writer.start()
    told.fail(1)
    assert kept.result(10) is not None
    assert told.writer.status.errors == 1
    assert type(error).__name__ in told.said[0]
    assert told.writer.close(10)


def test_an_entry_without_a_form_is_left_out_and_the_chain_says_so() -> None:
    sink = Sink()
    told = Written(sink)
    first, bad, last = told.hand_in("a"), told.hand_in("b", impossible), told.hand_in("c")
    told.writer.start()
    assert first.result(10) is not None
    assert last.result(10) is not None
    with pytest.raises(LedgerError, match="TypeError"):
        bad.result(10)
    told.hand_in("d").result(10)
    assert told.writer.close(10)
    assert [kind for kind, _ in sink.entries] == ["a", "c", "gap", "d"]
    assert load(Gap, parse(sink.entries[2][1])) == Gap((("b", 1),))
    assert told.writer.status.dropped == 1


@pytest.mark.parametrize("bounds", [{"most_jobs": 2}, {"most_bytes": 25}])
def test_a_full_queue_refuses_at_once_and_the_chain_says_so(bounds: dict[str, int]) -> None:
    sink = Sink(FULL)
    told = Written(sink, **bounds)
    kept = [told.hand_in("a"), told.hand_in("b")]
    refused = [told.hand_in("c"), told.hand_in("", piece=1)]
    for future in refused:
        with pytest.raises(LedgerError, match="its queue is full"):
            future.result(0)
    told.writer.start()
    told.fail(1)
    assert all(future.result(10) for future in kept)
    assert told.writer.close(10)
    (gap,) = [load(Gap, parse(body)) for kind, body in sink.entries if kind == "gap"]
    assert gap == Gap((("c", 1), ("tail", 1)))
    assert told.writer.status.dropped == 2


def test_what_waits_takes_no_more_room_than_its_bytes() -> None:
    """An hour shrinks to a tenth once it is put into bytes: then others have room."""
    sink = Sink(FULL)
    told = Written(sink, most_bytes=25_000)
    told.hand_in("hour", size=20_000)
    assert told.hand_in("hour", size=20_000).done(), "there is no room"
    told.writer.start()
    told.paused.acquire()
    kept = told.hand_in("hour", size=20_000)
    told.go_on.release()
    assert kept.result(10) is not None
    assert told.writer.close(10)


def test_pieces_that_an_hour_contains_are_not_written_with_it() -> None:
    sink = Sink()
    told = Written(sink)
    for number in (1, 2, 3):
        told.hand_in("", piece=number)
    told.hand_in("hour", drop=2)
    told.writer.start()
    assert told.writer.close(10)
    assert (list(sink.pieces), sink.tried[0][2]) == ([3], 2)


def test_an_end_without_the_ledger_is_told_and_takes_no_longer_than_allowed(
    caplog: pytest.LogCaptureFixture,
) -> None:
    told = Written(Sink(*[FULL] * 9))
    told.hand_in("a")
    told.writer.start()
    told.paused.acquire()
    assert not told.writer.close(0.01)
    assert "1 entries are lost" in caplog.text
    told.go_on.release()
