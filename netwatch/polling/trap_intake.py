"""From a datagram to a notice: whose it is, whether it is let in, what it says; informs are answered.

A datagram is a device's by the address that it came from. Whoever is unknown, or does not have the secret
that the device is asked with, is counted by reason and not told further. The address of a datagram is easily
forged, and a community easily overheard, so that nothing that comes of it is a verdict.
"""

from __future__ import annotations

import hmac
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from netwatch.model.notification import Notice
from netwatch.polling.clock import steady
from netwatch.polling.trap_meanings import meaning
from netwatch.protocols import traps
from netwatch.protocols.ber import MalformedError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from netwatch.model.device import Credential
    from netwatch.polling.clock import Clock
    from netwatch.polling.snmp_peer import Proof
    from netwatch.protocols.traps import Message, Notification

AGAIN = 60.0
"""Seconds within which an inform with a request-id that its sender has used is the same one, sent again."""

REMEMBERED = 1024  # informs


@dataclass(frozen=True, slots=True)
class Watched:
    """A device that may tell something, and how it is let in."""

    device: str
    credential: Credential | None


class Taken(NamedTuple):
    """What became of a version 3 message: a notification, or why not, and what to answer."""

    said: Notification | None = None
    device: str = ""
    authentic: bool = False  # signed with the device's key
    answer: bytes | None = None
    rejected: str = ""


class Signed(Protocol):
    """Takes version 3 messages."""

    def use(self, watched: Collection[Watched]) -> None:
        """Know the users of these from now on."""
        ...

    def trust(self, proof: Callable[[str], Proof | None]) -> None:
        """Judge by what polling has proven of the engine of a device, by its name."""
        ...

    def take(self, data: bytes, found: tuple[Watched, ...], now: float) -> Taken:
        """Look at a message from the address of those `found`; raise MalformedError or Rejected."""
        ...


class Rejected(Exception):  # noqa: N818 - a judgement, not an error
    """A datagram is not taken. The reason is one of few fixed words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class TrapIntake:
    """Takes datagrams one by one; `hand_on` is told each notice. `rejected` counts the others by reason."""

    def __init__(self, clock: Clock, hand_on: Callable[[Notice], None], signed: Signed | None = None) -> None:
        self.rejected: Counter[str] = Counter()
        self._clock = clock
        self._hand_on = hand_on
        self._signed = signed
        self._watched: Mapping[str, tuple[Watched, ...]] = {}
        self._informs: dict[tuple[str, int], float] = {}  # monotonic time of each, the oldest first

    def use(self, watched: Mapping[str, tuple[Watched, ...]]) -> None:
        """Know these from now on, by numeric address; several may share one, behind one translation."""
        self._watched = watched
        if self._signed is not None:
            self._signed.use({each for all_ in watched.values() for each in all_})

    def knows(self, host: str) -> bool:
        """Tell whether a device that is watched has this address."""
        return host in self._watched

    def take(self, data: bytes, host: str, now: float) -> bytes | None:
        """Look at a datagram that came from `host` at monotonic time `now`; return the answer, if any."""
        try:
            if traps.version(data) == traps.VERSION_3:
                return self._take_signed(data, host, now)
            return self._take_plain(traps.decode(data), host, now)
        except MalformedError as error:
            self.rejected["version" if error.reason == "version" else "malformed"] += 1
        except Rejected as rejected:
            self.rejected[rejected.reason] += 1
        return None

    def _take_plain(self, message: Message, host: str, now: float) -> bytes | None:
        said = message.notification
        found, way = self._sender(host, said)
        watched = _let_in(found, message.community)
        self._tell(watched.device, said, way, host, now)
        return traps.response(message) if said.confirmed else None

    def _take_signed(self, data: bytes, host: str, now: float) -> bytes | None:
        if self._signed is None:
            raise Rejected("version")
        taken = self._signed.take(data, self._watched.get(host, ()), now)
        if taken.said is not None:
            self._tell(taken.device, taken.said, "", host, now, authentic=taken.authentic)
        if taken.rejected:
            self.rejected[taken.rejected] += 1
        return taken.answer

    def _sender(self, host: str, said: Notification) -> tuple[tuple[Watched, ...], str]:
        """Return whose address it is; else whose agent-addr, as a proxy or a translation leaves it."""
        if found := self._watched.get(host):
            return found, ""
        if said.agent and (found := self._watched.get(said.agent)):
            return found, f", by way of {host}"
        raise Rejected("unknown sender")

    def _tell(
        self,
        device: str,
        said: Notification,
        way: str,
        host: str,
        now: float,
        *,
        authentic: bool = False,
    ) -> None:
        if said.confirmed and self._is_repeated((host, said.request_id), now):
            return
        kind, detail = meaning(said)
        self._hand_on(Notice(steady(self._clock), device, kind, detail + way, authentic))

    def _is_repeated(self, key: tuple[str, int], now: float) -> bool:
        """Tell whether an inform came before: its sender has not had our answer yet."""
        before = self._informs.pop(key, None)
        self._informs[key] = now
        if len(self._informs) > REMEMBERED:
            del self._informs[next(iter(self._informs))]
        return before is not None and now - before < AGAIN


def _let_in(found: tuple[Watched, ...], community: bytes) -> Watched:
    """Return whose community it is. One that is asked in no version without keys cannot be let in by one."""
    asked = [each for each in found if each.credential is not None and each.credential.community is not None]
    if not asked:
        raise Rejected("no community")
    fitting = [each for each in asked if _fits(each.credential, community)]
    if not fitting:
        raise Rejected("wrong community")
    if len(fitting) > 1:
        raise Rejected("several senders")
    return fitting[0]


def _fits(credential: Credential | None, community: bytes) -> bool:
    if credential is None or credential.community is None:
        return False
    return hmac.compare_digest(credential.community.reveal().encode(), community)
