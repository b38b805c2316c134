"""Who is told, and when: every severity, kind and area, by the routes as they are shipped."""

from __future__ import annotations

import datetime as dt
import itertools
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from alert_intervals import active
from alert_sinks import sinks, until
from real_alertmanager import SHIPPED, amtool, quick, routes, running, shipped

from netwatch.inventory.load import load
from netwatch.publishing.alerts.alert import Kind, Severity

INVENTORY = load(Path(__file__).parents[2] / "config", {}, today=dt.date(2026, 11, 27))

MADE_UP = "không có"  # a severity, a kind and an area that nobody knows
SEVERITIES = (*Severity, MADE_UP)
KINDS = (*Kind, MADE_UP)
DISTINCT_AREAS = ("Văn Lâm", "Huyện Văn Lâm", "toàn tỉnh", "netwatch", MADE_UP)
BY_SEVERITY = {"critical": "on-call", "warning": "operators", "ticket": "tickets", MADE_UP: "operators"}


def areas() -> list[str]:
    """Return every area of the registers and the shipped sites, and those that alerts give by themselves."""
    units = [unit for register in INVENTORY.registers.values() for unit in register.units]
    registered = {unit.district for unit in units} | {unit.province for unit in units}
    configured = {device.area for device in INVENTORY.devices}
    return sorted((registered | configured | set(DISTINCT_AREAS)) - {""})


def expected(severity: str, kind: str, area: str) -> list[str]:
    """Return the receivers of one combination, in the order of the routes."""
    if severity == "none":
        return ["outside"]
    team = ["team-van-lam"] if area == "Văn Lâm" else []
    return [*team, "system" if kind == "netwatch" else BY_SEVERITY[severity]]


def routed(severity: str, kind: str, area: str) -> list[str]:
    """Ask amtool."""
    labels = (f"severity={severity}", f"kind={kind}", f"area={area}")
    told = amtool("config", "routes", "test", f"--config.file={SHIPPED}", *labels)
    return told.splitlines()[0].split(",")


@pytest.mark.system
def test_amtool_finds_the_receivers_of_every_severity_and_kind() -> None:
    combinations = list(itertools.product(SEVERITIES, KINDS, DISTINCT_AREAS))
    with ThreadPoolExecutor(2) as pool:
        found = list(pool.map(lambda labels: routed(*labels), combinations))
    wanted = [expected(*labels) for labels in combinations]
    assert dict(zip(combinations, found, strict=True)) == dict(zip(combinations, wanted, strict=True))


@pytest.mark.system
def test_a_real_alertmanager_does_so_for_every_area_of_the_register(tmp_path: Path) -> None:
    combinations = list(itertools.product(SEVERITIES, KINDS, areas()))
    assert len(areas()) > 15
    posted = [
        {"labels": {"alertname": "Tried", "severity": severity, "kind": kind, "area": area}}
        for severity, kind, area in combinations
    ]
    with sinks() as got, running(quick(shipped(), got), tmp_path) as alertmanager:
        alertmanager.post(posted)
        told = alertmanager.alerts()
    found = {
        tuple(alert["labels"][label] for label in ("severity", "kind", "area")): sorted(
            receiver["name"] for receiver in alert["receivers"]
        )
        for alert in told
    }
    assert found == {labels: sorted(expected(*labels)) for labels in combinations}


def leaves(route: dict[str, Any], severity: str) -> list[dict[str, Any]]:
    """Return the routes that take a severity, as they stand in the file."""
    wanted = f'severity = "{severity}"'
    return [found for found in routes(route) if wanted in found.get("matchers", ())]


@pytest.mark.parametrize(
    ("severity", "group_wait", "repeat", "hours"),
    [("critical", "30s", "4h", False), ("warning", "1m", "12h", True), ("ticket", "1m", "7d", False)],
)
def test_a_severity_has_the_same_times_for_whoever_is_told(
    severity: str, group_wait: str, repeat: str, hours: bool
) -> None:
    found = leaves(shipped()["route"], severity)
    assert len(found) == 3  # everybody's, an area's team's, netwatch's own people's
    for route in found:
        assert (route["group_wait"], route["repeat_interval"]) == (group_wait, repeat)
        assert ("active_time_intervals" in route, "mute_time_intervals" in route) == (hours, hours)


def test_a_mass_outage_is_told_each_hour_to_whoever_is_told_of_it() -> None:
    """Whom it has taken since is inhibited, and named by its next message only."""
    pages = leaves(shipped()["route"], "critical")
    assert len(pages) == 3
    for page in pages:
        (hourly,) = page["routes"]
        assert hourly == {"matchers": ['alertname = "NetwatchMassOutage"'], "repeat_interval": "1h"}


@pytest.mark.system
def test_a_mass_outage_goes_where_pages_go() -> None:
    labels = ("alertname=NetwatchMassOutage", "severity=critical", "kind=unit")
    for area, receivers in (("toàn tỉnh", "on-call"), ("Văn Lâm", "team-van-lam,on-call")):
        told = amtool("config", "routes", "test", f"--config.file={SHIPPED}", *labels, f"area={area}")
        assert told.splitlines()[0] == receivers


def test_the_watchdog_is_sent_each_minute_and_what_no_route_takes_is_never_muted() -> None:
    route = shipped()["route"]
    (watchdog,) = leaves(route, "none")
    assert watchdog is next(iter(route["routes"]))
    assert (watchdog["group_interval"], watchdog["repeat_interval"]) == ("1m", "1m")
    assert route["group_by"] == ["alertname", "area"]
    last = route["routes"][-1]
    for taker in (route, last):
        assert taker["receiver"] == "operators"
        assert not {"matchers", "active_time_intervals", "mute_time_intervals"} & set(taker)


def test_office_hours_are_those_that_netwatch_reckons_by() -> None:
    """Each day of the years that holidays.yaml names: its ends, and the minutes on both sides of a change."""
    config = shipped()
    route, *others = leaves(config["route"], "warning")
    hours = INVENTORY.hours
    years = range(min(hours.holidays).year, max(hours.holidays).year + 1)
    days = [dt.date(years[0], 1, 1) + dt.timedelta(days) for days in range(366 * len(years))]
    clocks = [dt.time(*clock) for clock in ((0, 0), (7, 29), (7, 30), (16, 59), (17, 0), (23, 59))]
    moments = [dt.datetime.combine(day, clock, hours.zone) for day in days for clock in clocks]
    wrong = [at for at in moments if active(config, route, at) != hours.contains(at.timestamp())]
    assert not [f"{at:%a %Y-%m-%d %H:%M}" for at in wrong]
    keys = ("active_time_intervals", "mute_time_intervals")
    assert all(other[key] == route[key] for other in others for key in keys)


@pytest.mark.system
def test_a_real_alertmanager_reckons_hours_where_they_are_meant(tmp_path: Path) -> None:
    """By an interval that holds now in Vietnam something is sent; by the same hours of UTC nothing is."""
    now = dt.datetime.now(INVENTORY.hours.zone)
    hours = [{"start_time": f"{now:%H:00}", "end_time": f"{min(now.hour + 2, 24):02}:00"}]
    intervals = {"here": {"times": hours, "location": "Asia/Ho_Chi_Minh"}, "utc": {"times": hours}}
    with sinks() as got:
        config = {
            "route": {
                "receiver": "here",
                "group_wait": "0s",
                "group_by": ["alertname"],
                "routes": [
                    {"receiver": name, "matchers": [f'area = "{name}"'], "active_time_intervals": [name]}
                    for name in intervals
                ],
            },
            "receivers": [
                {"name": name, "webhook_configs": [{"url": f"{got.http}/{name}"}]} for name in intervals
            ],
            "time_intervals": [
                {"name": name, "time_intervals": [interval]} for name, interval in intervals.items()
            ],
        }
        with running(config, tmp_path, zone="UTC") as alertmanager:
            alertmanager.post([{"labels": {"alertname": name, "area": name}} for name in ("utc", "here")])
            until(lambda: got.hooks)
            until(lambda: len(got.hooks) > 1, 0.5)
    assert [name for name, _ in got.hooks] == ["here"]
