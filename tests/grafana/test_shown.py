"""What the panels show of a small province: promtool evaluates their queries in Prometheus' own engine.

Two registers have units of the same code, two pollers watch the same unit, of which one sees nothing, and one
unit was watched once: none of it may break a join, or be counted.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest
from board_promtool import asked as asked_of, board, evaluate, expected, group
from board_reading import filled

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CHOICE = {
    "register": "r",
    "area": ".*",
    "unit": "2",
    "device": "sw1",
    "port": "ether1",
    "claim": "c",
}
asked = partial(asked_of, CHOICE)

SERIES = """
netwatch_build_info{poller="p", version="1"} = 1
netwatch_unit_info{poller="p", unit="1", register="r", name="Xã Một", kind="xã", area="A"} = 1
netwatch_unit_info{poller="p", unit="2", register="r", name="Xã Hai", kind="xã", area="A"} = 1
netwatch_unit_info{poller="p", unit="3", register="r", name="Xã Ba", kind="xã", area="B"} = 1
netwatch_unit_info{poller="p", unit="4", register="r", name="Xã Bốn", kind="xã", area="B"} = 1
netwatch_unit_info{poller="p", unit="2", register="other", name="Sở Hai", kind="sở", area="A"} = 1
netwatch_unit_info{poller="p", unit="9", register="other", name="Sở Chín", kind="sở", area="A"} = 1
netwatch_unit_info{poller="q", unit="1", register="r", name="Xã Một", kind="xã", area="A"} = 1
netwatch_unit_info{poller="q", unit="2", register="r", name="Xã Hai", kind="xã", area="A"} = 1
netwatch_device_info{poller="p", device="gw1", unit="1", role="uplink"} = 1
netwatch_device_info{poller="p", device="sw1", unit="1", role="switch"} = 1
netwatch_device_info{poller="p", device="gw2", unit="2", role="uplink"} = 1
netwatch_device_info{poller="p", device="gw3", unit="3", role="uplink"} = 1
netwatch_device_info{poller="p", device="gw9", unit="9", role="uplink"} = 1
netwatch_device_info{poller="q", device="gw1", unit="1", role="uplink"} = 1
netwatch_unit_state{poller="p", unit="1", area="A", state="up"} = 1
netwatch_unit_state{poller="p", unit="1", area="A", state="down"} = 0
netwatch_unit_state{poller="p", unit="1", area="A", state="unknown"} = 0
netwatch_unit_state{poller="p", unit="2", area="A", state="up"} = 0
netwatch_unit_state{poller="p", unit="2", area="A", state="down"} = 1
netwatch_unit_state{poller="p", unit="2", area="A", state="unknown"} = 0
netwatch_unit_state{poller="p", unit="3", area="B", state="up"} = 0
netwatch_unit_state{poller="p", unit="3", area="B", state="down"} = 0
netwatch_unit_state{poller="p", unit="3", area="B", state="unknown"} = 1
netwatch_unit_state{poller="p", unit="4", area="B", state="up"} = 0
netwatch_unit_state{poller="p", unit="4", area="B", state="down"} = 0
netwatch_unit_state{poller="p", unit="4", area="B", state="unknown"} = 1
netwatch_unit_state{poller="p", unit="2", area="A", state="up", register="other"} = 0
netwatch_unit_state{poller="p", unit="2", area="A", state="down", register="other"} = 0
netwatch_unit_state{poller="p", unit="2", area="A", state="unknown", register="other"} = 1
netwatch_unit_state{poller="p", unit="9", area="A", state="up", register="other"} = 1
netwatch_unit_state{poller="p", unit="9", area="A", state="down", register="other"} = 0
netwatch_unit_state{poller="p", unit="9", area="A", state="unknown", register="other"} = 0
netwatch_unit_state{poller="q", unit="1", area="A", state="up"} = 0
netwatch_unit_state{poller="q", unit="1", area="A", state="down"} = 0
netwatch_unit_state{poller="q", unit="1", area="A", state="unknown"} = 1
netwatch_unit_state{poller="q", unit="2", area="A", state="up"} = 0
netwatch_unit_state{poller="q", unit="2", area="A", state="down"} = 0
netwatch_unit_state{poller="q", unit="2", area="A", state="unknown"} = 1
netwatch_unit_down_since_timestamp_seconds{poller="p", unit="2", area="A"} = 120
netwatch_unit_outage_root{poller="p", unit="2", area="A", root="core"} = 1
netwatch_unit_minutes_total{poller="p", unit="1", area="A", verdict="up"} + 1
netwatch_unit_minutes_total{poller="p", unit="1", area="A", verdict="down"} = 0
netwatch_unit_minutes_total{poller="p", unit="1", area="A", verdict="unknown"} = 0
netwatch_unit_minutes_total{poller="p", unit="2", area="A", verdict="up"} = 0
netwatch_unit_minutes_total{poller="p", unit="2", area="A", verdict="down"} + 1
netwatch_unit_minutes_total{poller="p", unit="2", area="A", verdict="unknown"} + 1
netwatch_unit_minutes_total{poller="p", unit="3", area="B", verdict="up"} = 0
netwatch_unit_minutes_total{poller="p", unit="3", area="B", verdict="down"} = 0
netwatch_unit_minutes_total{poller="p", unit="3", area="B", verdict="unknown"} + 2
netwatch_unit_minutes_total{poller="p", unit="9", area="A", verdict="up", register="other"} + 1
netwatch_unit_minutes_total{poller="p", unit="4", area="B", verdict="unknown"} + 1
netwatch_unit_minutes_total{poller="q", unit="1", area="A", verdict="up"} = 0
netwatch_unit_minutes_total{poller="q", unit="1", area="A", verdict="down"} = 0
netwatch_unit_minutes_total{poller="q", unit="1", area="A", verdict="unknown"} + 1
netwatch_unit_outages_total{poller="p", unit="2", cause="undetermined"} + 1
netwatch_unit_outages_total{poller="p", unit="2", cause="power"} = 0
netwatch_unit_blips_total{poller="p", unit="2"} = 0
netwatch_unit_last_outage_info{poller="p", unit="2", cause="power", start="S", end="E"} = 1
netwatch_unit_criterion{poller="p", unit="2", criterion="fibre"} = -1
netwatch_unit_criterion{poller="p", unit="2", criterion="internet"} = 1
netwatch_unit_criterion{poller="p", unit="1", criterion="fibre"} = 1
netwatch_device_state{poller="p", device="gw1", unit="1", role="uplink", state="up"} = 1
netwatch_device_state{poller="p", device="gw2", unit="2", role="uplink", state="up"} = 0
netwatch_device_state{poller="p", device="gw2", unit="2", role="uplink", state="down"} = 1
netwatch_device_state{poller="p", device="gw2", unit="2", role="uplink", state="unknown"} = 0
netwatch_echo_loss_ratio{poller="p", device="gw1", unit="1"} = 0.25
netwatch_echo_loss_ratio{poller="p", device="gw9", unit="9"} = 0.5
netwatch_path_blind{poller="p", path="vnpt"} = 0
netwatch_mass_outage_units{poller="p"} = 7
ALERTS{alertname="NetwatchUnitDown",alertstate="firing",severity="warning",area="A",unit="2"} = 1
ALERTS{alertname="NetwatchUnitDown",alertstate="firing",severity="warning",area="A",unit="8"} = 1
ALERTS{alertname="NetwatchPathBlind",alertstate="firing",severity="critical",area="P",path="a"} = 1
ALERTS{alertname="NetwatchPathBlind",alertstate="firing",severity="critical",area="P",path="b"} = 1
ALERTS{alertname="NetwatchUpstreamDown",alertstate="firing",severity="critical",area="A",root="core"} = 1
ALERTS{alertname="NetwatchCoreDown",alertstate="firing",severity="warning",unit="none",device="c"} = 1
ALERTS{alertname="NetwatchBudgetSpent",alertstate="firing",severity="ticket",area="B",unit="3"} = 1
ALERTS{alertname="NetwatchWatchdog",alertstate="firing",severity="none",area="P"} = 1
ALERTS{alertname="Of the operator",alertstate="firing",severity="page",area="P"} = 1
ALERTS{alertname="NetwatchLate",alertstate="pending",severity="warning",area="P"} = 1
netwatch_claim_info{poller="p", claim="c", document="D", date="2017-12-22", register="r"} = 1
netwatch_claim_statement{poller="p", claim="c", language="vi", statement="Cáp quang"} = 1
netwatch_claim_statement{poller="p", claim="c", language="en", statement="Fibre"} = 1
netwatch_claim_statement{poller="q", claim="c", language="en", statement="Fibre"} = 1
netwatch_claim_statement{poller="p", claim="d", language="vi", statement="Thư điện tử"} = 1
netwatch_claim_declared_ratio{poller="p", claim="c"} = 1
netwatch_claim_ratio{poller="p", claim="c", bound="lower"} = 0.25
netwatch_claim_ratio{poller="p", claim="c", bound="upper"} = 0.75
netwatch_claim_verdict{poller="p", claim="c", verdict="holds"} = 0
netwatch_claim_verdict{poller="p", claim="c", verdict="does_not_hold"} = 1
netwatch_claim_verdict{poller="p", claim="c", verdict="undetermined"} = 0
netwatch_claim_units{poller="p", claim="c", verdict="verified"} = 1
netwatch_claim_units{poller="p", claim="c", verdict="refuted"} = 2
netwatch_claim_units{poller="p", claim="c", verdict="unmonitored"} = 3
netwatch_claim_unit_verdict{poller="p", claim="c", unit="1", register="r", verdict="verified"} = 1
netwatch_claim_unit_verdict{poller="p", claim="c", unit="7", register="r", verdict="unmonitored"} = 1
"""
"""A small province, sampled once a minute for an hour; `+ n` grows by n a minute."""

PROVINCE = {
    "What the poller can see B": {"{}": 0},
    "Down A": {"{}": 1},
    "Unknown A": {"{}": 1},
    "Up A": {"{}": 1},
    "Unmonitored A": {"{}": 1},
    "Of the register A": {"{}": 4},
    "Areas over time A": {'{area="A"}': 2, '{area="B"}': 1},
    "Down now B": {'{unit="2"}': 120000},
    "Down now C": {'{unit="2",root="core"}': 1},
    "Firing alerts A": {
        '{alertname="NetwatchUnitDown",area="A",unit="2",name="Xã Hai"}': 2,
        '{alertname="NetwatchUnitDown",area="A",unit="8"}': 2,
        '{alertname="NetwatchPathBlind",area="P",path="a",name="a"}': 1,
        '{alertname="NetwatchPathBlind",area="P",path="b",name="b"}': 1,
        '{alertname="NetwatchUpstreamDown",area="A",root="core",name="core"}': 1,
        '{alertname="NetwatchCoreDown",unit="none",device="c",name="c"}': 2,
        '{alertname="NetwatchBudgetSpent",area="B",unit="3",name="Xã Ba"}': 3,
        '{alertname="Of the operator",area="P"}': 4,
    },
    "Loss: the worst 5 A": {'{device="gw1",unit="1",name="Xã Một"}': 0.25},
    "Claims and evidence A": {'{claim="c"}': 1},
    "Claims and evidence B": {'{claim="c"}': 0.25},
    "Claims and evidence C": {'{claim="c"}': 0.75},
    "Claims and evidence D": {'{claim="c"}': -1},
    "Claims and evidence E": {'{claim="c",statement="Fibre"}': 1, '{claim="d",statement="Thư điện tử"}': 1},
}

AREA = {
    "Down A": {"{}": 1},
    "Each unit over time A": {
        '{unit="1",area="A",name="Xã Một"}': 0,
        '{unit="2",area="A",name="Xã Hai"}': 2,
        '{unit="3",area="B",name="Xã Ba"}': 1,
    },
    "Each unit B": {'{unit="1"}': 1, '{unit="2"}': 0, '{unit="3"}': 0},
    "Each unit C": {'{unit="1"}': 1, '{unit="2"}': 0.5, '{unit="3"}': 1},
    "Each unit D": {'{unit="2"}': 60},
    "Availability, lower bound A": {"{}": 0.2},
    "Availability, upper bound A": {"{}": 0.8},
    "Outages A": {"{}": 60},
    "Blips A": {"{}": 0},
    "Loss: the worst 10 A": {'{device="gw1",unit="1",name="Xã Một"}': 0.25},
}

UNIT = {
    "${unit:text} A": {'{unit="2"}': 2},
    "Availability, lower bound A": {"{}": 0},
    "Availability, upper bound A": {"{}": 0.5},
    "Outages A": {"{}": 60},
    "Blips A": {"{}": 0},
    "States over time A": {'{unit="2"}': 2},
    "States over time B": {'{device="gw2"}': 2},
    "Hours of the last 30 days A": {"{}": 60},
    "Hours of the last 30 days B": {"{}": 60},
    "Outages by cause A": {'{cause="undetermined"}': 60, '{cause="power"}': 0},
    "The last outage A": {'{start="S",end="E",cause="power"}': 1},
    "Criteria A": {'{criterion="fibre"}': -1, '{criterion="internet"}': 1},
    "Devices B": {'{device="gw2"}': 2},
}

CLAIMS = {
    "Verdict A": {"{}": -1},
    "Declared A": {"{}": 1},
    "Lower bound A": {"{}": 0.25},
    "Upper bound A": {"{}": 0.75},
    "Units by verdict A": {'{verdict="verified"}': 1, '{verdict="refuted"}': 2, '{verdict="unmonitored"}': 3},
    "All claims D": {'{claim="c"}': -1},
    "Claimed, never observed A": {"{}": 3},
    "Units of the claim A": {
        '{register="r",unit="1",verdict="verified",name="Xã Một",area="A"}': 1,
        '{register="r",unit="7",verdict="unmonitored"}': 1,
    },
    "Criteria by unit D": {'{unit="1"}': 1, '{unit="2"}': -1},
    "Criteria by unit E": {'{unit="2"}': 1},
}

SHOWN: dict[str, Mapping[str, Mapping[str, float]]] = {
    "province": PROVINCE,
    "area": AREA,
    "unit": UNIT,
    "claims": CLAIMS,
}
"""What queries of a board have to return of that province, by panel and query."""

OF_ANOTHER_REGISTER = {"Up A": {"{}": 1}, "Unmonitored A": {"{}": 1}, "Of the register A": {"{}": 2}}
"""Unit 2 of it has no device, though a unit of the main register by that code has, and is down."""

ANNOTATED: dict[str, Mapping[str, Mapping[str, float]]] = {
    "area": {"Outage": {'{unit="2",area="A",name="Xã Hai"}': 2}, "Poller blind": {}},
    "unit": {"Outage": {'{unit="2"}': 2}, "Poller blind": {}},
    "province": {"Mass outage": {"{}": 7}},
}

BANNER = (
    # What is scraped, and what the queries of the banner make of it: blind paths, all in sight, nothing.
    ("", [{}, {}, {"{}": 2}]),
    ("netwatch_build_info = 1", [{}, {"{}": 0}, {}]),
    ('netwatch_build_info = 1\nnetwatch_path_blind{path="a"} = 0', [{}, {"{}": 0}, {}]),
    (
        'netwatch_build_info = 1\nnetwatch_path_blind{path="a"} = 0\nnetwatch_path_blind{path="b"} = 1',
        [{'{path="b"}': 1}, {}, {}],
    ),
)


def annotated(name: str) -> dict[str, str]:
    """PromQL by the name of an annotation."""
    return {each["name"]: filled(each["expr"], 15, CHOICE) for each in board(name)["annotations"]["list"]}


@pytest.mark.system
def test_queries_return_what_the_panels_say(tmp_path: Path) -> None:
    checks = [check for name, shown in SHOWN.items() for check in expected(asked(name), shown)]
    checks += expected(asked("province", register="other"), OF_ANOTHER_REGISTER)
    for name, shown in ANNOTATED.items():
        checks += expected(annotated(name), shown)
    evaluate(tmp_path, [group(SERIES, checks)])


@pytest.mark.system
def test_the_banner_is_loud_where_a_path_is_blind_and_where_nothing_is_told(tmp_path: Path) -> None:
    exprs = asked("province")
    groups = []
    for scraped, answers in BANNER:
        shown = {f"What the poller can see {ref}": answer for ref, answer in zip("ABC", answers, strict=True)}
        groups.append(group(scraped, expected(exprs, shown)))
    evaluate(tmp_path, groups)


@pytest.mark.system
def test_availability_is_missing_and_not_nan_before_a_minute_is_settled(tmp_path: Path) -> None:
    begun = """
netwatch_unit_info{unit="1", register="r", area="A"} = 1
netwatch_device_info{device="gw1", unit="1", role="uplink"} = 1
netwatch_unit_minutes_total{unit="1", area="A", verdict="up"} = 0
netwatch_unit_minutes_total{unit="1", area="A", verdict="down"} = 0
netwatch_unit_minutes_total{unit="1", area="A", verdict="unknown"} = 0
"""
    shown = {"Each unit B": {}, "Each unit C": {}, "Availability, lower bound A": {}}
    evaluate(tmp_path, [group(begun, expected(asked("area"), shown))])


@pytest.mark.system
def test_a_number_of_units_is_missing_and_not_zero_where_nothing_is_told(tmp_path: Path) -> None:
    exprs = asked("province")
    shown: dict[str, Mapping[str, float]] = {
        f"{name} A": {} for name in ("Down", "Unknown", "Up", "Unmonitored", "Of the register")
    }
    unwatched = 'netwatch_unit_info{unit="1", register="r", area="A"} = 1'
    none_watched = {"Down A": {"{}": 0}, "Up A": {"{}": 0}, "Unmonitored A": {"{}": 1}}
    watched = f"""{unwatched}
netwatch_device_info{{device="gw1", unit="1", role="uplink"}} = 1
netwatch_unit_minutes_total{{unit="1", area="A", verdict="up"}} = 0
netwatch_unit_state{{unit="1", area="A", state="up"}} = 1"""
    all_watched = {"Down A": {"{}": 0}, "Up A": {"{}": 1}, "Unmonitored A": {"{}": 0}}
    told = (("", shown), (unwatched, none_watched), (watched, all_watched))
    evaluate(tmp_path, [group(scraped, expected(exprs, wanted)) for scraped, wanted in told])
