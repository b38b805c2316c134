"""What a device tells besides its interfaces: a virtual agent for each kind of table, wrong ones included."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.model.observation import READINGS_EVERY, Identity, Light, Mains, Measure, Onu, Reading
from netwatch.model.outcome import Outcome
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
    Quantity,
    SensorTable,
)
from netwatch.polling.conversation import Conversations
from netwatch.polling.device import DevicePoller
from netwatch.polling.interfaces import NAMES_LAST
from netwatch.protocols import ber, snmp
from tests.polling.snmp.conftest import PROFILE, SYSTEM

if TYPE_CHECKING:
    from collections.abc import Callable

ACME = (1, 3, 6, 1, 4, 1, 9999)
PHYSICAL = (1, 3, 6, 1, 2, 1, 47, 1, 1, 1, 1)
ALIAS = (1, 3, 6, 1, 2, 1, 47, 1, 3, 2, 1, 2)
SENSORS = (1, 3, 6, 1, 2, 1, 99, 1, 1, 1)
CISCO = (1, 3, 6, 1, 4, 1, 9, 9, 91, 1, 1, 1, 1)
CISCO_LIMITS = (1, 3, 6, 1, 4, 1, 9, 9, 91, 1, 2, 1, 1)


def metric(arc: int, syntax: str = "integer", table: int = 1) -> Metric:
    return Metric(f"acme{table}x{arc}", (*ACME, table, arc), syntax, "")


def in_unit(arc: int, unit: str, syntax: str = "integer", table: int = 1, absent: Any = ()) -> Quantity:
    return Quantity(metric(arc, syntax, table), unit, absent)


def put(agent: Any, *rows: tuple[tuple[int, ...], int | str]) -> None:
    for oid, value in rows:
        agent.objects[oid] = (
            ber.encode_integer(value)
            if isinstance(value, int)
            else ber.encode(ber.OCTET_STRING, value.encode())
        )


def acme(arc: int, *index: int, table: int = 1) -> tuple[int, ...]:
    return (*ACME, table, arc, *index)


def asking(world: Any, **sections: Any) -> None:
    """Let generic ask for these sections."""
    profile = dataclasses.replace(PROFILE, **sections)
    world.poller = DevicePoller(Conversations(world.engine), {profile.name: profile})


async def ahead(world: Any, seconds: float) -> None:
    world.loop.now += seconds


def test_a_device_without_any_of_it_is_asked_for_nothing_more(play: Callable[..., Any]) -> None:
    """One request when it is looked at, none after; readings are asked for, and there are none."""
    everything: dict[str, Any] = {
        "light": (LightTable(PortKey.IF_INDEX, in_unit(1, "dBm")),),
        "sensors": (SensorTable(Measure.CPU, in_unit(2, "percent")),),
        "entity_sensors": (EntitySensors("entPhySensorTable", SENSORS),),
        "onus": (OnuTable(in_unit(3, "dBm")),),
        "box": (IdentitySource("model", Metric("m", (*PHYSICAL, 13), "text", "")),),
    }

    async def story(world: Any) -> None:
        agent = world.agent(3)
        await world.poll()
        first = len(agent.requests)
        agent.requests.clear()
        await world.poll()
        usual = len(agent.requests)
        agent.requests.clear()
        asking(world, **everything)
        found = await world.poll()
        assert (found.readings, found.onus, found.light, found.refused) == ((), (), (), ())
        assert found.identity == Identity()
        assert len(agent.requests) == first + 1
        for _ in range(3):
            agent.requests.clear()
            await ahead(world, READINGS_EVERY)
            await world.poll()
            assert len(agent.requests) == usual

    play(story)


def test_what_was_absent_is_asked_for_when_names_are_read_again(play: Callable[..., Any]) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(2)
        asking(world, light=(LightTable(PortKey.IF_INDEX, in_unit(1, "0.01 dBm")),))
        assert (await world.poll()).light == ()
        put(agent, (acme(1, 2), -500))
        assert (await world.poll()).light == ()
        await ahead(world, NAMES_LAST)
        assert (await world.poll()).light == (Light("ge2", -5.0),)

    play(story)


def test_light_has_a_unit_for_each_value_and_lanes(play: Callable[..., Any]) -> None:
    """A value that cannot be true is refused and costs itself only."""
    table = LightTable(
        PortKey.IF_INDEX,
        in_unit(1, "mW", "text"),
        transmitted=in_unit(2, "0.001 dBm"),
        low_alarm=in_unit(3, "0.1 uW"),
        low_warning=in_unit(4, "0.01 dBm"),
        high_alarm=in_unit(5, "uW", absent=(-1,)),
    )

    async def story(world: Any) -> None:
        agent = world.agent(3)
        asking(world, light=(table,))
        put(agent, (acme(1, 1), "0.1000"), (acme(2, 1), -2500), (acme(3, 1), 100), (acme(4, 1), -1800))
        put(agent, (acme(5, 1), -1), (acme(1, 2), "N/A"), (acme(2, 2), 999_999))
        put(agent, (acme(1, 3, 1), "1.0 mW"), (acme(1, 3, 2), "0.01 mW"), (acme(1, 77), "1.0"))
        found = await world.poll()
        assert found.light == (
            Light("ge1", -10.0, -20.0, transmitted=-2.5, low_warning=-18.0),
            Light("ge2", None),
            Light("ge3", 0.0, lane="1"),
            Light("ge3", -20.0, lane="2"),
        )
        assert dict(found.refused) == {"out of range": 1}

    play(story)


def test_a_row_with_columns_for_further_lanes(play: Callable[..., Any]) -> None:
    """One of which only the first lane tells anything has that lane alone."""
    table = LightTable(
        PortKey.IF_INDEX,
        in_unit(1, "0.01 dBm", absent=(-65535,)),
        transmitted=in_unit(2, "0.01 dBm", absent=(-65535,)),
        low_alarm=in_unit(3, "0.01 dBm"),
        more_lanes=(
            Lane(in_unit(4, "0.01 dBm", absent=(-65535,)), in_unit(5, "0.01 dBm", absent=(-65535,))),
            Lane(in_unit(6, "0.01 dBm", absent=(-65535,))),
        ),
    )

    async def story(world: Any) -> None:
        agent = world.agent(2)
        asking(world, light=(table,))
        for arc, value in enumerate((-300, -200, -1500, -65535, -65535, -65535), start=1):
            put(agent, (acme(arc, 1), value))
        for arc, value in enumerate((-65535, -200, -1500, -310, -65535, -65535), start=1):
            put(agent, (acme(arc, 2), value))
        assert (await world.poll()).light == (
            Light("ge1", -3.0, -15.0, transmitted=-2.0),
            Light("ge2", None, -15.0, lane="1", transmitted=-2.0),
            Light("ge2", -3.1, -15.0, lane="2"),
            Light("ge2", None, -15.0, lane="3"),
        )

    play(story)


@pytest.mark.parametrize(
    ("received", "transmitted", "lanes", "refused"),
    [
        ("", "", [("", -5.0, None)], 0),
        ("-801\0", "-227\0", [("", -5.0, -2.27)], 0),
        ("-801,-790", "-227", [("1", -8.01, -2.27), ("2", -7.9, None)], 0),
        ("-801, -1,junk,1900", "", [("1", -8.01, None), *((lane, None, None) for lane in "234")], 2),
        (",".join(["-801"] * 16), "", [(str(lane), -8.01, None) for lane in range(1, 17)], 0),
        (",".join(["-801"] * 17), "", [("", -5.0, None)], 1),
    ],
    ids=["nothing", "one lane", "two", "what cannot be", "sixteen", "too many"],
)  # fmt: skip
def test_texts_with_a_value_for_each_lane(
    play: Callable[..., Any],
    received: str,
    transmitted: str,
    lanes: list[tuple[str, float, float | None]],
    refused: int,
) -> None:
    table = LightTable(
        PortKey.IF_INDEX,
        in_unit(1, "0.01 dBm"),
        transmitted=in_unit(2, "0.01 dBm", absent=(0,)),
        comma_lanes=Lane(
            in_unit(3, "0.01 dBm", "text", absent=(-1,)), in_unit(4, "0.01 dBm", "text", absent=(-1,))
        ),
    )

    async def story(world: Any) -> None:
        agent = world.agent(1)
        asking(world, light=(table,))
        put(agent, (acme(1, 1), -500), (acme(2, 1), 0), (acme(3, 1), received), (acme(4, 1), transmitted))
        found = await world.poll()
        assert [(light.lane, light.received, light.transmitted) for light in found.light] == lanes
        assert found.refused == ((("out of range", refused),) if refused else ())

    play(story)


def test_a_table_of_lanes_has_the_thresholds_of_the_modules(play: Callable[..., Any]) -> None:
    """A module of one lane is one row; one of more that tells no light of its own is left out."""
    modules = LightTable(PortKey.IF_INDEX, in_unit(1, "dBm", absent=(0,)), low_alarm=in_unit(3, "dBm"))
    table = LightTable(PortKey.IF_INDEX, in_unit(1, "dBm", table=2), in_unit(2, "dBm", table=2))

    async def story(world: Any) -> None:
        agent = world.agent(3)
        asking(world, light=(modules, table))
        for port, level in ((1, -5), (2, 0), (3, -4)):
            put(agent, (acme(1, port), level), (acme(3, port), -20 - port))
        put(agent, (acme(1, 1, 0, table=2), -6), (acme(2, 1, 0, table=2), -1))
        for port in (2, 3):
            put(agent, (acme(1, port, 0, table=2), -7), (acme(1, port, 1, table=2), -8))
        assert (await world.poll()).light == (
            Light("ge1", -5.0, -21.0, transmitted=-1.0),
            Light("ge3", -4.0, -23.0),
            Light("ge2", -7.0, -22.0, lane="0"),
            Light("ge2", -8.0, -22.0, lane="1"),
            Light("ge3", -7.0, -23.0, lane="0"),
            Light("ge3", -8.0, -23.0, lane="1"),
        )

    play(story)


def test_rows_of_which_the_index_says_what_they_measure(play: Callable[..., Any]) -> None:
    """Temperature, current and voltage are in the same column, in rows of their own, and are not light."""
    table = LightTable(
        PortKey.IF_INDEX, in_unit(1, "0.001 dBm"), low_alarm=in_unit(2, "0.001 dBm"), kinds=(4, 3)
    )

    async def story(world: Any) -> None:
        agent = world.agent(3)
        asking(world, light=(table,))
        for kind, value in ((1, 41_000), (2, 12_000), (3, -2100), (4, -7400), (7, 3300)):
            put(agent, (acme(1, 1, kind), value), (acme(2, 1, kind), -20_000 - kind))
        put(agent, (acme(1, 2, 1), 41_000), (acme(1, 3, 4), -9100), (acme(1, 4), -1000))
        found = await world.poll()
        assert found.light == (Light("ge1", -7.4, -20.004, transmitted=-2.1), Light("ge3", -9.1))
        assert found.refused == ()

    play(story)


def test_light_that_cannot_be_is_refused_but_not_its_thresholds(play: Callable[..., Any]) -> None:
    table = LightTable(
        PortKey.IF_INDEX,
        in_unit(1, "0.01 dBm"),
        transmitted=in_unit(2, "0.01 dBm"),
        low_alarm=in_unit(3, "0.01 dBm"),
        high_alarm=in_unit(4, "0.01 dBm"),
    )

    async def story(world: Any) -> None:
        agent = world.agent(2)
        asking(world, light=(table,), onus=(OnuTable(in_unit(1, "dBm", table=2)),))
        put(agent, (acme(1, 1), 1001), (acme(2, 1), -5001), (acme(3, 1), -5500), (acme(4, 1), 1300))
        put(agent, (acme(1, 2), 1000), (acme(2, 2), -5000), (acme(1, 7, table=2), 11))
        found = await world.poll()
        assert found.light == (
            Light("ge1", None, -55.0, high_alarm=13.0),
            Light("ge2", 10.0, transmitted=-50.0),
        )
        assert found.onus == (Onu("7", None),)
        assert dict(found.refused) == {"out of range": 3}

    play(story)


def test_light_by_the_name_of_the_port(play: Callable[..., Any]) -> None:
    """Tables that know the same lane are one; names are read when there is a new row only."""
    first = LightTable(PortKey.NAME, in_unit(1, "0.001 dBm", absent=(0,)), port=metric(9, "text"))
    second = LightTable(PortKey.IF_INDEX, in_unit(1, "dBm", table=2), in_unit(2, "dBm", table=2))

    async def story(world: Any) -> None:
        agent = world.agent(3)
        asking(world, light=(first, second))
        put(agent, (acme(1, 40), -7000), (acme(9, 40), "ge2"), (acme(1, 41), 0), (acme(9, 41), "port ge3"))
        put(agent, (acme(1, 42), -100), (acme(9, 42), "cellular"))
        put(agent, (acme(1, 2, table=2), -9), (acme(2, 2, table=2), -3))
        told = (Light("ge2", -7.0, transmitted=-3.0), Light("ge3", None))
        assert (await world.poll()).light == told
        agent.requests.clear()
        assert (await world.poll()).light == told
        assert len(agent.requests) == 3  # the numbers, and one for each table
        put(agent, (acme(1, 43), -2000), (acme(9, 43), "ge1"))
        assert Light("ge1", -2.0) in (await world.poll()).light

    play(story)


@pytest.mark.parametrize(
    "parts",
    [
        {"alias": {50: 2}},
        {"inside": {50: 40}, "alias": {40: 2}},
        {"inside": {50: 40, 40: 30}, "names": {30: "ge2"}},
        {"names": {50: "ge2"}},
        {"names": {50: "ge2 optical module"}},
        {"inside": {50: 40, 40: 50}, "names": {50: "port ge2 transceiver"}},  # a circle, and ifDescr
    ],
    ids=["its own alias", "what it is in", "the name of what it is in", "name", "begins with", "a circle"],
)
def test_light_of_a_part_is_put_down_to_its_port(play: Callable[..., Any], parts: Any) -> None:
    async def story(world: Any) -> None:
        agent = world.agent(22)
        asking(world, light=(LightTable(PortKey.ENTITY, in_unit(1, "0.01 dBm or uW")),))
        put(agent, (acme(1, 50), -730), (acme(1, 51), 1000))
        for part in (30, 40, 50, 51):
            put(agent, ((*PHYSICAL, 4, part), parts.get("inside", {}).get(part, 0)))
            put(agent, ((*PHYSICAL, 7, part), parts.get("names", {}).get(part, "")))
        for part, index in parts.get("alias", {}).items():
            pointer = ber.encode_oid((1, 3, 6, 1, 2, 1, 2, 2, 1, 1, index))
            agent.objects[*ALIAS, part, 0] = ber.encode(ber.OBJECT_IDENTIFIER, pointer)
        assert (await world.poll()).light == (Light("ge2", -7.3),)

    play(story)


def test_sensors_of_one_entry_are_walked_as_one_and_have_names_that_are_unique(
    play: Callable[..., Any],
) -> None:
    label = metric(9, "text", table=3)
    sensors = (
        SensorTable(Measure.CPU, in_unit(1, "percent"), label=label),
        SensorTable(Measure.TEMPERATURE, in_unit(2, "celsius", absent=(0,)), label=label),
        SensorTable(Measure.FAN, well=Flag(metric(3), (1,), (9,)), label=label),
    )

    async def story(world: Any) -> None:
        agent = world.agent(1)
        asking(world, sensors=sensors)
        for index, (cpu, degrees, fan, name) in enumerate(
            [(5, 42, 1, "board"), (250, 0, 2, "board"), (100, 300, 9, "")], start=1
        ):
            put(agent, (acme(1, index), cpu), (acme(2, index), degrees), (acme(3, index), fan))
            put(agent, (acme(9, index, table=3), name))
        found = await world.poll()
        assert found.readings == (
            Reading(Measure.CPU, "board", 0.05),
            Reading(Measure.CPU, "3", 1.0),
            Reading(Measure.TEMPERATURE, "board", 42.0),
            Reading(Measure.FAN, "board (1)", 1.0),
            Reading(Measure.FAN, "board (2)", 0.0),
        )
        assert dict(found.refused) == {"out of range": 2}
        agent.requests.clear()
        assert (await world.poll()).readings is None
        assert len(agent.requests) == 1
        await ahead(world, READINGS_EVERY)
        agent.requests.clear()
        assert len((await world.poll()).readings) == 5
        assert len(agent.requests) == 2  # the numbers, and one for all three sensors

    play(story)


@pytest.mark.parametrize(
    ("sources", "used", "refused"),
    [
        ({"value": 30, "total": 120}, 0.25, {}),
        ({"value": 30, "free": 90}, 0.25, {}),
        ({"free": 90, "total": 120}, 0.25, {}),
        ({"value": 0, "total": 0}, None, {}),
        ({"value": 130, "total": 120}, None, {"out of range": 1}),
        ({"free": 130, "total": 120}, None, {"out of range": 1}),
    ],
)
@pytest.mark.parametrize("scalar", [False, True])
def test_memory_in_use_is_a_share(
    play: Callable[..., Any], sources: Any, used: float | None, refused: Any, *, scalar: bool
) -> None:
    """Of two of what is used, what there is in all and what is free."""
    arcs = {"value": 1, "total": 2, "free": 3}
    quantities = {name: in_unit(arcs[name], "kB") for name in sources}

    async def story(world: Any) -> None:
        agent = world.agent(1)
        asking(world, sensors=(SensorTable(Measure.MEMORY, scalar=scalar, **quantities),))
        put(agent, *((acme(arcs[name], 0), value) for name, value in sources.items()))
        found = await world.poll()
        name = quantities.get("value", quantities.get("total")).metric.name if scalar else "0"  # type: ignore[union-attr]  # one is there
        assert found.readings == (() if used is None else (Reading(Measure.MEMORY, name, used),))
        assert dict(found.refused) == refused

    play(story)


def test_only_the_rows_that_are_meant(play: Callable[..., Any]) -> None:
    """HrStorageTable holds discs as well as memory; a row whose kind is not told is not meant."""
    ram = (1, 3, 6, 1, 2, 1, 25, 2, 1, 2)
    sensors = (
        SensorTable(Measure.MEMORY, in_unit(1, "percent"), where=Condition(metric(2, "oid"), (ram,))),
        SensorTable(Measure.TEMPERATURE, in_unit(3, "0.1 celsius"), where=Condition(metric(4), (1,))),
    )

    async def story(world: Any) -> None:
        agent = world.agent(1)
        asking(world, sensors=sensors)
        for index, (kind, other) in enumerate([(ram, 1), ((*ram[:-1], 4), 2), (None, 3)], start=1):
            put(agent, (acme(1, index), 10 * index), (acme(3, index), 400 + index), (acme(4, index), other))
            if kind:
                agent.objects[acme(2, index)] = ber.encode(ber.OBJECT_IDENTIFIER, ber.encode_oid(kind))
        assert (await world.poll()).readings == (
            Reading(Measure.MEMORY, "1", 0.1),
            Reading(Measure.TEMPERATURE, "1", 40.1),
        )

    play(story)


def sensor(entry: tuple[int, ...], part: int, *values: int) -> list[tuple[tuple[int, ...], int]]:
    """Type, scale, precision, value, status."""
    return [((*entry, arc, part), value) for arc, value in enumerate(values, start=1)]


def test_entity_sensors_tell_themselves_what_they_measure(play: Callable[..., Any]) -> None:
    """Scale and precision move the decimal point (RFC 3433); what is not in order is left out."""
    names = {
        10: "inlet", 11: "outlet", 12: "Fan 1", 13: "Power Supply 2", 14: "door", 15: "broken", 16: "hot",
        17: "amperes", 18: "core",
    }  # fmt: skip

    async def story(world: Any) -> None:
        agent = world.agent(1)
        asking(world, entity_sensors=(EntitySensors("standard", SENSORS), EntitySensors("cisco", CISCO)))
        for part, name in names.items():
            put(agent, ((*PHYSICAL, 7, part), name))
        put(agent, *sensor(SENSORS, 10, 8, 9, 1, 235, 1), *sensor(SENSORS, 11, 8, 8, 0, 41_500, 1))
        put(agent, *sensor(SENSORS, 12, 12, 9, 0, 1, 1), *sensor(SENSORS, 13, 12, 9, 0, 2, 1))
        put(agent, *sensor(SENSORS, 14, 12, 9, 0, 1, 1), *sensor(SENSORS, 15, 8, 9, 0, 20, 2))
        put(agent, *sensor(SENSORS, 16, 8, 10, 0, 20, 1), *sensor(SENSORS, 17, 5, 9, 0, 20, 1))
        put(agent, *sensor(SENSORS, 18, 8, 9, -3, 55, 1))
        put(agent, *sensor(CISCO, 10, 8, 9, 0, 99, 1))  # the same part, told twice
        found = await world.poll()
        assert found.readings == (
            Reading(Measure.TEMPERATURE, "inlet", 23.5),
            Reading(Measure.TEMPERATURE, "outlet", 41.5),
            Reading(Measure.TEMPERATURE, "core", 55.0),
            Reading(Measure.FAN, "Fan 1", 1.0),
            Reading(Measure.POWER_SUPPLY, "Power Supply 2", 0.0),
        )
        assert dict(found.refused) == {"out of range": 1}

    play(story)


def test_light_among_entity_sensors_goes_with_every_poll(play: Callable[..., Any]) -> None:
    """Walked with the readings, asked for by name in between; watts become dBm; thresholds are its own."""
    names = {
        20: "ge1 Transceiver Receive Power Sensor", 21: "ge1 Transceiver Transmit Power Sensor",
        22: "ge2 Lane 1 Rx Power", 23: "ge2 Lane 2 Rx Power", 24: "ge3 receive power", 25: "ge3 power",
        26: "ge3 Lane 2 Rx Power", 27: "ge3 Lane 3 Rx Power",
    }  # fmt: skip

    async def story(world: Any) -> None:
        agent = world.agent(3)
        asking(world, entity_sensors=(EntitySensors("cisco", CISCO, CISCO_LIMITS),))
        for part, name in names.items():
            put(agent, ((*PHYSICAL, 7, part), name))
        put(agent, *sensor(CISCO, 20, 14, 9, 1, -71, 1), *sensor(CISCO, 21, 14, 9, 1, -22, 1))
        put(agent, *sensor(CISCO, 22, 14, 8, 0, -5000, 1), *sensor(CISCO, 23, 14, 8, 0, -6000, 1))
        put(agent, *sensor(CISCO, 26, 14, 9, 0, 19, 1), *sensor(CISCO, 27, 6, 9, 0, 2, 1))
        put(agent, *sensor(CISCO, 24, 6, 7, 0, 100, 1), *sensor(CISCO, 25, 6, 9, 0, 15, 1))
        for number, (severity, relation, value) in enumerate(
            [(30, 1, -244), (10, 1, -200), (30, 3, 20), (10, 3, -10)], start=1
        ):
            put(
                agent,
                *(
                    ((*CISCO_LIMITS, 2 + arc, 20, number), each)
                    for arc, each in enumerate((severity, relation, value))
                ),
            )
        first = await world.poll()
        ge1 = Light("ge1", -7.1, -24.4, transmitted=-2.2, low_warning=-20.0, high_alarm=2.0)
        lanes = (Light("ge2", -5.0, lane="1"), Light("ge2", -6.0, lane="2"))
        assert [dataclasses.replace(each, received=round(each.received, 6)) for each in first.light[:4]] == [
            ge1, *lanes, Light("ge3", -10.0),
        ]  # fmt: skip
        assert [(light.lane, light.received) for light in first.light[4:]] == [("2", None), ("3", None)]
        assert dict(first.refused) == {"out of range": 2}  # 19 dBm, and 2 W
        assert first.readings == ()
        agent.requests.clear()
        put(agent, ((*CISCO, 4, 20), -400))
        second = await world.poll()
        assert second.light[0] == dataclasses.replace(ge1, received=-40.0)
        assert second.readings is None
        assert [pdu for pdu, _, _, _ in agent.requests] == [snmp.GETBULK, snmp.GET]

    play(story)


def test_mains_ride_along_with_the_first_request(play: Callable[..., Any]) -> None:
    """An object that is exported as well is asked for once; the others are not exported."""
    exported = metric(1)
    mains = MainsObjects(
        Flag(exported, (5,), (1,)),
        seconds_on_battery=in_unit(2, "s"),
        charge=in_unit(3, "percent or 0.1 percent"),
        runtime=in_unit(4, "min", absent=(-1,)),
        low=Flag(metric(5), (3, 4), (1,)),
        lost_count=metric(6, "counter32"),
    )

    async def story(world: Any) -> None:
        agent = world.agent(0)
        asking(world, mains=mains, scalars=(exported,), columns=(), identity=())
        put(agent, *((acme(arc, 0), value) for arc, value in enumerate((5, 90, 1000, -1, 3, 7), start=1)))
        await world.poll()
        agent.requests.clear()
        found = await world.poll()
        assert found.mains == Mains(True, 90.0, 1.0, None, True, 7)
        assert found.scalars == (("acme1x1", 5),)
        assert [names for _, _, _, names in agent.requests] == [2 + 6]  # with sysUpTime and ifTableLastChange
        put(agent, (acme(1, 0), 1), (acme(5, 0), 2), (acme(3, 0), 2000))
        found = await world.poll()
        assert (found.mains.on_battery, found.mains.low, found.mains.charge) == (None, False, None)
        assert dict(found.refused) == {"out of range": 1}
        for arc in range(1, 7):
            del agent.objects[acme(arc, 0)]
        assert (await world.poll()).mains is None

    play(story)


def test_the_box_is_told_by_the_first_source_with_text(play: Callable[..., Any]) -> None:
    """A single object, the first row of a table with text, or a piece of sysDescr."""
    box = (
        IdentitySource("model", metric(1, "text"), scalar=True),
        IdentitySource("model", Metric("m", (*PHYSICAL, 13), "text", "")),
        IdentitySource("serial", Metric("s", (*PHYSICAL, 11), "text", ""), after="SN:"),
        IdentitySource("firmware", metric(2, "text"), scalar=True),
        IdentitySource("firmware", None, scalar=True, after="Version ", until=","),
    )

    async def story(world: Any) -> None:
        agent = world.agent(1)
        asking(world, box=box, vendor="Acme")
        put(agent, ((*SYSTEM, 1, 0), "Acme OS, Version 7.1 (2), built"), (acme(1, 0), "  "))
        for part, (model, serial) in enumerate([("", ""), ("X-48", "SN: 1234 "), ("fan", "SN: 9")], start=1):
            put(agent, ((*PHYSICAL, 13, part), model), ((*PHYSICAL, 11, part), serial))
        told = Identity("Acme", "X-48", "1234", "7.1 (2)")
        assert (await world.poll()).identity == told
        agent.requests.clear()
        assert (await world.poll()).identity == told
        assert len(agent.requests) == 1
        agent.booted = world.loop.now
        await ahead(world, 60)
        put(agent, (acme(1, 0), "X-96\x1b[2J"))
        assert (await world.poll()).identity == dataclasses.replace(told, model="X-96\ufffd[2J")

    play(story)


def test_an_olt_tells_of_its_onus(play: Callable[..., Any]) -> None:
    onus = OnuTable(in_unit(1, "0.01 dBm"), Flag(metric(2), (1,)), metric(3, "text"))

    async def story(world: Any) -> None:
        agent = world.agent(1)
        asking(world, onus=(onus,))
        put(agent, (acme(1, 7, 1), -2150), (acme(2, 7, 1), 1), (acme(3, 7, 1), "ONT-1"))
        put(agent, (acme(1, 7, 2), -20_000), (acme(2, 7, 2), 2))
        found = await world.poll()
        assert found.onus == (Onu("ONT-1", -21.5, online=True), Onu("7.2", None, online=False))
        assert found.readings is None
        assert dict(found.refused) == {"out of range": 1}
        assert (await world.poll()).onus is None

    play(story)


def test_silence_about_readings_leaves_the_rest_of_the_poll(play: Callable[..., Any]) -> None:
    """What had been read is kept; the table is left alone after it was asked for in vain."""
    sensors = (
        SensorTable(Measure.CPU, in_unit(1, "percent")),
        SensorTable(Measure.TEMPERATURE, in_unit(1, "celsius", table=2)),
    )

    async def story(world: Any) -> None:
        agent = world.agent(2)
        asking(world, sensors=sensors)
        put(agent, (acme(1, 1), 5), (acme(1, 1, table=2), 40))
        answer = world.transport.agents["198.51.100.1", 161]
        asked = ber.encode_oid((*ACME, 2, 1))

        def deaf(data: bytes) -> Any:
            if asked in data and ber.encode_oid((*ACME, 1, 1)) not in data:
                return []
            return answer(data)

        world.transport.agents["198.51.100.1", 161] = deaf
        found = await world.poll()
        assert (found.outcome, dict(found.refused)) == (Outcome.ANSWERED, {"sensors": 1})
        assert found.readings == (Reading(Measure.CPU, "1", 0.05),)
        assert found.interfaces is not None
        for refused in ({"sensors": 1}, {}):
            await ahead(world, READINGS_EVERY)
            found = await world.poll()
            assert dict(found.refused) == refused

    play(story)
