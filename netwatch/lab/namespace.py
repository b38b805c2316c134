"""The network namespace that the province lives in: two ends of a cable and nothing else.

One end, `poller`, is an ordinary interface of the kernel with the poller's addresses; programs inside the
namespace see the province through it. The other, `province`, has no address: the lab reads what arrives
there by a packet socket. Without ARP the kernel addresses its frames to nobody that it knows, and takes
none of them for its own on the far end, so that only the lab answers.

util-linux's `unshare` makes the namespace, as root directly and as an ordinary user inside a user namespace;
iproute2's `ip` lays the cable. Both vanish with the last process inside.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.lab.plan.addresses import POLLER

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.lab.plan.addresses import AddressSpace

POLLER_INTERFACE, PROVINCE_INTERFACE = "poller", "province"
POLLER_MAC, PROVINCE_MAC = (
    bytes.fromhex("02c612000001"),
    bytes.fromhex("02c612000002"),
)  # locally administered
SYSTEM_PATH = ":/usr/sbin:/sbin"  # not in an ordinary user's PATH, and `ip` lives there
AS_ROOT = ("unshare", "--net", "--")
AS_USER = ("unshare", "--user", "--map-root-user", "--net", "--")


class NoNamespaceError(Exception):
    """No namespace can be had here; the message says why, in one line."""


def has_ipv6() -> bool:
    """Tell whether the kernel speaks IPv6."""
    return Path("/proc/net/if_inet6").exists()


def cable(space: AddressSpace) -> str:
    """Return what `ip -batch` has to do in the new namespace."""
    lines = [
        "link set lo up",
        f"link add {POLLER_INTERFACE} type veth peer name {PROVINCE_INTERFACE}",
        f"link set {PROVINCE_INTERFACE} address {PROVINCE_MAC.hex(':')}",
        f"link set {POLLER_INTERFACE} address {POLLER_MAC.hex(':')}",
        f"link set {PROVINCE_INTERFACE} addrgenmode none arp off up",
        f"link set {POLLER_INTERFACE} addrgenmode none arp off up",
        f"address add {space.at(POLLER)}/{space.ipv4.prefixlen} dev {POLLER_INTERFACE}",
    ]
    if space.ipv6:
        lines.append(f"address add {space.ipv6[POLLER]}/{space.ipv6.prefixlen} dev {POLLER_INTERFACE} nodad")
    return "\n".join(lines) + "\n"


async def entry(space: AddressSpace) -> tuple[str, ...]:
    """Return the command that enters a namespace in which the cable can be laid, found by trying.

    Raises `NoNamespaceError`.
    """
    if not shutil.which("unshare"):
        raise NoNamespaceError("no command `unshare` here (package util-linux)")
    ways = (AS_ROOT, AS_USER) if os.geteuid() == 0 else (AS_USER,)
    reason = ""
    for way in ways:
        reason = await _ip(space, way)
        if not reason:
            return way
    raise NoNamespaceError(reason)


async def lay_cable(space: AddressSpace) -> None:
    """Lay the cable in the namespace that this process is in. Raises `NoNamespaceError`."""
    reason = await _ip(space, ())
    if reason:
        raise NoNamespaceError(reason)


async def _ip(space: AddressSpace, before: Sequence[str]) -> str:
    """Run `ip` over the cable's lines, by way of `before`; return why it failed, "" if it did not."""
    program = shutil.which("ip", path=os.environ.get("PATH", os.defpath) + SYSTEM_PATH)
    if not program:
        return "no command `ip` here (package iproute2)"
    process = await asyncio.create_subprocess_exec(
        *before,
        program,
        "-batch",
        "-",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )
    _, errors = await process.communicate(cable(space).encode())
    if process.returncode == 0:
        return ""
    return (errors.decode(errors="replace").strip().splitlines() or ["ip failed without a word"])[0]
