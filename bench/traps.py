"""What a flood of traps costs: 50,000 in 5 s from one sender, while a quiet device sends one a second.

Everything is received on the loop that echoes and polls run on. Told are what became of the flood (the sum
must be what was sent, the kernel's drops its own figure), what the quiet device's traps came to, how late the
loop ran a timer meanwhile, and the CPU time; beside them the same loop without a flood.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import secrets
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from netwatch.model.device import Credential
from netwatch.model.secret import Secret
from netwatch.polling.clock import SystemClock
from netwatch.polling.trap_intake import TrapIntake, Watched
from netwatch.polling.trap_socket import open_trap_socket
from netwatch.polling.traps import TrapReceiver

SECONDS = 5.0
COUNT = 50_000
EVERY = 0.01  # seconds between two timers whose lateness is the loop's lag
COMMUNITY = secrets.token_hex(4)

SENDER = """
import socket, sys, time
source, port, count, seconds = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
datagram = bytes.fromhex(sys.argv[5])
sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
sender.bind((source, 0))
began = time.monotonic()
for number in range(count):
    sender.sendto(datagram, ("127.0.0.1", port))
    ahead = began + (number + 1) * seconds / count - time.monotonic()
    if ahead > 0.002:
        time.sleep(ahead)
"""


@dataclass
class Result:
    """What a run came to."""

    received: int = 0
    kernel: int = 0
    kernels_own: int = 0
    dropped: dict[str, int] = field(default_factory=dict)
    taken: dict[str, int] = field(default_factory=dict)
    cpu: float = 0.0
    lags: list[float] = field(default_factory=list)


def trap() -> bytes:
    """Return a linkDown as switches send it: three varbinds, 150 octets or so."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests" / "support"))
    import notifications as sent

    port = (1, 3, 6, 1, 2, 1, 2, 2, 1)
    told = sent.varbind((*port, 1, 3), sent.number(3)) + sent.varbind((*port, 7, 3), sent.number(1))
    told += sent.varbind((*port, 8, 3), sent.number(2))
    return sent.v2c(COMMUNITY, varbinds=told)


def kernels_own(port: int) -> int:
    """Return the drops of a socket as /proc/net/udp has them (proc(5))."""
    for row in Path("/proc/net/udp").read_text("ascii").splitlines()[1:]:
        columns = row.split()
        if columns[1].endswith(f":{port:04X}"):
            return int(columns[-1])
    raise LookupError(port)


async def measure(count: int) -> Result:
    """Receive `count` traps of a noisy device, spread over SECONDS, beside those of a quiet one."""
    result, loop, clock = Result(), asyncio.get_running_loop(), SystemClock()
    taken: dict[str, int] = {}
    intake = TrapIntake(clock, lambda notice: taken.update({notice.device: taken.get(notice.device, 0) + 1}))
    credential = Credential("bench", "2c", Secret(COMMUNITY))
    intake.use({"127.0.0.2": (Watched("noisy", credential),), "127.0.0.3": (Watched("quiet", credential),)})
    heard = open_trap_socket("127.0.0.1", 0)
    receiver = TrapReceiver(loop, clock, (heard,), intake)
    receiver.start()
    port, datagram = heard.address[1], trap().hex()
    watching = loop.create_task(watch(result.lags))
    began = resource.getrusage(resource.RUSAGE_SELF)
    senders = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-c", SENDER, source, str(port), str(number), str(SECONDS), datagram
        )
        for source, number in (("127.0.0.2", count), ("127.0.0.3", int(SECONDS)))
        if number
    ]
    for sender in senders:
        await sender.wait()
    await asyncio.sleep(0.2)
    ended = resource.getrusage(resource.RUSAGE_SELF)
    watching.cancel()
    result.cpu = ended.ru_utime + ended.ru_stime - began.ru_utime - began.ru_stime
    result.received, result.kernel = receiver.received, receiver.kernel_drops
    result.kernels_own = kernels_own(port)
    result.dropped, result.taken = dict(receiver.dropped), taken
    receiver.close()
    return result


async def watch(lags: list[float]) -> None:
    """Note how late a timer is, again and again."""
    while True:
        due = time.monotonic() + EVERY
        await asyncio.sleep(EVERY)
        lags.append(time.monotonic() - due)


def tell(name: str, sent: int, result: Result) -> None:
    """Print a run."""
    lags = sorted(result.lags)
    dropped = sum(result.dropped.values())
    print(f"{name}: sent {sent:,}, received {result.received:,}, dropped by the kernel {result.kernel:,}")
    print(f"  the kernel's own figure {result.kernels_own:,}; all accounted for: ", end="")
    print(result.received + result.kernel == sent and result.kernel == result.kernels_own)
    print(f"  of those received: taken {result.taken}, dropped unread {dropped:,} {result.dropped}")
    print(f"  CPU {result.cpu:.2f} s", end="")
    if sent > COUNT // 10:
        print(f", {result.cpu / result.received * 1e6:.1f} µs a datagram", end="")
    print(
        f"; loop lag p50 {lags[len(lags) // 2] * 1e3:.2f} ms, "
        f"p99 {lags[len(lags) * 99 // 100] * 1e3:.2f} ms, longest {lags[-1] * 1e3:.2f} ms"
    )


def main() -> None:
    """Run without a flood, then with one."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT, help=f"traps of the flood (default {COUNT:,})")
    count = parser.parse_args().count
    for name, number in (("without a flood", 0), ("with a flood", count)):
        tell(name, number + int(SECONDS), asyncio.run(measure(number)))


if __name__ == "__main__":
    main()
