"""Real devices, replayed through the engine: what is in their tables is found, and counted right."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

import pytest

from netwatch.model.fact import FactKind
from netwatch.model.outcome import Outcome
from netwatch.protocols import ber

if TYPE_CHECKING:
    from collections.abc import Callable

IF_NAME = (1, 3, 6, 1, 2, 1, 31, 1, 1, 1, 1)
Q_BRIDGE = (1, 3, 6, 1, 2, 1, 17, 7, 1, 2, 2, 1)
BRIDGE = (1, 3, 6, 1, 2, 1, 17, 4, 3, 1)
BASE_PORT = (1, 3, 6, 1, 2, 1, 17, 1, 4, 1, 2)


def counts(survey: Any, kind: FactKind) -> dict[str, float]:
    return {fact.subject: fact.value for fact in survey.facts if fact.kind is kind}


def stations(objects: dict[tuple[int, ...], bytes], table: tuple[int, ...]) -> dict[str, float]:
    """Count by a plain reading of the recording: the reference."""
    found: dict[str, set[tuple[int, ...]]] = defaultdict(set)
    for oid, value in objects.items():
        if oid[: len(table) + 1] != (*table, 2):
            continue
        index = oid[len(table) + 1 :]
        learned = objects.get((*table, 3, *index)) == ber.encode_integer(3)
        place = objects.get((*BASE_PORT, ber.integer(value[2:])))
        name = place and objects.get((*IF_NAME, ber.integer(place[2:])))
        if learned and name and not index[-6] & 1:
            found[name[2:].decode()].add(index[-6:])
    return {port: float(len(addresses)) for port, addresses in found.items()}


@pytest.mark.parametrize(
    ("name", "route", "medium", "table", "hosts"),
    [
        ("network/router/huawei-s5720", "Vlanif200", {}, BRIDGE, {"Vlanif200": 24, "Vlanif30": 23}),
        ("network/switch/cisco-c3750", None, {}, BRIDGE, {"Vl100": 7}),
        (
            "network/switch/h3c-comware-7-1-075",
            "Ten-GigabitEthernet1/0/0/8",
            {"Ten-GigabitEthernet1/0/0/8": "fibre"},
            Q_BRIDGE,
            {"Vlan-interface54": 1},
        ),
        ("network/switch/ruijie-s5750-24gt12sfp", "Gi0/23", {}, Q_BRIDGE, {"Gi0/23": 3, "Vl1800": 258}),
        ("network/switch/hpe-procurve-516733-b21", None, {}, Q_BRIDGE, {}),
        ("network/switch/dlink-des3200", "System", {}, Q_BRIDGE, {"System": 2}),
        ("network/router/juniper-mx960-12-3r6-6", "ifIndex:675", {}, (), {}),
    ],
)
def test_a_recorded_device_is_read_as_it_was(
    in_the_field: Callable[..., None],
    *,
    name: str,
    route: str | None,
    medium: dict[str, str],
    table: tuple[int, ...],
    hosts: dict[str, float],
) -> None:
    async def story(field: Any) -> None:
        field.replay(name)
        survey = await field.survey()
        assert (survey.outcome, survey.failed) == (Outcome.ANSWERED, ())
        routes = [
            fact.text for fact in survey.facts if fact.kind is FactKind.DEFAULT_ROUTE and fact.subject == "4"
        ]
        assert routes == ([] if route is None else [route])
        assert {fact.subject: fact.text for fact in survey.facts if fact.kind is FactKind.MEDIUM} == medium
        expected = stations(field.agent.objects, table) if table else {}
        assert len(expected) >= (2 if table else 0)
        assert counts(survey, FactKind.STATIONS) == expected
        assert counts(survey, FactKind.HOSTS) == hosts

    in_the_field(story)


def test_a_junipers_logical_interface_is_put_down_to_its_port(in_the_field: Callable[..., None]) -> None:
    async def story(field: Any) -> None:
        field.replay("network/router/juniper-mx960-12-3r6-6")
        survey = await field.survey()
        assert [(fact.subject, fact.text) for fact in survey.facts if fact.kind is FactKind.RUNS_OVER] == [
            ("ifIndex:675", "xe-0/3/0")
        ]

    in_the_field(story)
