"""Many datagrams in one system call, on UDP sockets of loopback: whole, in order, with their senders."""

from __future__ import annotations

import contextlib
import errno
import math
import socket
import time
from typing import TYPE_CHECKING

import pytest

from netwatch.polling.mmsg import BATCH, KEPT, SO_TIMESTAMPNS, Cut, Inbox, Outbox
from netwatch.polling.sockaddr import packed_address

if TYPE_CHECKING:
    from collections.abc import Iterator

USUAL = 22
CUT = Cut(16, -16, 16 + 6, 16)


class Post:
    """A sender and a receiver; what is cut by `split` is marked."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self.near = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        self.far = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        for end in (self.near, self.far):
            end.bind(("127.0.0.1", 0))
        self.far.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**20)
        self.inbox = Inbox(self.far.fileno(), CUT, lambda name, data: (b"split" + name, data))

    @property
    def address(self) -> bytes:
        """The receiver's, packed."""
        return packed(self.far.getsockname())

    def send(self, *datagrams: bytes) -> None:
        for data in datagrams:
            self.near.sendto(data, self.far.getsockname())

    def received(self, limit: int = 10_000) -> list[tuple[float, float, bytes, bytes]]:
        return [arrival for batch in self.inbox.receive(limit) for arrival in batch]


def packed(name: tuple[str, int]) -> bytes:
    host = packed_address(name[0])[1]
    return host[:2] + name[1].to_bytes(2, "big") + host[4:]


@pytest.fixture
def post() -> Iterator[Post]:
    with contextlib.ExitStack() as stack:
        yield Post(stack)


def usual(number: int) -> bytes:
    return number.to_bytes(4, "big") * 5 + b"!!"


@pytest.mark.parametrize("count", [0, 1, BATCH - 1, BATCH, BATCH + 1, 3 * BATCH])
def test_datagrams_come_whole_in_order_with_sender_and_time(post: Post, count: int) -> None:
    post.send(*(usual(number) for number in range(count)))
    found = post.received()
    sender = packed(post.near.getsockname())
    assert [origin + key for _, _, origin, key in found] == [
        sender + usual(number) for number in range(count)
    ]
    assert all(abs(seconds + nanoseconds * 1e-9 - time.time()) < 60 for seconds, nanoseconds, _, _ in found)
    assert post.inbox.drained
    assert post.inbox.drops == 0


def test_no_more_is_read_than_asked_for_and_the_rest_later(post: Post) -> None:
    post.send(*(usual(number) for number in range(3 * BATCH)))
    assert len(post.received(BATCH)) == BATCH
    assert not post.inbox.drained
    assert len(post.received()) == 2 * BATCH
    assert post.inbox.drained
    assert post.received() == []


@pytest.mark.parametrize("size", [0, 1, USUAL - 1, USUAL + 1, KEPT - 1, KEPT, KEPT + 1, 1400])
def test_a_datagram_of_another_size_is_split_by_hand_and_so_are_its_neighbours(post: Post, size: int) -> None:
    odd = bytes(range(256)) * 6
    post.send(usual(1), odd[:size], usual(2))
    sender = packed(post.near.getsockname())
    found = post.received()
    assert [(origin, key) for _, _, origin, key in found] == [
        (b"split" + sender, usual(1)),
        (b"split" + sender, odd[: min(size, KEPT)]),
        (b"split" + sender, usual(2)),
    ]
    assert not any(math.isnan(seconds) for seconds, _, _, _ in found)
    post.send(usual(3))
    ((_, _, origin, key),) = post.received()
    assert origin + key == sender + usual(3), "nothing of the odd batch is left"


def test_drops_are_counted_and_the_datagrams_beside_are_whole(post: Post) -> None:
    post.far.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0)
    post.send(*(usual(number) for number in range(50)))
    kept = post.received()
    post.send(usual(50))
    ((_, _, origin, key),) = post.received()
    assert (origin + key).endswith(usual(50))
    assert post.inbox.drops == 50 - len(kept) > 0


def test_a_round_differs_from_the_next_by_its_mark(post: Post) -> None:
    messages = [(post.address, b"head%d." % number, b"-body%d" % number) for number in range(5)]
    outbox = Outbox(post.near.fileno(), 4, messages)
    assert outbox.send(b"mark", 0, 5) == (5, 0)
    assert outbox.send(b"next", 1, 3) == (2, 0)
    assert [key for _, _, _, key in post.received()] == [
        *(b"head%d.mark-body%d" % (number, number) for number in range(5)),
        *(b"head%d.next-body%d" % (number, number) for number in range(1, 3)),
    ]


def test_a_failure_is_told_by_the_call_that_begins_with_it(post: Post) -> None:
    broadcast = packed(("255.255.255.255", 9))
    messages = [(to, b"head", b"body") for to in (post.address, broadcast, post.address)]
    outbox = Outbox(post.near.fileno(), 4, messages)
    assert outbox.send(b"mark", 0, 3) == (1, 0)
    assert outbox.send(b"mark", 1, 3) == (0, errno.EACCES)
    assert outbox.send(b"mark", 2, 3) == (1, 0)
    assert len(post.received()) == 2
