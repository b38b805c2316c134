"""Every query of every board, asked of real datasources that the lab filled through the real daemon.

One run, four states: all is well; a whole area is down; the poller is blind; all is up again, the outage is
settled, and a claim does not hold. No query is ever refused, and each brings something in the state that
it is there for. Prometheus hands all it has on to VictoriaMetrics, which has to say the same.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import re
import time
import zoneinfo
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from board_asking import ANNOTATION, Answer, Choice, Datasource, Question, chosen, questions
from board_reading import selected
from real import NETWATCH, ROOT, Programs, Prometheus, fetch, order, program, until

from netwatch.inventory.registers import read_register
from netwatch.lab.plan.addresses import BENCHMARK
from netwatch.lab.plan.layout import Feature, Office, plan
from netwatch.lab.plan.sites import sites, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = [pytest.mark.system, pytest.mark.paced]

UNITS = 24
OF_THE_REGISTER = 104
SWITCH_PORT = "gi3"

SETTINGS = "states: {outage_after: 3s, settle_after: 60s}\nintervals: {snmp: 15s, survey: 5m}\n"
"""What is added to the lab's netwatch.yaml: as much faster, as far as it may be."""

SCRAPES = "5s"
"""Instead of every 15 s and 60 s; a busy machine takes more than one to answer."""

SETTLED = 60 + 60 + 60 + 20
"""Seconds after a return within which minutes and causes are settled, judged by, and scraped."""

HOLDS, FAILS = "communes-reachable-today", "fibre-quality-today"
"""Claims: a fifth of all units suffices for one; for the other a line that takes 400 ms is too slow."""

BOARDS: dict[str, Any] = {
    path.stem: json.loads(path.read_text("utf-8"))
    for path in sorted((ROOT / "grafana" / "dashboards" / "en").glob("*.json"))
}
"""Both languages have the same queries."""


@dataclass(frozen=True)
class Province:
    """A running lab with a daemon inside it, and the parts of its plan that the run is about."""

    url: str
    control: Path
    struck: tuple[Office, ...]  # all units of one area
    slow: Office
    spared: Office  # its fibre ends in its gateway
    without: tuple[str, str]  # a unit without a device, by area and code

    def say(self, line: str) -> None:
        """Give the lab an order."""
        order(self.control, line)

    @property
    def area(self) -> str:
        """The area that will be down."""
        return self.struck[0].area

    @property
    def routers(self) -> set[str]:
        """All that connect it."""
        return {router for office in self.struck for router in office.routers}

    @property
    def choices(self) -> dict[str, Choice]:
        """What readers of the boards choose."""
        register = ("hung-yen",)
        one = self.struck[0]
        return {
            "nothing": {},
            "area": {
                "register": register,
                "area": (self.area,),
                "unit": (one.unit,),
                "device": (one.switch,),
                "port": (SWITCH_PORT,),
                "claim": (FAILS,),
            },
            "gateway": {
                "register": register,
                "area": (self.spared.area,),
                "unit": (self.spared.unit,),
                "device": (self.spared.gateway,),
                "port": (self.spared.port,),
                "claim": (HOLDS,),
            },
            "without": {"register": register, "area": self.without[:1], "unit": self.without[1:]},
            "two": {
                "register": register,
                "area": (self.area, self.spared.area),
                "unit": (one.unit, self.spared.unit),
                "device": (self.spared.switch,),
                "port": (SWITCH_PORT,),
            },
        }


@pytest.fixture
def province(programs: Programs, free_port: Callable[[], int]) -> Province:
    """24 units, all of them up, one of them slowly."""
    port, folder = free_port(), programs.folder
    control = folder / "control"
    run = 'exec "$0" -m netwatch run --config \'{config}\' --state "$1"'
    programs.start(
        "lab",
        [
            *(*NETWATCH, "lab", "--units", str(UNITS), "--config", str(with_verdicts(folder / "config"))),
            *("--state", str(folder / "lab"), "--listen", f"127.0.0.1:{port}", "--control", str(control)),
            *("--", "sh", "-c", f"printf '%s' \"$2\" >> '{{config}}/netwatch.yaml' && {run}"),
            *(NETWATCH[0], str(folder / "state"), SETTINGS),
        ],
        env={**os.environ, "TZ": "UTC"},
    )
    register = read_register(ROOT / "config" / "registers" / "hung-yen.csv", "hung-yen")
    today = dt.datetime.now(zoneinfo.ZoneInfo("Asia/Ho_Chi_Minh")).date()
    everywhere = sites(register, today)
    offices = plan(spread(everywhere, UNITS), "Hưng Yên", BENCHMARK).offices
    by_area = defaultdict(list)
    for office in offices:
        by_area[office.area].append(office)
    struck = max(by_area.values(), key=len)
    others = [office for office in offices if office not in struck]
    spared = next(office for office in others if Feature.SFP in office.features)
    slow = next(office for office in others if office is not spared and not office.backup)
    watched = {office.unit for office in offices}
    bare = next(site for site in everywhere if site.unit.code not in watched)
    running = Province(
        f"http://127.0.0.1:{port}", control, tuple(struck), slow, spared, (bare.area, bare.unit.code)
    )
    until(lambda: fetch(f"{running.url}/metrics"), "the daemon answers")
    running.say(f"fault delay {slow.gateway} by=400ms")
    return running


def with_verdicts(folder: Path) -> Path:
    """The shipped configuration, whose claims get a verdict before a month is over."""
    folder.mkdir()
    (folder / "registers").symlink_to(ROOT / "config" / "registers")
    content = yaml.safe_load((ROOT / "config" / "claims.yaml").read_text("utf-8"))
    for claim in content["claims"]:
        claim["minimum"] = 0
        if claim["name"] == HOLDS:
            claim["declared"] = {"ratio": 0.2}
    (folder / "claims.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return folder


@dataclass
class Wall:
    """The boards, filled in by a reader, and which of their queries have ever brought something."""

    source: Datasource
    choices: dict[str, Choice]
    brought: dict[str, set[tuple[str, str, str]]] = field(default_factory=dict)  # by state

    def asked(self, at: float) -> Iterator[tuple[str, Question]]:
        """Every query by what was chosen, each once."""
        known: set[tuple[object, ...]] = set()
        for name, board in BOARDS.items():
            for who, choice in self.choices.items():
                for question in questions(name, board, chosen(board, choice, self.source, at)):
                    if (*question.place, question.expr) not in known:
                        known.add((*question.place, question.expr))
                        yield who, question

    def look(self, state: str) -> None:
        """Ask everything; nothing may be refused."""
        at = time.time()
        every = [question for _, question in self.asked(at)]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda question: question.ask(self.source, at), every))
        pairs = zip(every, answers, strict=True)
        self.brought[state] = {question.place for question, answer in pairs if answer}

    def panel(self, board: str, panel: str, ref: str = "A", who: str = "nothing") -> Answer:
        """What one query of a panel says now."""
        at = time.time()
        values = chosen(BOARDS[board], self.choices[who], self.source, at)
        (found,) = (
            question
            for question in questions(board, BOARDS[board], values)
            if question.place == (board, panel, ref)
        )
        return found.ask(self.source, at)

    def number(self, board: str, panel: str, who: str = "nothing") -> float:
        """What a panel of one number says now."""
        (value,) = self.panel(board, panel, who=who).values()
        return value

    def units(self, board: str = "province", who: str = "nothing") -> dict[str, float]:
        """How many units are in which state, as the boards about several have it."""
        return {title: self.number(board, title, who) for title in ("Up", "Down", "Unknown", "Unmonitored")}


WELL, DOWN, BLIND, AFTER = "all is well", "an area is down", "blind", "all is up again"

LATER: dict[str, set[tuple[str, str, str]]] = {
    DOWN: {
        *((board, "Down now", ref) for board in ("province", "area") for ref in "ABC"),
        ("province", "Firing alerts", "A"),
        ("switch", "Ports that changed", "A"),
        ("switch", "Changes by port", "A"),
        ("switch", "Changes by port", "B"),
        ("province", "Mass outage", ANNOTATION),
        *((board, "Outage", ANNOTATION) for board in ("province", "area", "unit")),
        ("area", "Mass outage", ANNOTATION),
    },
    BLIND: {
        ("province", "What the poller can see", "A"),
        *((board, "Poller blind", ANNOTATION) for board in ("province", "area", "unit", "switch")),
    },
    AFTER: {
        ("unit", "The last outage", "A"),
        *(
            (board, f"Availability, {bound} bound", "A")
            for board in ("province", "area", "unit")
            for bound in ("lower", "upper")
        ),
        ("area", "Each unit", "B"),
        ("area", "Each unit", "C"),
    },
}
"""What has nothing to show while all is well, or not before a minute is settled: when it must have."""

NEVER: dict[tuple[str, str, str], str] = {
    ("province", "What the poller can see", "C"): "it is shown where netwatch tells nothing at all",
    ("switch", "Behind the ports", "B"): "the lab's devices have no ARP table and lease no addresses",
}
"""What has nothing to show in this run, and why."""

NOT_HERE = {
    "netwatch_device_hosts": "the lab's devices have no ARP table and lease no addresses",
}
"""Metrics that the boards ask for and that do not occur in this run, and why."""

BY_PROMETHEUS = {"ALERTS", "up", "scrape_samples_scraped", "scrape_duration_seconds"}


@pytest.fixture
def victoria(programs: Programs, free_port: Callable[[], int]) -> Datasource:
    port = free_port()
    programs.start(
        "victoria-metrics",
        [
            program("victoria-metrics", "victoria-metrics"),
            f"-storageDataPath={programs.folder / 'victoria'}",
            f"-httpListenAddr=127.0.0.1:{port}",
            *("-search.latencyOffset=1s", "-search.disableCache"),
        ],
    )
    source = Datasource(f"http://127.0.0.1:{port}")
    until(lambda: fetch(f"{source.url}/health") == "OK", "VictoriaMetrics is ready")
    return source


@pytest.fixture
def wall(province: Province, victoria: Datasource, prometheus: Callable[..., Prometheus]) -> Wall:
    def hurried(folder: Path) -> None:
        main = folder / "prometheus.yml"
        text = re.sub(r"_(interval|timeout): \w+", rf"_\1: {SCRAPES}", main.read_text("utf-8"))
        main.write_text(f"{text}\nremote_write: [{{url: '{victoria.url}/api/v1/write'}}]\n", "utf-8")
        for path in (folder / "rules").glob("*.yml"):
            path.write_text(re.sub(r"\bfor: \w+", "for: 1s", path.read_text("utf-8")), "utf-8")

    server = prometheus(int(province.url.rpartition(":")[2]), hurried)
    return Wall(Datasource(server.url), province.choices)


def counted(**units: int) -> dict[str, float]:
    """So many units in these states, and none in another but those without a device."""
    return {"Up": 0, "Down": 0, "Unknown": 0, "Unmonitored": OF_THE_REGISTER - UNITS, **units}


def test_every_board_is_answered_in_every_state(
    province: Province, wall: Wall, victoria: Datasource
) -> None:
    all_is_well(wall)
    an_area_is_down(province, wall)
    the_poller_is_blind(province, wall)
    all_is_up_again_and_settled(province, wall)
    nothing_stays_empty(wall)
    nothing_is_asked_for_that_is_not_there(province)
    another_datasource_says_the_same(wall, victoria)


def all_is_well(wall: Wall) -> None:
    until(lambda: wall.units() == counted(Up=UNITS), f"{UNITS} units are up", 120)
    light = ("netwatch_optical_receive_power_dbm", "netwatch_device_stations")
    for metric in light:  # of the first polls and surveys
        until(lambda metric=metric: wall.source.instant(metric, time.time()), metric, 120)
    wall.look(WELL)
    assert wall.panel("province", "What the poller can see", "B") == {(): 0}
    assert not wall.panel("province", "What the poller can see", "A")
    assert wall.number("province", "Of the register") == OF_THE_REGISTER
    assert wall.number("unit", "${unit:text}", "gateway") == 0
    assert wall.number("unit", "${unit:text}", "without") == -1


def an_area_is_down(province: Province, wall: Wall) -> None:
    """All routers that connect it are dead, and a port of a switch elsewhere is down."""
    lost = len(province.struck)
    province.say(f"fault port-down {province.spared.switch} port={SWITCH_PORT}")
    for router in sorted(province.routers):
        province.say(f"fault hang {router}")
    until(lambda: wall.units() == counted(Up=UNITS - lost, Down=lost), f"{lost} units are down", 90)
    until(lambda: len(wall.panel("province", "Down now", "C")) == lost, "their root is told")
    until(lambda: wall.panel("province", "Firing alerts"), "alerts fire")
    until(lambda: wall.panel("switch", "Ports that changed", who="two"), "the port is seen to be down")
    wall.look(DOWN)
    roots = {dict(series)["root"] for series in wall.panel("area", "Down now", "C", "area")}
    assert roots <= province.routers
    assert {dict(series)["unit"] for series in wall.panel("area", "Down now", "A", "area")} == {
        office.unit for office in province.struck
    }
    assert wall.number("area", "Down", "area") == lost
    assert wall.number("area", "Up", "area") == 0
    assert wall.number("area", "Down", "gateway") == 0
    assert wall.number("unit", "${unit:text}", "area") == 2
    assert wall.panel("province", "Areas over time")[("area", province.area),] == 2
    for router in sorted(province.routers):
        province.say(f"restore {router}")
    until(lambda: wall.units() == counted(Up=UNITS), "all are up again", 90)


def the_poller_is_blind(province: Province, wall: Wall) -> None:
    """Nothing is known of any unit, and none is said to be down."""
    province.say("fault way-out-cut")
    until(lambda: wall.units() == counted(Unknown=UNITS), "all units are unknown", 90)
    wall.look(BLIND)
    blind = wall.panel("province", "What the poller can see", "A")
    assert {dict(path)["path"] for path in blind} == {"default", "vnpt", "viettel", "fpt"}
    assert not wall.panel("province", "What the poller can see", "B")
    assert not wall.panel("province", "Down now", "A")
    assert wall.number("unit", "${unit:text}", "area") == 1
    province.say("restore poller")
    until(lambda: wall.units() == counted(Up=UNITS), "all units are up again", 90)


def all_is_up_again_and_settled(province: Province, wall: Wall) -> None:
    """Why they were down is known, and what the claims come to."""
    until(lambda: wall.panel("unit", "The last outage", who="area"), "the outage is settled", SETTLED)
    (last,) = wall.panel("unit", "The last outage", who="area")
    assert dict(last)["cause"] == "upstream"
    until(lambda: wall.number("claims", "Verdict", "area") == -1, "a claim does not hold", SETTLED)
    share = UNITS / OF_THE_REGISTER
    until(lambda: wall.number("claims", "Lower bound", "gateway") == share, "every unit was seen up", SETTLED)
    assert wall.number("claims", "Verdict", "gateway") == 1
    assert wall.number("claims", "Upper bound", "area") == (OF_THE_REGISTER - 1) / OF_THE_REGISTER
    verdicts = wall.panel("claims", "Units by verdict", who="area")
    assert verdicts[("verdict", "refuted"),] == 1
    assert verdicts[("verdict", "unmonitored"),] == OF_THE_REGISTER - UNITS
    wall.look(AFTER)
    assert 0 < wall.number("unit", "Availability, lower bound", "area") < 1
    assert round(wall.number("unit", "Outages", "area")) == 1


def nothing_stays_empty(wall: Wall) -> None:
    """Each query has something to show in its state, and those that are for a bad day nothing before."""
    every = {question.place for _, question in wall.asked(time.time())}
    due = {place: state for state, places in LATER.items() for place in places}
    assert due.keys() | NEVER.keys() <= every
    missing = {
        (place, state)
        for place in every - NEVER.keys()
        if place not in wall.brought[state := due.get(place, WELL)]
    }
    assert not missing
    assert not wall.brought[WELL] & (LATER[DOWN] | LATER[BLIND])
    assert not set.union(*wall.brought.values()) & NEVER.keys()


def nothing_is_asked_for_that_is_not_there(province: Province) -> None:
    pages = "\n".join(fetch(province.url + path) for path in ("/metrics", "/metrics/devices"))
    there = set(re.findall(r"^(\w+)[{ ]", pages, re.MULTILINE)) | BY_PROMETHEUS
    asked = {selector.name for board in BOARDS.values() for _, _, selector, *_ in selected(board)}
    assert asked - there == NOT_HERE.keys()


BY_CHANCE = re.compile(r"topk\(\d")
"""Of several series alike any may be among so many."""

RECKONED_OTHERWISE = re.compile(r"\b(rate|increase|changes|resets|histogram_quantile)\b")
"""MetricsQL reckons with the value before a window, and does not extrapolate."""


def another_datasource_says_the_same(wall: Wall, victoria: Datasource) -> None:
    """The same series to the same questions; the same values too, where the languages reckon alike."""
    at = time.time()
    newest = 'max(timestamp(up{job="netwatch"}))'
    until(lambda: all(v >= at for v in victoria.instant(newest, time.time() - 1).values()), "all is there")
    for _, question in wall.asked(at):
        ours, theirs = (question.ask(source, at) for source in (wall.source, victoria))
        if BY_CHANCE.search(question.expr):
            assert bool(ours) == bool(theirs), question
        elif "changes(" in question.expr:
            assert ours.keys() <= theirs.keys(), question  # a series' first value is a change there
        else:
            assert ours.keys() == theirs.keys(), question
            if not RECKONED_OTHERWISE.search(question.expr):
                wrong = {series for series, value in ours.items() if not math.isclose(value, theirs[series])}
                assert not wrong, question
