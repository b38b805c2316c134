"""What a device told on one day about what criteria ask for (architecture: *criteria*), with its source.

Facts are sampled hourly or daily, apart from the polls. They hold counts and states, never the addresses of
anybody's computers.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass


class FactKind(enum.StrEnum):
    """What a fact is about; `subject` and `value` of each."""

    DEFAULT_ROUTE = "default_route"  # subject: IP version "4" | "6"; text: the port (InterfaceName.key)
    MEDIUM = "medium"  # subject: the port; text: fibre | copper | radio | other; value: the type's number
    LIGHT = "light"  # subject: the port; value: received light in dBm
    STATIONS = "stations"  # subject: the port; value: MAC addresses learnt there
    HOSTS = "hosts"  # subject: the port, or "" for the whole device; value: hosts in its ARP or DHCP table
    IDENTITY = "identity"  # subject: what is expected; text: what was found; value: 1 as expected, 0 not
    INSIDE_PROBE = "inside_probe"  # subject: its name; value: 1 answered, 0 not; text: how, RTT and what for


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a device told."""

    at: float  # steady time
    device: str
    kind: FactKind
    subject: str
    value: float | None
    text: str
    source: str  # the MIB object that says so: "inetCidrRouteIfIndex"
