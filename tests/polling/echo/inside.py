"""Runs in a network namespace of its own: a real engine on real sockets, for a second; prints what it told.

unshare --net -- python inside.py SCENARIO METHOD VERSION
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import socket
import subprocess
import sys
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netwatch.model.device import Line
from netwatch.model.outcome import SlotResult
from netwatch.polling.clock import SystemClock
from netwatch.polling.echo import EchoEngine
from netwatch.polling.echo_socket import open_echo_sockets
from netwatch.polling.single import Single
from netwatch.polling.sockaddr import packed_address
from netwatch.protocols.icmp import mark

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netwatch.polling.echo_socket import KernelEchoSocket

HOME = {4: "127.0.0.1", 6: "::1"}


def ip(*words: str, version: int = 4, before: Sequence[str] = ()) -> None:
    subprocess.run([*before, "ip", f"-{version}", *words], check=True)


def open_socket(method: str, version: int) -> KernelEchoSocket:
    """One socket; its group may use datagram sockets, which a new namespace allows to nobody."""
    ip("link", "set", "lo", "up")
    Path("/proc/sys/net/ipv4/ping_group_range").write_text("0 0", "ascii")
    return open_echo_sockets(random.SystemRandom(), (method,), (version,)).by_version[version]


def watch(
    sock: KernelEchoSocket, addresses: Sequence[str], seconds: float = 1.3, timeout: float = 0.3
) -> dict[str, Any]:
    """Ask these addresses five times a second; what became of it, by address."""
    results: dict[str, Counter[str]] = defaultdict(Counter)
    rtts: list[float] = []
    dues: list[float] = []
    strays: list[tuple[bool, float]] = []
    errors: dict[str, set[tuple[str, str]]] = defaultdict(set)

    def take(slots: Any) -> None:
        dues.extend(slots.due)
        for line, result, rtt in zip(slots.lines, slots.results, slots.rtts, strict=True):
            results[addresses[line]][SlotResult(result).name] += 1
            if result == SlotResult.GOOD:
                rtts.append(rtt)

    async def run() -> EchoEngine:
        engine = EchoEngine(
            asyncio.get_running_loop(),
            SystemClock(),
            {sock.format.version: sock},
            random.Random(1),
            timeout,
            on_slots=take,
            on_error=lambda error: errors[addresses[error.line]].add((error.sender, error.kind)),
            on_stray=lambda stray: strays.append((stray.late, stray.due)),
        )
        engine.set_lines([Line(n, f"gw-{n}", None, address, 0.2) for n, address in enumerate(addresses)])
        engine.start()
        await asyncio.sleep(seconds)
        engine.close()
        return engine

    engine = asyncio.run(run())
    return {
        "method": engine.method,
        "results": {address: dict(counts) for address, counts in results.items()},
        "rtts": rtts,
        "dues": dues,
        "strays": strays,
        "errors": {address: sorted(told) for address, told in errors.items()},
        "failures": engine.failures,
        "rejected": engine.rejected,
        "drops": engine.drops,
    }


def loopback(method: str, version: int) -> dict[str, Any]:
    return watch(open_socket(method, version), [HOME[version]])


def late(method: str, version: int) -> dict[str, Any]:
    """Whatever answers is too slow for a timeout of nothing."""
    return watch(open_socket(method, version), [HOME[version]], timeout=0.0)


def routes(method: str, version: int) -> dict[str, Any]:
    """Addresses that this host refuses to send to, and one behind no route at all."""
    sock = open_socket(method, version)
    net = "198.51.100." if version == 4 else "2001:db8::"
    for number, kind in enumerate(("unreachable", "blackhole", "prohibit"), 1):
        ip("route", "add", kind, f"{net}{number}", version=version)
    return watch(sock, [HOME[version], *(f"{net}{number}" for number in range(1, 5))])


def send(sock: KernelEchoSocket, sequences: Sequence[int], version: int) -> None:
    """Send echoes to this host itself."""
    echo = sock.format
    outbox = sock.outbox([(packed_address(HOME[version])[1], echo.head(1), echo.body(1))])
    for sequence in sequences:
        outbox.send(mark(sequence), 0, 1)


def received(sock: KernelEchoSocket) -> int:
    return sum(len(list(batch)) for batch in sock.receive(10_000))


def foreign(method: str, version: int) -> dict[str, Any]:
    """Two programs of one host send at once: how many datagrams each of them is handed."""
    ours, theirs = open_socket(method, version), open_socket(method, version)
    send(theirs, range(50), version)
    send(ours, range(7), version)
    time.sleep(0.1)
    return {"ours": received(ours), "theirs": received(theirs), "drops": ours.drops}


def overflow(method: str, version: int) -> dict[str, Any]:
    """More replies than a small receive buffer holds, and one after it was read."""
    sock = open_socket(method, version)
    sock._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 0)
    send(sock, range(50), version)
    time.sleep(0.1)
    first = received(sock)
    send(sock, [50], version)
    time.sleep(0.1)
    return {"received": first + received(sock), "drops": sock.drops}


def corrupt(method: str, version: int) -> dict[str, Any]:
    """A stranger who knows nothing of us sends echo replies that are damaged; nobody else answers."""
    sock = open_socket(method, version)
    with socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_RAW) as stranger:
        home = socket.inet_pton(socket.AF_INET6, "::1")
        reply = b"\x81\0\x12\x34" + bytes(18)
        header = b"\x60\0\0\0\0\x16\x3a\x40"
        for _ in range(5):
            stranger.sendto(header + home + home + reply, ("::1", 0))
    send(sock, [1], version)
    time.sleep(0.1)
    return {"received": received(sock), "drops": sock.drops}


@contextlib.contextmanager
def beyond_a_cable() -> Iterator[list[str]]:
    """Another namespace, tied to this one by a cable: the command to enter it."""
    with subprocess.Popen(["unshare", "--net", "--", "sleep", "60"]) as other:
        try:
            enter = ["nsenter", f"--net=/proc/{other.pid}/ns/net", "--"]
            here = Path("/proc/self/ns/net").readlink()
            while Path(f"/proc/{other.pid}/ns/net").readlink() == here:
                time.sleep(0.01)
            ip("link", "add", "near", "type", "veth", "peer", "name", "far", "netns", str(other.pid))
            ip("link", "set", "near", "up")
            ip("link", "set", "far", "up", before=enter)
            yield enter
        finally:
            other.terminate()


def router(method: str, version: int) -> dict[str, Any]:
    """Fifty addresses that a router cannot reach, between fifty that answer; others it drops or forbids."""
    sock = open_socket(method, version)
    net, bits = ("198.18.0.", 24) if version == 4 else ("2001:db8::", 64)
    lost, good = ("198.51.100.", "192.0.2.") if version == 4 else ("2001:db8:1::", "2001:db8:2::")
    whole = 24 if version == 4 else 64
    with beyond_a_cable() as enter:
        flag = ["nodad"] if version == 6 else []
        ip("address", "add", f"{net}1/{bits}", "dev", "near", *flag, version=version)
        ip("address", "add", f"{net}2/{bits}", "dev", "far", *flag, version=version, before=enter)
        ip("route", "add", "default", "via", f"{net}2", version=version)
        for where, kind in (
            (f"{lost}0/{whole}", "unreachable"),
            (f"{lost}200", "blackhole"),
            (f"{lost}201", "prohibit"),
        ):
            ip("route", "add", kind, where, version=version, before=enter)
        ip("route", "add", "local", f"{good}0/{whole}", "dev", "far", version=version, before=enter)
        settings = {
            4: ("net.ipv4.ip_forward=1", "net.ipv4.icmp_ratelimit=0"),
            6: ("net.ipv6.conf.all.forwarding=1", "net.ipv6.icmp.ratelimit=0"),
        }
        subprocess.run([*enter, "sysctl", "-qw", *settings[version]], check=True)
        addresses = [f"{base}{number}" for number in range(1, 51) for base in (lost, good)]
        return watch(sock, [*addresses, f"{lost}200", f"{lost}201"])


def full(method: str, version: int) -> dict[str, Any]:
    """A small send buffer, and a wire on which nobody is: what waits there for a neighbour takes the room."""
    sock = open_socket(method, version)
    sock._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 0)
    net, bits = ("198.18.0.", 24) if version == 4 else ("2001:db8::", 64)
    with beyond_a_cable():
        flag = ["nodad"] if version == 6 else []
        ip("address", "add", f"{net}1/{bits}", "dev", "near", *flag, version=version)
        return watch(sock, [HOME[version], *(f"{net}{number}" for number in range(100, 130))])


def single(method: str, version: int) -> dict[str, Any]:
    open_socket(method, version).close()
    echoes = asyncio.run(Single(SystemClock(), random.Random(1), 0.5).echo(HOME[version], 3))
    return {"sent": echoes.sent, "rtts": echoes.rtts, "errors": echoes.errors, "problem": echoes.problem}


SCENARIOS = (loopback, late, routes, foreign, overflow, corrupt, router, full, single)

if __name__ == "__main__":
    _, name, by, number = sys.argv
    (scenario,) = (known for known in SCENARIOS if known.__name__ == name)
    print(json.dumps(scenario(by, int(number))))  # noqa: T201 for the test that started this
