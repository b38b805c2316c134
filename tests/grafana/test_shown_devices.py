"""What the boards about devices show: promtool evaluates their queries in Prometheus' own engine.

Two pollers watch the same switch; two of its rows have the same name, one is shut down, one has flapped;
ports without light, without a threshold and without a contract stand beside those that have them. None of it
may break a join, or be counted twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from board_promtool import asked, evaluate, expected, group

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

CHOICE = {
    "register": "r",
    "device": "sw1",
    "port": "te1",
    "unit": ".*",
    "area": ".*",
    "owner": "1",
    "poller": ".*",
}

GI1, GI2, TE1 = (
    f'unit="1", ifIndex="{index}", ifName="{name}", ifAlias="{alias}", ifDescr="d{index}"'
    for index, name, alias in ((1, "gi1", "desk"), (2, "gi1", "desk"), (3, "te1", "uplink"))
)


def port(poller: str) -> str:
    """What one poller tells of the switch and its ports."""
    p = f'poller="{poller}", device="sw1"'
    return f"""
netwatch_device_info{{{p}, unit="1", area="A", role="switch", address="192.0.2.1", profile="x", via="v"}} = 1
netwatch_device_identity_info{{{p}, unit="1", vendor="V", model="M", serial="S", firmware="F"}} = 1
netwatch_device_state{{{p}, unit="1", role="switch", state="up"}} = 1
netwatch_device_uptime_seconds{{{p}, unit="1"}} = 600
netwatch_interfaces{{{p}, unit="1", status="up"}} = 2
netwatch_snmp_polls_total{{{p}, unit="1", outcome="answered"}} + 1
netwatch_snmp_last_success_timestamp_seconds{{{p}, unit="1"}} = 3000
netwatch_snmp_poll_duration_seconds{{{p}, unit="1"}} = 0.5
netwatch_device_fan_ok{{{p}, unit="1", sensor="Fan 1"}} = 0
netwatch_device_power_supply_ok{{{p}, unit="1", sensor="PSU 1"}} = 1
netwatch_device_cpu_ratio{{{p}, unit="1", sensor="1"}} = 0.25
netwatch_poe_consumed_watts{{{p}, unit="1", sensor="1"}} = 10
netwatch_poe_consumed_watts{{{p}, unit="1", sensor="2"}} = 20
netwatch_device_stations{{{p}, unit="1", ifName="gi1"}} = 2
netwatch_device_hosts{{{p}, unit="1"}} = 7
sysUpTime{{{p}, unit="1"}} = 60000
ifOperStatus{{{p}, {GI1}}} = 1
ifOperStatus{{{p}, {GI2}}} = 2
ifAdminStatus{{{p}, {GI1}}} = 1
ifAdminStatus{{{p}, {GI2}}} = 2
ifAdminStatus{{{p}, {TE1}}} = 1
ifHighSpeed{{{p}, {GI1}}} = 1000
ifHighSpeed{{{p}, {GI2}}} = 1000
ifHighSpeed{{{p}, {TE1}}} = 10000
ifLastChange{{{p}, {GI1}}} = 0
ifLastChange{{{p}, {GI2}}} = 4294961296
ifLastChange{{{p}, {TE1}}} = 54000
ifHCInOctets{{{p}, {GI1}}} + 7500
ifHCInOctets{{{p}, {GI2}}} = 0
ifHCInOctets{{{p}, {TE1}}} + 15000000
ifHCOutOctets{{{p}, {TE1}}} + 7500000
ifInErrors{{{p}, {GI1}}} + 1
ifOutErrors{{{p}, {GI1}}} + 2
ifInErrors{{{p}, {TE1}}} = 0
ifOutErrors{{{p}, {TE1}}} = 0
ifOutDiscards{{{p}, {TE1}}} + 3
ifHCInUcastPkts{{{p}, {TE1}}} + 600
netwatch_uplink_info{{{p}, unit="1", ifName="te1", medium="fibre", provider="P", circuit="C"}} = 1
netwatch_uplink_contracted_bits_per_second{{{p}, unit="1", ifName="te1", medium="fibre", provider="P",\
 circuit="C"}} = 10000000
netwatch_optical_receive_power_dbm{{{p}, unit="1", ifName="te1", lane="1"}} = -20
netwatch_optical_receive_power_dbm{{{p}, unit="1", ifName="te1", lane="2"}} = -25
netwatch_optical_receive_power_low_alarm_dbm{{{p}, unit="1", ifName="te1", lane="1"}} = -27
netwatch_optical_receive_power_low_alarm_dbm{{{p}, unit="1", ifName="te1", lane="2"}} = -27
netwatch_optical_transmit_power_dbm{{{p}, unit="1", ifName="te1", lane="1"}} = -5
"""


LIGHT = """
netwatch_unit_info{poller="p", unit="1", register="r", name="Xã Một", area="A"} = 1
netwatch_unit_info{poller="q", unit="1", register="r", name="Xã Một", area="A"} = 1
netwatch_unit_info{poller="p", unit="1", register="other", name="Sở Một", area="A"} = 1
netwatch_unit_info{poller="p", unit="2", register="r", name="Xã Hai", area="B"} = 1
netwatch_device_info{poller="p", device="gw2", unit="2", area="B"} = 1
netwatch_device_info{poller="p", device="olt", unit="", area="B"} = 1
netwatch_optical_receive_power_dbm{poller="p", device="gw2", unit="2", ifName="sfp1"} = -30
netwatch_optical_receive_power_low_alarm_dbm{poller="p", device="gw2", unit="2", ifName="sfp1"} = -27
netwatch_optical_receive_power_low_warning_dbm{poller="p", device="gw2", unit="2", ifName="sfp1"} = -25
netwatch_optical_receive_power_dbm{poller="p", device="gw2", unit="2", ifName="sfp2"} = -20
netwatch_optical_receive_power_dbm{poller="p", device="forgotten", unit="2", ifName="sfp1"} = -9
netwatch_onu_online{poller="p", device="olt", unit="", onu="a"} = 1
netwatch_onu_online{poller="p", device="olt", unit="", onu="b"} = 0
netwatch_onu_online{poller="p", device="olt", unit="", onu="c"} = 1
netwatch_onu_receive_power_dbm{poller="p", device="olt", unit="", onu="a"} = -21
"""
"""Light below its threshold, light without one, light of a device that is watched no longer, and an OLT."""

SERIES = port("p") + port("q") + LIGHT

MOVED = [
    *(
        {"series": f'ifOperStatus{{poller="{poller}", device="sw1", {TE1}}}', "values": "1x29 2x9 1x30"}
        for poller in ("p", "q")
    ),
    {"series": 'netwatch_device_uptime_seconds{poller="p", device="other"}', "values": "600+60x29 0+60x40"},
]
"""A port that was lost for ten minutes, and a device that was restarted once."""

PORTS_B = '{ifIndex="%s",ifName="%s"}'

SWITCH: Mapping[str, Mapping[str, float]] = {
    "$device A": {'{device="sw1"}': 0},
    "Uptime A": {"{}": 600},
    "Restarts A": {"{}": 0},
    "Ports up A": {"{}": 2},
    "Last SNMP answer A": {"{}": 3000000},
    "Identity A": {'{device="sw1",role="switch",area="A",address="192.0.2.1",profile="x",via="v"}': 1},
    "Identity B": {'{device="sw1",vendor="V",model="M",serial="S",firmware="F"}': 1},
    "CPU A": {'{sensor="1"}': 0.25},
    "Fans and power supplies A": {'{sensor="Fan 1"}': 0},
    "Fans and power supplies B": {'{sensor="PSU 1"}': 1},
    "Power over Ethernet A": {"{}": 30},
    "Power over Ethernet B": {},
    "Ports A": {
        '{device="sw1",ifIndex="1",ifName="gi1",ifAlias="desk",ifDescr="d1"}': 1,
        '{device="sw1",ifIndex="2",ifName="gi1",ifAlias="desk",ifDescr="d2"}': 8,
        '{device="sw1",ifIndex="3",ifName="te1",ifAlias="uplink",ifDescr="d3"}': 1,
    },
    "Ports B": {PORTS_B % (1, "gi1"): 1e9, PORTS_B % (2, "gi1"): 1e9, PORTS_B % (3, "te1"): 1e10},
    "Ports C": {PORTS_B % (1, "gi1"): 1000, PORTS_B % (2, "gi1"): 0, PORTS_B % (3, "te1"): 2e6},
    "Ports D": {PORTS_B % (3, "te1"): 1e6},
    "Ports E": {PORTS_B % (1, "gi1"): 180, PORTS_B % (3, "te1"): 0},
    "Ports F": {},
    "Ports G": {'{ifName="te1"}': -25},
    "Ports H": {
        '{device="sw1",ifIndex="1",ifName="gi1"}': 600,
        '{device="sw1",ifIndex="2",ifName="gi1"}': 660,
        '{device="sw1",ifIndex="3",ifName="te1"}': 60,
    },
    "Traffic of the ports A": {'{device="sw1",ifName="gi1"}': 1000, '{device="sw1",ifName="te1"}': 2e6},
    "Errors B": {'{device="sw1",ifName="gi1"}': 2, '{device="sw1",ifName="te1"}': 0},
    "Ports that changed A": {'{device="sw1",ifName="te1"}': 1},
    "Changes by port A": {'{device="sw1",ifName="te1"}': 2},
    "Changes by port B": {'{device="sw1",ifName="te1"}': 60},
    "SNMP polls by outcome A": {'{outcome="answered"}': 2},
    "Duration of SNMP polls A": {'{poller="p"}': 0.5, '{poller="q"}': 0.5},
    "Behind the ports A": {'{device="sw1",ifName="gi1"}': 2},
    "Behind the ports B": {'{device="sw1"}': 7},
}


PORT: Mapping[str, Mapping[str, float]] = {
    "$device · $port A": {'{device="sw1",ifName="te1"}': 1},
    "In this state for A": {'{device="sw1",ifName="te1"}': 60},
    "Changes of state A": {"{}": 2},
    "Speed of the port A": {"{}": 1e10},
    "Weakest received light A": {"{}": -25},
    "Port and line A": {'{device="sw1",unit="1",ifName="te1",ifIndex="3",ifAlias="uplink",ifDescr="d3"}': 1},
    "Port and line B": {'{device="sw1",ifName="te1",medium="fibre",provider="P",circuit="C"}': 1},
    "Port and line C": {'{device="sw1",ifName="te1",medium="fibre",provider="P",circuit="C"}': 1e7},
    "Traffic A": {"{}": 2e6},
    "Traffic B": {"{}": 1e6},
    "Traffic C": {"{}": 1e7},
    "Utilisation A": {"{}": 0.2},
    "Utilisation B": {"{}": 0.1},
    "Errors A": {'{device="sw1",ifName="te1"}': 0},
    "Discards B": {'{device="sw1",ifName="te1"}': 3},
    "Packets A": {"{}": 10},
    "Light A": {"{}": -25},
    "Light B": {"{}": -5},
    "Light C": {"{}": -27},
    "Each lane A": {
        '{device="sw1",ifName="te1",lane="1"}': -20,
        '{device="sw1",ifName="te1",lane="2"}': -25,
    },
    "Each lane C": {
        '{device="sw1",ifName="te1",lane="1"}': 7,
        '{device="sw1",ifName="te1",lane="2"}': 2,
    },
}

NO_LINE: Mapping[str, Mapping[str, float]] = {
    "Port and line B": {},
    "Traffic C": {},
    "Utilisation A": {"{}": 1e-6},
    "Light A": {},
}
"""Of a port that is no line: what it carries is a share of its own speed."""

TE1_LANES = '{device="sw1",unit="1",ifName="te1",lane="%s"}'
SFP1 = '{device="gw2",unit="2",ifName="sfp1"}'
OPTICS: Mapping[str, Mapping[str, float]] = {
    "Below the alarm threshold A": {"{}": 1},
    "Below the warning threshold A": {"{}": 1},
    "Ports with light A": {"{}": 3},
    "Without a threshold A": {"{}": 1},
    "Worst margins A": {SFP1: -3, TE1_LANES % 2: 2, TE1_LANES % 1: 7},
    "Worst margins B": {SFP1: -30, TE1_LANES % 2: -25, TE1_LANES % 1: -20},
    "Worst margins C": {SFP1: -27, TE1_LANES % 2: -27, TE1_LANES % 1: -27},
    "Worst margins D": {TE1_LANES % 1: -5},
    "Worst margins E": {
        '{device="gw2",unit="2",ifName="sfp1",name="Xã Hai"}': 1,
        '{device="sw1",unit="1",ifName="te1",lane="1",name="Xã Một"}': 1,
        '{device="sw1",unit="1",ifName="te1",lane="2",name="Xã Một"}': 1,
    },
    "Received light over time A": {
        '{device="gw2",ifName="sfp1"}': -30,
        '{device="gw2",ifName="sfp2"}': -20,
        '{device="sw1",ifName="te1"}': -25,
    },
    "Drift against 7 days ago A": {},
    "ONUs offline by OLT A": {'{device="olt"}': 1},
    "Weakest ONUs, and those offline A": {'{device="olt",onu="a"}': -21},
    "Weakest ONUs, and those offline B": {'{device="olt",onu="a"}': 1, '{device="olt",onu="b"}': 0},
}

IN_AREA_B: Mapping[str, Mapping[str, float]] = {
    "Ports with light A": {"{}": 2},
    "Worst margins A": {SFP1: -3},
    "ONUs offline by OLT A": {'{device="olt"}': 1},
}

SHOWN: dict[str, Mapping[str, Mapping[str, float]]] = {"switch": SWITCH, "port": PORT, "optics": OPTICS}
"""What queries of a board have to return of those devices, by panel and query."""


@pytest.mark.system
def test_queries_return_what_the_panels_say(tmp_path: Path) -> None:
    checks = [check for name, shown in SHOWN.items() for check in expected(asked(CHOICE, name), shown)]
    checks += expected(asked(CHOICE, "port", port="gi1"), NO_LINE)
    checks += expected(asked(CHOICE, "optics", area="B"), IN_AREA_B)
    evaluate(tmp_path, [told(checks)])


@pytest.mark.system
def test_an_uptime_that_begins_anew_is_a_restart(tmp_path: Path) -> None:
    shown = {"Restarts A": {"{}": 1}}
    evaluate(tmp_path, [told(expected(asked(CHOICE, "switch", device="other"), shown))])


@pytest.mark.system
def test_drift_is_the_mean_of_a_day_against_that_of_the_day_a_week_before(tmp_path: Path) -> None:
    light = "netwatch_optical_receive_power_dbm"
    series = {
        'netwatch_device_info{poller="p", device="gw2", unit="2", area="B"}': "1x200",
        'netwatch_unit_info{poller="p", unit="2", register="r", name="Xã Hai", area="B"}': "1x200",
        f'{light}{{poller="p", device="gw2", unit="2", ifName="a"}}': "-20x99 -23x100",
        f'{light}{{poller="p", device="gw2", unit="2", ifName="new"}}': "_x180 -9x20",
    }
    row = '{device="gw2",unit="2",ifName="a"}'
    shown = {
        "Drift against 7 days ago A": {row: -3},
        "Drift against 7 days ago B": {},
        "Drift against 7 days ago C": {row: -23},
        "Drift against 7 days ago D": {'{device="gw2",unit="2",ifName="a",name="Xã Hai"}': 1},
    }
    checks = [{**each, "eval_time": "192h"} for each in expected(asked(CHOICE, "optics"), shown)]
    given = [{"series": name, "values": values} for name, values in series.items()]
    evaluate(tmp_path, [{"interval": "1h", "input_series": given, "promql_expr_test": checks}])


@pytest.mark.system
def test_no_port_below_its_threshold_is_zero_and_no_light_at_all_is_nothing(tmp_path: Path) -> None:
    exprs = asked(CHOICE, "optics")
    light = """
netwatch_device_info{device="gw2", unit="2", area="B"} = 1
netwatch_optical_receive_power_dbm{device="gw2", unit="2", ifName="sfp1"} = -20
netwatch_optical_receive_power_low_alarm_dbm{device="gw2", unit="2", ifName="sfp1"} = -27
"""
    names = ("Below the alarm threshold A", "Without a threshold A")
    well = expected(exprs, {name: {"{}": 0} for name in names})
    nothing = expected(exprs, {name: {} for name in (*names, "Ports with light A")})
    evaluate(tmp_path, [group(light, well), group("", nothing)])


def told(checks: list[dict[str, Any]]) -> dict[str, Any]:
    made = group(SERIES, checks)
    return {**made, "input_series": [*made["input_series"], *MOVED]}
