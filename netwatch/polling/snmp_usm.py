"""SNMPv3 with one device (RFC 3414): what is known of its engine, and how one poll is secured.

A :class:`Peer` outlives polls: the engineID, the keys localised to it, and what its clock says. A
:class:`Session` is one poll: it may find out the engineID and follow a clock once each, so that neither an
agent out of order nor forged reports keep it going. Reports that nobody signed teach an engineID, which is
worth nothing until a signed message bears it; any other ends the question at hand with its own words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.outcome import Outcome
from netwatch.polling.snmp_question import Ending
from netwatch.polling.snmp_reports import Report, report_of, words_of
from netwatch.polling.snmp_security import Again
from netwatch.protocols.ber import OCTET_STRING, SEQUENCE, MalformedError, encode
from netwatch.protocols.snmp import (
    GET,
    REPORT,
    RESPONSE,
    Request,
    Response,
    decode_large_pdu,
    decode_pdu,
    encode_pdu,
)
from netwatch.protocols.usm import Envelope, Keys, NotGenuineError, User
from netwatch.protocols.usm_message import (
    AUTHENTICATED,
    ENCRYPTED,
    ENGINE_IDS,
    LARGEST_BOOTS,
    TIME_WINDOW,
    Known,
    Message,
    Scoped,
    scoped,
    split,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.polling.snmp_engines import Engines
    from netwatch.polling.snmp_question import Question
    from netwatch.polling.snmp_socket import Address

_LARGEST_TIME = 2**31 - 1
_UNPROVEN = 30.0  # seconds that an engineID nobody signed for is used: longer than one poll
_LONG = b"\x30\x82"
_NOTHING = Request(GET, b"")
_NOBODY = User(b"", 0).at(b"")


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


class Session:
    """One poll of a peer."""

    __slots__ = ("_met", "_peer", "_resynced", "_trouble")

    def __init__(self, peer: Peer, now: float) -> None:
        self._peer = peer
        self._met = 0  # engineIDs learnt
        self._resynced = False
        self._trouble = ""
        if peer.stale(now):
            peer.forget()

    @property
    def doubt(self) -> str:
        """What may be wrong where the agent stays silent."""
        if self._trouble or self._peer.proven or self._peer.keys is None:
            return self._trouble
        return words_of(self._peer.credential, self._peer.user, Report.SILENCE)

    def request(self, question: Question, request_id: int, now: float) -> bytes:
        """Make the next message: of the question, or one that asks for the engineID (RFC 3414 section 4)."""
        keys = self._peer.keys
        if keys is None:
            return _discovery(request_id)
        return self._peer.seal(keys, question, request_id, now)

    def refusal(self, _response: Response) -> str:
        """Believe no message of version 2c."""
        return "version"

    def open(self, data: bytes, now: float) -> Response | Ending | Again:
        """Judge a message that bears the request's msgID and came from the address asked."""
        peer = self._peer
        keys = peer.keys
        message = split(data) if peer.known is None else peer.known.split(data)
        if keys is None or message.level < peer.user.level:
            return self._take_lower(message, now)
        if message.engine_id != peer.engine_id:
            return self._take_unsigned(message, now)
        if message.user != peer.user.name:
            raise NotGenuineError("user")
        try:
            plain, at, stop = keys.reveal(message)
            response = peer.response(plain, at, stop)
            found = scoped(plain, at, stop) if response is None else None
        except MalformedError as error:
            raise self._suspect(error.reason, message) from None
        if found is not None and found.pdu == REPORT:
            return self._take_report(message, found, now, signed=bool(message.level & AUTHENTICATED))
        if not peer.in_time(message, now):
            raise NotGenuineError("not in time window")
        if found is not None:
            response = self._read(found)
        if response is None or response.request_id != message.msg_id:
            raise MalformedError("request-id inside")
        return response

    def _read(self, found: Scoped) -> Response:
        if found.pdu != RESPONSE:
            raise MalformedError("not a response")
        if not self._peer.in_context(found):
            raise MalformedError("context")
        return decode_pdu(found.data, found.start, found.stop)

    def _suspect(self, reason: str, message: Message) -> MalformedError:
        """Remember why answers are not believed, for where none is; return what to raise."""
        if message.level & ENCRYPTED and reason not in {"level", "digest"}:
            reason = "decryption"
        suspected = {"digest": Report.OUR_DIGEST, "decryption": Report.OUR_DECRYPTION}.get(reason)
        if suspected is not None:
            self._trouble = words_of(self._peer.credential, self._peer.user, suspected)
        return MalformedError(reason)

    def _take_lower(self, message: Message, now: float) -> Ending | Again:
        """Take a message of a lower level than asked for: only reports may be."""
        peer = self._peer
        if peer.keys is None or not message.level & AUTHENTICATED:
            return self._take_unsigned(message, now)
        if message.engine_id != peer.engine_id:
            raise NotGenuineError("engine")
        if message.user != peer.user.name:
            raise NotGenuineError("user")
        found = peer.keys.unencrypted().open(message)
        if found.pdu != REPORT:
            raise NotGenuineError("level")
        return self._take_report(message, found, now, signed=True)

    def _take_unsigned(self, message: Message, now: float) -> Ending | Again:
        if message.level:  # signed with keys of an engine that we do not know
            raise NotGenuineError("engine")
        found = scoped(message.data, message.body, message.stop)
        if found.pdu != REPORT:
            raise NotGenuineError("level" if self._peer.user.level else "engine")
        return self._take_report(message, found, now, signed=False)

    def _take_report(self, message: Message, found: Scoped, now: float, *, signed: bool) -> Ending | Again:
        report = report_of(found.data, found.start, found.stop)
        if report is Report.UNKNOWN_ENGINE:
            return self._meet(message, now)
        if self._peer.keys is not None and message.engine_id != self._peer.engine_id:
            raise NotGenuineError("engine")
        if report is Report.NOT_IN_TIME and signed and not self._resynced:
            # It answers a msgID of ours, which were not used before, so it is fresh, even where the engine's
            # clock went back: an agent that lost its boots would else be refused for ever.
            self._resynced = True
            self._peer.adopt(message.boots, message.time, now)
            if message.boots != LARGEST_BOOTS:
                return Again.AGAIN
            report = Report.BOOTS_LATCHED
        return Ending(report.outcome, words_of(self._peer.credential, self._peer.user, report))

    def _meet(self, message: Message, now: float) -> Ending | Again:
        """Take the engineID that an unsigned report tells: twice in a poll, where another one was known."""
        peer = self._peer
        known = peer.engine_id
        if len(message.engine_id) not in ENGINE_IDS or (peer.proven and message.engine_id == known):
            raise NotGenuineError("engine")
        if self._met and (self._met > 1 or message.engine_id == known):
            peer.forget()
            return Ending(Outcome.AGENT_ERROR, words_of(peer.credential, peer.user, Report.UNKNOWN_ENGINE))
        self._met += 1
        peer.meet(message.engine_id, message.boots, message.time, now)
        return Again.AGAIN


def _discovery(request_id: int) -> bytes:
    """Make a message that only the engineID can come back of (RFC 3414 section 4)."""
    pdu = encode_pdu(_NOTHING, request_id)
    envelope = Envelope(_NOBODY, b"", 0, 0, reportable=True)
    empty = encode(OCTET_STRING, b"")
    return _NOBODY.seal(envelope, request_id, encode(SEQUENCE, empty + empty + pdu), 0)
