"""What a device told on one day about what criteria ask for (architecture: *criteria*), with its source.

Facts are sampled hourly, apart from the polls. They hold counts and states, never the addresses of anybody's
computers.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netwatch.model.neighbour import Neighbourhood
    from netwatch.model.outcome import Outcome


class FactKind(enum.StrEnum):
    """What a fact is about; `subject` and `value` of each."""

    DEFAULT_ROUTE = "default_route"  # subject: IP version "4" | "6"; text: the port (InterfaceName.key)
    RUNS_OVER = "runs_over"  # subject: a port of the default route without a cable; text: a port below it
    MEDIUM = "medium"  # subject: the port; text: fibre | copper | radio | other; value: the type's number
    LIGHT = "light"  # subject: the port; value: received light in dBm, of the darkest lane; text: that lane
    LIGHT_ALARM = "light_alarm"  # subject: the port; value: dBm below which the device itself raises an alarm
    STATIONS = "stations"  # subject: the port; value: MAC addresses learnt there
    HOSTS = "hosts"  # subject: the port, or "" for the whole device; value: hosts in its ARP or DHCP table
    IDENTITY = "identity"  # subject: what is expected; text: what was found; value: 1 as expected, 0 not
    INSIDE_PROBE = "inside_probe"  # subject: its name; value: 1 answered, 0 not; text: how, and how old
    INSIDE_RTT = "inside_rtt"  # subject: the probe's name; value: seconds that its answer took


QUESTIONS = {
    FactKind.DEFAULT_ROUTE: "routes",
    FactKind.RUNS_OVER: "routes",
    FactKind.MEDIUM: "routes",
    FactKind.STATIONS: "stations",
    FactKind.HOSTS: "hosts",
    FactKind.INSIDE_PROBE: "probes",
    FactKind.INSIDE_RTT: "probes",
}
"""Which question of a survey a kind answers; the others come from the polls."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a device told. Several of one kind and subject hold together: two default routes."""

    at: float  # steady time
    device: str
    kind: FactKind
    subject: str
    value: float | None
    text: str
    source: str  # the MIB object that says so: "inetCidrRouteIfIndex"


@dataclass(frozen=True, slots=True)
class Survey:
    """One survey of one device: what it told, or why it told nothing."""

    device: str
    at: float  # steady time of its end
    outcome: Outcome
    duration: float  # seconds
    detail: str = ""  # for people: what went wrong, in one line
    facts: tuple[Fact, ...] = ()
    failed: tuple[str, ...] = ()  # of `QUESTIONS`, or "ports", without which none is put: not answered
    refused: tuple[tuple[str, int], ...] = ()  # (reason, count) of values not taken
    neighbourhood: Neighbourhood | None = None  # None: not asked for
