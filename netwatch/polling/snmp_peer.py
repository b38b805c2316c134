"""What is known of one SNMPv3 engine between polls (RFC 3414): its engineID, our keys, its clock."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netwatch.polling.snmp_engines import Engines
from netwatch.protocols.ber import OCTET_STRING, SEQUENCE, encode
from netwatch.protocols.snmp import Response, decode_large_pdu, encode_pdu
from netwatch.protocols.usm import Envelope, Keys, User
from netwatch.protocols.usm_message import AUTHENTICATED, LARGEST_BOOTS, TIME_WINDOW, Known, Message, Scoped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.polling.snmp_question import Question
    from netwatch.polling.snmp_socket import Address

_LARGEST_TIME = 2**31 - 1
_UNPROVEN = 30.0  # seconds that an engineID nobody signed for is used: longer than one poll
_LONG = b"\x30\x82"


class Proof(NamedTuple):
    """What signed answers to questions of ours have proven of an engine."""

    engine_id: bytes
    boots: int
    time: int  # snmpEngineTime when it was heard, in seconds
    at: float  # monotonic: when that was


class Peer:
    """The engine at one address, as one user sees it. `salts` never gives a number twice."""

    __slots__ = (
        "_context",
        "_context_name",
        "_envelope",
        "_heads",
        "_heard",
        "_latest",
        "_salts",
        "address",
        "boots",
        "credential",
        "engine_id",
        "engines",
        "keys",
        "known",
        "proven",
        "user",
    )

    def __init__(
        self,
        user: User,
        credential: str,
        address: Address,
        context_name: bytes,
        *,
        salts: Iterator[int],
        engines: Engines,
    ) -> None:
        self.user = user
        self.credential = credential
        self.address = address
        self.engines = engines
        self.engine_id = b""
        self.keys: Keys | None = None  # None: the engineID is not known
        self.proven = False  # a signed message bore the engineID and its time
        self.boots = 0
        self.known: Known | None = None
        self._context_name = context_name
        self._context = b""
        self._salts = salts
        self._latest = 0  # the greatest snmpEngineTime received (latestReceivedEngineTime)
        self._heard = 0.0  # monotonic: when that was
        self._heads: dict[int, bytes] = {}
        self._envelope: Envelope | None = None

    def meet(self, engine_id: bytes, boots: int, time: int, now: float) -> None:
        """Take it that this engine is there; until it is proven, its time is only a guess."""
        self.engines.leave(self.engine_id, self.address)
        self.engine_id = engine_id
        self.keys = self.user.at(engine_id)
        self.proven = False
        self.known = None
        self._context = encode(OCTET_STRING, engine_id) + encode(OCTET_STRING, self._context_name)
        self._heads.clear()
        self._set_clock(boots, time, now)

    def forget(self) -> None:
        """Take it that no engine is known: the next request finds out."""
        self.engines.leave(self.engine_id, self.address)
        self.engine_id = b""
        self.keys = None
        self.proven = False

    def retire(self) -> None:
        """Forget; whoever still asks by this peer, of an address that was left, enters engines no longer."""
        self.forget()
        self.engines = Engines()

    @property
    def proof(self) -> Proof | None:
        """What is proven of the engine; None where nothing is, or nobody signs."""
        if not self.proven or not self.user.level & AUTHENTICATED:
            return None
        return Proof(self.engine_id, self.boots, self._latest, self._heard)

    def stale(self, now: float) -> bool:
        """Tell whether what an unsigned report taught has led nowhere."""
        return not self.proven and now - self._heard > _UNPROVEN

    def time(self, now: float) -> int:
        """Return snmpEngineTime as it should be."""
        return min(self._latest + int(now - self._heard), _LARGEST_TIME)

    def adopt(self, boots: int, time: int, now: float) -> None:
        """Follow the clock of a message that was proven to be fresh."""
        if not self.proven:
            self.proven = True
            self.engines.enter(self.engine_id, self.address)
        self._set_clock(boots, time, now)

    def in_time(self, message: Message, now: float) -> bool:
        """Tell whether a genuine message is in the time window; learn from it (RFC 3414, 3.2.7 b)."""
        if not message.level & AUTHENTICATED:  # its clock is anybody's
            if not self.proven:
                self.adopt(message.boots, message.time, now)
            return True
        boots, time = message.boots, message.time
        if not self.proven or boots > self.boots or (boots == self.boots and time > self._latest):
            self.adopt(boots, time, now)
            self.known = Known(message)
        return self.boots != LARGEST_BOOTS and boots == self.boots and time >= self.time(now) - TIME_WINDOW

    def _set_clock(self, boots: int, time: int, now: float) -> None:
        self.boots, self._latest, self._heard = boots, time, now
        self._envelope = None

    def seal(self, keys: Keys, question: Question, request_id: int, now: float) -> bytes:
        """Make a message of the next request of a question."""
        asked = question.ask()
        pdu = encode_pdu(asked, request_id)
        head = self._heads.get(len(pdu))
        if head is None:
            whole = encode(SEQUENCE, self._context + pdu)
            head = self._heads[len(pdu)] = whole[: len(whole) - len(pdu)]
        envelope, time = self._envelope, self.time(now)
        if envelope is None or envelope.time != time:
            envelope = Envelope(keys, self.engine_id, self.boots, time, reportable=True)
            self._envelope = envelope
        return keys.seal(envelope, request_id, head + pdu, next(self._salts))

    def response(self, plain: bytes, at: int, stop: int) -> Response | None:
        """Read a response of the usual shape and of the context asked; None where it is of another one."""
        context = self._context
        if plain.startswith(_LONG, at) and plain.startswith(context, at + 4):
            response = decode_large_pdu(plain, at + 4 + len(context), stop)
            if response is not None and int.from_bytes(plain[at + 2 : at + 4]) == response.stop - at - 4:
                return response
        return None

    def in_context(self, found: Scoped) -> bool:
        """Tell whether a response is of the context that was asked (RFC 3412 section 7.2.10)."""
        return found.context_engine_id == self.engine_id and found.context_name == self._context_name
