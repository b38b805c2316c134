"""`/metrics/devices`: what is exported of a poll, for how long, and how much of it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, strategies as st

from netwatch.model.device import Uplink
from netwatch.model.observation import MISSING
from netwatch.model.outcome import Outcome
from netwatch.model.profile import Metric, Profile
from netwatch.publishing.devices import DeviceExposition
from netwatch.publishing.exposition import EXACT, Format
from netwatch.publishing.interfaces import Limits

COLUMNS = (
    Metric("ifOperStatus", (1,), "integer", "1 up, 2 down"),
    Metric("ifHCInOctets", (2,), "counter64", "octets received"),
)
GENERIC = Profile("generic", "", (), (), (), COLUMNS, all_interfaces=False)
OPEN = Profile("open", "", (), (), (), COLUMNS, all_interfaces=True)

GOLDEN_TEXT = """\
# HELP netwatch_interfaces Interfaces of a device by ifOperStatus: up, down (lowerLayerDown too) or other.
# TYPE netwatch_interfaces gauge
netwatch_interfaces{device="gw",unit="12004",status="up"} 1
netwatch_interfaces{device="gw",unit="12004",status="down"} 1
netwatch_interfaces{device="gw",unit="12004",status="other"} 0
# HELP sysUpTime Time since the device's management started, in hundredths of a second.
# TYPE sysUpTime gauge
sysUpTime{device="gw",unit="12004"} 123456
# HELP ifOperStatus 1 up, 2 down
# TYPE ifOperStatus gauge
ifOperStatus{device="gw",unit="12004",ifIndex="1",ifName="ether1",ifAlias="Đường lên",ifDescr=""} 1
ifOperStatus{device="gw",unit="12004",ifIndex="2",ifName="ether2",ifAlias="",ifDescr="50 % \\"x\\""} 2
# HELP ifHCInOctets octets received
# TYPE ifHCInOctets counter
ifHCInOctets{device="gw",unit="12004",ifIndex="1",ifName="ether1",ifAlias="Đường lên",ifDescr=""} 7
ifHCInOctets{device="gw",unit="12004",ifIndex="2",ifName="ether2",ifAlias="",ifDescr="50 % \\"x\\""} 8
"""


def two_rows(world: Any) -> Any:
    return [
        world.row(1, "ether1", alias="Đường lên"),
        world.row(2, "ether2", descr='50 % "x"'),
    ]


def polled(world: Any, exposition: DeviceExposition, device: Any = None, **columns: list[int]) -> None:
    """Observe two interfaces with these columns."""
    device = device or world.device()
    table = world.table(two_rows(world), **columns)
    exposition.observe(device, world.observation(device.name, interfaces=table))


def test_a_poll_is_exported_under_mib_names(world: Any) -> None:
    exposition = DeviceExposition([GENERIC])
    table = world.table(two_rows(world), ifOperStatus=[1, 2], ifHCInOctets=[7, 8])
    exposition.observe(world.device(), world.observation(interfaces=table, uptime=1234.56))
    assert b"".join(exposition.pieces(Format.TEXT_0_0_4)).decode() == GOLDEN_TEXT
    openmetrics = b"".join(exposition.pieces(Format.OPENMETRICS)).decode()
    assert "# TYPE ifHCInOctets unknown\n" in openmetrics
    assert len(world.samples(exposition.pieces)) == exposition.series == 8


def test_a_second_poll_replaces_the_first(world: Any, key: Any) -> None:
    exposition = DeviceExposition([GENERIC])
    polled(world, exposition, ifOperStatus=[1, 1])
    polled(world, exposition, ifOperStatus=[1, 7])
    samples = world.samples(exposition.pieces)
    assert samples[key("netwatch_interfaces", device="gw", unit="12004", status="down")] == 1
    assert exposition.series == len(samples) == 5


def test_a_column_that_is_gone_ends(world: Any) -> None:
    exposition = DeviceExposition([GENERIC])
    polled(world, exposition, ifHCInOctets=[1, 2], ifInErrors=[3, 4])
    polled(world, exposition, ifHCInOctets=[1, 2])
    assert {name for name, _ in world.samples(exposition.pieces)} == {"ifHCInOctets_total"}


@pytest.mark.parametrize(
    ("uplinks", "device_all", "profile", "exported"),
    [
        ((), False, "generic", 0),
        (("ether2",), False, "generic", 1),
        (("ifIndex:3",), False, "generic", 1),
        (("third",), False, "generic", 1),
        (("nothing",), False, "generic", 0),
        (("ether2",), True, "generic", 3),
        (("ether2",), False, "open", 3),
    ],
)
def test_the_interfaces_of_uplinks_are_exported_or_all(
    world: Any, uplinks: tuple[str, ...], device_all: bool, profile: str, exported: int
) -> None:
    """Interfaces by status are counted all, whichever are exported."""
    exposition = DeviceExposition([GENERIC, OPEN])
    device = world.device(
        uplinks=tuple(Uplink(name, "fibre", "", "", None, None) for name in uplinks),
        all_interfaces=device_all,
    )
    table = world.table([*two_rows(world), world.row(3, descr="third")], ifOperStatus=[1, 1, 6])
    exposition.observe(device, world.observation(interfaces=table, profile=profile))
    samples = world.samples(exposition.pieces)
    assert sum(name == "ifOperStatus" for name, _ in samples) == exported
    assert sum(value for (name, _), value in samples.items() if name == "netwatch_interfaces") == 3


@pytest.mark.parametrize(
    ("age", "exported"), [(0.0, True), (149.0, True), (149.99, True), (150.0, False), (1e9, False)]
)
def test_a_value_is_exported_while_younger_than_two_and_a_half_intervals(
    world: Any, age: float, exported: bool
) -> None:
    exposition = DeviceExposition([GENERIC])
    polled(world, exposition, ifOperStatus=[1, 2])
    exposition.expire(world.T0 + age)
    assert bool(exposition.pieces(Format.TEXT_0_0_4)) is exported
    assert bool(exposition.series) is exported


def test_failed_polls_neither_renew_nor_end_what_was_read(world: Any, key: Any) -> None:
    exposition = DeviceExposition([GENERIC])
    polled(world, exposition, ifOperStatus=[1, 2])
    exposition.observe(world.device(), world.observation(at=world.T0 + 60, outcome=Outcome.TIMEOUT))
    exposition.observe(world.device(), world.observation(at=world.T0 + 120, uptime=5.0))
    exposition.expire(world.T0 + 140)
    assert len(world.samples(exposition.pieces)) == 6
    exposition.expire(world.T0 + 150)
    assert world.samples(exposition.pieces) == {key("sysUpTime", device="gw", unit="12004"): 500}


def test_a_device_that_is_watched_no_longer_is_forgotten_and_others_are_not(world: Any) -> None:
    exposition = DeviceExposition([GENERIC])
    polled(world, exposition, ifOperStatus=[1, 2])
    polled(world, exposition, world.device("other"), ifOperStatus=[1, 2])
    exposition.forget("gw")
    exposition.forget("never seen")
    assert {dict(about)["device"] for _, about in world.samples(exposition.pieces)} == {"other"}
    assert exposition.series == 5


def test_other_labels_are_written_when_rows_or_the_device_change(world: Any) -> None:
    """Even where the generation is the same: a poller that started anew counts from the beginning."""
    exposition = DeviceExposition([GENERIC])
    device = world.device()
    for name, unit in (("old", "1"), ("new", "1"), ("new", "2")):
        device = world.device(unit=unit)
        table = world.table([world.row(1, name)], ifHCInOctets=[1])
        exposition.observe(device, world.observation(interfaces=table))
    ((_, about),) = world.samples(exposition.pieces)
    assert (dict(about)["ifName"], dict(about)["unit"]) == ("new", "2")


@pytest.mark.parametrize(
    ("value", "exported"),
    [(0, 0), (EXACT - 1, EXACT - 1), (EXACT, 0), (EXACT + 5, 5), (2**64 - 2, (2**64 - 2) % EXACT)],
)
def test_counters_are_told_modulo_what_a_float_can_tell(world: Any, value: int, exported: int) -> None:
    exposition = DeviceExposition([GENERIC])
    polled(world, exposition, ifHCInOctets=[value, 1])
    assert sorted(world.samples(exposition.pieces).values()) == sorted([exported, 1])


def test_a_missing_value_has_no_series(world: Any) -> None:
    exposition = DeviceExposition([GENERIC])
    polled(world, exposition, ifHCInOctets=[MISSING, 1], ifInErrors=[MISSING, MISSING])
    assert list(world.samples(exposition.pieces).values()) == [1]
    assert exposition.series == 1


@pytest.mark.parametrize(
    ("uptime", "ticks"), [(0.01, 1), (1234.56, 123456), (42949672.95, 2**32 - 1), (42949672.96, 0)]
)
def test_sysuptime_is_in_hundredths_and_wraps_as_the_devices_does(
    world: Any, key: Any, uptime: float, ticks: int
) -> None:
    exposition = DeviceExposition([GENERIC])
    exposition.observe(world.device(), world.observation(uptime=uptime))
    assert world.samples(exposition.pieces) == {key("sysUpTime", device="gw", unit="12004"): ticks}


def test_scalars_carry_the_labels_of_their_device(world: Any, key: Any) -> None:
    exposition = DeviceExposition([GENERIC])
    scalars = (
        ("hrProcessorLoad", 40),
        ("upsOutputLoad", -3),
        ("absent", MISSING),
        ("netwatch_unit_state", 1),
    )
    exposition.observe(world.device(), world.observation(scalars=scalars))
    about = {"device": "gw", "unit": "12004"}
    assert world.samples(exposition.pieces) == {
        key("hrProcessorLoad", **about): 40,
        key("upsOutputLoad", **about): -3,
    }


def test_no_mib_object_passes_for_a_verdict_of_ours(world: Any) -> None:
    forged = Profile("forged", "", (), (), (), (Metric("netwatch_interfaces", (1,), "integer", "!"),), True)
    exposition = DeviceExposition([forged])
    polled(world, exposition, netwatch_interfaces=[1, 2], netwatch_unit_state=[1, 2])
    assert exposition.pieces(Format.TEXT_0_0_4) == []


def test_rows_above_the_cap_are_refused_and_counted(world: Any) -> None:
    exposition = DeviceExposition([GENERIC], Limits(rows=2))
    table = world.table([world.row(index) for index in range(1, 6)], ifHCInOctets=[1, 2, 3, 4, 5])
    exposition.observe(world.device(), world.observation(interfaces=table))
    assert len(world.samples(exposition.pieces)) == 2
    assert exposition.refused == {"too many rows exported": 3}


def test_a_second_row_of_the_same_ifindex_is_refused_and_counted(world: Any) -> None:
    exposition = DeviceExposition([GENERIC])
    table = world.table([world.row(1, "a"), world.row(1, "b")], ifHCInOctets=[1, 2])
    exposition.observe(world.device(), world.observation(interfaces=table))
    assert len(world.samples(exposition.pieces)) == 1
    assert exposition.refused == {"duplicate row": 1}


def test_series_above_the_cap_are_refused_and_counted(world: Any) -> None:
    """Whoever was there first stays."""
    exposition = DeviceExposition([GENERIC], Limits(series=6))
    polled(world, exposition, world.device("first"), ifOperStatus=[1, 2])
    polled(world, exposition, world.device("late"), ifOperStatus=[1, 2])
    assert exposition.series == len(world.samples(exposition.pieces)) == 5
    assert exposition.refused == {"too many series": 5}
    exposition.forget("first")
    polled(world, exposition, world.device("late"), ifOperStatus=[1, 2])
    assert {dict(about)["device"] for _, about in world.samples(exposition.pieces)} == {"late"}


def test_a_device_that_grows_above_the_cap_keeps_no_old_values(world: Any) -> None:
    exposition = DeviceExposition([GENERIC], Limits(series=6))
    polled(world, exposition, ifHCInOctets=[1, 2])
    polled(world, exposition, ifHCInOctets=[3, 4], ifOperStatus=[1, 2])
    assert exposition.refused == {"too many series": 7}
    assert (exposition.series, exposition.pieces(Format.TEXT_0_0_4)) == (0, [])


def test_long_label_values_are_cut_and_show_it(world: Any) -> None:
    exposition = DeviceExposition([GENERIC], Limits(label=8))
    table = world.table([world.row(1, "n" * 8, alias="ắ" * 9)], ifHCInOctets=[1])
    exposition.observe(world.device(), world.observation(interfaces=table))
    ((_, about),) = world.samples(exposition.pieces)
    assert (dict(about)["ifName"], dict(about)["ifAlias"]) == ("nnnnnnnn", "ắắắắắắắ…")


def test_what_the_engine_refused_is_counted_too(world: Any) -> None:
    exposition = DeviceExposition([GENERIC])
    for outcome in (Outcome.ANSWERED, Outcome.MALFORMED):
        exposition.observe(world.device(), world.observation(outcome=outcome, refused=(("damaged", 2),)))
    assert exposition.refused == {"damaged": 4}


def test_types_and_descriptions_follow_the_profiles(world: Any) -> None:
    exposition = DeviceExposition([])
    polled(world, exposition, ifHCInOctets=[1, 2])
    assert b"# TYPE ifHCInOctets untyped\n" in b"".join(exposition.pieces(Format.TEXT_0_0_4))
    exposition.use([GENERIC])
    assert b"# HELP ifHCInOctets octets received\n# TYPE ifHCInOctets counter\n" in b"".join(
        exposition.pieces(Format.TEXT_0_0_4)
    )


NUMBERS = st.sampled_from([0, 1, EXACT - 1, EXACT, MISSING - 1, MISSING]) | st.integers(0, MISSING)


@given(rows=st.lists(st.tuples(st.integers(1, 9), st.text(), st.text(), NUMBERS), max_size=6))
def test_whatever_a_device_tells_the_exposition_parses(
    world: Any, rows: list[tuple[int, str, str, int]]
) -> None:
    exposition = DeviceExposition([GENERIC])
    names = [world.row(index, name, alias=alias, descr=name) for index, name, alias, _ in rows]
    values = [value for *_, value in rows]
    table = world.table(names, ifHCInOctets=values, ifOperStatus=values)
    exposition.observe(world.device(), world.observation(interfaces=table))
    assert len(world.samples(exposition.pieces)) == exposition.series
