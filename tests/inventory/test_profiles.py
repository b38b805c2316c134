"""Which profile a device gets, and what the one that is always there asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from netwatch.inventory.profiles import GENERIC, packaged, select
from netwatch.model.profile import LightColumns, Metric, Profile

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
    assert juniper.light is not None
    assert juniper.light.received.oid == (1, 3, 6, 1, 4, 1, 2636, 3, 60, 1, 1, 1, 1, 5)
    assert juniper.light.low_alarm is not None
    assert juniper.light.low_alarm.oid == (1, 3, 6, 1, 4, 1, 2636, 3, 60, 1, 1, 1, 1, 10)
    assert (juniper.light.unit, juniper.light.absent) == ("0.01 dBm", (0, 2147483647))


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


def test_a_profile_may_tell_where_light_is_read(
    write: Callable[[str, str], None], loaded: Callable[..., Inventory]
) -> None:
    write(
        "profiles/acme.yaml",
        "light:\n"
        "  received: {name: rxPower, oid: 1.3.6.1.4.1.99999.1, syntax: integer, help: light}\n"
        "  unit: 0.1 uW\n"
        "  absent: [-1, 0]\n",
    )
    received = Metric("rxPower", (1, 3, 6, 1, 4, 1, 99999, 1), "integer", "light")
    assert loaded().profiles["acme"].light == LightColumns(received, None, "0.1 uW", (-1, 0))
