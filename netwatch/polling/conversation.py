"""The questions of one poll of one device, put one after the other until its time is up."""

from __future__ import annotations

import ipaddress
from collections import Counter
from typing import TYPE_CHECKING

from netwatch.model.outcome import Outcome
from netwatch.polling.snmp_question import Ending
from netwatch.protocols.snmp_dump import Dump
from netwatch.protocols.snmp_get import Get
from netwatch.protocols.snmp_step import Step
from netwatch.protocols.snmp_walk import Walk

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.model.device import Credential, Device
    from netwatch.polling.snmp import SnmpEngine
    from netwatch.polling.snmp_question import Question
    from netwatch.polling.tuning import Tuning
    from netwatch.protocols.snmp import Response
    from netwatch.protocols.snmp_dump import Bounds
    from netwatch.protocols.snmp_rows import Column, Columns
    from netwatch.protocols.snmp_walk import Scalars


class NoAnswerError(Exception):
    """A question was not answered, and the poll is over. `ending` says how."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.detail)
        self.ending = ending


class Conversations:
    """Opens conversations through one engine: the only place that knows how a credential is used."""

    def __init__(self, engine: SnmpEngine) -> None:
        self.engine = engine

    def cannot(self, credential: Credential) -> str:
        """Return why a credential cannot be used, in one line; "" where it can."""
        if credential.problem:
            return f"credential {credential.name}: {credential.problem}"
        if credential.version != "2c" or credential.community is None:
            return f"credential {credential.name}: only SNMP version 2c with a community can be used"
        return ""

    def open(self, device: Device, credential: Credential, address: str, within: float) -> Conversation:
        """Open a conversation with a device at a numeric address, under a credential that can be used."""
        return Conversation(
            self.engine,
            ipaddress.ip_address(address).compressed,
            device.snmp_port,
            credential.community.reveal().encode() if credential.community else b"",
            within,
        )


class Conversation:
    """Asks one device. `within`: seconds for all questions together; `refused` counts values not taken."""

    def __init__(self, engine: SnmpEngine, address: str, port: int, community: bytes, within: float) -> None:
        self.refused: Counter[str] = Counter()
        self._engine = engine
        self._address = address
        self._port = port
        self._community = community
        self._end = engine.clock.monotonic() + within
        self._held_up = engine.held_up
        self._dropped = engine.dropped

    async def get(self, scalars: Sequence[Column]) -> dict[str, int | bytes]:
        """Read single objects; those that the device does not have are left out."""
        get = Get(scalars, self._community)
        await self._put(SizedGet(get), get.refused)
        return get.values

    async def walk(self, columns: Columns, scalars: Scalars, tuning: Tuning, *, expected: int) -> Walk:
        """Walk columns, with scalars beside them; `expected` rows were there before (0: not known)."""
        walk = Walk(columns, scalars, self._community, expected=expected)
        await self._put(SizedWalk(walk, tuning), walk.refused)
        tuning.walked()
        return walk

    def dump(self, root: tuple[int, ...], bounds: Bounds) -> Dump:
        """Begin a walk over everything below `root`."""
        return Dump(root, self._community, bounds)

    async def continue_dump(self, dump: Dump, tuning: Tuning) -> None:
        """Ask for the next piece of a dump: one answer, so that whoever asks can pause between two."""
        await self._put(SizedPiece(dump, tuning), Counter())

    async def _put(self, question: Question, refused: Counter[str]) -> None:
        left = self._end - self._engine.clock.monotonic()
        ending = await self._engine.put(question, self._address, self._port, max(left, 0.0))
        self.refused.update(refused)
        if ending.outcome is Outcome.TIMEOUT:
            ending = self._own_fault() or ending
        if ending.outcome is not Outcome.ANSWERED:
            raise NoAnswerError(ending)

    def _own_fault(self) -> Ending | None:
        """Return what this host did to make a device seem silent, if anything."""
        late = self._engine.held_up - self._held_up
        if late > 0 and self._engine.clock.monotonic() >= self._end:
            return Ending(Outcome.LOCAL_ERROR, f"this host was held up for {late:.1f} s")
        dropped = self._engine.dropped - self._dropped
        if dropped > 0:
            return Ending(
                Outcome.LOCAL_ERROR, f"the receive buffer of this host had no room for {dropped} datagrams"
            )
        return None


class SizedWalk:
    """A walk that asks for as much as its device is known to withstand, and learns from how that goes."""

    __slots__ = ("_tuning", "_walk", "community")

    def __init__(self, walk: Walk, tuning: Tuning) -> None:
        self.community = walk.community
        self._walk = walk
        self._tuning = tuning
        tuning.gave_up()  # what an earlier walk was trying when it ended proves nothing

    @property
    def detail(self) -> str:
        """What went wrong."""
        return self._walk.detail

    def ask(self, request_id: int) -> bytes:
        """Return the next request."""
        return self._walk.ask(request_id, self._tuning.repetitions)

    def take(self, response: Response) -> Step:
        """Take an answer; what was too much is asked for again in smaller pieces."""
        step = self._walk.take(response)
        if step in _TOO_MUCH:
            return Step.MORE if self._tuning.too_much() else step
        self._tuning.answered()
        return step

    def unanswered(self, attempts: int, *, damaged: bool) -> bool:
        """Take silence; tell whether less is asked for now."""
        before = self._tuning.repetitions
        self._tuning.unanswered(attempts, damaged=damaged)
        return self._tuning.repetitions != before


class SizedPiece:
    """One piece of a dump, of a size that the device withstands."""

    __slots__ = ("_dump", "_tuning", "community")

    def __init__(self, dump: Dump, tuning: Tuning) -> None:
        self.community = dump.community
        self._dump = dump
        self._tuning = tuning
        tuning.gave_up()

    @property
    def detail(self) -> str:
        """What went wrong."""
        return self._dump.detail

    def ask(self, request_id: int) -> bytes:
        """Return the next request."""
        return self._dump.ask(request_id, self._tuning.repetitions)

    def take(self, response: Response) -> Step:
        """Take an answer: with it the piece is done, unless less has to be asked for."""
        step = self._dump.take(response)
        if step in _TOO_MUCH or step is Step.FAILED:
            return Step.MORE if self._tuning.too_much() else step
        self._tuning.answered()
        return Step.DONE if step is Step.MORE else step

    def unanswered(self, attempts: int, *, damaged: bool) -> bool:
        """Take silence; tell whether less is asked for now."""
        before = self._tuning.repetitions
        self._tuning.unanswered(attempts, damaged=damaged)
        return self._tuning.repetitions != before


class SizedGet:
    """A GET that asks for half as much where its answers cannot be read."""

    __slots__ = ("_get", "community")

    def __init__(self, get: Get) -> None:
        self.community = get.community
        self._get = get

    @property
    def detail(self) -> str:
        """What went wrong."""
        return self._get.detail

    def ask(self, request_id: int) -> bytes:
        """Return the next request."""
        return self._get.ask(request_id)

    def take(self, response: Response) -> Step:
        """Take an answer."""
        step = self._get.take(response)
        return Step.MORE if step is Step.MALFORMED and self._get.less() else step

    def unanswered(self, attempts: int, *, damaged: bool) -> bool:
        """Take silence; a second one may mean that the answer was too large to arrive."""
        return (damaged or attempts > 1) and self._get.less()


_TOO_MUCH = frozenset((Step.TOO_BIG, Step.MALFORMED))
