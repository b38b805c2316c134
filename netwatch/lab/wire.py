"""The province's end of the cable: IP packets in, answers out, each at its own time.

One packet socket serves every device, so that a packet costs two system calls and a few microseconds
whatever the number of devices. An answer leaves up to 2 ms after it is due: that is as fine as an event loop
that waits in epoll can tell the time.
"""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING, Protocol

from netwatch.lab import packets
from netwatch.lab.namespace import POLLER_MAC, PROVINCE_INTERFACE
from netwatch.lab.plan.addresses import BENCHMARK, POLLER

if TYPE_CHECKING:
    import asyncio

    from netwatch.lab.province import Province
    from netwatch.lab.world.answers import IcmpError
    from netwatch.lab.world.originator import Sent

ETH_P_IP, ETH_P_IPV6, ETH_P_ALL = 0x0800, 0x86DD, 0x0003
SNMP_PORT = 161
TRAP_PORT = 1162  # netwatch's own, which needs no privilege
TRAPS = f":{TRAP_PORT}"
"""Where the poller listens: at both of its addresses."""

POLLERS = {
    len(each.packed): each.packed
    for each in map(ip_address, (BENCHMARK.at(POLLER), BENCHMARK.ipv6_at(POLLER)))
}
"""The poller's packed addresses by their length."""
MOMENTS = 1000  # a second: what leaves within one shares a timer, since the loop wakes no more finely
DRAIN = 64  # packets taken at one wake-up, so that timers get their turn
MTU = 1500
RECEIVE_BUFFER = 4 << 20  # bytes; a poller sends its round in bursts


class PacketSocket(Protocol):
    """What is used of the socket."""

    def fileno(self) -> int:
        """Return the descriptor to wait for."""
        ...

    def recv(self, size: int, /) -> bytes:
        """Return the next packet, from its IP header on; raise BlockingIOError where there is none."""
        ...

    def sendto(self, packet: bytes, address: tuple[str, int, int, int, bytes], /) -> int:
        """Send one packet."""
        ...


def open_cable() -> socket.socket:
    """Return a packet socket on the province's end of the cable. Needs CAP_NET_RAW in the namespace."""
    link = socket.socket(
        socket.AF_PACKET,
        socket.SOCK_DGRAM | socket.SOCK_NONBLOCK | socket.SOCK_CLOEXEC,
        socket.htons(ETH_P_ALL),
    )
    try:
        link.bind((PROVINCE_INTERFACE, ETH_P_ALL))
        link.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
    except OSError:
        link.close()
        raise
    return link


class Wire:
    """Answers for the province on a packet socket."""

    def __init__(self, loop: asyncio.AbstractEventLoop, link: PacketSocket, province: Province) -> None:
        self._loop = loop
        self._link = link
        self._province = province
        self._waiting: dict[int, list[bytes]] = {}  # packets by the moment at which they leave

    def start(self) -> None:
        """Answer from now on."""
        self._loop.add_reader(self._link.fileno(), self.receive)

    def stop(self) -> None:
        """Answer no more; answers still under way are lost."""
        self._loop.remove_reader(self._link.fileno())

    def receive(self) -> None:
        """Take what has arrived."""
        for _ in range(DRAIN):
            try:
                packet = self._link.recv(MTU)
            except BlockingIOError:
                return
            question = packets.parse(packet)
            if isinstance(question, packets.EchoRequest):
                self._take_echo(packet, question)
            elif question is not None:
                self._take_datagram(packet, question)

    def notify(self, sent: Sent) -> None:
        """Let a notification arrive at the poller's address of its family."""
        receiver = POLLERS[len(sent.source)]
        datagram = packets.Datagram(sent.source, receiver, SNMP_PORT, TRAP_PORT, sent.datagram)
        self._later(sent.delay, packets.udp(datagram))

    def _take_echo(self, packet: bytes, question: packets.EchoRequest) -> None:
        answer = self._province.echo(question.destination, question.hop_limit)
        if answer.error:
            self._refuse(packet, answer.error)
        if answer.delays:
            reply = packets.echo_reply(question)
            for delay in answer.delays:
                self._later(delay, reply)

    def _take_datagram(self, packet: bytes, question: packets.Datagram) -> None:
        error = self._province.error(question.destination)
        if error:
            self._refuse(packet, error)
        elif question.destination_port == SNMP_PORT:
            answer = self._province.snmp(question.destination, question.payload)
            if answer is not None:
                self._later(answer[0], packets.udp_reply(question, answer[1]))

    def _refuse(self, packet: bytes, error: IcmpError) -> None:
        self._later(error.delay, packets.icmp_error(packet, error.sender, error.type, error.code))

    def _later(self, delay: float, packet: bytes) -> None:
        if delay <= 0:
            self._send(packet)
            return
        moment = int((self._loop.time() + delay) * MOMENTS) + 1
        waiting = self._waiting.get(moment)
        if waiting is None:
            self._waiting[moment] = [packet]
            self._loop.call_at(moment / MOMENTS, self._send_all, moment)
        else:
            waiting.append(packet)

    def _send_all(self, moment: int) -> None:
        for packet in self._waiting.pop(moment):
            self._send(packet)

    def _send(self, packet: bytes) -> None:
        kind = ETH_P_IP if packet[0] >> 4 == 4 else ETH_P_IPV6
        try:
            self._link.sendto(packet, (PROVINCE_INTERFACE, kind, 0, 0, POLLER_MAC))
        except OSError:
            # A cable that is full or being torn down loses packets, as cables do.
            return
