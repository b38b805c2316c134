"""An SNMPv3 engine in front of an agent of version 2c: authoritative, with faults to be switched on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from netwatch.protocols import ber, snmp, usm, usm_message
from netwatch.protocols.usm import Envelope, Keys, User

if TYPE_CHECKING:
    from collections.abc import Callable

UNSUPPORTED_LEVEL, NOT_IN_TIME, UNKNOWN_USER, UNKNOWN_ENGINE, WRONG_DIGEST, DECRYPTION = range(1, 7)
"""The last arc of usmStats (SNMP-USER-BASED-SM-MIB)."""

NOBODY = usm.user("").at(b"")


class Answers(Protocol):
    """An agent of version 2c."""

    def handle(self, data: bytes, now: float) -> bytes | None: ...


class Engine:
    """Lets in who proves to be one of `users`, and hands the PDU on."""

    def __init__(
        self, agent: Answers, *users: User, engine_id: bytes = b"\x80\x00\x00\x01\x05box", boots: int = 3
    ) -> None:
        self.agent = agent
        self.users = {user.name: user for user in users}
        self.engine_id = engine_id
        self.boots = boots
        self.ahead = 5000.0  # seconds that snmpEngineTime is ahead of the test's clock
        self.always: int | None = None  # reports this, whatever comes
        self.answer_as: dict[str, object] = {}  # what to get wrong in answers; see `_answer`
        self.seen: list[usm_message.Message] = []
        self.reported: list[int] = []
        self.sent: list[bytes] = []
        self.on_request: Callable[[usm_message.Message], None] = lambda _: None
        self._salt = 0

    def restart(self) -> None:
        """Begin the next boot, a second ago."""
        self.boots += 1
        self.ahead = 1.0

    def time(self, now: float) -> int:
        return int(now + self.ahead)

    def handle(self, data: bytes, now: float) -> bytes | None:
        """Answer a message as RFC 3414 section 3.2 has it."""
        message = usm_message.split(data)
        self.seen.append(message)
        self.on_request(message)
        reply = self._judge(message, now)
        if reply is not None:
            self.sent.append(reply)
        return reply

    def _judge(  # noqa: PLR0911 - one return a row of the RFC's procedure
        self, message: usm_message.Message, now: float
    ) -> bytes | None:
        if self.always is not None and message.engine_id:
            return self.report(message, self.always, now)
        if message.engine_id != self.engine_id:
            return self.report(message, UNKNOWN_ENGINE, now)
        user = self.users.get(message.user)
        if user is None:
            return self.report(message, UNKNOWN_USER, now)
        if message.level != user.level:
            return self.report(message, UNSUPPORTED_LEVEL, now)
        keys = user.at(self.engine_id)
        if message.level and not keys.verify(message):
            return self.report(message, WRONG_DIGEST, now)
        late = message.boots != self.boots or abs(message.time - self.time(now)) > usm_message.TIME_WINDOW
        if message.level and (late or self.boots == usm_message.LARGEST_BOOTS):
            return self.report(message, NOT_IN_TIME, now, keys.unencrypted())
        try:
            scoped = keys.open(message)
        except ber.MalformedError:
            return self.report(message, DECRYPTION, now)
        return self._answer(message, keys, scoped, now)

    def _answer(
        self, message: usm_message.Message, keys: Keys, scoped: usm_message.Scoped, now: float
    ) -> bytes | None:
        pdu = ber.encode(scoped.pdu, scoped.data[scoped.start : scoped.stop])
        community = ber.encode(ber.OCTET_STRING, b"public")
        asked = ber.encode(ber.SEQUENCE, ber.encode_integer(snmp.VERSION_2C) + community + pdu)
        answered = self.agent.handle(asked, now)
        if answered is None:
            return None
        wrong = self.answer_as
        pdu = answered[answered.index(b"public") + 6 :]
        if "request_id" in wrong:
            pdu = pdu.replace(message.msg_id.to_bytes(4), (message.msg_id + 1).to_bytes(4), 1)
        context = wrong.get("context", scoped.context_name)
        assert isinstance(context, bytes)
        answering = wrong.get("keys", keys)
        assert isinstance(answering, Keys)
        engine_id = wrong.get("engine_id", self.engine_id)
        assert isinstance(engine_id, bytes)
        plain = usm.encode_scoped(engine_id, context, pdu)
        older = wrong.get("older", 0)
        assert isinstance(older, int)
        time = self.time(now) - older
        return self._seal(message, answering, plain, engine_id, time)

    def report(self, message: usm_message.Message, number: int, now: float, keys: Keys = NOBODY) -> bytes:
        """Make a report; nobody signs it unless keys are given."""
        self.reported.append(number)
        return self._seal(message, keys, self._report(number), self.engine_id, self.time(now))

    def _report(self, number: int) -> bytes:
        name = ber.encode_oid((1, 3, 6, 1, 6, 3, 15, 1, 1, number, 0))
        counter = ber.encode(ber.OBJECT_IDENTIFIER, name) + ber.encode_integer(1, snmp.COUNTER32)
        varbinds = ber.encode(ber.SEQUENCE, ber.encode(ber.SEQUENCE, counter))
        body = ber.encode(snmp.REPORT, ber.encode_integer(0) * 3 + varbinds)
        return usm.encode_scoped(self.engine_id, b"", body)

    def _seal(
        self, message: usm_message.Message, keys: Keys, plain: bytes, engine_id: bytes, time: int
    ) -> bytes:
        self._salt += 1
        envelope = Envelope(keys, engine_id, self.boots, time, reportable=False)
        return keys.seal(envelope, message.msg_id, plain, self._salt)
