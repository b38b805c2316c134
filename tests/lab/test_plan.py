"""Every unit gets its devices, each with an address and a name of its own, below its area."""

from __future__ import annotations

import datetime as dt
import ipaddress

import pytest
from hypothesis import given, strategies as st

from netwatch.lab.plan.addresses import BENCHMARK, LOOPBACK, AddressSpace
from netwatch.lab.plan.layout import KINDS, Feature, Plan, TooManyUnitsError, plan as lay_out
from netwatch.lab.plan.names import slugs
from netwatch.lab.plan.sites import Site, sites as sites_of, spread
from netwatch.model.register import Register, Unit
from netwatch.model.slug import slug

DAY = dt.date(2026, 1, 1)
MERGER = dt.date(2025, 7, 1)


def unit(code: str, name: str, **more: object) -> Unit:
    known = {
        "kind": "xã",
        "district": "",
        "province": "Hưng Yên",
        "valid_from": MERGER,
        "valid_to": None,
        "predecessors": (),
    }
    return Unit(code=code, name=name, latitude=None, longitude=None, source="", **{**known, **more})


def old(code: str, district: str) -> Unit:
    return unit(code, f"Xã {code}", district=district, valid_from=dt.date(2017, 10, 1), valid_to=MERGER)


def test_an_office_has_a_gateway_below_its_area_and_a_switch_below_the_gateway(
    plan: Plan,
) -> None:
    told = [(d.name, d.address, d.role, d.unit, d.parents) for d in plan.devices]
    assert told == [
        ("noc-gateway", "198.18.0.2", "reference", "", ()),
        ("core", "198.18.0.3", "core", "", ()),
        ("vnpt-handoff-a", "198.18.0.4", "reference", "", ()),
        ("vnpt-handoff-b", "198.18.0.5", "reference", "", ()),
        ("viettel-handoff-a", "198.18.0.6", "reference", "", ()),
        ("viettel-handoff-b", "198.18.0.7", "reference", "", ()),
        ("fpt-handoff-a", "198.18.0.8", "reference", "", ()),
        ("fpt-handoff-b", "198.18.0.9", "reference", "", ()),
        ("area-van-lam", "198.18.1.1", "core", "", ("core",)),
        ("area-van-lam-b", "198.18.1.2", "core", "", ("core",)),
        ("area-yen-my", "198.18.1.3", "core", "", ("core",)),
        ("gw-nhu-quynh", "198.18.16.1", "uplink", "12004", ("area-van-lam", "area-van-lam-b")),
        ("sw-nhu-quynh", "2001:2::1002", "switch", "12004", ("gw-nhu-quynh",)),
        ("gw-lac-dao", "198.18.16.9", "uplink", "11992", ("area-van-lam", "area-van-lam-b")),
        ("sw-lac-dao", "198.18.16.10", "switch", "11992", ("gw-lac-dao",)),
        ("gw-yen-my", "198.18.16.17", "uplink", "12064", ("area-yen-my",)),
        ("sw-yen-my", "198.18.16.18", "switch", "12064", ("gw-yen-my",)),
        ("ups-yen-my", "198.18.16.19", "ups", "12064", ("gw-yen-my",)),
        ("olt-viettel", "198.18.0.11", "switch", "", ("core",)),
    ]


def test_units_are_seen_by_their_carriers_hand_offs_and_the_backbone_by_the_way_out(plan: Plan) -> None:
    assert [(office.gateway, office.carrier.path) for office in plan.offices] == [
        ("gw-nhu-quynh", "vnpt"),
        ("gw-lac-dao", "viettel"),
        ("gw-yen-my", "fpt"),
    ]
    carriers = {office.unit: office.carrier.path for office in plan.offices}
    assert all(device.via == carriers.get(device.unit, "default") for device in plan.devices)
    assert plan.hand_offs["fpt"] == ("fpt-handoff-a", "fpt-handoff-b")


def test_any_eight_units_in_a_row_have_every_kind_of_equipment(large: Plan) -> None:
    for first in range(17):
        assert {office.features for office in large.offices[first : first + 8]} == set(KINDS)


def test_equipment_is_there_as_the_features_say(large: Plan) -> None:
    addresses = {device.address for device in large.devices}
    for office in large.offices:
        assert len(office.features & {Feature.SFP, Feature.ONT}) == 1
        assert office.port == ("sfp1" if Feature.SFP in office.features else "ether1")
        assert bool(office.ups) is (Feature.UPS in office.features)
        assert bool(office.backup) is (Feature.BACKUP in office.features)
        assert office.backup not in addresses, "the backup has an address of its own"
    backups = [office.backup for office in large.offices if office.backup]
    assert len(set(backups)) == len(backups) == 9


@pytest.mark.parametrize(
    ("areas", "branches"),
    [
        ([3], [(3, 2)]),
        ([8, 1], [(8, 2), (1, 1)]),
        ([1, 20], [(8, 2), (8, 1), (4, 2), (1, 1)]),
    ],
)
def test_a_branch_has_eight_units_at_most_and_every_second_one_two_routers(
    areas: list[int], branches: list[tuple[int, int]]
) -> None:
    names = [f"Huyện {k}" for k, count in enumerate(areas) for _ in range(count)]
    laid_out = lay_out(
        [Site(unit(str(i), f"Xã {i}"), area, "") for i, area in enumerate(names)], "Hưng Yên", BENCHMARK
    )
    assert [(len(each.sites), len(each.routers)) for each in laid_out.branches] == branches


def test_branches_are_as_large_as_is_wanted() -> None:
    sites = [Site(unit(str(i), f"Xã {i}"), "Huyện", "") for i in range(40)]
    laid_out = lay_out(sites, "Hưng Yên", BENCHMARK, units_per_branch=15)
    assert [(len(each.sites), each.routers) for each in laid_out.branches] == [
        (15, ("area-huyen", "area-huyen-b")),
        (15, ("area-huyen-2",)),
        (10, ("area-huyen-3", "area-huyen-3-b")),
    ]
    assert sum(office.routers == ("area-huyen-2",) for office in laid_out.offices) == 15


def test_each_carrier_has_an_olt_for_the_units_whose_fibre_ends_in_an_ont(large: Plan) -> None:
    told = [(device.name, device.address, device.onus) for device in large.devices if device.onus]
    assert told == [
        ("olt-vnpt", "198.18.0.10", ("10003", "10006", "10009", "10021")),
        ("olt-viettel", "198.18.0.11", ("10001", "10013", "10019", "10022")),
        ("olt-fpt", "198.18.0.12", ("10005", "10011", "10014", "10017")),
    ]
    having = {office.unit for office in large.offices if Feature.ONT in office.features}
    assert having == {unit for _, _, units in told for unit in units}


def test_nothing_is_reached_through_an_olt(large: Plan) -> None:
    olts = {device.name for device in large.devices if device.onus}
    assert not any(olts.intersection(device.parents) for device in large.devices)


def test_without_ipv6_everything_is_reached_by_ipv4(sites: tuple[Site, ...]) -> None:
    devices = lay_out(sites, "Hưng Yên", LOOPBACK).devices
    assert all(ipaddress.ip_address(device.address) in LOOPBACK.ipv4 for device in devices)


@given(st.integers(1, 400), st.integers(1, 40))
def test_names_and_addresses_are_unique_and_inside_the_address_space(units: int, areas: int) -> None:
    sites = [Site(unit(str(i), f"Xã Tân {i % 7}"), f"Huyện {i % areas}", "") for i in range(units)]
    devices = lay_out(sites, "Hưng Yên", BENCHMARK).devices
    addresses = {ipaddress.ip_address(device.address) for device in devices}
    assert len({device.name for device in devices}) == len(devices) == len(addresses)
    assert all(address in BENCHMARK.ipv4 or address in BENCHMARK.ipv6 for address in addresses)
    known = {device.name for device in devices}
    assert all(known.issuperset(device.parents) for device in devices)


def test_a_whole_country_fits() -> None:
    sites = [Site(unit(str(i), f"Xã {i}"), f"Huyện {i // 5}", "") for i in range(3321)]
    whole = lay_out(sites, "Việt Nam", BENCHMARK)
    assert (len(whole.offices), len(whole.branches)) == (3321, 665)


@pytest.mark.parametrize(
    ("units", "areas", "prefix"), [(513, 1, "198.18.0.0/19"), (1920, 1920, "198.18.0.0/15")]
)
def test_what_does_not_fit_is_refused(units: int, areas: int, prefix: str) -> None:
    sites = [Site(unit(str(i), f"Xã {i}"), f"Huyện {i % areas}", "") for i in range(units)]
    with pytest.raises(TooManyUnitsError, match="room for"):
        lay_out(sites, "Hưng Yên", AddressSpace(ipaddress.IPv4Network(prefix), None))


@pytest.mark.parametrize(
    ("total", "count", "chosen"),
    [(4, 4, (0, 1, 2, 3)), (4, 2, (1, 3)), (5, 4, (1, 2, 3, 4)), (10, 3, (3, 6, 9)), (3, 0, ())],
)
def test_units_that_get_devices_are_spread_evenly(total: int, count: int, chosen: tuple[int, ...]) -> None:
    assert spread(range(total), count) == chosen


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Như Quỳnh", "nhu-quynh"),
        ("Đông Hưng", "dong-hung"),
        ("Huyện Ân Thi", "huyen-an-thi"),
        ("A  B/C", "a-b-c"),
        ("", ""),
    ],
)
def test_vietnamese_names_become_plain_words(name: str, short: str) -> None:
    assert slug(name) == short


def test_a_name_that_comes_again_is_numbered() -> None:
    assert slugs(["Tân Tiến", "Tân Tiền", "京", "Tân Tiến"]) == (
        "tan-tien",
        "tan-tien-2",
        "unit",
        "tan-tien-3",
    )


@pytest.mark.parametrize(
    ("own", "area", "predecessor"),
    [
        ({"district": "Huyện Khoái Châu"}, "Huyện Khoái Châu", ""),
        ({"predecessors": ("1", "2", "3")}, "Huyện Văn Lâm", "1"),
        ({"predecessors": ("13282",)}, "Hưng Yên", ""),
        ({}, "Hưng Yên", ""),
    ],
)
def test_units_are_grouped_by_the_district_that_they_came_from(
    own: dict[str, object], area: str, predecessor: str
) -> None:
    """Units whose predecessors the register does not list are grouped under the province."""
    older = (old("1", "Huyện Yên Mỹ"), old("2", "Huyện Văn Lâm"), old("3", "Huyện Văn Lâm"))
    now = unit("1", "Xã Mới", **own)
    assert sites_of(Register("hung-yen", (*older, now), example=False), DAY) == (
        Site(now, area, predecessor),
    )
