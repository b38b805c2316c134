"""Reads at a start what the ledger knows of the longest period of a claim, beside the loop.

A month of a province takes a core some twenty seconds, of the country minutes: so it is read in a process of
its own, which hands over what it found in parts that take the loop a few milliseconds each. It reads what
stood in the chain before this process wrote to it, so that no minute comes twice.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import signal
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from netwatch.audit.fact_book import FactBook
from netwatch.audit.period import HOUR
from netwatch.audit.rolling import Rolling
from netwatch.audit.tally import HOURS
from netwatch.daemon.aside import Aside
from netwatch.daemon.claims import Said
from netwatch.evidence.codec import BrokenBodyError
from netwatch.evidence.kinds import HOUR as SEALED, KIND_OF, Configured, Facts
from netwatch.evidence.place import LedgerError
from netwatch.evidence.reading import content
from netwatch.evidence.skim import skim
from netwatch.evidence.store import Store
from netwatch.model.attestation import Answer, Attestation, Dispute, Exhibit
from netwatch.model.claim import Measurement

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterator
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from netwatch.audit.rolling import Wanted
    from netwatch.daemon.claims import Claims, Part
    from netwatch.evidence.chain import Entry
    from netwatch.inventory.hours import OfficeHours
    from netwatch.model.secret import Secret

LOG = logging.getLogger(__name__)

KEYS_AT_ONCE = 20
"""Units, or devices, of one part: half a megabyte."""

AHEAD = 2 * HOUR
"""Seconds by which an hour may lie ahead of the present, where clocks were set: later ones are left out."""

SAID = tuple(KIND_OF[shape] for shape in (Exhibit, Attestation, Dispute, Answer, Measurement))
FACTS, CONFIGURED = KIND_OF[Facts], KIND_OF[Configured]


@dataclass(frozen=True, slots=True)
class Source:
    """Which chain is read, and up to which entry."""

    url: Secret
    poller: str
    head: int


@dataclass(frozen=True, slots=True)
class Request:
    """What of it is wanted, at steady time `now`."""

    wanted: Wanted
    hours: OfficeHours
    now: float


def parts(store: Store, head: int, request: Request, problem: Callable[[str], None]) -> Iterator[Part]:
    """Yield what a chain knows up to its entry `head`; an entry that cannot be read is told of and left out.

    Raises LedgerError.
    """
    reading = _Reading(store, head, request, problem)
    yield Said(tuple(reading.said()))
    yield from reading.facts().parts(KEYS_AT_ONCE)
    rolling = reading.minutes()
    yield rolling.told
    yield from rolling.rings(KEYS_AT_ONCE)


class _Reading:
    def __init__(self, store: Store, head: int, request: Request, problem: Callable[[str], None]) -> None:
        self._store = store
        self._head = head
        self._request = request
        self._problem = problem
        self._since = (request.now // HOUR - HOURS) * HOUR

    def said(self) -> Iterator[Any]:
        """Yield what people have said, ever: papers do not grow old."""
        for entry in self._entries(0, SAID):
            with self._told():
                yield content(entry)

    def facts(self) -> FactBook:
        book = FactBook(self._request.hours)
        for entry in self._entries(self._before(FACTS), (FACTS,)):
            with self._told():
                book.take(content(entry))
        return book

    def minutes(self) -> Rolling:
        rolling = Rolling(self._request.wanted)
        after = max(self._before(CONFIGURED) - 1, 0)  # the last before it says whose the first lines are
        for entry in self._entries(after, (CONFIGURED, SEALED)):
            with self._told():
                if entry.kind == SEALED:
                    self._take_hour(rolling, entry)
                else:
                    said: Configured = content(entry)
                    rolling.configured(said.at, said.lines, said.devices)
        return rolling

    def _take_hour(self, rolling: Rolling, entry: Entry) -> None:
        found = skim(entry.body)
        if self._since <= found.start <= self._request.now + AHEAD:
            rolling.take_hour(found)

    def _entries(self, after: int, kinds: tuple[str, ...]) -> Iterator[Entry]:
        for entry in self._store.entries(after, kinds):
            if entry.seq > self._head:
                return
            yield entry

    def _before(self, kind: str) -> int:
        """Return the number of the last entry of a kind that is older than all that is wanted."""
        last = self._store.last(kind, self._since)
        return last.seq if last is not None else 0

    @contextlib.contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (BrokenBodyError, ValueError) as error:
            self._problem(f"{error}")


class Seeding:
    """Lets a process read a chain, and hands its parts to the claims on the loop.

    `ended` is called when there are no more of them, whatever came of it.
    """

    def __init__(
        self, loop: asyncio.AbstractEventLoop, source: Source, claims: Claims, ended: Callable[[], None]
    ) -> None:
        self._loop = loop
        self._source = source
        self._claims = claims
        self._ended = ended
        self._aside = Aside(loop, threads=1)
        self._task: asyncio.Task[None] | None = None
        self._process: BaseProcess | None = None
        self._stopped = False

    def start(self, request: Request) -> None:
        """Begin to read; the claims say so until it has ended."""
        self._claims.reading = True
        self._task = self._loop.create_task(self._read(request))

    def stop(self) -> None:
        """Read no more."""
        self._stopped = True
        if self._task is not None:
            self._task.cancel()
        if self._process is not None:
            with contextlib.suppress(ValueError):  # it has ended
                self._process.kill()

    async def _read(self, request: Request) -> None:
        began = self._loop.time()
        try:
            problem = await self._aside.run(partial(self._listen, request))
        except OSError as error:
            problem = f"no process of its own for it: {error}"
        if problem:
            LOG.error("claims do without what the ledger could not tell of the time before: %s", problem)
        else:
            LOG.info("claims know what the ledger does, read in %.1f s", self._loop.time() - began)
        self._claims.end_seeding()
        self._ended()

    def _listen(self, request: Request) -> str:
        """Start the process and hand on what it sends; return "" or what went wrong."""
        context = multiprocessing.get_context("spawn")
        mine, its = context.Pipe(duplex=False)
        process = context.Process(target=work, args=(its, self._source, request), daemon=True)
        with mine:
            try:
                process.start()
            finally:
                its.close()
            self._process = process
            if self._stopped:
                process.kill()
            try:
                while not isinstance(message := mine.recv(), str):
                    self._loop.call_soon_threadsafe(self._claims.seed, message)
            except (EOFError, RuntimeError):  # the loop has closed, or the process was ended
                message = "the process that read it was ended"
                process.kill()
            process.join()
            process.close()
        return message


def work(connection: Connection, source: Source, request: Request) -> None:
    """Send the parts of a chain, then "" or what went wrong: what the process does."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the daemon's: it ends this process
    problems: list[str] = []
    store = Store(source.url.reveal(), source.poller)
    try:
        for part in parts(store, source.head, request, problems.append):
            connection.send(part)
    except LedgerError as error:
        problems.insert(0, str(error))
    except BrokenPipeError:  # nobody listens any more
        return
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    connection.send(problems[0] + more if problems else "")
