"""Every device with a credential is polled in its turn, and a name that has no address is nobody's fault."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.daemon.configuration import Configuration
from netwatch.daemon.polls import Polls
from netwatch.model.observation import Observation
from netwatch.model.outcome import Outcome
from netwatch.polling.resolver import Resolver

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from netwatch.inventory.load import Inventory
    from netwatch.polling.clock import Clock
    from netwatch.polling.pacer import Job


@dataclass
class Poller:
    """Answers at once, and remembers whom it asked where."""

    asked: list[tuple[str, str, str]] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)

    def keep(self, names: set[str]) -> None:
        self.kept = set(names)

    async def poll(self, device: Any, credential: Any, address: str) -> Observation:
        self.asked.append((device.name, credential.name, address))
        return Observation(device.name, 0.0, Outcome.ANSWERED, 0.1)


@dataclass
class Pacer:
    """Paces nothing: the test starts a job when it likes."""

    jobs: Mapping[str, Job] = field(default_factory=dict)

    def set_jobs(self, jobs: Mapping[str, Job]) -> None:
        self.jobs = jobs

    def run(self, key: str) -> None:
        asyncio.run(self.jobs[key].start())


class World:
    def __init__(self, clock: Clock, folder: Path) -> None:
        self.folder = folder
        self.pacer, self.poller = Pacer(), Poller()
        self.resolver = Resolver(self.look_up)
        self.names: dict[str, str] = {}
        self.seen: list[Observation] = []
        self.polls = Polls(clock, self.pacer, self.poller, self.resolver, self.seen.append)  # type: ignore[arg-type]

    async def look_up(self, name: str) -> str:
        if name not in self.names:
            raise OSError(name)
        return self.names[name]

    def load(self) -> Inventory:
        inventory = Configuration(self.folder, self.folder / "state", {}).first().inventory
        self.polls.set_devices(inventory.devices, inventory.credentials)
        return inventory


@pytest.fixture
def world(hand: Clock, folder: Path) -> World:
    return World(hand, folder)


def test_a_device_without_a_credential_is_never_polled(world: World) -> None:
    world.load()
    assert set(world.pacer.jobs) == {"sw"}
    assert world.poller.kept == {"sw"}


def test_a_poll_goes_to_the_address_with_the_credential_and_is_handed_on(world: World) -> None:
    world.load()
    assert world.pacer.jobs["sw"].interval == 1.0
    world.pacer.run("sw")
    assert world.poller.asked == [("sw", "lab", "127.0.0.2")]
    assert [seen.outcome for seen in world.seen] == [Outcome.ANSWERED]


def test_a_name_that_does_not_resolve_is_a_local_error_and_nobody_is_asked(
    world: World, edit: Callable[[str, str], None], hand: Clock
) -> None:
    edit("127.0.0.2", "sw.example.org")
    world.load()
    world.pacer.run("sw")
    assert world.poller.asked == []
    (seen,) = world.seen
    assert (seen.device, seen.outcome) == ("sw", Outcome.LOCAL_ERROR)
    assert "sw.example.org" in seen.detail
    assert seen.at == hand.epoch + hand.monotonic()


def test_a_name_is_polled_at_the_address_that_it_has_at_that_moment(
    world: World, edit: Callable[[str, str], None]
) -> None:
    edit("127.0.0.2", "sw.example.org")
    world.load()
    for address in ("127.0.0.8", "127.0.0.9"):
        world.names["sw.example.org"] = address
        asyncio.run(world.resolver.refresh(["sw.example.org"]))
        world.pacer.run("sw")
    assert [address for _, _, address in world.poller.asked] == ["127.0.0.8", "127.0.0.9"]


def test_a_job_that_is_paced_already_goes_through_the_new_poller(world: World) -> None:
    """Profiles changed: the pacer's jobs need not be set again for that."""
    world.load()
    newer = Poller()
    world.polls.use(newer)  # type: ignore[arg-type]
    world.pacer.run("sw")
    assert (len(world.poller.asked), len(newer.asked)) == (0, 1)
