"""How far a trace goes, on a network that does as it is told."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import icmplib
import pytest

from netwatch.polling.trace import GAP, LONGEST, MOST_HOPS, PATIENCE, TRIES, take_trace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

HOST = "198.18.0.9"
EXCEEDED, REPLY, UNREACHABLE = 11, 0, 3


@dataclass(frozen=True)
class Reply:
    source: str
    type: int


class Network:
    """A raw socket, and who answers at which distance; a wait costs time."""

    def __init__(self, answers: Callable[[int, int], Reply | None]) -> None:
        self.now = 1000.0
        self.sent: list[Any] = []
        self.failing: Exception | None = None
        self._answers = answers

    @contextlib.contextmanager
    def open(self, _: str) -> Iterator[Any]:
        if self.failing is not None:
            raise self.failing
        yield self

    def send(self, request: Any) -> None:
        self.sent.append(request)

    def receive(self, request: Any, timeout: float) -> Reply:
        tries = sum(each.ttl == request.ttl for each in self.sent)
        answer = self._answers(request.ttl, tries)
        self.now += timeout if answer is None else 0.01
        if answer is None:
            raise icmplib.TimeoutExceeded(timeout)
        return answer

    def trace(self) -> list[tuple[int, str]]:
        return [(hop.ttl, hop.address) for hop in take_trace(HOST, 7, self.open, lambda: self.now)]


def router(ttl: int) -> Reply:
    return Reply(f"198.18.1.{ttl}", EXCEEDED)


def test_a_trace_ends_at_the_address_itself() -> None:
    network = Network(lambda ttl, _: Reply(HOST, REPLY) if ttl == 3 else router(ttl))
    assert network.trace() == [(1, "198.18.1.1"), (2, "198.18.1.2"), (3, HOST)]
    assert [hop.rtt for hop in take_trace(HOST, 7, network.open, lambda: network.now)] == [
        pytest.approx(0.01)
    ] * 3


def test_a_trace_ends_at_a_router_that_says_the_address_cannot_be_reached() -> None:
    network = Network(lambda ttl, _: Reply("198.18.1.2", UNREACHABLE) if ttl == 2 else router(ttl))
    assert network.trace() == [(1, "198.18.1.1"), (2, "198.18.1.2")]


def test_silent_routers_are_passed_over_and_long_silence_ends_it() -> None:
    network = Network(lambda ttl, _: router(ttl) if ttl in {1, GAP + 1} else None)
    assert network.trace() == [(1, "198.18.1.1"), (GAP + 1, f"198.18.1.{GAP + 1}")]
    assert max(request.ttl for request in network.sent) == 2 * GAP + 1


def test_a_router_that_misses_one_echo_is_asked_again() -> None:
    network = Network(lambda ttl, tries: None if ttl == 1 and tries == 1 else Reply(HOST, REPLY))
    assert network.trace() == [(1, HOST)]
    assert len(network.sent) == TRIES


def test_every_echo_has_a_sequence_of_its_own_and_the_identifier_it_was_given() -> None:
    network = Network(lambda ttl, _: router(ttl) if ttl % 2 else None)
    network.trace()
    sequences = [request.sequence for request in network.sent]
    assert len(set(sequences)) == len(sequences) > MOST_HOPS
    assert {request.id for request in network.sent} == {7}


def test_a_loop_of_routers_ends_at_the_most_hops() -> None:
    assert len(Network(lambda ttl, _: router(ttl % 2)).trace()) == MOST_HOPS


def test_time_is_bounded_though_every_fourth_hop_answers() -> None:
    network = Network(lambda ttl, _: router(ttl) if ttl % GAP == 0 else None)
    network.trace()
    assert network.now - 1000.0 <= LONGEST + TRIES * PATIENCE
    assert max(request.ttl for request in network.sent) < MOST_HOPS


@pytest.mark.parametrize(
    ("failure", "raised"),
    [
        (icmplib.SocketPermissionError(privileged=True), PermissionError),
        (icmplib.ICMPSocketError("Network is unreachable"), OSError),
    ],
)
def test_why_none_can_be_taken_is_told(failure: Exception, raised: type[OSError]) -> None:
    network = Network(lambda ttl, _: router(ttl))
    network.failing = failure
    with pytest.raises(raised):
        network.trace()
