"""What is exported of light, mains, sensors, ONUs and of which box answers: names, units, ages, limits."""

from __future__ import annotations

from typing import Any

import pytest

from netwatch.model.observation import READINGS_EVERY, Identity, Light, Mains, Measure, Onu, Reading
from netwatch.publishing.devices import DeviceExposition
from netwatch.publishing.families import READ
from netwatch.publishing.interfaces import Limits
from netwatch.publishing.readings import MEASURES

GW = {"device": "gw", "unit": "12004"}


def exported(
    world: Any, limits: Limits | None = None, **told: Any
) -> tuple[DeviceExposition, dict[Any, float]]:
    exposition = DeviceExposition([], limits)
    exposition.observe(world.device(), world.observation(**told))
    return exposition, {
        name: value
        for name, value in world.samples(exposition.pieces).items()
        if "sysUpTime" not in str(name)
    }


@pytest.mark.parametrize(
    ("told", "samples"),
    [
        # Light, by port and lane; what is not told has no series.
        (
            {"light": (Light("sfp1", -7.25, low_alarm=-27.0, transmitted=-2.5),)},
            {
                ("netwatch_optical_receive_power_dbm", "sfp1", ""): -7.25,
                ("netwatch_optical_transmit_power_dbm", "sfp1", ""): -2.5,
                ("netwatch_optical_receive_power_low_alarm_dbm", "sfp1", ""): -27.0,
            },
        ),
        (
            {
                "light": (
                    Light("q1", -3.0, lane="1"),
                    Light("q1", None, lane="2", low_warning=-9.0, high_alarm=3.0),
                )
            },
            {
                ("netwatch_optical_receive_power_dbm", "q1", "1"): -3.0,
                ("netwatch_optical_receive_power_low_warning_dbm", "q1", "2"): -9.0,
                ("netwatch_optical_receive_power_high_alarm_dbm", "q1", "2"): 3.0,
            },
        ),
        # A UPS; runtime and charge in base units.
        (
            {
                "mains": Mains(
                    on_battery=True, seconds_on_battery=90.0, charge=0.55, runtime=1260.0, low=False
                )
            },
            {
                ("netwatch_ups_on_battery",): 1,
                ("netwatch_ups_battery_low",): 0,
                ("netwatch_ups_battery_charge_ratio",): 0.55,
                ("netwatch_ups_runtime_seconds",): 1260,
                ("netwatch_ups_seconds_on_battery",): 90,
            },
        ),
        ({"mains": Mains(on_battery=None, charge=1.0)}, {("netwatch_ups_battery_charge_ratio",): 1}),
        # Sensors: one family a measure.
        (
            {"readings": tuple(Reading(measure, "chassis 1", 0.5) for measure in Measure)},
            {(family, "chassis 1"): 0.5 for family in MEASURES.values()},
        ),
        # An OLT's subscribers.
        (
            {"onus": (Onu("0/1/3", -21.5, online=True), Onu("0/1/4", None, online=False))},
            {
                ("netwatch_onu_receive_power_dbm", "0/1/3"): -21.5,
                ("netwatch_onu_online", "0/1/3"): 1,
                ("netwatch_onu_online", "0/1/4"): 0,
            },
        ),
        # Which box it is, in its own words.
        (
            {"identity": Identity("Huawei", 'S5720 "28P"', "2102359", "V200R010")},
            {("netwatch_device_identity_info", "Huawei", 'S5720 "28P"', "2102359", "V200R010"): 1},
        ),
    ],
)
def test_each_thing_told_has_its_series(world: Any, told: dict[str, Any], samples: dict[Any, float]) -> None:
    _, found = exported(world, **told)
    assert {
        (name, *sorted(value for label, value in pairs if label not in GW)): number
        for (name, pairs), number in found.items()
    } == {(name, *sorted(values)): number for (name, *values), number in samples.items()}


def test_every_measure_has_a_family() -> None:
    assert set(MEASURES) == set(Measure)
    assert set(MEASURES.values()) <= {family.name for family in READ}


def test_two_sensors_of_one_name_are_one_series_and_counted(world: Any) -> None:
    twice = (Reading(Measure.FAN, "fan", 1.0), Reading(Measure.FAN, "fan", 0.0))
    exposition, found = exported(world, readings=twice)
    assert list(found.values()) == [1.0]
    assert exposition.refused["duplicate row"] == 1


def test_a_device_cannot_make_us_export_without_end(world: Any) -> None:
    many = tuple(Reading(Measure.TEMPERATURE, f"{number:04} {'x' * 500}", 20.0) for number in range(50))
    exposition, found = exported(world, Limits(rows=10, label=30), readings=many)
    assert len(found) == 10
    assert all(len(value) <= 30 for _, pairs in found for _, value in pairs)
    assert exposition.refused["too many rows exported"] == 40


def test_what_is_read_seldom_lives_longer_and_what_is_gone_ends(world: Any) -> None:
    exposition = DeviceExposition([])
    device = world.device()
    first = world.observation(
        light=(Light("sfp1", -7.0),),
        readings=(Reading(Measure.CPU, "1", 0.2),),
        mains=Mains(on_battery=False),
    )
    exposition.observe(device, first)
    exposition.observe(device, world.observation())  # asked for neither sensors nor mains, and no light told
    names = {name for name, _ in world.samples(exposition.pieces)}
    assert {"netwatch_device_cpu_ratio", "netwatch_ups_on_battery"} <= names
    assert "netwatch_optical_receive_power_dbm" not in names
    exposition.expire(first.at + 2.5 * device.snmp_interval)
    assert {name for name, _ in world.samples(exposition.pieces)} == {"netwatch_device_cpu_ratio"}
    exposition.expire(first.at + 2.5 * READINGS_EVERY)
    assert world.samples(exposition.pieces) == {}
    assert exposition.series == 0


def test_a_device_that_is_forgotten_leaves_nothing(world: Any) -> None:
    exposition, _ = exported(world, light=(Light("sfp1", -7.0),), identity=Identity("v", "m", "s", "f"))
    exposition.forget("gw")
    assert world.samples(exposition.pieces) == {}
