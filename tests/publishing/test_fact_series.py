"""What surveys told, as metrics: for how long, and how much of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from netwatch.model.fact import Fact, FactKind, Survey
from netwatch.model.outcome import Outcome
from netwatch.publishing.exposition import Format
from netwatch.publishing.fact_series import FactExposition
from netwatch.publishing.interfaces import Limits

GOLDEN = """\
# HELP netwatch_device_stations MAC addresses that a bridge learnt at a port; none: no series.
# TYPE netwatch_device_stations gauge
netwatch_device_stations{device="gw",unit="12004",ifName="lan"} 7.0
# HELP netwatch_device_hosts Hosts behind an interface by ARP or ND; without ifName: DHCP leases.
# TYPE netwatch_device_hosts gauge
netwatch_device_hosts{device="gw",unit="12004",ifName=""} 42.0
# HELP netwatch_default_route_info A port of a default route; what it runs over, where its type says so.
# TYPE netwatch_default_route_info gauge
netwatch_default_route_info{device="gw",unit="12004",ip_version="4",ifName="wan",medium="fibre"} 1.0
# HELP netwatch_device_identity_match 1 where the device tells what is expected, 0 where something else.
# TYPE netwatch_device_identity_match gauge
netwatch_device_identity_match{device="gw",unit="12004",field="serial"} 0.0
# HELP netwatch_inside_probe_up 1 where a probe that the device runs itself was answered last, 0 where not.
# TYPE netwatch_inside_probe_up gauge
netwatch_inside_probe_up{device="gw",unit="12004",probe="noc/dns"} 1.0
# HELP netwatch_inside_probe_rtt_seconds What the last answer to a probe of the device's own took.
# TYPE netwatch_inside_probe_rtt_seconds gauge
netwatch_inside_probe_rtt_seconds{device="gw",unit="12004",probe="noc/dns"} 0.012
# HELP netwatch_device_surveyed_timestamp_seconds Unix time at which the device last answered a survey.
# TYPE netwatch_device_surveyed_timestamp_seconds gauge
netwatch_device_surveyed_timestamp_seconds{device="gw",unit="12004"} 1.70000004e+09
"""

FACTS = (
    (FactKind.DEFAULT_ROUTE, "4", None, "wan"),
    (FactKind.MEDIUM, "wan", 24.0, "fibre"),
    (FactKind.STATIONS, "lan", 7.0, ""),
    (FactKind.HOSTS, "", 42.0, ""),
    (FactKind.IDENTITY, "serial", 0.0, "X"),
    (FactKind.INSIDE_PROBE, "noc/dns", 1.0, "answered"),
    (FactKind.INSIDE_RTT, "noc/dns", 0.012, ""),
    (FactKind.LIGHT, "wan", -12.0, ""),
)


def surveyed(world: Any, *facts: tuple[Any, ...], after: float = 0.0, **changes: Any) -> Survey:
    at = world.T0 + after
    told = tuple(Fact(at, "gw", kind, subject, value, text, "") for kind, subject, value, text in facts)
    values: dict[str, Any] = {
        "device": "gw",
        "at": at,
        "outcome": Outcome.ANSWERED,
        "duration": 1.0,
        "facts": told,
    }
    return Survey(**(values | changes))


def names(world: Any, exposition: FactExposition) -> set[str]:
    return {name for name, _ in world.samples(exposition.pieces)}


def test_a_survey_is_exported(world: Any) -> None:
    exposition = FactExposition(3600.0)
    exposition.observe(world.device(), surveyed(world, *FACTS))
    assert b"".join(exposition.pieces(Format.TEXT_0_0_4)).decode() == GOLDEN
    assert len(world.samples(exposition.pieces)) == 7


@pytest.mark.parametrize(
    ("facts", "medium"),
    [
        ([("medium", "wan", 24.0, "fibre")], "fibre"),
        ([], ""),
        ([("runs_over", "wan", None, "p1"), ("medium", "p1", 24.0, "fibre")], "fibre"),
        (
            [
                ("runs_over", "wan", None, "p1"),
                ("runs_over", "wan", None, "p2"),
                ("medium", "p1", 24.0, "fibre"),
            ],
            "",
        ),
        (
            [
                ("runs_over", "wan", None, "p1"),
                ("runs_over", "wan", None, "p2"),
                ("medium", "p1", 24.0, "fibre"),
                ("medium", "p2", 30.0, "copper"),
            ],
            "",
        ),
    ],
)
def test_a_route_has_the_medium_of_all_the_ports_that_it_runs_over(
    world: Any, facts: list[tuple[Any, ...]], medium: str
) -> None:
    exposition = FactExposition(3600.0)
    told = [(FactKind(kind), *rest) for kind, *rest in facts]
    exposition.observe(world.device(), surveyed(world, (FactKind.DEFAULT_ROUTE, "4", None, "wan"), *told))
    found = [
        dict(about)["medium"]
        for name, about in world.samples(exposition.pieces)
        if name == "netwatch_default_route_info"
    ]
    assert found == [medium]


@pytest.mark.parametrize(("age", "exported"), [(0.0, True), (8999.0, True), (9000.0, False), (1e9, False)])
def test_a_fact_is_exported_while_younger_than_two_and_a_half_surveys(
    world: Any, age: float, exported: bool
) -> None:
    """The time of the last survey stays."""
    exposition = FactExposition(3600.0)
    exposition.observe(world.device(), surveyed(world, *FACTS))
    exposition.expire(world.T0 + age)
    assert (len(world.samples(exposition.pieces)) == 7) is exported
    assert "netwatch_device_surveyed_timestamp_seconds" in names(world, exposition)


def test_a_survey_replaces_what_it_asked_and_leaves_what_it_did_not(world: Any) -> None:
    exposition = FactExposition(3600.0)
    exposition.observe(world.device(), surveyed(world, *FACTS))
    exposition.observe(world.device(), surveyed(world, after=3600.0, failed=("stations",)))
    assert names(world, exposition) == {
        "netwatch_device_stations",
        "netwatch_device_surveyed_timestamp_seconds",
    }
    exposition.observe(world.device(), surveyed(world, after=7200.0, outcome=Outcome.TIMEOUT))
    assert "netwatch_device_stations" in names(world, exposition)
    exposition.expire(world.T0 + 9000.0)
    assert names(world, exposition) == {"netwatch_device_surveyed_timestamp_seconds"}


def test_a_device_that_is_configured_anew_keeps_its_facts_under_new_labels(world: Any) -> None:
    exposition = FactExposition(3600.0)
    exposition.observe(world.device(), surveyed(world, *FACTS))
    moved = world.device(unit="12007")
    exposition.observe(moved, surveyed(world, after=60.0, failed=("stations", "hosts", "routes", "probes")))
    units = {dict(about)["unit"] for _, about in world.samples(exposition.pieces)}
    assert units == {"12007"}
    assert "netwatch_device_stations" in names(world, exposition)


def test_a_device_that_is_watched_no_longer_is_forgotten(world: Any) -> None:
    exposition = FactExposition(3600.0)
    exposition.observe(world.device(), surveyed(world, *FACTS))
    exposition.forget("gw")
    exposition.forget("never seen")
    assert exposition.pieces(Format.TEXT_0_0_4) == []


def test_rows_above_the_cap_and_twins_are_refused_and_counted(world: Any) -> None:
    exposition = FactExposition(3600.0, Limits(rows=3, label=5))
    stations = [(FactKind.STATIONS, f"{number}", 1.0, "") for number in range(5)]
    twins = [(FactKind.HOSTS, f"Vlan-{number}", 1.0, "") for number in range(2)]
    exposition.observe(world.device(), surveyed(world, *stations, *twins, refused=(("too many rows", 1),)))
    assert len(world.samples(exposition.pieces)) == 5
    assert exposition.refused == {"too many rows exported": 2, "duplicate row": 1, "too many rows": 1}


@given(
    facts=st.lists(
        st.tuples(st.sampled_from(FactKind), st.text(), st.none() | st.floats(allow_nan=False), st.text())
    )
)
def test_whatever_a_device_tells_the_exposition_parses(world: Any, facts: list[tuple[Any, ...]]) -> None:
    exposition = FactExposition(3600.0)
    exposition.observe(world.device(), surveyed(world, *facts))
    assert len(world.samples(exposition.pieces)) >= 1
