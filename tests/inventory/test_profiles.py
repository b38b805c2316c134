"""Which profile a device gets, and what the one that is always there asks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from netwatch.inventory.profiles import GENERIC, packaged, select
from netwatch.model.observation import Measure
from netwatch.model.profile import (
    Condition,
    EntitySensors,
    Flag,
    IdentitySource,
    Lane,
    LightTable,
    MainsObjects,
    Metric,
    OnuTable,
    PortKey,
    Profile,
    Quantity,
    SensorTable,
)
from netwatch.model.units import UNITS

if TYPE_CHECKING:
    from collections.abc import Callable

    from netwatch.inventory.load import Inventory


def made(name: str, *prefixes: tuple[int, ...]) -> Profile:
    return Profile(name, "", prefixes, (), (), (), all_interfaces=False)


PROFILES = {
    each.name: each
    for each in (
        made(GENERIC),
        made("acme", (1, 3, 6, 1, 4, 1, 9)),
        made("acme-switch", (1, 3, 6, 1, 4, 1, 9, 1), (1, 3, 6, 1, 4, 1, 10)),
    )
}


@pytest.mark.parametrize(
    ("wanted", "sys_object_id", "found"),
    [
        ("auto", "1.3.6.1.4.1.9", "acme"),
        ("auto", "1.3.6.1.4.1.9.2.7", "acme"),
        ("auto", "1.3.6.1.4.1.9.1.7", "acme-switch"),
        ("auto", "1.3.6.1.4.1.10.5", "acme-switch"),
        ("auto", "1.3.6.1.4.1.90", GENERIC),
        ("auto", "1.3.6.1.4.1", GENERIC),
        ("auto", "", GENERIC),
        ("acme", "1.3.6.1.4.1.9.1.7", "acme"),
        ("gone", "1.3.6.1.4.1.9", "acme"),
    ],
)
def test_the_longest_prefix_wins(wanted: str, sys_object_id: str, found: str) -> None:
    """Arc by arc: 9 is no prefix of 90; a device that tells nothing is generic; a name goes before all."""
    arcs = tuple(map(int, filter(None, sys_object_id.split("."))))
    assert select(PROFILES, wanted, arcs).name == found


def test_generic_asks_what_the_contract_says() -> None:
    generic = packaged()[GENERIC]
    assert [metric.name for metric in generic.identity] == ["ifName", "ifAlias", "ifDescr"]
    assert {metric.name: ".".join(map(str, metric.oid)) for metric in generic.columns} == {
        "ifOperStatus": "1.3.6.1.2.1.2.2.1.8",
        "ifAdminStatus": "1.3.6.1.2.1.2.2.1.7",
        "ifHighSpeed": "1.3.6.1.2.1.31.1.1.1.15",
        "ifHCInOctets": "1.3.6.1.2.1.31.1.1.1.6",
        "ifHCOutOctets": "1.3.6.1.2.1.31.1.1.1.10",
        "ifInErrors": "1.3.6.1.2.1.2.2.1.14",
        "ifOutErrors": "1.3.6.1.2.1.2.2.1.20",
        "ifInDiscards": "1.3.6.1.2.1.2.2.1.13",
        "ifOutDiscards": "1.3.6.1.2.1.2.2.1.19",
        "ifHCInUcastPkts": "1.3.6.1.2.1.31.1.1.1.7",
        "ifHCOutUcastPkts": "1.3.6.1.2.1.31.1.1.1.11",
        "ifLastChange": "1.3.6.1.2.1.2.2.1.9",
    }
    assert {metric.syntax for metric in generic.columns if "HC" in metric.name} == {"counter64"}


def test_a_profile_of_the_configuration_is_added_or_replaces(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    write("profiles/acme.yaml", "vendor: Acme\nprefixes: [1.3.6.1.4.1.99999]\ninterfaces: all\n")
    write(
        "profiles/generic.yaml",
        "columns: [{name: ifSpeed, oid: 1.3.6.1.2.1.2.2.1.5, syntax: gauge32, help: speed}]\n",
    )
    profiles = loaded().profiles
    assert (profiles["acme"].vendor, profiles["acme"].all_interfaces) == ("Acme", True)
    assert [metric.name for metric in profiles["generic"].columns] == ["ifSpeed"]


def test_juniper_asks_what_any_is_asked_and_the_light() -> None:
    profiles = packaged()
    juniper = select(profiles, "auto", (1, 3, 6, 1, 4, 1, 2636, 1, 1, 1, 2, 29))
    assert (juniper.name, juniper.vendor) == ("juniper", "Juniper Networks")
    assert (juniper.identity, juniper.columns) == (profiles[GENERIC].identity, profiles[GENERIC].columns)
    light, lanes = juniper.light
    assert light.key is lanes.key is PortKey.IF_INDEX
    assert lanes.received.metric.oid == (1, 3, 6, 1, 4, 1, 2636, 3, 60, 1, 2, 1, 1, 6)
    entry = (1, 3, 6, 1, 4, 1, 2636, 3, 60, 1, 1, 1, 1)
    quantities = (light.received, light.transmitted, light.low_alarm)
    assert [(each.metric.oid, each.unit, each.absent) for each in quantities if each] == [
        ((*entry, arc), "0.01 dBm", (0, 2147483647)) for arc in (5, 7, 10)
    ]


def test_a_ups_is_asked_for_its_battery_and_for_no_interfaces() -> None:
    ups = select(packaged(), "auto", (1, 3, 6, 1, 2, 1, 33))
    assert ups.name == "ups-mib"
    assert {metric.name: metric.oid[7:] for metric in ups.scalars} == {
        "upsBatteryStatus": (1, 2, 1),
        "upsSecondsOnBattery": (1, 2, 2),
        "upsEstimatedMinutesRemaining": (1, 2, 3),
        "upsEstimatedChargeRemaining": (1, 2, 4),
        "upsInputLineBads": (1, 3, 1),
        "upsOutputSource": (1, 4, 1),
    }
    assert {metric.oid[:7] for metric in ups.scalars} == {(1, 3, 6, 1, 2, 1, 33)}
    assert ups.columns == ups.identity == ()


def number(name: str, arc: int, syntax: str = "integer") -> Metric:
    return Metric(name, (1, 3, 6, 1, 4, 1, 99999, arc), syntax, "")


def test_every_section_of_a_profile_is_read(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    """One file with every key there is."""
    write(
        "profiles/acme.yaml",
        """\
vendor: Acme
box:
  model: [{name: modelName, oid: 1.3.6.1.4.1.99999.1, rows: true}]
  serial: [{name: serial, oid: 1.3.6.1.4.1.99999.2, after: "SN: "}]
  firmware: [{from: sysDescr, after: "Version ", until: ","}]
light:
  - received: {name: rx, oid: 1.3.6.1.4.1.99999.3, syntax: text, unit: mW, absent: [-1, 0]}
    transmitted: {name: tx, oid: 1.3.6.1.4.1.99999.4, unit: 0.01 dBm}
    low_alarm: {name: low, oid: 1.3.6.1.4.1.99999.5, unit: 0.1 uW}
    low_warning: {name: warn, oid: 1.3.6.1.4.1.99999.6, unit: uW}
    high_alarm: {name: high, oid: 1.3.6.1.4.1.99999.7, unit: nW}
  - key: name
    port: {name: port, oid: 1.3.6.1.4.1.99999.8}
    received: {name: rx, oid: 1.3.6.1.4.1.99999.9, unit: dBm}
    more_lanes:
      - {received: {name: rx2, oid: 1.3.6.1.4.1.99999.29, unit: dBm}}
      - received: {name: rx3, oid: 1.3.6.1.4.1.99999.30, unit: dBm}
        transmitted: {name: tx3, oid: 1.3.6.1.4.1.99999.31, unit: 0.1 dBm}
  - received: {name: rx, oid: 1.3.6.1.4.1.99999.34, unit: dBm}
    kinds: {received: 4, transmitted: 3}
  - received: {name: rx, oid: 1.3.6.1.4.1.99999.32, unit: dBm}
    comma_lanes: {received: {name: rxs, oid: 1.3.6.1.4.1.99999.33, syntax: text, unit: 0.01 dBm}}
sensors:
  - measure: memory
    value: {name: used, oid: 1.3.6.1.4.1.99999.10, unit: kB}
    total: {name: size, oid: 1.3.6.1.4.1.99999.11, unit: kB}
    label: {name: descr, oid: 1.3.6.1.4.1.99999.12}
    where: {name: type, oid: 1.3.6.1.4.1.99999.13, kind: [1.3.6.1.2.1.25.2.1.2]}
  - measure: fan
    well: {name: fan, oid: 1.3.6.1.4.1.99999.14, yes: [1, 4], absent: [5]}
    where: {name: row, oid: 1.3.6.1.4.1.99999.15, is: [7]}
  - measure: memory
    free: {name: free, oid: 1.3.6.1.4.1.99999.16, unit: B}
    total: {name: all, oid: 1.3.6.1.4.1.99999.17, unit: B}
    scalar: true
entity_sensors: [{name: sensors, oid: 1.3.6.1.4.1.99999.18, thresholds: 1.3.6.1.4.1.99999.19}]
mains:
  on_battery: {name: source, oid: 1.3.6.1.4.1.99999.20, yes: [5], absent: [1]}
  seconds_on_battery: {name: on, oid: 1.3.6.1.4.1.99999.21, syntax: timeticks, unit: 0.01 s}
  charge: {name: charge, oid: 1.3.6.1.4.1.99999.22, unit: percent}
  runtime: {name: left, oid: 1.3.6.1.4.1.99999.23, unit: min}
  low: {name: status, oid: 1.3.6.1.4.1.99999.24, yes: [3]}
  lost_count: {name: bads, oid: 1.3.6.1.4.1.99999.25}
onus:
  - received: {name: onuRx, oid: 1.3.6.1.4.1.99999.26, unit: 0.01 dBm}
    online: {name: onuState, oid: 1.3.6.1.4.1.99999.27, yes: [1]}
    label: {name: onuName, oid: 1.3.6.1.4.1.99999.28}
""",
    )
    assert loaded().profiles["acme"] == Profile(
        "acme",
        "Acme",
        (),
        (),
        (),
        (),
        all_interfaces=False,
        box=(
            IdentitySource("model", number("modelName", 1, "text")),
            IdentitySource("serial", number("serial", 2, "text"), scalar=True, after="SN: "),
            IdentitySource("firmware", None, scalar=True, after="Version ", until=","),
        ),
        light=(
            LightTable(
                PortKey.IF_INDEX,
                Quantity(number("rx", 3, "text"), "mW", (-1, 0)),
                Quantity(number("tx", 4), "0.01 dBm"),
                Quantity(number("low", 5), "0.1 uW"),
                Quantity(number("warn", 6), "uW"),
                Quantity(number("high", 7), "nW"),
            ),
            LightTable(
                PortKey.NAME,
                Quantity(number("rx", 9), "dBm"),
                port=number("port", 8, "text"),
                more_lanes=(
                    Lane(Quantity(number("rx2", 29), "dBm")),
                    Lane(Quantity(number("rx3", 30), "dBm"), Quantity(number("tx3", 31), "0.1 dBm")),
                ),
            ),
            LightTable(PortKey.IF_INDEX, Quantity(number("rx", 34), "dBm"), kinds=(4, 3)),
            LightTable(
                PortKey.IF_INDEX,
                Quantity(number("rx", 32), "dBm"),
                comma_lanes=Lane(Quantity(number("rxs", 33, "text"), "0.01 dBm")),
            ),
        ),
        sensors=(
            SensorTable(
                Measure.MEMORY,
                Quantity(number("used", 10), "kB"),
                Quantity(number("size", 11), "kB"),
                label=number("descr", 12, "text"),
                where=Condition(number("type", 13, "oid"), ((1, 3, 6, 1, 2, 1, 25, 2, 1, 2),)),
            ),
            SensorTable(
                Measure.FAN,
                well=Flag(number("fan", 14), (1, 4), (5,)),
                where=Condition(number("row", 15), (7,)),
            ),
            SensorTable(
                Measure.MEMORY,
                free=Quantity(number("free", 16), "B"),
                total=Quantity(number("all", 17), "B"),
                scalar=True,
            ),
        ),
        entity_sensors=(
            EntitySensors("sensors", (1, 3, 6, 1, 4, 1, 99999, 18), (1, 3, 6, 1, 4, 1, 99999, 19)),
        ),
        mains=MainsObjects(
            Flag(number("source", 20), (5,), (1,)),
            Quantity(number("on", 21, "timeticks"), "0.01 s"),
            Quantity(number("charge", 22), "percent"),
            Quantity(number("left", 23), "min"),
            Flag(number("status", 24), (3,)),
            number("bads", 25, "counter32"),
        ),
        onus=(
            OnuTable(
                Quantity(number("onuRx", 26), "0.01 dBm"),
                Flag(number("onuState", 27), (1,)),
                number("onuName", 28, "text"),
            ),
        ),
    )


def test_what_a_profile_extends_comes_first_and_single_values_are_replaced(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    """Also over several levels. Prefixes are a profile's own, and its own sources of the box go first."""
    write(
        "profiles/acme.yaml",
        "vendor: Acme\nprefixes: [1.3.6.1.4.1.99999]\nextends: generic\ninterfaces: all\n"
        "box: {model: [{from: sysDescr}]}\n"
        "columns:\n"
        "  - {name: ifHCInOctets, oid: 1.3.6.1.4.1.99999.1, syntax: counter64, help: better}\n"
        "  - {name: ifMore, oid: 1.3.6.1.4.1.99999.2, syntax: gauge32, help: more}\n"
        "light: [{received: {name: rx, oid: 1.3.6.1.4.1.99999.3, unit: dBm}}]\n",
    )
    write(
        "profiles/acme-2.yaml",
        "extends: acme\nlight: [{received: {name: rx2, oid: 1.3.6.1.4.1.99999.4, unit: dBm}}]\n",
    )
    profiles = loaded().profiles
    generic, acme, second = profiles[GENERIC], profiles["acme"], profiles["acme-2"]
    assert [each.name for each in acme.columns] == [*(each.name for each in generic.columns), "ifMore"]
    assert {each.name: each.oid[-1] for each in acme.columns}["ifHCInOctets"] == 1
    assert (acme.identity, acme.sensors) == (generic.identity, generic.sensors)
    assert acme.box == (IdentitySource("model", None, scalar=True), *generic.box)
    assert (second.vendor, second.all_interfaces, second.prefixes) == ("Acme", True, ())
    assert [each.received.metric.name for each in second.light] == ["rx", "rx2"]


def test_what_the_configuration_replaces_is_what_others_extend(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    write("profiles/generic.yaml", "vendor: Nobody\n")
    profiles = loaded().profiles
    assert profiles["juniper"].columns == profiles["generic"].columns == ()


def test_the_example_of_the_handbook_is_a_profile(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    text = (Path(__file__).parents[2] / "docs" / "profiles.md").read_text("utf-8")
    (example,) = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    write("profiles/acme.yaml", example)
    acme = loaded().profiles["acme"]
    assert (len(acme.light), len(acme.sensors) - len(packaged()[GENERIC].sensors), len(acme.box)) == (2, 3, 6)
    assert all(f"`{unit}`" in text for unit in UNITS)


@pytest.mark.parametrize(
    ("sys_object_id", "name"),
    [
        ((1, 3, 6, 1, 4, 1, 14988, 1), "mikrotik"),
        ((1, 3, 6, 1, 4, 1, 2011, 2, 23, 339), "huawei"),
        ((1, 3, 6, 1, 4, 1, 2636, 1, 1), "juniper"),
    ],
)
def test_a_vendor_asks_what_any_is_asked_and_its_own(sys_object_id: tuple[int, ...], name: str) -> None:
    profiles = packaged()
    generic, vendor = profiles[GENERIC], select(profiles, "auto", sys_object_id)
    assert vendor.name == name
    assert vendor.columns == generic.columns
    assert set(generic.sensors) <= set(vendor.sensors)
    assert vendor.light
