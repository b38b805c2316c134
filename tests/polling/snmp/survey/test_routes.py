"""The port that the default route leaves by, from whichever table a device has."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from netwatch.model.fact import FactKind

if TYPE_CHECKING:
    from collections.abc import Callable

INET = (1, 3, 6, 1, 2, 1, 4, 24, 7, 1)
CIDR = (1, 3, 6, 1, 2, 1, 4, 24, 4, 1)
ROUTE = (1, 3, 6, 1, 2, 1, 4, 21, 1)
ARP = (1, 3, 6, 1, 2, 1, 4, 22, 1)
DEFAULT_4 = (1, 4, 0, 0, 0, 0, 0)
DEFAULT_6 = (2, 16, *(0,) * 16, 0)
VIA_4 = (2, 0, 0, 1, 4, 192, 0, 2, 1)
VIA_6 = (2, 0, 0, 2, 16, *(0xFE, 0x80, *(0,) * 13, 1))


def inet(
    field: Any,
    default: tuple[int, ...],
    via: tuple[int, ...],
    port: int,
    *,
    kind: int = 4,
    metric: int = 1,
    status: int = 1,
) -> None:
    for column, value in ((7, port), (8, kind), (12, metric), (17, status)):
        field.number((*INET, column, *default, *via), value)


def cidr(field: Any, port: int) -> None:
    for column, value in ((5, port), (6, 4), (11, 1), (16, 1)):
        field.number((*CIDR, column, *(0,) * 9, 192, 0, 2, 1), value)


def route(field: Any, destination: tuple[int, ...], port: int, kind: int = 4) -> None:
    for column, value in ((2, port), (3, 0), (8, kind)):
        field.number((*ROUTE, column, *destination), value)


def routes(survey: Any) -> list[tuple[str, str, str]]:
    return [
        (fact.subject, fact.text, fact.source) for fact in survey.facts if fact.kind is FactKind.DEFAULT_ROUTE
    ]


def both_versions(field: Any) -> None:
    inet(field, DEFAULT_4, VIA_4, 2)
    inet(field, DEFAULT_6, VIA_6, 3)


def beside_a_full_table(field: Any) -> None:
    inet(field, DEFAULT_4, VIA_4, 2)
    for net in range(1, 200):
        inet(field, (1, 4, net, 0, 0, 0, 8), VIA_4, 1)


def a_host_route_to_nowhere(field: Any) -> None:
    inet(field, (1, 4, 0, 0, 0, 0, 32), VIA_4, 1)


def the_better_of_two(field: Any) -> None:
    inet(field, DEFAULT_4, VIA_4, 1, metric=10)
    inet(field, DEFAULT_4, (*VIA_4[:-1], 9), 2, metric=5)


def two_of_one_metric(field: Any) -> None:
    inet(field, DEFAULT_4, VIA_4, 1)
    inet(field, DEFAULT_4, (*VIA_4[:-1], 9), 2)


def one_metric_not_used(field: Any) -> None:
    inet(field, DEFAULT_4, VIA_4, 1, metric=5)
    inet(field, DEFAULT_4, (*VIA_4[:-1], 9), 2, metric=-1)


def a_better_one_that_is_not_active(field: Any) -> None:
    inet(field, DEFAULT_4, VIA_4, 1, metric=1, status=2)
    inet(field, DEFAULT_4, (*VIA_4[:-1], 9), 2, metric=5)


def into_a_black_hole(field: Any) -> None:
    inet(field, DEFAULT_4, VIA_4, 1, kind=5)


def by_no_port(field: Any) -> None:
    inet(field, DEFAULT_4, VIA_4, 0)


def by_a_next_hop_alone(field: Any) -> None:
    inet(field, DEFAULT_4, VIA_4, 0)
    for port, address in ((3, (192, 0, 2, 1)), (1, (192, 0, 2, 7)), (2, (10, 0, 0, 1))):
        field.number((*ARP, 4, port, *address), 3)


def by_a_next_hop_in_the_table_of_2096(field: Any) -> None:
    cidr(field, 0)
    field.number((*ARP, 4, 3, 192, 0, 2, 1), 3)


def the_table_of_2096(field: Any) -> None:
    cidr(field, 2)


def the_newest_table_without_a_default(field: Any) -> None:
    inet(field, (1, 4, 10, 0, 0, 0, 8), VIA_4, 1)
    cidr(field, 2)


def the_table_of_1213(field: Any) -> None:
    route(field, (0, 0, 0, 0), 3)
    route(field, (0, 0, 0, 9), 1)
    route(field, (10, 0, 0, 0), 1)


def one_that_1213_calls_invalid(field: Any) -> None:
    route(field, (0, 0, 0, 0), 3, kind=2)


def a_port_without_a_name(field: Any) -> None:
    inet(field, DEFAULT_4, VIA_4, 77)


@pytest.mark.parametrize(
    ("given", "found"),
    [
        (
            both_versions,
            [("4", "ge2", "inetCidrRouteIfIndex"), ("6", "ge3", "inetCidrRouteIfIndex")],
        ),
        (beside_a_full_table, [("4", "ge2", "inetCidrRouteIfIndex")]),
        (a_host_route_to_nowhere, []),
        (the_better_of_two, [("4", "ge2", "inetCidrRouteIfIndex")]),
        (two_of_one_metric, [("4", "ge1", "inetCidrRouteIfIndex"), ("4", "ge2", "inetCidrRouteIfIndex")]),
        (one_metric_not_used, [("4", "ge1", "inetCidrRouteIfIndex"), ("4", "ge2", "inetCidrRouteIfIndex")]),
        (a_better_one_that_is_not_active, [("4", "ge2", "inetCidrRouteIfIndex")]),
        (into_a_black_hole, []),
        (by_no_port, []),
        (by_a_next_hop_alone, [("4", "ge3", "ipNetToMediaType")]),
        (by_a_next_hop_in_the_table_of_2096, [("4", "ge3", "ipNetToMediaType")]),
        (the_table_of_2096, [("4", "ge2", "ipCidrRouteIfIndex")]),
        (the_newest_table_without_a_default, [("4", "ge2", "ipCidrRouteIfIndex")]),
        (the_table_of_1213, [("4", "ge3", "ipRouteIfIndex")]),
        (one_that_1213_calls_invalid, []),
        (a_port_without_a_name, [("4", "ifIndex:77", "inetCidrRouteIfIndex")]),
    ],
)
def test_the_default_route_is_told_by_the_port_that_it_leaves_by(
    in_the_field: Callable[..., None], given: Callable[[Any], None], found: list[tuple[str, str, str]]
) -> None:
    async def story(field: Any) -> None:
        for index in (1, 2, 3):
            field.port(index, f"ge{index}")
        given(field)
        assert routes(await field.survey()) == found

    in_the_field(story)


def test_of_a_million_routes_only_the_default_is_asked_for(in_the_field: Callable[..., None]) -> None:
    async def story(field: Any) -> None:
        field.port(1, "ge1")
        beside_a_full_table(field)
        field.large()
        few = len((await field.survey()).facts), len(field.agent.requests)
        for net in range(2000):
            inet(field, (1, 4, 20, net >> 8, net & 0xFF, 0, 24), VIA_4, 1)
        field.large()
        field.agent.requests.clear()
        assert (len((await field.survey()).facts), len(field.agent.requests)) == few

    in_the_field(story)
