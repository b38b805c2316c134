"""Runs in a network namespace of its own: a way of two routers to a host; prints the hops.

unshare --net -- python inside.py VERSION SCENARIO
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netwatch.model.device import Line
from netwatch.model.outcome import SlotResult
from netwatch.polling.clock import SystemClock
from netwatch.polling.echo import EchoEngine
from netwatch.polling.echo_socket import open_echo_sockets
from netwatch.polling.trace import take_trace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SETTINGS = {
    4: ("net.ipv4.ip_forward=1", "net.ipv4.icmp_ratelimit=0"),
    6: (
        "net.ipv6.conf.all.forwarding=1",
        "net.ipv6.icmp.ratelimit=0",
        "net.ipv6.conf.all.accept_dad=0",
        "net.ipv6.conf.default.accept_dad=0",
    ),
}


def ip(*words: str, version: int, before: Sequence[str] = ()) -> None:
    subprocess.run([*before, "ip", f"-{version}", *words], check=True)


@contextlib.contextmanager
def other() -> Iterator[tuple[int, list[str]]]:
    """Another namespace: the process that holds it, and the command to enter it."""
    with subprocess.Popen(["unshare", "--net", "--", "sleep", "60"]) as holder:
        try:
            here = Path("/proc/self/ns/net").readlink()
            while Path(f"/proc/{holder.pid}/ns/net").readlink() == here:
                time.sleep(0.01)
            yield holder.pid, ["nsenter", f"--net=/proc/{holder.pid}/ns/net", "--"]
        finally:
            holder.terminate()


def address(version: int, link: int, end: int) -> str:
    return f"198.18.{link}.{end}" if version == 4 else f"2001:db8:{link}::{end}"


def prepare(place: list[str], version: int) -> None:
    """Let a namespace forward, and use its addresses at once instead of looking for their doubles first."""
    subprocess.run([*place, "sysctl", "-qw", *SETTINGS[version]], check=True)


def lay(version: int, stack: contextlib.ExitStack) -> list[list[str]]:
    """Tie this namespace to a router, that to another, that to a host; the commands to enter each."""
    bits, flag = (24, []) if version == 4 else (64, ["nodad"])
    places: list[list[str]] = [[]]
    prepare([], version)
    for link in range(3):
        pid, enter = stack.enter_context(other())
        prepare(enter, version)
        before = places[-1]
        cable = ["link", "add", f"to{link}", "type", "veth", "peer", "name", f"from{link}"]
        ip(*cable, "netns", str(pid), version=version, before=before)
        for side, place, end in ((f"to{link}", before, 1), (f"from{link}", enter, 2)):
            ip("link", "set", side, "up", version=version, before=place)
            own = f"{address(version, link, end)}/{bits}"
            ip("address", "add", own, "dev", side, *flag, version=version, before=place)
        places.append(enter)
    for number, place in enumerate(places):
        for link in range(3):
            net = f"{address(version, link, 0)}/{bits}"
            if link > number:
                via = address(version, number, 2)
                ip("route", "add", net, "via", via, version=version, before=place)
            elif link < number - 1:
                via = address(version, number - 1, 1)
                ip("route", "add", net, "via", via, version=version, before=place)
    return places


def whole(version: int, places: list[list[str]]) -> Any:
    return hops(version)


def cut(version: int, places: list[list[str]]) -> Any:
    """The last cable is cut at the second router, which has no other way."""
    ip("link", "set", "to2", "down", version=version, before=places[2])
    return hops(version)


def silent(version: int, places: list[list[str]]) -> Any:
    """The second router drops everything for the host without a word, what has expired included."""
    net = f"{address(version, 2, 0)}/{24 if version == 4 else 64}"
    ip("route", "replace", "blackhole", net, version=version, before=places[2])
    ip("route", "add", "blackhole", address(version, 2, 2), version=version, before=places[2])
    return hops(version)


def hops(version: int) -> Any:
    return [[hop.ttl, hop.address, hop.rtt] for hop in take_trace(address(version, 2, 2), 4711)]


def beside(version: int, places: list[list[str]]) -> Any:
    """An echo engine asks the host meanwhile, ten times a second."""
    sockets = open_echo_sockets(random.SystemRandom(), ("raw",), (version,)).by_version
    ended: list[str] = []

    async def run() -> Any:
        engine = EchoEngine(
            asyncio.get_running_loop(),
            SystemClock(),
            sockets,
            random.Random(1),
            1.0,
            on_slots=lambda slots: ended.extend(SlotResult(result).name for result in slots.results),
            on_error=lambda error: ended.append(error.kind),
            on_stray=lambda stray: ended.append(str(stray)),
        )
        engine.set_lines([Line(1, "gw", None, address(version, 2, 2), 0.2)])
        engine.start()
        for _ in range(5):
            await asyncio.to_thread(hops, version)
            await asyncio.sleep(0.2)
        engine.close()
        return {"ended": sorted(set(ended)), "failures": engine.failures}

    return asyncio.run(run())


SCENARIOS = (whole, cut, silent, beside)

if __name__ == "__main__":
    _, number, name = sys.argv
    (scenario,) = (known for known in SCENARIOS if known.__name__ == name)
    with contextlib.ExitStack() as stack:
        way = lay(int(number), stack)
        print(json.dumps(scenario(int(number), way)))  # noqa: T201 for the test that started this
