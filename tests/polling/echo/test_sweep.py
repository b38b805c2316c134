"""One echo to each of many addresses, gently, and told once how it ended."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any

import pytest

from netwatch.polling.sweep import EchoSweep, few_at_a_time, is_own


def swept(world: Any, addresses: list[str], rate: float, seconds: float) -> tuple[Counter[str], int, bool]:
    """Who was heard how often, how many ended, and whether the round was over in time."""
    heard: Counter[str] = Counter()
    ended: list[None] = []

    async def story() -> bool:
        sweep = EchoSweep(world.time, world.time, First(), 1.0, lambda: world.sockets)
        asked = sweep.round(
            addresses,
            rate,
            on_heard=lambda address: heard.update([address]),
            on_ended=lambda: ended.append(None),
        )
        task = asyncio.create_task(asked)
        await asyncio.sleep(0)
        world.run(seconds)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        over = task.done()
        task.cancel()
        await asyncio.wait([task])
        return over

    over = asyncio.run(story())
    return heard, len(ended), over


class First:
    def randrange(self, stop: int) -> int:
        return 7 % stop


def test_each_address_is_asked_and_each_that_answers_is_heard(world: Any) -> None:
    addresses = [world.address(number) for number in range(100)]
    for number in range(50, 100):
        world.socket.hosts[world.host(number)] = world.answering()
    heard, ended, over = swept(world, addresses, 50.0, 2.0 + 1.2)
    assert set(heard) == set(addresses[:50])
    assert (ended, over) == (100, True)
    assert world.socket.closed


def test_no_more_are_asked_in_a_second_than_the_rate_says(world: Any) -> None:
    addresses = [world.address(number) for number in range(400)]
    swept(world, addresses, 100.0, 6.0)
    seconds = Counter(int(echo.at) for echo in world.socket.sent)
    assert sum(seconds.values()) >= 400
    assert max(seconds.values()) < 150, "spread by chance, so a little more now and then"


def test_one_that_answers_late_is_heard_all_the_same(world: Any) -> None:
    """A 4G line may take longer than the timeout; somebody is there."""
    addresses = [world.address(number) for number in range(10)]
    world.socket.hosts[world.host(3)] = world.answering(1.1)
    heard, _, _ = swept(world, addresses, 2.0, 6.5)
    assert addresses[3] in heard


def test_what_cannot_be_sent_ends_as_well(world: Any) -> None:
    world.socket.failing = lambda _: 101  # ENETUNREACH
    heard, ended, over = swept(world, [world.address(1), "2001:db8::1"], 200.0, 3.0)
    assert (dict(heard), ended, over) == ({}, 2, True)


def test_nobody_to_ask_is_over_at_once(world: Any) -> None:
    assert swept(world, [], 1.0, 0.0) == (Counter(), 0, True)


@pytest.mark.parametrize("at_once", [1, 3, 50])
def test_so_many_at_a_time_and_each_once(at_once: int) -> None:
    running = most = 0
    done: list[int] = []

    async def work(item: int) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        done.append(item)

    asyncio.run(few_at_a_time(work, range(20), at_once))
    assert sorted(done) == list(range(20))
    assert most == min(at_once, 20)


@pytest.mark.parametrize(("address", "own"), [("127.0.0.1", True), ("127.18.0.5", False), ("not", False)])
def test_this_host_knows_its_own_addresses(address: str, own: bool) -> None:
    assert is_own(address) is own
