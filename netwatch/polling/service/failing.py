"""How a check fails, told by the errors of sockets, name servers and TLS.

What this machine cannot do (no route, no socket, no name server) is never the service's fault.
"""

from __future__ import annotations

import errno
import os
import socket
import ssl

from netwatch.model.service import Ending

NO_SUCH_NAME = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}
"""What a name server says of a name that there is not; others say that no name server could tell."""

REMOTE = {
    errno.ECONNREFUSED: (Ending.REFUSED, "the port is closed"),
    errno.ETIMEDOUT: (Ending.TIMEOUT, "no answer to the connection"),
    errno.ECONNRESET: (Ending.CLOSED, "the connection was cut off"),
    errno.EPIPE: (Ending.CLOSED, "the connection was cut off"),
}
UNREACHABLE = {errno.ENETUNREACH, errno.EHOSTUNREACH, errno.EHOSTDOWN}


class CheckFailed(Exception):  # noqa: N818 - it says what happened
    """A check that did not end well; `detail` says why in one line."""

    def __init__(self, ending: Ending, detail: str) -> None:
        super().__init__(detail)
        self.ending = ending
        self.detail = detail


def look_up_failed(name: str, error: OSError | UnicodeError) -> CheckFailed:
    """Return what a failed look-up means; errors of getaddrinfo are told in RFC 3493, section 6.1."""
    if isinstance(error, socket.gaierror) and error.errno in NO_SUCH_NAME:
        return CheckFailed(Ending.NO_NAME, f"there is no name {name}")
    return CheckFailed(Ending.LOCAL_ERROR, f"no name server tells the address of {name}")


def connect_failed(error: OSError, *, has_route: bool) -> CheckFailed:
    """Return what a failed connection means."""
    if error.errno in REMOTE:
        return CheckFailed(*REMOTE[error.errno])
    told = os.strerror(error.errno) if error.errno else str(error)
    if error.errno in UNREACHABLE and has_route:
        return CheckFailed(Ending.UNREACHABLE, told)
    return CheckFailed(Ending.LOCAL_ERROR, told)


def talk_failed(error: OSError) -> CheckFailed:
    """Return what an error on an open connection means."""
    if isinstance(error, ssl.SSLError):
        # What asyncio raises itself has no details.
        if isinstance(error, ssl.SSLCertVerificationError):
            told = getattr(error, "verify_message", "") or "cannot be verified"
            return CheckFailed(Ending.UNTRUSTED, f"certificate: {told}")
        reason = getattr(error, "reason", "") or "cut off"
        return CheckFailed(Ending.TLS_FAILED, f"TLS: {reason.replace('_', ' ').lower()}")
    return CheckFailed(*REMOTE.get(error.errno or 0, REMOTE[errno.ECONNRESET]))
