"""What is put to an agent, and how it ends: the types between the engine and those who ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    import asyncio

    from netwatch.model.outcome import Outcome
    from netwatch.polling.snmp_security import Security
    from netwatch.polling.snmp_socket import Address, Transport
    from netwatch.protocols.snmp import Request, Response
    from netwatch.protocols.snmp_step import Step


class Ending(NamedTuple):
    """How a question ended, with one line for people where it was not answered.

    `by_icmp` tells what the network said from what an agent did: a closed port refuses too.
    """

    outcome: Outcome
    detail: str = ""
    by_icmp: bool = False


class Question(Protocol):
    """Something to be asked in one or more requests, one after the other."""

    @property
    def detail(self) -> str:
        """What went wrong, in one line for people."""
        ...

    def ask(self) -> Request:
        """Return the next request; the same as long as nothing was taken or found unanswered."""
        ...

    def take(self, response: Response) -> Step:
        """Take the answer to the last request."""
        ...

    def unanswered(self, attempts: int, *, damaged: bool) -> bool:
        """Take it that the request was sent `attempts` times in vain; tell whether to ask anew."""
        ...


class Exchange:
    """A question on its way."""

    __slots__ = (
        "address",
        "attempts",
        "damaged",
        "deadline",
        "due",
        "future",
        "question",
        "request_id",
        "running",
        "security",
        "sender",
        "sent",
        "transport",
        "within",
    )

    def __init__(
        self,
        question: Question,
        security: Security,
        transport: Transport,
        address: Address,
        *,
        within: float,
        future: asyncio.Future[Ending],
    ) -> None:
        self.question = question
        self.security = security
        self.transport = transport
        self.address = address
        self.sender = (address[0].partition("%")[0], address[1])  # as an answer bears it: without a zone
        self.within = within
        self.future = future
        self.deadline = 0.0  # monotonic: no request is sent after it
        self.due = 0.0  # monotonic: when the request that is out counts as unanswered
        self.attempts = 0  # of the request that is out
        self.request_id = 0
        self.sent = b""
        self.damaged = False  # something unreadable came from the address since it was asked
        self.running = False
