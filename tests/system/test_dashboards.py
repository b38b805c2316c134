"""Every query of every board, asked of real datasources that the lab filled through the real daemon.

One run, five states: all is well; a whole area is down; the poller is blind; all is up again, the outage is
settled, and a claim does not hold; netwatch is gone. No query is ever refused, and each brings something
in the state that it is there for. Prometheus hands all it has on to VictoriaMetrics, which must say the same.
"""

from __future__ import annotations

import datetime as dt
import math
import os
import re
import shutil
import statistics
import time
import zoneinfo
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import yaml
from board_asking import Answer, Choice, Datasource
from board_past import dated, has_it, into_victoria
from board_reading import selected
from board_states import AFTER, BLIND, DOWN, GONE, LATER, WELL
from board_wall import BOARDS, Wall
from community_panels import data, documented
from real import NETWATCH, ROOT, Programs, Prometheus, end, fetch, order, run_to_end, until

from netwatch.inventory.registers import read_register
from netwatch.lab.plan.addresses import BENCHMARK
from netwatch.lab.plan.layout import Feature, Office, plan
from netwatch.lab.plan.sites import sites, spread
from tools.contact_sheet.past import AGO, block

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable, Sequence
    from pathlib import Path

pytestmark = [pytest.mark.system, pytest.mark.paced]

UNITS = 24
OF_THE_REGISTER = 104
SWITCH_PORT = "gi3"

SETTINGS = "states: {outage_after: 3s, settle_after: 60s}\nintervals: {snmp: 15s, survey: 5m}\n"
"""What is added to the lab's netwatch.yaml: as much faster, as far as it may be."""

SCRAPES = "5s"
"""Instead of every 15 s and 60 s; a busy machine takes more than one to answer."""

FADED = 0.5
"""Decibels that light has lost within a week."""

RECEIVED = "netwatch_optical_receive_power_dbm"

SETTLED = 60 + 60 + 60 + 20
"""Seconds after a return within which minutes and causes are settled, judged by, and scraped."""

HOLDS, FAILS = "communes-reachable-today", "fibre-quality-today"
"""Claims: a fifth of the units suffices for one; for the other a way there and back of 200 ms is too slow."""


@dataclass(frozen=True)
class Province:
    """A running lab with a daemon inside it, and the parts of its plan that the run is about."""

    url: str
    control: Path
    lab: subprocess.Popen[bytes]
    folder: Path
    struck: tuple[Office, ...]  # all units of one area
    slow: Office
    spared: Office  # its fibre ends in its gateway
    without: tuple[str, str]  # a unit without a device, by area and code

    def say(self, line: str) -> None:
        """Give the lab an order."""
        order(self.control, line)

    def anchor(self) -> None:
        """Make a head of today, as no midnight need pass in a run; the daemon finds it, and signs it."""
        ledger = str(self.folder / "lab" / "state" / "ledger.db")
        anchors = str(self.folder / "state" / "anchors")
        made = run_to_end([*NETWATCH, "anchor", "make", ledger, "--anchors", anchors])
        assert made.returncode == 0, made.stderr

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
    lab = programs.start(
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
        f"http://127.0.0.1:{port}",
        control,
        lab,
        folder,
        tuple(struck),
        slow,
        spared,
        (bare.area, bare.unit.code),
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
        if claim["name"] == FAILS:
            claim["limits"]["rtt"] = "200ms"
    (folder / "claims.yaml").write_text(yaml.safe_dump(content, allow_unicode=True), "utf-8")
    return folder


@pytest.fixture
def victoria(programs: Programs, free_port: Callable[[], int]) -> Datasource | None:
    """Where there is a package of it; Debian 12 has one."""
    if shutil.which("victoria-metrics") is None:
        return None
    port = free_port()
    programs.start(
        "victoria-metrics",
        [
            "victoria-metrics",
            f"-storageDataPath={programs.folder / 'victoria'}",
            f"-httpListenAddr=127.0.0.1:{port}",
            *("-search.latencyOffset=1s", "-search.disableCache"),
        ],
    )
    source = Datasource(f"http://127.0.0.1:{port}")
    until(lambda: fetch(f"{source.url}/health") == "OK", "VictoriaMetrics is ready")
    return source


@pytest.fixture
def wall(province: Province, victoria: Datasource | None, prometheus: Callable[..., Prometheus]) -> Wall:
    def hurried(folder: Path) -> None:
        main = folder / "prometheus.yml"
        text = re.sub(r"_(interval|timeout): \w+", rf"_\1: {SCRAPES}", main.read_text("utf-8"))
        if victoria is not None:
            text += f"\nremote_write: [{{url: '{victoria.url}/api/v1/write'}}]\n"
        main.write_text(text, "utf-8")
        for path in (folder / "rules").glob("*.yml"):
            rules = re.sub(r"\bfor: \w+", "for: 1s", path.read_text("utf-8"))
            path.write_text(re.sub(r"\binterval: \w+", f"interval: {SCRAPES}", rules), "utf-8")

    server = prometheus(int(province.url.rpartition(":")[2]), hurried)
    return Wall(Datasource(server.url), province.choices)


def counted(**units: int) -> dict[str, float]:
    """So many units in these states, and none in another but those without a device."""
    return {"Up": 0, "Down": 0, "Unknown": 0, "Unmonitored": OF_THE_REGISTER - UNITS, **units}


def test_every_board_is_answered_in_every_state(
    province: Province, wall: Wall, victoria: Datasource | None, programs: Programs
) -> None:
    all_is_well(wall)
    province.anchor()
    then = light_a_week_ago(wall, programs.folder / "tsdb", victoria)
    an_area_is_down(province, wall)
    the_poller_is_blind(province, wall)
    light_has_faded_since(then, wall)
    all_is_up_again_and_settled(province, wall)
    dashboards_of_others_draw_as_documented(wall, province.spared.gateway)
    if victoria is not None:
        has_it(victoria, RECEIVED, then)
        another_datasource_says_the_same(wall, victoria)
    netwatch_is_gone(province, wall)
    nothing_stays_empty(wall)
    nothing_is_asked_for_that_is_not_there(wall)
    if victoria is None:
        pytest.skip("asked Prometheus alone: no release of VictoriaMetrics is packaged here")


def all_is_well(wall: Wall) -> None:
    until(lambda: wall.units() == counted(Up=UNITS), f"{UNITS} units are up", 120)
    until(lambda: wall.panel("area", "Outages"), "all was scraped twice")
    for panel in ("Light", "Traffic"):
        until(lambda panel=panel: wall.panel("port", panel, who="gateway"), f"{panel} was polled twice", 120)
    until(lambda: wall.panel("switch", "Traffic of the ports", who="two"), "a switch was polled twice", 120)
    (began,) = wall.source.instant("process_start_time_seconds", time.time()).values()
    until(lambda: time.time() > began // 60 * 60 + 61, "the minute it began in is over: nothing settles that")
    wall.look(WELL)
    assert wall.panel("province", "What the poller can see", "B") == {(): 0}
    assert not wall.panel("province", "What the poller can see", "A")
    assert wall.number("province", "Of the register") == OF_THE_REGISTER
    assert wall.number("unit", "${unit:text}", "gateway") == 0
    assert wall.number("unit", "${unit:text}", "without") == -1


def light_a_week_ago(wall: Wall, data_of_prometheus: Path, victoria: Datasource | None) -> int:
    """Light that was stronger by FADED a week ago; Unix seconds of then."""
    now = int(time.time())
    rows = [
        row
        for metric, more in ((RECEIVED, FADED), ("netwatch_optical_transmit_power_dbm", 0.0))
        for row in dated(wall.source.instant(metric, now), now - AGO, more)
    ]
    block(rows, data_of_prometheus)
    if victoria is not None:
        into_victoria(rows, victoria)
    return now - AGO


def light_has_faded_since(then: int, wall: Wall) -> None:
    has_it(wall.source, RECEIVED, then)
    drifts = wall.panel("optics", "Drift against 7 days ago").values()
    assert statistics.median(drifts) == pytest.approx(-FADED, abs=0.2)


def an_area_is_down(province: Province, wall: Wall) -> None:
    """All routers that connect it are dead; elsewhere a port of a switch is down, and a loop at another."""
    lost = len(province.struck)
    province.say(f"fault port-down {province.spared.switch} port={SWITCH_PORT}")
    province.say(f"fault loop {province.slow.switch}")
    for router in sorted(province.routers):
        province.say(f"fault hang {router}")
    until(lambda: wall.units() == counted(Up=UNITS - lost, Down=lost), f"{lost} units are down", 90)
    until(lambda: len(wall.panel("province", "Down now", "C")) == lost, "their root is told")
    until(lambda: wall.panel("province", "Firing alerts"), "alerts fire")
    until(lambda: wall.panel("switch", "Ports that changed", who="two"), "the port is seen to be down")
    for panel in ("Notifications of devices by kind", "Notifications not looked at"):
        until(lambda panel=panel: wall.panel("netwatch", panel), f"{panel}: the loop is told of")
    wall.look(DOWN)
    province.say(f"restore {province.slow.switch} loop")
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
    worn = next(office for office in province.struck if Feature.SFP in office.features)
    province.say(f"fault light-false {worn.gateway}")
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
    units = {
        dict(each)["unit"]: dict(each)["verdict"]
        for each in wall.panel("claims", "Units of the claim", who="area")
    }
    assert units[province.slow.unit] == "refuted"
    counts = Counter(units.values())
    assert wall.panel("claims", "Units by verdict", who="area") == {
        (("verdict", verdict),): counts[verdict]
        for verdict in ("verified", "refuted", "undetermined", "unmonitored")
    }
    assert counts["unmonitored"] == OF_THE_REGISTER - UNITS
    assert (
        wall.number("claims", "Upper bound", "area")
        == (OF_THE_REGISTER - counts["refuted"]) / OF_THE_REGISTER
    )
    wall.look(AFTER)
    assert 0 < wall.number("unit", "Availability, lower bound", "area") < 1
    assert round(wall.number("unit", "Outages", "area")) == 1


def netwatch_is_gone(province: Province, wall: Wall) -> None:
    """Nobody measures any more, which is not for a wall to hide."""
    end(province.lab)
    until(lambda: wall.panel("province", "What the poller can see", "C"), "the wall has no data")
    wall.look(GONE)


def nothing_stays_empty(wall: Wall) -> None:
    """Each query has something to show in its state, and those that are for a bad day nothing before."""
    every = {question.place for question in wall.asked(time.time())}
    due = {place: state for state, places in LATER.items() for place in places}
    assert due.keys() <= every
    missing = {(place, state) for place in every if place not in wall.brought[state := due.get(place, WELL)]}
    assert not missing, "\n".join(map(str, sorted(missing)))
    early = wall.brought[WELL] & (LATER[DOWN] | LATER[BLIND] | LATER[GONE])
    assert not early, "\n".join(map(str, sorted(early)))


def nothing_is_asked_for_that_is_not_there(wall: Wall) -> None:
    """Every metric of a query was scraped in this run."""
    there = set(wall.source.values('{__name__!=""}', "__name__", time.time()))
    asked = {selector.name for board in BOARDS.values() for _, _, selector, *_ in selected(board)}
    assert asked <= there


BY_CHANCE = re.compile(r"(top|bottom)k\(\d")
"""Of several series alike any may be among so many."""

RECKONED_OTHERWISE = re.compile(r"\b(rate|increase|changes|resets|histogram_quantile)\b")
"""MetricsQL reckons with the value before a window, and does not extrapolate."""


def another_datasource_says_the_same(wall: Wall, victoria: Datasource) -> None:
    """The same series to the same questions; the same values too, where the languages reckon alike."""
    at = time.time() // 60 * 60  # VictoriaMetrics moves the ends of a range to whole steps
    newest = 'max(timestamp(up{job="netwatch"}))'
    until(lambda: victoria.instant(newest, time.time() - 1)[()] >= at, "it has all until then")
    different = [
        question.place
        for question in wall.asked(at)
        if not the_same(question.expr, *(question.ask(source, at) for source in (wall.source, victoria)))
    ]
    assert not different


def the_same(expr: str, ours: Answer, theirs: Answer) -> bool:
    if BY_CHANCE.search(expr):
        return bool(ours) == bool(theirs)
    if "changes(" in expr:
        return ours.keys() <= theirs.keys()  # the first value of a series is a change there
    if RECKONED_OTHERWISE.search(expr) or ours.keys() != theirs.keys():
        return ours.keys() == theirs.keys()
    # VictoriaMetrics keeps decimals, which shows where one time is taken from another.
    return all(
        math.isclose(value, theirs[series], rel_tol=1e-6, abs_tol=1e-3) for series, value in ours.items()
    )


def dashboards_of_others_draw_as_documented(wall: Wall, device: str) -> None:
    """What docs/community-dashboards.md says of each panel is what Prometheus says of a gateway."""

    def has(name: str, labels: Sequence[str]) -> bool:
        matchers = [f'instance="{device}"', *(f'{label}!=""' for label in labels)]
        return bool(wall.source.instant(f"{name}{{{','.join(matchers)}}}", time.time()))

    for panel in documented():
        assert data(panel, has) == panel.data, panel.title
