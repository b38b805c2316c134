"""What is laid in the namespace: one cable, and the poller's addresses on its near end."""

from __future__ import annotations

from ipaddress import IPv4Network

import pytest

from netwatch.lab.namespace import cable
from netwatch.lab.plan.addresses import BENCHMARK, AddressSpace


@pytest.mark.parametrize(
    ("space", "addresses"),
    [
        (BENCHMARK, ["198.18.0.1/15 dev poller", "2001:2::1/48 dev poller nodad"]),
        (AddressSpace(IPv4Network("198.18.0.0/15"), None), ["198.18.0.1/15 dev poller"]),
    ],
)
def test_only_the_pollers_end_has_addresses(space: AddressSpace, addresses: list[str]) -> None:
    lines = cable(space).splitlines()
    assert [line.removeprefix("address add ") for line in lines if line.startswith("address")] == addresses
    assert sum("arp off" in line for line in lines) == 2, "or the kernel would ask for neighbours"
