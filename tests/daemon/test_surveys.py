"""Every device with a credential is surveyed in its turn, beside its polls and never in their way."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.daemon import surveys as daemon_surveys
from netwatch.daemon.configuration import Configuration
from netwatch.daemon.surveys import AT_ONCE, Surveys
from netwatch.model.device import Credential, Device, Role
from netwatch.model.fact import Fact, FactKind, Survey
from netwatch.model.observation import Identity, Light, Observation, SystemGroup
from netwatch.model.outcome import Outcome
from netwatch.polling.resolver import Resolver
from netwatch.polling.schedule import offset

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Mapping
    from pathlib import Path

    from netwatch.polling.clock import Clock
    from netwatch.polling.pacer import Job

KEY = "survey of sw"
ROUTE = (FactKind.DEFAULT_ROUTE, "4", None, "wan", "")


class VirtualLoop(asyncio.SelectorEventLoop):
    """Time passes only when nothing else is to be done."""

    now = 0.0

    def time(self) -> float:
        return self.now

    def _run_once(self) -> None:
        ready, scheduled = self._ready, self._scheduled  # type: ignore[attr-defined]  # asyncio's own
        if not ready and scheduled:
            self.now = max(self.now, scheduled[0]._when)
        super()._run_once()  # type: ignore[misc]  # asyncio's own


@dataclass
class Surveyor:
    """Takes ten seconds, and remembers whom it asked where."""

    now: Callable[[], float]
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    running: int = 0
    most: int = 0

    def keep(self, names: Any) -> None:
        self.kept = set(names)

    async def survey(self, device: Any, credential: Any, address: str) -> Survey:
        self.running += 1
        self.most = max(self.most, self.running)
        await asyncio.sleep(10)
        self.running -= 1
        self.asked.append((device.name, credential.name, address))
        return Survey(
            device.name, self.now(), Outcome.ANSWERED, 10.0, facts=(Fact(1.0, device.name, *ROUTE),)
        )


@dataclass
class Pacer:
    """Paces nothing: the test starts a job when it likes."""

    jobs: Mapping[str, Job] = field(default_factory=dict)
    first_within: float = 0.0

    def set_jobs(self, jobs: Mapping[str, Job], *, first_within: float) -> None:
        self.jobs = jobs
        self.first_within = first_within


class World:
    """Surveys of the configured devices; `busy` is how long the polls have a backlog."""

    def __init__(self, clock: Clock, folder: Path) -> None:
        self.clock = clock
        self.folder = folder
        self.pacer, self.surveyor = Pacer(), Surveyor(lambda: clock.epoch + clock.monotonic())
        self.busy_until = 0.0
        self.told: list[Survey] = []
        self.polled_before = True
        self.surveys: Surveys

    def play(self, story: Callable[[], Coroutine[Any, Any, None]]) -> None:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            loop = runner.get_loop()

            async def told() -> None:
                self.surveys = Surveys(
                    self.clock,
                    self.pacer,  # type: ignore[arg-type]  # a fake
                    self.surveyor,  # type: ignore[arg-type]  # a fake
                    Resolver(self.look_up),
                    self.told.append,
                    lambda: loop.time() < self.busy_until,
                )
                inventory = Configuration(self.folder, self.folder / "state", {}).first().inventory
                self.surveys.set_devices(
                    inventory.devices, inventory.credentials, inventory.settings.survey_interval
                )
                if self.polled_before:
                    self.surveys.observed(polled(self, outcome=Outcome.TIMEOUT))
                await story()

            runner.run(told())

    async def run(self, key: str = KEY) -> None:
        await self.pacer.jobs[key].start()

    @staticmethod
    async def look_up(name: str) -> str:
        raise OSError(name)


@pytest.fixture
def world(hand: Clock, folder: Path) -> World:
    return World(hand, folder)


def test_a_device_with_a_credential_is_surveyed_each_hour_at_another_phase_than_its_polls(
    world: World,
) -> None:
    async def story() -> None:
        assert {key: job.interval for key, job in world.pacer.jobs.items()} == {KEY: 3600.0}
        assert world.surveyor.kept == {"sw"}
        assert offset(KEY, 3600.0) != offset("sw", 3600.0)
        await world.run()
        assert world.surveyor.asked == [("sw", "lab", "127.0.0.2")]
        assert [(each.device, each.outcome) for each in world.told] == [("sw", Outcome.ANSWERED)]

    world.play(story)


def test_nobody_waits_an_hour_for_the_first_survey(world: World) -> None:
    async def story() -> None:
        assert world.pacer.first_within == 60.0
        one = Device(name="gw", address="127.0.0.2", role=Role.UPLINK, snmp="lab")
        many = [replace(one, name=f"gw-{number}") for number in range(1000)]
        world.surveys.set_devices(many, {"lab": Credential("lab", "2c")}, 3600.0)
        assert world.pacer.first_within == 300.0

    world.play(story)


def test_another_interval_can_be_configured(world: World) -> None:
    path = world.folder / "netwatch.yaml"
    path.write_text(path.read_text().replace("snmp: 1s", "snmp: 1s, survey: 5m"))

    async def story() -> None:
        assert world.pacer.jobs[KEY].interval == 300.0

    world.play(story)


def test_a_name_that_does_not_resolve_is_a_local_error(
    world: World, edit: Callable[[str, str], None]
) -> None:
    edit("127.0.0.2", "sw.example.org")

    async def story() -> None:
        await world.run()
        (survey,) = world.told
        assert (survey.outcome, world.surveyor.asked) == (Outcome.LOCAL_ERROR, [])
        assert "sw.example.org" in survey.detail

    world.play(story)


@pytest.mark.parametrize(("busy", "began", "put_off"), [(0.0, 0.0, 0), (12.0, 15.0, 0), (3600.0, None, 1)])
def test_a_survey_waits_while_the_polls_have_a_backlog_and_at_last_gives_up_its_turn(
    world: World, busy: float, began: float | None, put_off: int
) -> None:
    world.busy_until = busy

    async def story() -> None:
        await world.run()
        assert world.surveys.put_off == put_off
        ended = asyncio.get_running_loop().time()
        assert len(world.told) == (0 if began is None else 1)
        assert ended == (120.0 if began is None else began + 10.0)

    world.play(story)


@pytest.mark.parametrize("outcome", [Outcome.ANSWERED, Outcome.REFUSED])
def test_a_first_survey_waits_for_the_first_poll_whatever_comes_of_it(world: World, outcome: Outcome) -> None:
    world.polled_before = False

    async def story() -> None:
        surveying = asyncio.create_task(world.run())
        await asyncio.sleep(7)
        world.surveys.observed(polled(world, outcome=outcome))
        await surveying
        assert asyncio.get_running_loop().time() == 10.0 + 10.0
        light = [fact.value for fact in world.told[0].facts if fact.kind is FactKind.LIGHT]
        assert light == ([-14.0] if outcome is Outcome.ANSWERED else [])

    world.play(story)


def test_a_first_survey_does_not_wait_for_ever_for_a_poll_that_is_far_off(world: World) -> None:
    world.polled_before = False

    async def story() -> None:
        await world.run()
        assert (len(world.told), world.surveys.put_off) == (1, 0)
        assert asyncio.get_running_loop().time() == 120.0 + 10.0

    world.play(story)


def test_a_device_that_comes_back_is_new(world: World) -> None:
    async def story() -> None:
        device = Device(name="sw", address="127.0.0.2", role=Role.SWITCH, snmp="lab")
        world.surveys.set_devices([], {}, 3600.0)
        world.surveys.set_devices([device], {"lab": Credential("lab", "2c")}, 3600.0)
        await world.run()
        assert asyncio.get_running_loop().time() == 120.0 + 10.0

    world.play(story)


def test_few_surveys_run_at_once(world: World) -> None:
    async def story() -> None:
        await asyncio.gather(*(world.run() for _ in range(3 * AT_ONCE)))
        assert world.surveyor.most == AT_ONCE
        assert len(world.told) == 3 * AT_ONCE

    world.play(story)


SYSTEM = SystemGroup("", (1, 3, 6), 0, "", "another", "")


def polled(world: World, age: float = 0.0, outcome: Outcome = Outcome.ANSWERED) -> Observation:
    at = world.clock.epoch + world.clock.monotonic() - age
    lights = (Light("wan", -14.0, -28.0), Light("lan", -3.0))
    return Observation(
        "sw", at, outcome, 0.1, system=SYSTEM, identity=Identity(serial="S1"), light=lights, profile="generic"
    )


def test_what_the_last_poll_read_becomes_facts_with_its_date(
    world: World, edit: Callable[[str, str], None]
) -> None:
    edit("snmp: lab", "snmp: lab, expect: {sysName: sw, serial: S1}")

    async def story() -> None:
        world.surveys.observed(polled(world, age=1.0))
        world.surveys.observed(polled(world, outcome=Outcome.TIMEOUT))
        await world.run()
        facts = {(fact.kind, fact.subject): fact for fact in world.told[0].facts}
        assert {key: fact.value for key, fact in facts.items()} == {
            (FactKind.DEFAULT_ROUTE, "4"): None,
            (FactKind.IDENTITY, "serial"): 1.0,
            (FactKind.IDENTITY, "sysName"): 0.0,
            (FactKind.LIGHT, "wan"): -14.0,
            (FactKind.LIGHT_ALARM, "wan"): -28.0,
        }
        assert facts[FactKind.LIGHT, "wan"].at == polled(world, age=1.0).at

    world.play(story)


def test_an_old_poll_tells_nothing(world: World) -> None:
    async def story() -> None:
        world.surveys.observed(polled(world, age=daemon_surveys.FRESH_INTERVALS * 1.0 + 0.1))
        await world.run()
        assert {fact.kind for fact in world.told[0].facts} == {FactKind.DEFAULT_ROUTE}

    world.play(story)
