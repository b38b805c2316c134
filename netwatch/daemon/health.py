"""The daemon's own pulse: how late its loop runs, and whether the service manager may trust that it works."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.polling.device import LONGEST_POLL

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable, Mapping

    from netwatch.daemon.service_manager import ServiceManager
    from netwatch.model.device import Device
    from netwatch.polling.clock import Clock

BEAT = 0.25
"""Seconds between two looks at the loop's lag."""

STUCK = 30.0
"""Seconds beyond its time by which nothing may be late that shows that the daemon works."""


def patience(devices: Iterable[Device], timeout: float) -> dict[str, float]:
    """Return what has to happen again and again where these are asked, and within how many seconds."""
    devices = tuple(devices)
    expected = {"tick": STUCK}
    if echoed := [device.echo_interval for device in devices if device.echo]:
        expected["echo"] = STUCK + min(echoed) + timeout
    if polled := [device.snmp_interval for device in devices if device.snmp is not None]:
        expected["start of a poll"] = STUCK + min(polled)
        expected["end of a poll"] = STUCK + min(polled) + LONGEST_POLL
    return expected


class Signs:
    """What has to happen again and again where all is well, and when each last did."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._patience: dict[str, float] = {}
        self._seen: dict[str, float] = {}

    def expect(self, patience: Mapping[str, float]) -> None:
        """Expect each of these, and nothing else, no more than so many seconds apart, counting from now."""
        now = self._clock.monotonic()
        self._patience = dict(patience)
        self._seen = dict.fromkeys(patience, now)

    def saw(self, sign: str) -> None:
        """Note that it happened."""
        self._seen[sign] = self._clock.monotonic()

    def missing(self) -> list[str]:
        """Return what should have happened again by now."""
        now = self._clock.monotonic()
        return [sign for sign, patience in self._patience.items() if now - self._seen[sign] > patience]


class Heart:
    """Beats on the loop; tells `on_lag` by how many seconds each beat was late.

    The watchdog is fed only while `works` says so: a loop that turns while nothing is asked is no life.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        clock: Clock,
        manager: ServiceManager,
        works: Callable[[], bool],
        on_lag: Callable[[float], None],
    ) -> None:
        self._loop = loop
        self._clock = clock
        self._manager = manager
        self._works = works
        self._on_lag = on_lag
        self._timer: asyncio.TimerHandle | None = None
        self._due = 0.0
        self._fed = clock.monotonic()

    def start(self) -> None:
        """Begin to beat."""
        self._due = self._clock.monotonic() + BEAT
        self._timer = self._loop.call_later(BEAT, self._beat)

    def stop(self) -> None:
        """Stop beating."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _beat(self) -> None:
        now = self._clock.monotonic()
        late = max(0.0, now - self._due)
        self.start()  # first, so that whatever happens in this beat there is a next
        self._on_lag(late)
        interval = self._manager.watchdog_interval
        if interval is not None and now - self._fed >= interval and self._works():
            self._fed = now
            self._manager.tell(WATCHDOG="1")
