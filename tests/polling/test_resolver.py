"""Names are asked for off the hot path, and the last good address is kept."""

from __future__ import annotations

import asyncio

import pytest

from netwatch.polling.resolver import Resolver, is_numeric


class Names:
    """A name server of made-up names; what is not in it fails."""

    def __init__(self, **addresses: str) -> None:
        self.addresses = addresses
        self.asked: list[str] = []

    async def __call__(self, name: str) -> str:
        self.asked.append(name)
        await asyncio.sleep(0)
        if name not in self.addresses:
            raise OSError(name)
        return self.addresses[name]


@pytest.mark.parametrize(
    ("address", "numeric"),
    [("198.18.4.1", True), ("2001:db8::1", True), ("gw.example", False), ("198.18.4", False)],
)
def test_what_counts_as_an_address(address: str, numeric: bool) -> None:
    assert is_numeric(address) is numeric


def test_numeric_addresses_need_no_server() -> None:
    names = Names()
    resolver = Resolver(names)
    assert asyncio.run(resolver.refresh(["198.18.4.1", "2001:db8::1"])) is False
    assert names.asked == []
    assert resolver.address("198.18.4.1") == "198.18.4.1"


def test_a_name_has_no_address_until_it_was_found() -> None:
    resolver = Resolver(Names(gw="198.18.4.1"))
    assert resolver.address("gw") is None
    assert asyncio.run(resolver.refresh(["gw"])) is True
    assert resolver.address("gw") == "198.18.4.1"


def test_a_failing_server_keeps_the_last_good_address() -> None:
    names = Names(gw="198.18.4.1")
    resolver = Resolver(names)
    asyncio.run(resolver.refresh(["gw"]))
    names.addresses.clear()
    assert asyncio.run(resolver.refresh(["gw"])) is False
    assert resolver.address("gw") == "198.18.4.1"


def test_one_bad_name_does_not_stop_the_others() -> None:
    resolver = Resolver(Names(good="198.18.4.1"))
    assert asyncio.run(resolver.refresh(["bad", "good"])) is True
    assert (resolver.address("bad"), resolver.address("good")) == (None, "198.18.4.1")


def test_a_moved_name_is_told_and_a_name_no_longer_wanted_is_forgotten() -> None:
    names = Names(gw="198.18.4.1", other="198.18.4.9")
    resolver = Resolver(names)
    asyncio.run(resolver.refresh(["gw", "other"]))
    names.addresses["gw"] = "198.18.4.2"
    assert asyncio.run(resolver.refresh(["gw"])) is True
    assert (resolver.address("gw"), resolver.address("other")) == ("198.18.4.2", None)
