"""A probe's answer can be read at a glance, and says nothing that was not measured."""

from __future__ import annotations

import dataclasses
import json
from array import array

import pytest

from netwatch.cli.probe_json import as_json, plain
from netwatch.cli.probe_tell import MOST_ONUS, masked, mismatches, tell_observation
from netwatch.model.device import Credential, Device, Role
from netwatch.model.neighbour import Neighbour
from netwatch.model.observation import (
    MISSING,
    Identity,
    InterfaceName,
    InterfaceTable,
    Light,
    Mains,
    Measure,
    Observation,
    Onu,
    Reading,
    SystemGroup,
)
from netwatch.model.outcome import Outcome
from netwatch.model.secret import Secret
from netwatch.polling.single import Echoes

DASH = "\N{EN DASH}"
DEVICE = Device(name="sw", address="192.0.2.1", role=Role.SWITCH, snmp="lab")
SYSTEM = SystemGroup("a switch", (1, 3, 6, 1, 4, 1, 9999), 8640000, "ops", "sw-1", "here")
BARE = Observation("sw", 0.0, Outcome.ANSWERED, 0.0125)


def told(device: Device = DEVICE, neighbours: tuple[Neighbour, ...] = (), **fields: object) -> list[str]:
    seen = dataclasses.replace(BARE, **fields)  # type: ignore[arg-type]  # fields of an Observation
    return tell_observation(device, seen, neighbours).splitlines()


@pytest.mark.parametrize(
    ("outcome", "detail", "said"),
    [
        (Outcome.ANSWERED, "", "SNMP      answered in 12.5 ms (UDP port 161)"),
        (
            Outcome.LOCAL_ERROR,
            "credential lab: the variable X is not set in the environment",
            (
                "SNMP      this host could not ask: "
                "credential lab: the variable X is not set in the environment"
            ),
        ),
        (
            Outcome.REFUSED,
            "the agent knows no user of this name",
            "SNMP      refused in 12.5 ms (UDP port 161): the agent knows no user of this name",
        ),
    ],
)
def test_how_the_asking_ended_is_one_line(outcome: Outcome, detail: str, said: str) -> None:
    assert told(outcome=outcome, detail=detail) == [said]


def test_which_box_it_is() -> None:
    lines = told(identity=Identity("MikroTik", "CRS326", "", "7.12.1"), system=SYSTEM, uptime=90061.0)
    assert lines[1:4] == ["device    MikroTik CRS326", f"serial    {DASH}", "firmware  7.12.1"]
    assert lines[-1] == "uptime    1 d 01:01:01"


def test_light_is_told_per_lane_with_a_mark_where_it_is_bad() -> None:
    lights = (
        Light("xe-0/0/1", -7.1234, low_alarm=-18.0, transmitted=-2.0, low_warning=-16.0, high_alarm=2.0),
        Light("xe-0/0/2", -17.0, low_alarm=-18.0, lane="1", low_warning=-16.0),
        Light("xe-0/0/2", -18.01, low_alarm=-18.0, lane="2", low_warning=-16.0),
        Light("xe-0/0/3", 3.0, high_alarm=2.0),
        Light("xe-0/0/4", None, low_alarm=-18.0),
        Light("xe-0/0/5", -18.0, low_alarm=-18.0),
    )
    lines = told(light=lights)
    assert [line.replace(DASH, "-") for line in lines[1:]] == [
        "",
        "light, dBm",
        "port      lane  rx      tx     alarm <  warn <  alarm >",
        "xe-0/0/1        -7.12   -2.00  -18.00   -16.00  2.00",
        "xe-0/0/2  1     -17.00  -      -18.00   -16.00  -        <- below warning",
        "xe-0/0/2  2     -18.01  -      -18.00   -16.00  -        <- below alarm",
        "xe-0/0/3        3.00    -      -        -       2.00     <- above alarm",
        "xe-0/0/4        -       -      -18.00   -       -",
        "xe-0/0/5        -18.00  -      -18.00   -       -",
    ]
    assert max(map(len, lines)) <= 80


def test_readings_have_their_units() -> None:
    readings = (
        Reading(Measure.POE_CONSUMED, "1", 41.25),
        Reading(Measure.FAN, "tray 1", 0.0),
        Reading(Measure.POWER_SUPPLY, "A", 1.0),
        Reading(Measure.TEMPERATURE, "board", 41.5),
        Reading(Measure.MEMORY, "1", 0.5),
        Reading(Measure.CPU, "1", 0.125),
    )
    assert told(readings=readings)[2:] == [
        "readings",
        "measure       sensor  value",
        "cpu           1       12%",
        "memory        1       50%",
        "temperature   board   41.5 °C",
        "fan           tray 1  not well",
        "power supply  A       well",
        "poe consumed  1       41.2 W",
    ]


@pytest.mark.parametrize(
    ("mains", "said"),
    [
        (Mains(), f"on battery {DASH}, charge {DASH}, would last {DASH}"),
        (
            Mains(on_battery=False, charge=1.0, runtime=5400.0),
            "on mains, charge 100%, would last 0 d 01:30:00",
        ),
        (
            Mains(
                on_battery=True,
                seconds_on_battery=61.0,
                charge=0.2,
                runtime=60.0,
                low=True,
                lost_count=3,
            ),
            "ON BATTERY, for 0 d 00:01:01, charge 20%, would last 0 d 00:01:00, BATTERY LOW, lost 3 times",
        ),
    ],
)
def test_mains_and_battery_are_one_line(mains: Mains, said: str) -> None:
    assert told(mains=mains)[1] == f"mains     {said}"


def test_onus_are_told_up_to_a_number() -> None:
    onus = tuple(Onu(f"0/1/{number}", -20.0 - number, online=None) for number in range(MOST_ONUS + 3))
    lines = told(onus=onus)
    assert lines[3:5] == ["ONU     received, dBm  online", f"0/1/0   -20.00         {DASH}"]
    assert lines[-1] == "… and 3 more ONUs: --json tells all"
    assert len(lines) == 4 + MOST_ONUS + 1


def test_neighbours_are_told_with_what_is_known_of_them() -> None:
    seen = Neighbour("lldp", "ether1", "02:aa:bb:cc:dd:01", "core", "ge-0/0/1", "")
    assert told(neighbours=(seen,))[2:] == [
        "neighbours",
        "port    neighbour  its port  chassis            address  by",
        f"ether1  core       ge-0/0/1  02:aa:bb:cc:dd:01  {DASH}        LLDP",
    ]


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ((("serial", "ABC"),), []),
        ((("serial", "XYZ"),), ["serial should be XYZ, is ABC"]),
        ((("sysName", "sw-2"),), ["sysName should be sw-2, is sw-1"]),
        ((("sysObjectID", "1.3.6.1.4.1.9999"),), []),
        ((("sysObjectID", ".1.3.6.1.4.1.9999"),), []),
        ((("sysObjectID", "1.3.6.1.4.1.9"),), ["sysObjectID should be 1.3.6.1.4.1.9, is 1.3.6.1.4.1.9999"]),
    ],
)
def test_what_is_not_as_expected_is_told(expect: tuple[tuple[str, str], ...], said: list[str]) -> None:
    device = dataclasses.replace(DEVICE, expect=expect)
    seen = dataclasses.replace(BARE, system=SYSTEM, identity=Identity(serial="ABC"))
    assert mismatches(device, seen) == said


def test_a_serial_number_that_is_not_told_is_no_match_and_silence_no_mismatch() -> None:
    device = dataclasses.replace(DEVICE, expect=(("serial", "ABC"),))
    assert mismatches(device, dataclasses.replace(BARE, system=SYSTEM)) == [
        "serial should be ABC, the device does not tell it"
    ]
    assert mismatches(device, BARE) == []


def test_json_has_every_field_under_the_models_own_name() -> None:
    rows = (InterfaceName("ether1", 1, "ether1", "to core", "Ethernet"),)
    table = InterfaceTable(
        1, rows, ("ifOperStatus", "ifHCInOctets"), (array("Q", [1]), array("Q", [MISSING]))
    )
    seen = dataclasses.replace(
        BARE,
        system=SYSTEM,
        interfaces=table,
        scalars=(("cpu", 7),),
        light=(Light("ether1", float("nan")),),
        readings=(Reading(Measure.FAN, "1", 1.0),),
        refused=(("wrong type", 2),),
    )
    neighbour = Neighbour("lldp", "ether1", "x", "core", "1")
    found = json.loads(as_json(DEVICE, "192.0.2.1", Echoes(1, [0.001], [], "raw"), seen, (neighbour,)))
    assert found["format"] == 1
    assert found["device"] == "sw"
    assert found["echo"]["rtts"] == [0.001]
    assert found["neighbours"][0]["name"] == "core"
    told = found["snmp"]
    assert set(told) == {field.name for field in dataclasses.fields(Observation)}
    assert told["outcome"] == "answered"
    assert told["system"]["sys_object_id"] == "1.3.6.1.4.1.9999"
    assert told["interfaces"] == [
        {
            "key": "ether1",
            "index": 1,
            "name": "ether1",
            "alias": "to core",
            "descr": "Ethernet",
            "ifOperStatus": 1,
            "ifHCInOctets": None,
        }
    ]
    assert told["scalars"] == {"cpu": 7}
    assert told["refused"] == {"wrong type": 2}
    assert told["light"][0]["received"] is None
    assert told["readings"] == [{"measure": "fan", "sensor": "1", "value": 1.0}]
    assert told["onus"] is None


def test_a_device_that_was_not_asked_has_no_snmp() -> None:
    assert json.loads(as_json(DEVICE, "192.0.2.1", Echoes(), None))["snmp"] is None


@pytest.mark.parametrize("value", [Secret("geheim"), Credential("lab", "2c", Secret("geheim")), object()])
def test_a_secret_or_a_stranger_never_becomes_json(value: object) -> None:
    with pytest.raises(TypeError) as error:
        plain(value)
    assert "geheim" not in str(error.value)


@pytest.mark.parametrize(
    ("secret", "shown"),
    [("geheim", "here, ******, ******"), ("abc", "here, geheim, geheim"), ("Geheim", "here, geheim, geheim")],
)
def test_a_secret_that_a_device_tells_is_masked(secret: str, shown: str) -> None:
    """Exactly as it is used; one that is too short stands in too many words."""
    assert masked("here, geheim, geheim", [secret]) == shown
    seen = dataclasses.replace(BARE, system=dataclasses.replace(SYSTEM, sys_location="here, geheim, geheim"))
    found = json.loads(as_json(DEVICE, "192.0.2.1", Echoes(), seen, secrets=[secret]))
    assert found["snmp"]["system"]["sys_location"] == shown
