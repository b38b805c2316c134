"""The SNMP engine: thousands of devices asked through one socket a family, on one event loop.

A request-id, the msgID of version 3 too, leads to the question that it belongs to, and only the address that
was asked may answer it; what it must bear besides, its security judges (:mod:`…snmp_security`).
Everything else that arrives is counted by reason and thrown away. Questions are state machines
(:mod:`netwatch.polling.snmp_question`): the engine calls them straight from the reader, so that a walk of
many requests costs one future. Deadlines stand in one queue in the order in which they fall due.
"""

from __future__ import annotations

import errno
import itertools
import os
import socket
from collections import Counter, deque
from typing import TYPE_CHECKING

from netwatch.model.outcome import Outcome
from netwatch.polling.snmp_ids import RequestIds
from netwatch.polling.snmp_question import Ending, Exchange, Question
from netwatch.polling.snmp_security import REASONS, Again
from netwatch.polling.snmp_socket import open_transport
from netwatch.protocols.ber import MalformedError
from netwatch.protocols.snmp import Response, decode_response
from netwatch.protocols.snmp_step import Step
from netwatch.protocols.usm_message import is_version_3, message_id

if TYPE_CHECKING:
    import asyncio
    import random
    from collections.abc import Callable

    from netwatch.polling.clock import Clock
    from netwatch.polling.snmp_security import Security
    from netwatch.polling.snmp_socket import Address, IcmpError, Transport

RETRIES = 2
IN_FLIGHT = 1024  # questions asked at once: their answers fit the receive buffer
BATCH = 64  # datagrams read a wake-up, so that other work gets its turn
DRAIN = 4096  # datagrams read at most before silence is judged
BEAT = 0.25  # seconds between two looks at whether the loop is held up, while anything is asked
SWEEP = 0.02  # seconds: how late silence may be noticed

_ENDINGS = {
    Step.TOO_BIG: Outcome.AGENT_ERROR,
    Step.FAILED: Outcome.AGENT_ERROR,
    Step.MALFORMED: Outcome.MALFORMED,
    Step.REFUSED: Outcome.REFUSED,
}


class SnmpEngine:
    """Puts questions to agents. `timeout` is in seconds, per request; each is sent up to 1 + `retries` times.

    Counters: `rejected` datagrams by reason, `dropped` by the kernel for want of room; `held_up`: seconds by
    which the loop came late while anything was asked. Silence is judged once all that came was read.

    `transports` opens a
    socket of a family; it is called when the first question of that family is put.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        randomness: random.Random,
        *,
        timeout: float = 1.0,
        retries: int = RETRIES,
        in_flight: int = IN_FLIGHT,
        transports: Callable[[socket.AddressFamily], Transport] = open_transport,
        decode: Callable[[bytes], Response] = decode_response,
    ) -> None:
        self.clock = clock
        self.rejected: Counter[str] = Counter()
        self.held_up = 0.0
        self.salts = itertools.count(randomness.getrandbits(64))  # for encryption: none is given twice
        self._loop = loop
        self._timeout = timeout
        self._attempts = 1 + retries
        self._in_flight = in_flight
        self._open = transports
        self._decode = decode
        self._transports: dict[socket.AddressFamily, Transport] = {}
        self._ids = RequestIds(randomness)
        self._pending: dict[int, Exchange] = {}
        self._by_address: dict[Address, list[Exchange]] = {}  # a poll and a survey may ask one at once
        self._running = 0
        self._starting = False
        self._waiting: deque[Exchange] = deque()
        self._deadlines: deque[tuple[float, Exchange]] = deque()
        self._timer: asyncio.TimerHandle | None = None
        self._next_look = 0.0  # monotonic: when the timer is to fire
        self._closed = False

    @property
    def dropped(self) -> int:
        """Datagrams that the kernel threw away because a receive buffer was full."""
        return sum(transport.dropped for transport in self._transports.values())

    async def put(
        self, question: Question, security: Security, address: str, port: int, within: float
    ) -> Ending:
        """Put a question to the agent at a numeric address; give up `within` seconds after first asking.

        The end may come a request's timeout later. Never raises for what an agent or the network does.
        """
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        try:
            transport = self._transport(family)
        except OSError as error:
            return Ending(Outcome.LOCAL_ERROR, f"no socket: {error.strerror}")
        exchange = Exchange(
            question, security, transport, (address, port), within=within, future=self._loop.create_future()
        )
        if self._running < self._in_flight:
            self._start(exchange)
        else:
            self._waiting.append(exchange)
        try:
            return await exchange.future
        finally:
            self._finish(exchange, None)  # where the asker was cancelled

    def close(self) -> None:
        """End every question as a local error and close the sockets."""
        self._closed = True
        ending = Ending(Outcome.LOCAL_ERROR, "closing down")
        for exchange in (*self._waiting, *self._pending.values()):  # what runs has always asked something
            self._finish(exchange, ending)
        self._waiting.clear()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for transport in self._transports.values():
            self._loop.remove_reader(transport.fileno())
            transport.close()
        self._transports.clear()

    def _transport(self, family: socket.AddressFamily) -> Transport:
        transport = self._transports.get(family)
        if transport is None:
            if self._closed:
                raise OSError(errno.ESHUTDOWN, os.strerror(errno.ESHUTDOWN))
            transport = self._transports[family] = self._open(family)
            self._loop.add_reader(transport.fileno(), self._readable, transport)
        return transport

    # Asking

    def _start(self, exchange: Exchange) -> None:
        self._running += 1
        exchange.running = True
        exchange.deadline = self.clock.monotonic() + exchange.within
        self._by_address.setdefault(exchange.sender, []).append(exchange)
        self._ask(exchange)

    def _ask(self, exchange: Exchange) -> None:
        """Send the next request of a question, under a request-id that was not used for long."""
        self._pending.pop(exchange.request_id, None)
        exchange.request_id = request_id = self._ids.next()
        self._pending[request_id] = exchange
        exchange.sent = exchange.security.request(exchange.question, request_id, self.clock.monotonic())
        self._send(exchange)

    def _send(self, exchange: Exchange) -> None:
        exchange.due = due = self.clock.monotonic() + self._timeout
        exchange.attempts += 1
        error = exchange.transport.send(exchange.sent, exchange.address)
        if error is not None:
            self._finish(exchange, Ending(Outcome.LOCAL_ERROR, f"not sent: {error.strerror or error}"))
            return
        self._deadlines.append((due, exchange))
        if self._timer is None:
            self._look_again(self._timeout)

    def _finish(self, exchange: Exchange, ending: Ending | None) -> None:
        """Forget a question, tell its asker, and start the next one that waits."""
        if not exchange.future.done() and ending is not None:
            exchange.future.set_result(ending)
        self._pending.pop(exchange.request_id, None)
        exchange.due = 0.0
        if not exchange.running:
            return
        exchange.running = False
        self._by_address[exchange.sender].remove(exchange)
        if not self._by_address[exchange.sender]:
            del self._by_address[exchange.sender]
        self._running -= 1
        self._start_waiting()

    def _start_waiting(self) -> None:
        if self._starting:  # one that ends as it starts frees the next: by the loop below, not by recursion
            return
        self._starting = True
        while self._waiting and self._running < self._in_flight and not self._closed:
            waiting = self._waiting.popleft()
            if not waiting.future.done():
                self._start(waiting)
        self._starting = False

    # Hearing

    def _readable(self, transport: Transport) -> None:
        self._note_stall(self.clock.monotonic())
        if not self._read(transport):  # woken for an error, then
            self._read_errors(transport)

    def _read(self, transport: Transport) -> int:
        """Take a batch of what has arrived; return how many datagrams that were."""
        batch: list[tuple[bytes, Address]] = []
        while len(batch) < BATCH and (received := transport.receive()) is not None:
            batch.append(received)
        for data, sender in batch:
            self._heard(data, sender)
        return len(batch)

    def _read_errors(self, transport: Transport) -> None:
        for error in transport.errors():
            self._reported(error)

    def _heard(self, data: bytes, sender: Address) -> None:
        if is_version_3(data):
            self._heard_3(data, sender)
            return
        try:
            response = self._decode(data)
        except MalformedError as error:
            self._reject("version" if error.reason == "version" else "malformed", sender, data)
            return
        exchange = self._asked(response.request_id, sender)
        if exchange is None:
            return
        refusal = exchange.security.refusal(response)
        if refusal:
            self._reject(refusal, sender, data)
        else:
            self._take(exchange, response)

    def _heard_3(self, data: bytes, sender: Address) -> None:
        try:
            msg_id = message_id(data)
        except MalformedError:
            self._reject("malformed", sender, data)
            return
        exchange = self._asked(msg_id, sender)
        if exchange is None:
            return
        try:
            found = exchange.security.open(data, self.clock.monotonic())
        except MalformedError as error:
            self._reject(REASONS.get(error.reason, "malformed"), sender, data)
            return
        if isinstance(found, Response):
            self._take(exchange, found)
        elif isinstance(found, Again):
            self._ask_on(exchange)
        else:
            self._finish(exchange, found)

    def _asked(self, request_id: int, sender: Address) -> Exchange | None:
        """Return the question that a request-id and a sender lead to; count what leads to none."""
        exchange = self._pending.get(request_id)
        if exchange is None:
            self._reject("late or duplicate" if self._ids.was_used(request_id) else "unknown request-id")
            return None
        if sender != exchange.sender:
            self._reject("wrong sender")
            return None
        return exchange

    def _take(self, exchange: Exchange, response: Response) -> None:
        step = exchange.question.take(response)
        if step is Step.MORE:
            self._ask_on(exchange)
        elif step is Step.DONE:
            self._finish(exchange, Ending(Outcome.ANSWERED))
        else:
            self._finish(exchange, Ending(_ENDINGS[step], exchange.question.detail))

    def _ask_on(self, exchange: Exchange) -> None:
        if self.clock.monotonic() < exchange.deadline:
            exchange.attempts = 0
            exchange.damaged = False
            self._ask(exchange)
        else:
            self._finish(exchange, Ending(Outcome.TIMEOUT, "not done within the time for one poll"))

    def _reject(self, reason: str, sender: Address | None = None, data: bytes = b"") -> None:
        """Count a datagram that is thrown away; its sender, where told, may be one that was asked.

        A damaged answer shows that a device is alive. An address is easily forged: what does not bear the
        request-id that is out shows nothing.
        """
        self.rejected[reason] += 1
        for exchange in self._by_address.get(sender, ()) if sender is not None else ():
            if exchange.request_id.to_bytes(4) in data:
                exchange.damaged = True

    def _reported(self, error: IcmpError) -> None:
        """Take an ICMP error: believed where it quotes the request that is out."""
        asked = self._by_address.get(error.to, ())
        quoted = [each for each in asked if each.sent.startswith(error.quoted[: len(each.sent)])]
        if not quoted:
            self._reject("stale icmp error")
            return
        outcome = Outcome.REFUSED if error.errno == errno.ECONNREFUSED else Outcome.UNREACHABLE
        says = f" (says {error.sender})" if error.sender else ""
        if error.local:
            outcome, says = Outcome.LOCAL_ERROR, ""
        for exchange in quoted:
            self._finish(exchange, Ending(outcome, os.strerror(error.errno) + says, by_icmp=not error.local))

    # Silence

    def _look_again(self, after: float) -> None:
        after = min(after, BEAT)
        self._next_look = self.clock.monotonic() + after
        self._timer = self._loop.call_later(after, self._sweep)

    def _note_stall(self, now: float) -> None:
        """Count the time by which the loop is late, once."""
        late = now - self._next_look
        if self._timer is not None and late > BEAT:
            self.held_up += late
            self._next_look = now

    def _drain(self) -> None:
        """Read what waits: after a stall that is more than one wake-up takes, and none of it came late."""
        for transport in tuple(self._transports.values()):
            left = DRAIN
            while left > 0 and (count := self._read(transport)):
                left -= count
            self._read_errors(transport)

    def _sweep(self) -> None:
        now = self.clock.monotonic()
        self._note_stall(now)
        deadlines = self._deadlines
        if deadlines and deadlines[0][0] <= now:
            self._drain()
        while deadlines and (deadlines[0][0] <= now or deadlines[0][1].due != deadlines[0][0]):
            due, exchange = deadlines.popleft()
            if exchange.due == due:
                self._silent(exchange, now)
        self._timer = None
        if deadlines:
            self._look_again(max(SWEEP, deadlines[0][0] - now))

    def _silent(self, exchange: Exchange, now: float) -> None:
        if exchange.attempts < self._attempts and now < exchange.deadline:
            if exchange.question.unanswered(exchange.attempts, damaged=exchange.damaged):
                self._ask(exchange)
            else:
                self._send(exchange)
        elif exchange.damaged:
            doubt = exchange.security.doubt or "answers that cannot be read"
            self._finish(exchange, Ending(Outcome.MALFORMED, doubt))
        else:
            doubt = exchange.security.doubt or f"no answer to {exchange.attempts} requests"
            self._finish(exchange, Ending(Outcome.TIMEOUT, doubt))
