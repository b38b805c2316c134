"""What the daemon and its service manager say to each other: readiness, watchdog, sockets handed over.

The protocols are systemd's (sd_notify(3), sd_listen_fds(3)); anything else that speaks them will do, and
without a service manager everything here does nothing.
"""

from __future__ import annotations

import os
import socket
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

FIRST_FD = 3
MOST_FDS = 16
"""Sockets that are looked at: one for the web, one for notifications of each family or address."""


class ServiceManager:
    """Tells the manager named by NOTIFY_SOCKET how the daemon is."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self.watchdog_interval = _watchdog_interval(environment)

    def tell(self, **facts: str) -> None:
        """Send `READY=1`, `STATUS=…`, `STOPPING=1` or whatever `facts` says; a deaf manager is no error."""
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        message = "\n".join(f"{name}={value}" for name, value in facts.items())
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
                out.setblocking(False)  # a manager that does not listen must not hold up the loop
                out.connect(address)
                out.sendall(message.encode())
        except OSError:
            return


def _watchdog_interval(environment: Mapping[str, str]) -> float | None:
    """Return half of the manager's watchdog time in seconds; None where it has none for this process."""
    microseconds = environment.get("WATCHDOG_USEC", "")
    if not microseconds.isdigit() or environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    return int(microseconds) / 1e6 / 2


class HandedOver(NamedTuple):
    """The sockets that were passed to this process, told apart by their type."""

    web: socket.socket | None = None  # listens for connections
    traps: tuple[socket.socket, ...] = ()  # datagrams over IP


def handed_over(environment: MutableMapping[str, str]) -> HandedOver:
    """Return the sockets that were passed to this process; what is none of those wanted is closed.

    The variables are taken out of `environment`, so that no child believes the sockets to be its own. Their
    names (LISTEN_FDNAMES) are not asked for: what a socket is for follows from what it is.
    """
    count = environment.pop("LISTEN_FDS", "")
    owner = environment.pop("LISTEN_PID", "")
    environment.pop("LISTEN_FDNAMES", None)
    if owner != str(os.getpid()) or not count.isdigit() or int(count) < 1:
        return HandedOver()
    web: socket.socket | None = None
    traps: list[socket.socket] = []
    for descriptor in range(FIRST_FD, FIRST_FD + min(int(count), MOST_FDS)):
        try:
            passed = socket.socket(fileno=descriptor)
        except OSError:  # no socket, or nothing at all
            continue
        passed.setblocking(False)
        os.set_inheritable(descriptor, False)
        if passed.type == socket.SOCK_STREAM and web is None:
            web = passed
        elif passed.type == socket.SOCK_DGRAM and passed.family in {socket.AF_INET, socket.AF_INET6}:
            traps.append(passed)
        else:
            passed.close()
    return HandedOver(web, tuple(traps))
