"""The province where no namespace can be had: SNMP at loopback addresses, one for each device.

All of 127.0.0.0/8 is this machine's, so that the kernel answers every echo by itself: at once, and whatever
a device's behaviour says of echo. The agents share one UDP socket on an unprivileged port; a reply leaves
from the address that was asked.
"""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING

from netwatch.lab.plan.addresses import LOOPBACK, POLLER

if TYPE_CHECKING:
    import asyncio

    from netwatch.lab.province import Province
    from netwatch.lab.world.originator import Sent

PORT = 16161
TRAPS = (LOOPBACK.at(POLLER), 1162)
"""Where the poller listens for notifications: at its own address, which is of this machine alone."""

IP_PKTINFO = 8  # ip(7); the socket module names it from Python 3.13 on only
PKTINFO = struct.Struct("=i4s4s")  # interface, local address, destination
DRAIN = 64
LARGEST = 65535


def open_socket(port: int) -> socket.socket:
    """Return the agents' socket on UDP `port` of every address of this machine."""
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC)
    try:
        udp.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
        udp.bind(("", port))
    except OSError:
        udp.close()
        raise
    return udp


class LoopbackAgents:
    """Answers SNMP for the province on one UDP socket."""

    def __init__(self, loop: asyncio.AbstractEventLoop, udp: socket.socket, province: Province) -> None:
        self._loop = loop
        self._udp = udp
        self._province = province

    def start(self) -> None:
        """Answer from now on."""
        self._loop.add_reader(self._udp.fileno(), self.receive)

    def stop(self) -> None:
        """Answer no more; answers still under way are lost."""
        self._loop.remove_reader(self._udp.fileno())

    def receive(self) -> None:
        """Take what has arrived. Who asks an address that is no device's gets no answer."""
        for _ in range(DRAIN):
            try:
                datagram, ancillary, _, sender = self._udp.recvmsg(LARGEST, socket.CMSG_SPACE(PKTINFO.size))
            except BlockingIOError:
                return
            for level, kind, data in ancillary:
                if (level, kind) == (socket.IPPROTO_IP, IP_PKTINFO) and len(data) == PKTINFO.size:
                    self._take(datagram, PKTINFO.unpack(data)[2], sender)

    def notify(self, sent: Sent) -> None:
        """Send a notification to the poller."""
        self._loop.call_later(sent.delay, self._send, sent.datagram, sent.source, TRAPS)

    def _take(self, datagram: bytes, asked: bytes, sender: tuple[str, int]) -> None:
        answer = self._province.snmp(asked, datagram)
        if answer is not None:
            self._loop.call_later(answer[0], self._send, answer[1], asked, sender)

    def _send(self, reply: bytes, asked: bytes, receiver: tuple[str, int]) -> None:
        source = (socket.IPPROTO_IP, IP_PKTINFO, PKTINFO.pack(0, asked, bytes(4)))
        try:
            self._udp.sendmsg([reply], [source], 0, receiver)
        except OSError:
            # Lost, as on any network.
            return
