"""The questions of one poll of one device, put one after the other until its time is up."""

from __future__ import annotations

import ipaddress
from collections import Counter
from typing import TYPE_CHECKING

from netwatch.model.outcome import Outcome
from netwatch.polling.snmp_engines import Engines
from netwatch.polling.snmp_peer import Peer
from netwatch.polling.snmp_question import Ending
from netwatch.polling.snmp_security import Community
from netwatch.polling.snmp_usm import Session
from netwatch.protocols.snmp_get import Get
from netwatch.protocols.snmp_presence import Presence
from netwatch.protocols.snmp_step import Step
from netwatch.protocols.snmp_walk import MAX_ROWS, Walk
from netwatch.protocols.usm import user
from netwatch.protocols.usm_keys import DIGESTS, PRIVACY

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from netwatch.model.device import Credential, Device
    from netwatch.polling.snmp import SnmpEngine
    from netwatch.polling.snmp_peer import Proof
    from netwatch.polling.snmp_question import Question
    from netwatch.polling.snmp_security import Security
    from netwatch.polling.snmp_socket import Address
    from netwatch.polling.tuning import Tuning
    from netwatch.protocols.snmp import Request, Response
    from netwatch.protocols.snmp_dump import Dump
    from netwatch.protocols.snmp_rows import Column, Columns
    from netwatch.protocols.snmp_walk import Scalars
    from netwatch.protocols.usm import User


class NoAnswerError(Exception):
    """A question was not answered, and the poll is over. `ending` says how."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.detail)
        self.ending = ending


class Conversations:
    """Opens conversations through one engine: the only place that knows how a credential is used."""

    def __init__(self, engine: SnmpEngine) -> None:
        self.engine = engine
        self.engines = Engines()
        self._users: dict[str, tuple[Credential, User]] = {}
        self._peers: dict[str, tuple[Credential, Peer]] = {}

    def cannot(self, credential: Credential) -> str:
        """Return why a credential cannot be used, in one line; "" where it can."""
        if problem := credential.problem or _flaw(credential):
            return f"credential {credential.name}: {problem}"
        return ""

    def open(self, device: Device, credential: Credential, address: str, within: float) -> Conversation:
        """Open a conversation with a device at a numeric address, under a credential that can be used."""
        address = ipaddress.ip_address(address).compressed
        if credential.version == "2c":
            community = credential.community.reveal().encode() if credential.community else b""
            return Conversation(self.engine, address, device.snmp_port, Community(community), within=within)
        peer = self._peer(device, credential, (address, device.snmp_port))
        session = Session(peer, self.engine.clock.monotonic())
        return Conversation(self.engine, address, device.snmp_port, session, within=within)

    def keep(self, names: Collection[str]) -> None:
        """Forget what is known of the engines of every device but these, and keys that are of no use then."""
        for name in [name for name in self._peers if name not in names]:
            self._peers.pop(name)[1].retire()
        used = {credential.name for credential, _ in self._peers.values()}
        self._users = {name: made for name, made in self._users.items() if name in used}

    def proof(self, name: str) -> Proof | None:
        """Return what polling has proven of the engine of a device, by the device's name."""
        known = self._peers.get(name)
        return None if known is None else known[1].proof

    def user(self, credential: Credential) -> User:
        """Return the user of a version 3 credential; each passphrase is hashed once (ten milliseconds)."""
        known = self._users.get(credential.name)
        if known is not None and (known[0] is credential or known[0] == credential):
            return known[1]
        user = user_of(credential)
        self._users[credential.name] = (credential, user)
        return user

    def _peer(self, device: Device, credential: Credential, address: Address) -> Peer:
        known = self._peers.get(device.name)
        if known is not None:
            if (known[0] is credential or known[0] == credential) and known[1].address == address:
                return known[1]
            known[1].retire()
        user, context = self.user(credential), credential.context.encode()
        peer = Peer(user, credential.name, address, context, salts=self.engine.salts, engines=self.engines)
        self._peers[device.name] = (credential, peer)
        return peer


def _flaw(credential: Credential) -> str:
    """Return what netwatch cannot do of a credential."""
    if credential.version == "2c":
        return "" if credential.community is not None else "it has no community"
    if credential.version != "3":
        return f"SNMP version {credential.version} is not supported: only 2c and 3 are"
    if credential.auth_passphrase is not None and credential.auth_protocol not in DIGESTS:
        return f"auth protocol {credential.auth_protocol} is not supported: {', '.join(DIGESTS)} are"
    if credential.priv_passphrase is not None and credential.priv_protocol not in PRIVACY:
        return f"priv protocol {credential.priv_protocol} is not supported: {', '.join(PRIVACY)} are"
    return ""


def user_of(credential: Credential) -> User:
    """Make a user of a version 3 credential that can be used."""
    auth, priv = credential.auth_passphrase, credential.priv_passphrase
    return user(
        credential.user,
        (credential.auth_protocol, auth.reveal().encode()) if auth is not None else None,
        (credential.priv_protocol, priv.reveal().encode()) if priv is not None else None,
    )


class Conversation:
    """Asks one device. `within`: seconds for all questions together; `refused` counts values not taken."""

    def __init__(
        self,
        engine: SnmpEngine,
        address: str,
        port: int,
        security: Security,
        *,
        within: float,
    ) -> None:
        self.refused: Counter[str] = Counter()
        self._engine = engine
        self._address = address
        self._port = port
        self._security = security
        self._end = engine.clock.monotonic() + within
        self._held_up = engine.held_up
        self._dropped = engine.dropped

    async def get(self, scalars: Sequence[Column], *, whole: bool = False) -> dict[str, int | bytes]:
        """Read single objects; those that the device does not have are left out.

        `whole`: they are named as instances, so that no .0 follows.
        """
        get = Get(scalars, b"" if whole else b"\x00")
        await self._put(SizedGet(get), get.refused)
        return get.values

    async def present(self, columns: Sequence[Column]) -> frozenset[tuple[int, ...]]:
        """Return the OIDs of those columns (or single objects) of which the device has anything."""
        look = Presence(columns)
        await self._put(SizedGet(look), look.refused)
        return frozenset(look.present)

    async def walk(
        self, columns: Columns, scalars: Scalars, tuning: Tuning, *, expected: int, most: int = MAX_ROWS
    ) -> Walk:
        """Walk columns, with scalars beside them; `expected` rows were there before (0: not known)."""
        walk = Walk(columns, scalars, expected=expected, most=most)
        await self._put(SizedWalk(walk, tuning), walk.refused)
        tuning.walked()
        return walk

    async def continue_dump(self, dump: Dump, tuning: Tuning) -> None:
        """Ask for the next piece of a dump: one answer, so that whoever asks can pause between two."""
        await self._put(SizedPiece(dump, tuning), Counter())

    async def _put(self, question: Question, refused: Counter[str]) -> None:
        left = self._end - self._engine.clock.monotonic()
        ending = await self._engine.put(question, self._security, self._address, self._port, max(left, 0.0))
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

    __slots__ = ("_tuning", "_walk")

    def __init__(self, walk: Walk, tuning: Tuning) -> None:
        self._walk = walk
        self._tuning = tuning
        tuning.gave_up()  # what an earlier walk was trying when it ended proves nothing

    @property
    def detail(self) -> str:
        """What went wrong."""
        return self._walk.detail

    def ask(self) -> Request:
        """Return the next request."""
        return self._walk.ask(self._tuning.repetitions)

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

    __slots__ = ("_dump", "_tuning")

    def __init__(self, dump: Dump, tuning: Tuning) -> None:
        self._dump = dump
        self._tuning = tuning
        tuning.gave_up()

    @property
    def detail(self) -> str:
        """What went wrong."""
        return self._dump.detail

    def ask(self) -> Request:
        """Return the next request."""
        return self._dump.ask(self._tuning.repetitions)

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

    __slots__ = ("_get",)

    def __init__(self, get: Get) -> None:
        self._get = get

    @property
    def detail(self) -> str:
        """What went wrong."""
        return self._get.detail

    def ask(self) -> Request:
        """Return the next request."""
        return self._get.ask()

    def take(self, response: Response) -> Step:
        """Take an answer."""
        step = self._get.take(response)
        return Step.MORE if step is Step.MALFORMED and self._get.less() else step

    def unanswered(self, attempts: int, *, damaged: bool) -> bool:
        """Take silence; a second one may mean that the answer was too large to arrive."""
        return (damaged or attempts > 1) and self._get.less()


_TOO_MUCH = frozenset((Step.TOO_BIG, Step.MALFORMED))
