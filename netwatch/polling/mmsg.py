"""Many datagrams in one system call: recvmmsg(2) and sendmmsg(2), which Python's socket module does not have.

A call of `recvmsg` costs Python about as much as the kernel needs for an echo there and back. Here memory is
laid out once in the kernel's own form: what is received is taken apart by `struct` from records of equal
size, and what is sent again and again lies ready.

Addresses are packed as the kernel has them (struct sockaddr_in, sockaddr_in6).
"""

from __future__ import annotations

import ctypes
import errno
import math
import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

BATCH = 128
"""Datagrams received in a call at most."""
KEPT = 128
"""Bytes kept of a datagram received; of a longer one the rest is cut off."""
SO_TIMESTAMPNS = 35

Arrival = tuple[float, float, bytes, bytes]
"""A datagram: seconds and nanoseconds of the kernel's wall clock (NaN where it told none), origin, key."""

_MSG_DONTWAIT = 0x40
_CONTROL = 64  # bytes kept for ancillary data: a time stamp takes 32
_NAME = 32  # bytes kept for a sender, which lies at their end; the longest has 28
_STRIDE = _CONTROL + _NAME + KEPT
_TIMESPEC = struct.Struct("@ll")
_ANCILLARY = struct.calcsize("@Nii")  # bytes of a struct cmsghdr: length, level, type
_STAMPED = _ANCILLARY + _TIMESPEC.size  # bytes of ancillary data: a time stamp and nothing else
_SOL_SOCKET = 1
_SO_MEMINFO = 55
_ONE_MORE = 4096  # bytes that a datagram takes in the buffer at most
_ALLOCATED, _BUFFER, _DROPS, _MEMINFO = 0, 1, 8, 9  # <linux/sock_diag.h>: where in it; how many there are

_libc = ctypes.CDLL(None, use_errno=True)


class _Vector(ctypes.Structure):
    """struct iovec."""

    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


class _Header(ctypes.Structure):
    """struct msghdr."""

    _fields_ = (
        ("name", ctypes.c_void_p),
        ("name_length", ctypes.c_uint32),
        ("vectors", ctypes.c_void_p),
        ("vector_count", ctypes.c_size_t),
        ("control", ctypes.c_void_p),
        ("control_length", ctypes.c_size_t),
        ("flags", ctypes.c_int),
    )


class _Message(ctypes.Structure):
    """struct mmsghdr."""

    _fields_ = (("header", _Header), ("length", ctypes.c_uint32))


class Cut(NamedTuple):
    """Where a datagram of the usual size is cut into an origin and the key behind it.

    `start` counts from the datagram's first byte; the packed sender lies before it, at negative places.
    """

    name_size: int  # of a packed address
    start: int
    origin_size: int
    key_size: int


class Inbox:
    """Receives from a socket that has SO_TIMESTAMPNS set.

    `cut` serves datagrams that end where the key does; `split` is given the packed sender and the data of any
    other, and returns origin and key.
    """

    def __init__(
        self, descriptor: int, cut: Cut, split: Callable[[bytes, bytes], tuple[bytes, bytes]]
    ) -> None:
        self.drops = 0  # datagrams that found no room since the socket was opened
        self.drained = True  # the last `receive` ended because nothing was left
        self._meminfo = (ctypes.c_uint32 * _MEMINFO)()
        self._meminfo_size = ctypes.c_uint32()
        self._told = 0  # drops, by the kernel's last word
        self._was_full = False
        self._descriptor = descriptor
        self._name_size = cut.name_size
        self._split = split
        block = ctypes.create_string_buffer(BATCH * _STRIDE)
        self._block = memoryview(block).cast("B")
        self._vectors = (_Vector * BATCH)()
        self._messages = (_Message * BATCH)()
        self._headers = memoryview(self._messages).cast("B")
        size = cut.start + cut.origin_size + cut.key_size
        for index in range(BATCH):
            control = ctypes.addressof(block) + index * _STRIDE
            data = control + _CONTROL + _NAME
            self._vectors[index] = _Vector(data, KEPT)
            vector = ctypes.addressof(self._vectors) + index * ctypes.sizeof(_Vector)
            self._messages[index].header = _Header(
                data - cut.name_size, cut.name_size, vector, 1, control, _CONTROL, 0
            )
        self._blank = bytes(self._headers)
        for message in self._messages:
            message.header.control_length = _STAMPED
            message.length = size
        self._usual = bytes(self._headers)
        self._used = BATCH  # headers that are not blank
        self._record = struct.Struct(
            f"@{_ANCILLARY}xll{_CONTROL - _STAMPED + _NAME + cut.start}x"
            f"{cut.origin_size}s{cut.key_size}s{KEPT - size}x"
        )

    def receive(self, limit: int) -> Iterator[Iterable[Arrival]]:
        """Yield batches of what has arrived, about `limit` datagrams at most."""
        self._look_for_drops()
        self.drained = False
        while limit > 0 and not self.drained:
            limit -= BATCH
            count = self._fill()
            size = count * ctypes.sizeof(_Message)
            if bytes(self._headers[:size]) == self._usual[:size]:
                yield self._record.iter_unpack(self._block[: count * _STRIDE])
            else:
                yield [self._unusual(index) for index in range(count)]

    def _look_for_drops(self) -> None:
        """Count what found the buffer full since the last look.

        The kernel's own count (SO_MEMINFO; SO_RXQ_OVFL tells the same, but not of datagram ICMP) also moves
        when a stranger sends damaged datagrams. A buffer from which only we take stays full until we do.
        """
        self._meminfo_size.value = ctypes.sizeof(self._meminfo)
        _libc.getsockopt(
            self._descriptor, _SOL_SOCKET, _SO_MEMINFO, self._meminfo, ctypes.byref(self._meminfo_size)
        )
        full = self._meminfo[_ALLOCATED] + _ONE_MORE >= self._meminfo[_BUFFER]
        if full or self._was_full:
            self.drops += (self._meminfo[_DROPS] - self._told) % 2**32
        self._told, self._was_full = self._meminfo[_DROPS], full

    def _fill(self) -> int:
        """Receive a batch in place of the one before and return how many came."""
        used = self._used * ctypes.sizeof(_Message)
        self._headers[:used] = self._blank[:used]
        self._used = 0
        count = int(_libc.recvmmsg(self._descriptor, self._messages, BATCH, _MSG_DONTWAIT, None))
        if count >= 0:
            self.drained = count < BATCH
            self._used = count
            return count
        # Anything else is an ICMP error, which the error queue tells better.
        self.drained = ctypes.get_errno() == errno.EAGAIN
        return 0

    def _unusual(self, index: int) -> Arrival:
        """Take a record apart that has another size, or comes without a time stamp."""
        message = self._messages[index]
        record = self._block[index * _STRIDE :][:_STRIDE]
        data = record[_CONTROL + _NAME :][: min(message.length, KEPT)]
        name = record[_CONTROL + _NAME - self._name_size : _CONTROL + _NAME]
        stamp: tuple[float, float] = (math.nan, math.nan)
        if message.header.control_length == _STAMPED:
            stamp = _TIMESPEC.unpack_from(record, _ANCILLARY)
        return *stamp, *self._split(bytes(name), bytes(data))


class Outbox:
    """Sends messages to many addresses, over and over, that differ from round to round by one mark.

    Each is a packed address, a head and a body, between which the mark goes; all share the mark's bytes, so
    that a round rewrites them and nothing else.
    """

    def __init__(
        self, descriptor: int, mark_size: int, messages: Sequence[tuple[bytes, bytes, bytes]]
    ) -> None:
        self._descriptor = descriptor
        block = ctypes.create_string_buffer(bytes(mark_size) + b"".join(map(b"".join, messages)))
        self._mark = memoryview(block).cast("B")[:mark_size]
        self._vectors = (_Vector * (3 * len(messages)))()
        self._messages = (_Message * len(messages))()
        mark = ctypes.addressof(block)
        vectors = ctypes.addressof(self._vectors)
        name = mark + mark_size
        for index, (address, head, body) in enumerate(messages):
            start = name + len(address)
            end = start + len(head)
            self._vectors[3 * index : 3 * index + 3] = [
                _Vector(start, len(head)),
                _Vector(mark, mark_size),
                _Vector(end, len(body)),
            ]
            parts = vectors + 3 * index * ctypes.sizeof(_Vector)
            self._messages[index].header = _Header(name, len(address), parts, 3, None, 0, 0)
            name = end + len(body)

    def send(self, mark: bytes, start: int, stop: int) -> tuple[int, int]:
        """Send the messages from `start` up to but not including `stop`.

        Return how many were sent, and where that is none the errno of the first one's failure, else 0. A
        failure further on is told by the call that begins with it.
        """
        self._mark[:] = mark
        messages = ctypes.byref(self._messages, start * ctypes.sizeof(_Message))
        count = int(_libc.sendmmsg(self._descriptor, messages, stop - start, _MSG_DONTWAIT))
        return (count, 0) if count > 0 else (0, ctypes.get_errno())
