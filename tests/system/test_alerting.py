"""What people are told when things go wrong: real Prometheus, real Alertmanager, and the lab in real time.

The rules and routes are those that are shipped, six times as fast (tests/support/alerting.py). Every message
to people has to be expected by the scene that it comes in: one that is not fails the test, whenever it comes.
"""

from __future__ import annotations

import datetime as dt
import os
import re
import shutil
import time
import zoneinfo
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from alerting import HURRY, hurry_prometheus, hurry_routes
from real import NETWATCH, ROOT, Programs, Prometheus, fetch, order, program, run_to_end, until
from webhook import Notification, Told, Webhook

from netwatch.inventory.registers import read_register
from netwatch.lab.plan.addresses import BENCHMARK
from netwatch.lab.plan.layout import CARRIERS, Feature, Office, plan
from netwatch.lab.plan.sites import sites, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

pytestmark = [pytest.mark.system, pytest.mark.paced]

LOCAL = zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh")
UNITS = 48
BELOW = 15  # units behind a router, at most
REGISTER = ROOT / "config" / "registers" / "hung-yen.csv"

APART = ("system", "outside")
"""Receivers that are no part of the scenes: on a busy machine netwatch may rightly say that it is late."""

SETTLED = 60 + 60 + 10
"""Seconds after a return within which the cause is settled: the minute ends, is judged, and then told of."""

SETTINGS = (
    f"states: {{outage_after: {30 // HURRY}s, settle_after: 60s}}\nintervals: {{snmp: {60 // HURRY}s}}\n"
)
"""What is added to the lab's netwatch.yaml: as much faster, as far as it may be."""

ELSEWHERE = {**os.environ, "TZ": "UTC"}
"""Whatever the server's time zone is, messages are written in their readers'."""

WRITTEN = "%H:%M %d/%m/%Y"
TIME = re.compile(r"\b(\d\d:\d\d \d\d/\d\d/\d{4})\b")


@dataclass
class Province:
    """A running lab with a daemon inside it, and what stands in its plan."""

    url: str
    folder: Path
    offices: tuple[Office, ...]
    names: dict[str, str]  # of units, by code

    def say(self, line: str) -> None:
        """Give the lab an order."""
        order(self.folder / "control", line)

    def below(self, router: str) -> list[Office]:
        """The units that hang on that router alone."""
        return [office for office in self.offices if office.routers == (router,)]

    def named(self, offices: Sequence[Office]) -> list[str]:
        """Units as messages list them: name and code, sorted by name."""
        return [f"{self.names[code]} ({code})" for code in sorted(self.codes(offices), key=self.names.get)]

    @staticmethod
    def codes(offices: Sequence[Office]) -> list[str]:
        return [office.unit for office in offices]


@dataclass
class People:
    """Those who are told: each message is accounted for once."""

    hook: Webhook
    late: set[tuple[str, str]] = field(default_factory=set)  # (alert, unit) whose end comes when it comes
    later: list[Notification] = field(default_factory=list)
    known: int = 0

    def new(self) -> list[Notification]:
        """What was told since this was asked last."""
        heard = self.hook.heard()
        fresh, self.known = heard[self.known :], len(heard)
        told = []
        for each in fresh:
            if each.receiver in APART:
                continue
            first = each.alerts[0]
            ended = each.status == "resolved" and (first.name, first.labels.get("unit", "")) in self.late
            (self.later if ended else told).append(each)
        return told

    def told(self, what: str, within: float, quiet: float) -> tuple[Notification, Told]:
        """Wait for the one message about `what`, and then as long that there is no other."""
        deadline = time.monotonic() + within
        messages = self.new()
        while not messages and time.monotonic() < deadline:
            self.hook.wait(1.0)
            messages = self.new()
        if messages:
            messages += self.silence(quiet)
        assert len(messages) == 1, f"{what}: {len(messages)} messages\n" + "\n".join(map(str, messages))
        assert len(messages[0].alerts) == 1, str(messages[0])
        return messages[0], messages[0].alerts[0]

    def silence(self, seconds: float) -> list[Notification]:
        """What is told within that time, which is to be nothing."""
        time.sleep(seconds)
        return self.new()

    def ended(self, seconds: float) -> Notification:
        """Wait for the message that a scene left to come later."""
        deadline = time.monotonic() + seconds
        others: list[Notification] = []
        while not self.later and time.monotonic() < deadline:
            self.hook.wait(1.0)
            others += self.new()
        assert not others, "\n".join(map(str, others))
        (message,) = self.later
        return message


@pytest.fixture
def province(programs: Programs, free_port: Callable[[], int]) -> Province:
    """48 units, all of them up, in two branches of fifteen and several small ones."""
    port = free_port()
    folder = programs.folder
    run = 'exec "$0" -m netwatch run --config \'{config}\' --state "$1"'
    programs.start(
        "lab",
        [
            *(*NETWATCH, "lab", "--units", str(UNITS), "--branch-units", str(BELOW)),
            *("--config", str(ROOT / "config"), "--state", str(folder / "lab")),
            *("--listen", f"127.0.0.1:{port}", "--control", str(folder / "control"), "--"),
            *("sh", "-c", f"printf '%s' \"$2\" >> '{{config}}/netwatch.yaml' && {run}"),
            *(NETWATCH[0], str(folder / "state"), SETTINGS),
        ],
        env=ELSEWHERE,
    )
    register = read_register(REGISTER, "hung-yen")
    today = dt.datetime.now(LOCAL).date()
    laid_out = plan(spread(sites(register, today), UNITS), "Hưng Yên", BENCHMARK, BELOW)
    names = {unit.code: unit.name for unit in register.as_of(today)}
    running = Province(f"http://127.0.0.1:{port}", folder, laid_out.offices, names)
    until(lambda: ups(fetch(f"{running.url}/metrics")) == UNITS, f"{UNITS} units are up", 90)
    return running


def ups(metrics: str) -> int:
    return len(re.findall(r'^netwatch_unit_state\{[^}]*state="up"[^}]*\} 1$', metrics, re.MULTILINE))


@pytest.fixture
def people(programs: Programs, alertmanager: int) -> Iterator[People]:
    with Webhook() as hook:
        folder = programs.folder / "alertmanager"
        shutil.copytree(ROOT / "config" / "alertmanager", folder)
        hurry_routes(folder / "alertmanager.yml", hook.url)
        programs.start(
            "alertmanager",
            [
                program("prometheus-alertmanager", "prometheus-alertmanager"),
                f"--config.file={folder / 'alertmanager.yml'}",
                f"--storage.path={programs.folder / 'silences'}",
                f"--web.listen-address=127.0.0.1:{alertmanager}",
                "--cluster.listen-address=",
            ],
            env=ELSEWHERE,
        )
        until(lambda: fetch(f"http://127.0.0.1:{alertmanager}/-/ready"), "Alertmanager is ready")
        yield People(hook)


@pytest.fixture
def alertmanager(free_port: Callable[[], int]) -> int:
    """The port that it listens on."""
    return free_port()


@pytest.fixture
def watched(
    province: Province, people: People, alertmanager: int, prometheus: Callable[..., Prometheus]
) -> Prometheus:
    """Prometheus, once it has seen every unit up and knows where to send its alerts."""
    assert not people.new()
    port = int(province.url.rpartition(":")[2])
    server = prometheus(port, hurry_prometheus, alertmanager)
    up = 'sum(max by (unit) (netwatch_unit_state{state="up"}))'
    until(lambda: server.value(up) == UNITS, "Prometheus has seen all units")
    until(lambda: f":{alertmanager}/" in fetch(f"{server.url}/api/v1/alertmanagers"), "it knows Alertmanager")
    return server


def texts(message: Notification) -> Iterator[str]:
    for alert in message.alerts:
        yield from alert.annotations.values()


def moment(seconds: float) -> str:
    """A time as messages write it."""
    return dt.datetime.fromtimestamp(seconds, LOCAL).strftime(WRITTEN)


def written(text: str) -> float:
    """What such a text says: the beginning of its minute."""
    return dt.datetime.strptime(text, WRITTEN).replace(tzinfo=LOCAL).timestamp()


def test_people_are_told_what_happened_once_and_when_it_is_over(
    province: Province, people: People, watched: Prometheus
) -> None:
    begun = time.time()
    powered = {Feature.ONT, Feature.UPS}
    router = "area-hung-yen-2"
    behind = province.below(router)
    others = [office for office in province.offices if office not in behind]
    commune = next(office for office in others if office.features == powered)
    carrier = next(each.path for each in CARRIERS if each != commune.carrier)
    seen = [each for each in others if each.carrier.path != carrier and not each.backup]
    spared = next(each for each in seen if each is not commune)

    the_way_out_is_cut(province, people)
    settling(watched)
    cut = power_is_cut(province, people, commune)
    a_router_dies(province, people, router, behind)
    work_is_announced(province, watched, spared)
    a_carriers_way_is_cut(province, people, carrier)
    the_work_was_told_to_nobody(province, people, watched, spared)
    the_cause_is_told(people, commune, cut)
    a_typhoon(province, people, [each for each in others if not each.backup and each is not spared][:10])

    for message in people.hook.heard():
        for text in texts(message):
            for found in TIME.findall(text):
                assert begun - 60 <= written(found) <= time.time(), text


def settling(watched: Prometheus) -> None:
    """Wait for the first minute that the daemon sees from its beginning on: the record begins with it."""
    first = (watched.value('process_start_time_seconds{job="netwatch"}') // 60 + 1) * 60 + 1
    time.sleep(max(first - time.time(), 0))


def power_is_cut(province: Province, people: People, commune: Office) -> float:
    """In a commune whose gateway is on a UPS and whose ONT is not: down, then back; why, nobody knows yet."""
    cut = time.time()
    province.say(f"fault power-cut {commune.gateway} battery=30m")
    message, alert = people.told("a unit is down", within=60, quiet=5)
    assert (message.receiver, message.status, alert.name) == ("operators", "firing", "NetwatchUnitDown")
    assert (alert.labels["unit"], alert.labels["area"]) == (commune.unit, commune.area)
    assert province.names[commune.unit] in alert.annotations["summary"]
    for text in (alert.annotations["description"], alert.annotations["description_en"]):
        assert TIME.findall(text)[0] in {moment(cut), moment(cut + 5)}
    people.late.add((alert.name, commune.unit))
    province.say(f"restore {commune.gateway}")
    return cut


def the_cause_is_told(people: People, commune: Office, cut: float) -> None:
    """In the message that it is over, which comes when the cause is settled."""
    message = people.ended(SETTLED + 30)
    assert message.receiver == "operators"
    (alert,) = message.alerts
    assert (alert.name, alert.labels["unit"]) == ("NetwatchUnitDown", commune.unit)
    vietnamese, english = alert.annotations["description"], alert.annotations["description_en"]
    assert "Nguyên nhân: mất điện." in vietnamese
    assert "Cause: power." in english
    for text in (vietnamese, english):
        began, ended = TIME.findall(text)
        assert began in {moment(cut), moment(cut + 5)}
        assert written(ended) >= written(began)


def a_router_dies(province: Province, people: People, router: str, behind: Sequence[Office]) -> None:
    """One message for fifteen communes, which names the router and all of them; one when it is back."""
    assert len(behind) == BELOW
    province.say(f"fault hang {router}")
    message, alert = people.told("a router is dead", within=60, quiet=18)
    assert (message.receiver, message.status, alert.name) == ("on-call", "firing", "NetwatchUpstreamDown")
    assert (alert.labels["root"], alert.labels["area"]) == (router, behind[0].area)
    for language in ("summary", "summary_en"):
        assert router in alert.annotations[language]
        assert str(BELOW) in alert.annotations[language]
    assert sorted(alert.annotations["units"].splitlines()) == sorted(province.named(behind))
    province.say(f"restore {router}")
    message, alert = people.told("the router is back", within=60, quiet=5)
    assert (message.receiver, message.status, alert.name) == ("on-call", "resolved", "NetwatchUpstreamDown")


def work_is_announced(province: Province, watched: Prometheus, spared: Office) -> None:
    """And done: the unit is down through all of the next scene, in which nobody is told of it."""
    state = str(province.folder / "state")
    window = ("--unit", spared.unit, "--for", "10m", "--by", "NOC", "--state", state)
    announced = run_to_end([*NETWATCH, "maintenance", "add", *window, "thay ONT"])
    assert announced.returncode == 0, announced.stderr
    covered = f'netwatch_maintenance{{unit="{spared.unit}"}}'
    until(lambda: watched.value(covered) == 1, "the window is known")
    province.say(f"fault fibre-cut {spared.gateway}")
    until(lambda: watched.value(is_down(spared)) == 1, "the unit is down")


def is_down(office: Office) -> str:
    return f'netwatch_unit_state{{unit="{office.unit}",state="down"}}'


def the_work_was_told_to_nobody(
    province: Province, people: People, watched: Prometheus, spared: Office
) -> None:
    down = is_down(spared)
    lasting = f'time() - netwatch_unit_down_since_timestamp_seconds{{unit="{spared.unit}"}} > 35'
    until(lambda: watched.ask(lasting), "the unit is down for longer than it takes to tell of another")
    assert people.new() == []
    province.say(f"restore {spared.gateway}")
    until(lambda: watched.value(down) == 0, "the unit is up again")


def a_carriers_way_is_cut(province: Province, people: People, carrier: str) -> None:
    province.say(f"fault way-out-cut carrier={carrier}")
    message, alert = people.told("a path is blind", within=60, quiet=12)
    assert (message.receiver, message.status, alert.name) == ("on-call", "firing", "NetwatchPathBlind")
    assert alert.labels["path"] == carrier
    assert carrier in alert.annotations["summary"]
    assert carrier in alert.annotations["summary_en"]
    province.say("restore poller")
    message, alert = people.told("the path is back", within=60, quiet=5)
    assert (message.receiver, message.status, alert.name) == ("on-call", "resolved", "NetwatchPathBlind")


def the_way_out_is_cut(province: Province, people: People) -> None:
    """Nothing is known of any unit then, and nothing is said of one."""
    province.say("fault way-out-cut")
    message, alert = people.told("the poller is blind", within=60, quiet=12)
    assert (message.receiver, message.status, alert.name) == ("on-call", "firing", "NetwatchPollerBlind")
    province.say("restore poller")
    message, alert = people.told("it sees again", within=60, quiet=5)
    assert (message.receiver, message.status, alert.name) == ("on-call", "resolved", "NetwatchPollerBlind")


def a_typhoon(province: Province, people: People, struck: Sequence[Office]) -> None:
    """Ten units in several areas lose their fibre within seconds: one message that lists them."""
    assert len(struck) == 10
    for office in struck:
        province.say(f"fault fibre-cut {office.gateway}")
    message, alert = people.told("many units are lost", within=60, quiet=15)
    assert (message.receiver, message.status, alert.name) == ("on-call", "firing", "NetwatchMassOutage")
    assert "10" in alert.annotations["summary"]
    assert sorted(alert.annotations["units"].splitlines()) == sorted(province.named(struck))
