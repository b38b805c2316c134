"""One poll of one device under SNMPv3 (RFC 3414): what is sent, and what is believed.

A poll may find out the engineID and follow a clock once each, so that neither an agent out of order nor
forged reports keep it going. Reports that nobody signed teach an engineID, which is worth nothing until a
signed message bears it; any other ends the question at hand with its own words.
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
    decode_pdu,
    encode_pdu,
)
from netwatch.protocols.usm import Envelope, NotGenuineError, User
from netwatch.protocols.usm_message import (
    AUTHENTICATED,
    ENCRYPTED,
    ENGINE_IDS,
    LARGEST_BOOTS,
    Message,
    Scoped,
    scoped,
    split,
)

if TYPE_CHECKING:
    from netwatch.polling.snmp_peer import Peer
    from netwatch.polling.snmp_question import Question

_NOTHING = Request(GET, b"")
_NOBODY = User(b"", 0).at(b"")


class Session:
    """One poll of a peer."""

    __slots__ = ("_asked", "_met", "_peer", "_resynced", "_trouble")

    def __init__(self, peer: Peer, now: float) -> None:
        self._peer = peer
        self._asked = b""  # the engineID that the last request named; none where it asked for one
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
        self._asked = self._peer.engine_id
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
        if peer.keys is not None and message.engine_id == known != self._asked:
            return Again.AGAIN  # what another session of the peer has found out since we asked
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
