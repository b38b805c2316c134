"""Site files to devices: every default filled in, units found in their registers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from netwatch.inventory.credentials import NONE
from netwatch.inventory.settings import DEFAULT_PATH
from netwatch.model.device import Device, Role, Uplink

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.inventory.document import Scalar
    from netwatch.inventory.names import Names
    from netwatch.inventory.problem import Remarks
    from netwatch.inventory.settings import Settings
    from netwatch.inventory.sites import Defaults, DeviceEntry, Expect, Site, SitesFile, UplinkEntry
    from netwatch.inventory.units import Units
    from netwatch.model.register import Unit

T = TypeVar("T")

SNMP_PORT = 161


@dataclass(frozen=True, slots=True)
class SiteFile:
    """A site file that was read, with the sheet that its problems go to."""

    content: SitesFile
    remarks: Remarks


@dataclass(frozen=True, slots=True)
class Draft:
    """A device as it stands in a file; `device` is None where a required key is missing."""

    entry: DeviceEntry
    remarks: Remarks
    device: Device | None

    @property
    def name(self) -> Scalar | None:
        """The device's name, None where it could not be read."""
        return self.entry.name if self.entry.was_read("name") else None


class Assembler:
    """Turns site files into devices."""

    def __init__(
        self, settings: Settings, registers: dict[str, Units], known: Names, main: str, no_main: str
    ) -> None:
        self._settings = settings
        self._registers = registers
        self._known = known
        self._main = main  # the register of files that name none, or ""
        self._no_main = no_main  # what to tell where a unit needs one; "" where that is told elsewhere
        self._places: dict[tuple[str, str], tuple[str, str]] = {}  # unit → (area, where that was said)

    def drafts(self, file: SiteFile) -> Iterator[Draft]:
        """Yield the devices of a file."""
        units = self._units(file)
        for site in file.content.sites if file.content.whole else ():
            unit = self._unit(site, file, units)
            area = self._area(site, file, units, unit)
            for entry in site.devices if site.whole else ():
                yield self._draft(entry, site, file, area, units.register.name if units and unit else "")

    def _units(self, file: SiteFile) -> Units | None:
        """Return the register of a file; None where it has none, remarked only where a unit needs it."""
        named = file.content.register
        if named is not None:
            return self._registers.get(named.text) if self._known.knows(named, file.remarks) else None
        return self._registers.get(self._main)

    def _unit(self, site: Site, file: SiteFile, units: Units | None) -> Unit | None:
        if site.unit is None:
            return None
        if units is None:
            if file.content.register is None and self._no_main:
                file.remarks.error(site.unit, self._no_main)
            return None
        unit = units.unit(site.unit, file.remarks)
        if unit is not None and site.predecessor is not None:
            units.check_predecessor(site.predecessor, unit, file.remarks)
        return unit

    def _area(self, site: Site, file: SiteFile, units: Units | None, unit: Unit | None) -> str:
        """Return the area of a site; a unit has one, wherever its sites are written."""
        area = site.area or file.content.defaults.area or (unit.district or unit.province if unit else "")
        if not area and not site.has("unit") and not site.has("area"):
            file.remarks.error(site, "a site needs a 'unit', or an 'area' where its devices belong to none")
        if unit is None or units is None:
            return area
        key = units.register.name, unit.code
        first, where = self._places.setdefault(key, (area, file.remarks.where(site)))
        if first != area:
            file.remarks.error(
                site.place("area"),
                f"unit {unit.code} is in area '{area}' here and in '{first}' at {where}: choose one",
            )
        return area

    def _draft(self, entry: DeviceEntry, site: Site, file: SiteFile, area: str, register: str) -> Draft:
        defaults = file.content.defaults
        role = entry.role or defaults.role
        if role is None and not entry.has("role") and not defaults.has("role"):
            choices = ", ".join(Role)
            file.remarks.error(
                entry, f"the device has no role: add 'role: …' to it or to 'defaults' ({choices})"
            )
        if role is None or not entry.whole:
            return Draft(entry, file.remarks, None)
        device = self._device(entry, site, defaults, area=area, register=register, role=Role(role))
        if not device.echo and device.snmp is None and not any(uplink.address for uplink in device.uplinks):
            file.remarks.error(
                entry.place("echo"), "nothing ever asks this device: give it 'snmp', or let it be echoed"
            )
        return Draft(entry, file.remarks, device)

    def _device(
        self, entry: DeviceEntry, site: Site, defaults: Defaults, *, area: str, register: str, role: Role
    ) -> Device:
        via = entry.via or defaults.via
        snmp = entry.snmp or defaults.snmp
        profile = entry.profile or defaults.profile
        intervals = [each for each in (entry.intervals, defaults.intervals) if each is not None]
        return Device(
            name=entry.name.text,
            unit=site.unit.text if site.unit and register else "",
            register=register,
            area=area,
            predecessor=site.predecessor.text if site.predecessor else "",
            address=entry.address.text,
            role=role,
            via=via.text if via else DEFAULT_PATH,
            parents=tuple(parent.text for parent in entry.parents),
            snmp=snmp.text if snmp and snmp.text != NONE else None,
            snmp_port=_first(SNMP_PORT, entry.snmp_port, defaults.snmp_port),
            profile=profile.text if profile else AUTO,
            expect=_expect(entry.expect),
            uplinks=tuple(_uplink(uplink) for uplink in entry.uplinks),
            echo=_first(True, entry.echo, defaults.echo),
            echo_interval=_first(self._settings.echo_interval, *(each.echo for each in intervals)),
            snmp_interval=_first(self._settings.snmp_interval, *(each.snmp for each in intervals)),
            all_interfaces=(entry.interfaces or defaults.interfaces) == "all",
            hours=entry.hours or defaults.hours or "24x7",
            since=entry.since,
            until=entry.until,
        )


AUTO = "auto"
"""The profile of a device that names none."""


def _first(default: T, *values: T | None) -> T:
    """Return the first value that was given."""
    return next((value for value in values if value is not None), default)


def _uplink(entry: UplinkEntry) -> Uplink:
    return Uplink(
        interface=entry.interface,
        medium=entry.medium,
        provider=entry.provider,
        circuit=entry.circuit,
        contracted=entry.contracted,
        address=entry.address.text if entry.address else None,
    )


def _expect(entry: Expect | None) -> tuple[tuple[str, str], ...]:
    if entry is None:
        return ()
    oid = ".".join(map(str, entry.sysObjectID or ()))
    pairs = (("serial", entry.serial), ("sysName", entry.sysName), ("sysObjectID", oid))
    return tuple((key, value) for key, value in pairs if value)
