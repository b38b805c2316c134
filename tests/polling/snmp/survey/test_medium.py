"""What the way out runs over: by the types of the port, or of the ports below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from netwatch.model.fact import FactKind
from netwatch.polling.survey.media import (
    IF_COPPER,
    IF_FIBRE,
    IF_RADIO,
    MAU_COPPER,
    MAU_FIBRE,
    of_if_type,
    of_mau,
)

if TYPE_CHECKING:
    from collections.abc import Callable

MAU = (1, 3, 6, 1, 2, 1, 26, 2, 1, 1, 3)
MAU_TYPE = (1, 3, 6, 1, 2, 1, 26, 4)
LAST_MAU = 102  # of IANA-MAU-MIB, dot3MauType
STACK = (1, 3, 6, 1, 2, 1, 31, 1, 2, 1, 3)
ROUTE = (1, 3, 6, 1, 2, 1, 4, 21, 1)
INET_ROUTE = (1, 3, 6, 1, 2, 1, 4, 24, 7, 1)


def way_out(field: Any, port: int) -> None:
    for column, value in ((2, port), (3, 0), (8, 4)):
        field.number((*ROUTE, column, 0, 0, 0, 0), value)


def media(survey: Any) -> dict[str, tuple[str, float, str]]:
    return {
        fact.subject: (fact.text, fact.value, fact.source)
        for fact in survey.facts
        if fact.kind is FactKind.MEDIUM
    }


def runs_over(survey: Any) -> list[tuple[str, str]]:
    return [(fact.subject, fact.text) for fact in survey.facts if fact.kind is FactKind.RUNS_OVER]


@pytest.mark.parametrize(
    ("kind", "maus", "found"),
    [
        (6, [(*MAU_TYPE, 24)], ("fibre", 24, "ifMauType")),
        (6, [(*MAU_TYPE, 30)], ("copper", 30, "ifMauType")),
        (6, [(*MAU_TYPE, 22)], None),
        (6, [(*MAU_TYPE, 24), (*MAU_TYPE, 26)], ("fibre", 24, "ifMauType")),
        (6, [(*MAU_TYPE, 24), (*MAU_TYPE, 30)], None),
        (6, [(0, 0)], None),
        (6, [(1, 3, 6, 1, 4, 1, 9, 24)], None),
        (6, [(*MAU_TYPE, 24, 1)], None),
        (6, [], None),
        (250, [], ("fibre", 250, "ifType")),
        (243, [], ("radio", 243, "ifType")),
        (251, [], ("copper", 251, "ifType")),
        (250, [(*MAU_TYPE, 30)], ("copper", 30, "ifMauType")),
    ],
)
def test_a_port_runs_over_what_its_types_say_and_the_nearer_one_wins(
    in_the_field: Callable[..., None],
    kind: int,
    maus: list[tuple[int, ...]],
    found: tuple[str, float, str] | None,
) -> None:
    async def story(field: Any) -> None:
        field.port(1, "wan", kind)
        field.port(12, "other")
        way_out(field, 1)
        field.oid((*MAU, 12, 1), (*MAU_TYPE, 36))
        for number, value in enumerate(maus, start=1):
            field.oid((*MAU, 1, number), value)
        assert media(await field.survey()) == ({} if found is None else {"wan": found})

    in_the_field(story)


def a_vlan_on_a_bundle_of_two(field: Any) -> None:
    field.port(10, "vlan10", 135, connector=2)
    field.port(20, "bundle", 161, connector=2)
    for higher, lower in ((10, 20), (20, 1), (20, 2), (0, 10), (1, 0), (2, 0)):
        field.number((*STACK, higher, lower), 1)


def a_vlan_whose_layers_are_not_active(field: Any) -> None:
    field.port(10, "vlan10", 135, connector=2)
    field.number((*STACK, 10, 1), 2)


def a_vlan_on_a_whole_switch(field: Any) -> None:
    field.port(10, "vlan10", 53, connector=2)
    for lower in range(1, 30):
        field.number((*STACK, 10, lower), 1)


def layers_in_a_circle(field: Any) -> None:
    field.port(10, "vlan10", 135, connector=2)
    field.port(20, "bundle", 161, connector=2)
    for higher, lower in ((10, 20), (20, 10)):
        field.number((*STACK, higher, lower), 1)


def a_session_over_ethernet_that_says_nothing(field: Any) -> None:
    field.port(10, "pppoe-out1", 23, connector=2)
    field.port(30, "ether1")
    field.number((*STACK, 10, 30), 1)


def test_two_ways_out_by_one_bundle_are_put_down_to_its_ports_both(in_the_field: Callable[..., None]) -> None:
    async def story(field: Any) -> None:
        field.port(1, "sfp1")
        field.oid((*MAU, 1, 1), (*MAU_TYPE, 24))
        field.port(20, "bundle", 161, connector=2)
        field.number((*STACK, 20, 1), 1)
        for index, default in ((10, (1, 4, 0, 0, 0, 0, 0)), (11, (2, 16, *(0,) * 16, 0))):
            field.port(index, f"vlan{index}", 135, connector=2)
            field.number((*STACK, index, 20), 1)
            for column, value in ((7, index), (8, 4), (12, 1), (17, 1)):
                field.number((*INET_ROUTE, column, *default, 2, 0, 0, 1, 4, 192, 0, 2, 1), value)
        assert runs_over(await field.survey()) == [("vlan10", "sfp1"), ("vlan11", "sfp1")]

    in_the_field(story)


@pytest.mark.parametrize(
    ("given", "over", "lit"),
    [
        (a_vlan_on_a_bundle_of_two, [("vlan10", "sfp1"), ("vlan10", "sfp2")], {"sfp1": 24, "sfp2": 26}),
        (a_vlan_whose_layers_are_not_active, [], {}),
        (a_vlan_on_a_whole_switch, [], {}),
        (layers_in_a_circle, [], {}),
        (a_session_over_ethernet_that_says_nothing, [("pppoe-out1", "ether1")], {}),
    ],
)
def test_below_an_interface_without_a_cable_lies_what_it_runs_over(
    in_the_field: Callable[..., None],
    given: Callable[[Any], None],
    over: list[tuple[str, str]],
    lit: dict[str, int],
) -> None:
    async def story(field: Any) -> None:
        for index, mau in ((1, 24), (2, 26)):
            field.port(index, f"sfp{index}")
            field.oid((*MAU, index, 1), (*MAU_TYPE, mau))
        given(field)
        way_out(field, 10)
        survey = await field.survey()
        assert runs_over(survey) == over
        assert {port: number for port, (_, number, _) in media(survey).items()} == lit

    in_the_field(story)


@pytest.mark.parametrize(
    ("number", "medium"),
    [
        (1, "other"), (3, "fibre"), (5, "copper"), (13, "fibre"), (16, "copper"), (18, "fibre"),
        (21, "other"), (22, "other"), (24, "fibre"), (26, "fibre"), (28, "copper"),
        (30, "copper"), (31, "other"),
        (33, "other"), (35, "fibre"), (37, "other"), (41, "copper"), (42, "copper"),
        (49, "fibre"), (53, "fibre"),
        (54, "copper"), (55, "fibre"), (56, "other"), (58, "other"), (59, "fibre"), (69, "fibre"),
        (70, "other"), (71, "copper"), (74, "fibre"), (75, "copper"), (78, "fibre"), (79, "copper"),
        (87, "fibre"), (90, "other"), (92, "other"), (93, "fibre"), (95, "fibre"), (96, "other"),
        (98, "copper"), (99, "other"), (101, "other"), (102, "fibre"), (103, "other"), (0, "other"),
    ],
)  # fmt: skip
def test_types_of_the_mau_mib(number: int, medium: str) -> None:
    assert of_mau(number) == medium


@pytest.mark.parametrize(
    ("number", "medium"),
    [
        (6, "other"), (24, "other"), (62, "other"), (69, "fibre"), (71, "radio"), (94, "copper"),
        (97, "copper"), (117, "other"), (131, "other"), (135, "other"), (161, "other"),
        (195, "fibre"), (237, "radio"),
        (243, "radio"), (244, "radio"), (250, "fibre"), (251, "copper"), (10**9, "other"), (-1, "other"),
    ],
)  # fmt: skip
def test_types_of_the_if_mib(number: int, medium: str) -> None:
    assert of_if_type(number) == medium


def test_no_type_is_of_two_media_and_none_is_beyond_the_registry() -> None:
    assert not MAU_FIBRE & MAU_COPPER
    assert max(MAU_FIBRE | MAU_COPPER) <= LAST_MAU
    assert len(IF_FIBRE | IF_COPPER | IF_RADIO) == len(IF_FIBRE) + len(IF_COPPER) + len(IF_RADIO)
