"""The way to an address as it was when an outage began: which routers on it still answered."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hop:
    """Somebody on the way who answered."""

    ttl: int  # routers passed, this one included
    address: str
    rtt: float  # seconds


@dataclass(frozen=True, slots=True)
class Trace:
    """One traceroute, or why there is none."""

    at: float  # steady time of its beginning
    device: str
    address: str
    hops: tuple[Hop, ...] = ()  # by ttl; those that were silent are left out
    problem: str = ""  # why none could be taken

    @property
    def last(self) -> str:
        """The last hop that answered, "" where none did."""
        return self.hops[-1].address if self.hops else ""
