"""Minutes of a unit speak for a site only where it is the unit's only one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.audit.sites import Site, sites
from netwatch.model.claim import Criterion, Finding, Found
from netwatch.model.device import Device, Role
from netwatch.model.figures import Figures

if TYPE_CHECKING:
    from collections.abc import Sequence

UNIT, LINE = Figures(up=10), Figures(up=3, down=7)


def device(name: str, unit: str, predecessor: str = "", role: Role = Role.UPLINK) -> Device:
    return Device(
        name=name, address="198.18.0.1", role=role, unit=unit, register="r", area="A", predecessor=predecessor
    )


def found(*devices: Device) -> tuple[Site, ...]:
    return sites(devices, {"u": UNIT}.__getitem__, {"gw": LINE}.__getitem__)


def test_one_office_has_the_minutes_of_its_unit() -> None:
    devices = (device("gw", "u", "p"), device("gw2", "u", "p"), device("sw", "u", "p", Role.SWITCH))
    assert found(*devices) == (Site("r", "u", "p", UNIT),)


def test_of_two_offices_each_has_the_minutes_of_its_one_uplink() -> None:
    """Where it has none or several, nothing can be told of it."""
    devices = (device("gw", "u", "p"), device("sw", "u", "p", Role.SWITCH))
    others = (device("gw2", "u", "q"), device("gw3", "u", "q"), device("sw2", "u", "s", Role.SWITCH))
    assert found(*devices, *others) == (
        Site("r", "u", "p", LINE),
        Site("r", "u", "q", Figures()),
        Site("r", "u", "s", Figures()),
    )


def test_a_device_of_no_unit_is_no_site() -> None:
    assert found(device("gw", "", role=Role.REFERENCE)) == ()


def test_what_the_devices_of_a_site_tell_is_the_site_s_own() -> None:
    def told(there: Sequence[Device]) -> dict[Criterion, Found]:
        return {Criterion.FIBRE: Found(Finding.SHOWN, 1.0, " ".join(each.name for each in there))}

    devices = (device("gw", "u", "p"), device("sw", "u", "p", Role.SWITCH), device("gw2", "u", "q"))
    first, second = sites(devices, {"u": UNIT}.__getitem__, {"gw": LINE, "gw2": LINE}.__getitem__, told)
    assert first.found == ((Criterion.FIBRE, Found(Finding.SHOWN, 1.0, "gw sw")),)
    assert second.found == ((Criterion.FIBRE, Found(Finding.SHOWN, 1.0, "gw2")),)
