"""The address space of the province.

In the namespace it is that which is set aside for benchmarks and never routed (198.18.0.0/15, RFC 2544;
2001:2::/48, RFC 5180). Offsets into it:

    1               the poller            2    noc-gateway, its way out
    3               core                  4 + 2 c + j    hand-off j of carrier c
    10 + c          the OLT of carrier c
    257 + 2 k + j   router j of branch k
    4096 + 8 i      unit i: + 1 its gateway, + 2 its access switch, + 3 its UPS, + 4 its 4G backup
"""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass

POLLER, REFERENCE, CORE, HAND_OFFS, OLTS, ROUTERS, UNITS = 1, 2, 3, 4, 10, 257, 4096
ADDRESSES_PER_UNIT = 8
ROUTERS_PER_BRANCH = 2
GATEWAY, SWITCH, UPS, BACKUP = 1, 2, 3, 4  # within those of a unit


@dataclass(frozen=True, slots=True)
class AddressSpace:
    """The networks that the province is laid out in."""

    ipv4: ipaddress.IPv4Network
    ipv6: ipaddress.IPv6Network | None

    def at(self, offset: int) -> str:
        """Return the IPv4 address at `offset`."""
        return str(self.ipv4[offset])

    def ipv6_at(self, offset: int) -> str:
        """Return the IPv6 address at `offset`; the IPv4 address where there is no IPv6."""
        return str(self.ipv6[offset]) if self.ipv6 else self.at(offset)

    def rooms(self) -> tuple[int, int]:
        """Return how many branches and how many units there is room for."""
        branches = (UNITS - ROUTERS) // ROUTERS_PER_BRANCH
        return branches, (self.ipv4.num_addresses - UNITS) // ADDRESSES_PER_UNIT


BENCHMARK = AddressSpace(ipaddress.IPv4Network("198.18.0.0/15"), ipaddress.IPv6Network("2001:2::/48"))
LOOPBACK = AddressSpace(ipaddress.IPv4Network("127.18.0.0/15"), None)
