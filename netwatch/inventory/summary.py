"""What a configuration comes to, in figures: so that a device or a unit that was forgotten is noticed."""

from __future__ import annotations

import collections
import datetime as dt
from typing import TYPE_CHECKING

from netwatch.inventory.lines import Numbering, lines
from netwatch.inventory.moments import unix
from netwatch.inventory.profiles import GENERIC
from netwatch.inventory.wording import counted
from netwatch.model.cause import Cause

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.inventory.load import Inventory
    from netwatch.model.device import Device
    from netwatch.model.register import Unit

PORTS = 28
"""Interfaces that a device is taken to have where all of them are exported."""

PER_LIT_PORT = 3  # light received and sent, and the alarm's threshold
PER_SENSOR_TABLE = 2  # sensors that a table is taken to have
PER_UPS = 5  # on battery, for how long, charge, runtime, low

PER_UNIT = 9 + len(Cause)  # info, states, minutes by verdict, blips, claims, outages by cause
PER_MONITORED_UNIT = 3  # the last outage, its beginning, its end
PER_DEVICE = 7  # info, states, minutes by verdict
PER_LINE = 26  # tallies, loss, mean, jitter, and the histogram
PER_SNMP_DEVICE = 10  # uptime, polls by outcome, duration, last success
PER_SERVICE = 6  # up, duration of four phases, expiry
PER_CLAIM = 11  # info, declared, bounds, verdicts, units by verdict; and its statement in each language
ITSELF = 100


def monitored(inventory: Inventory, day: dt.date) -> tuple[list[Unit], list[Unit]]:
    """Return the units of the main register on `day`: those with devices, and those without."""
    register = inventory.register
    codes = {device.unit for device in inventory.devices if register and device.register == register.name}
    units = inventory.units(day)
    return [unit for unit in units if unit.code in codes], [unit for unit in units if unit.code not in codes]


def summary(inventory: Inventory, day: dt.date) -> list[tuple[str, str]]:
    """Return rows of a label and what there is of it."""
    rows = [("register", _register(inventory, day))]
    with_devices, without = monitored(inventory, day)
    if inventory.register:
        rows.append(("units", f"{len(with_devices):,} monitored, {len(without):,} unmonitored"))
    rows += [
        ("devices", _by(inventory.devices, "role")),
        ("echo", _echo(inventory.devices)),
        ("SNMP", _snmp(inventory.devices)),
        ("paths", _paths(inventory)),
        ("credentials", _credentials(inventory)),
        ("services", _services(inventory)),
        ("claims", ", ".join(claim.name for claim in inventory.claims) or "none"),
        ("maintenance", _maintenance(inventory, day)),
        ("holidays", _holidays(inventory)),
    ]
    live, values = series(inventory, day)
    rows.append(("series", f"about {live:,} in /metrics, {values:,} in /metrics/devices"))
    return rows


def series(inventory: Inventory, day: dt.date) -> tuple[int, int]:
    """Return how many series to expect in /metrics and in /metrics/devices; a rough figure, for planning."""
    with_devices, without = monitored(inventory, day)
    asked = [device for device in inventory.devices if device.snmp]
    uplinks = sum(len(device.uplinks) * 2 for device in inventory.devices)
    live = (
        ITSELF
        + PER_UNIT * (len(with_devices) + len(without))
        + PER_MONITORED_UNIT * len(with_devices)
        + PER_DEVICE * len(inventory.devices)
        + PER_LINE * len(lines(inventory.devices, Numbering()))
        + PER_SNMP_DEVICE * len(asked)
        + uplinks
        + 2 * len(inventory.settings.paths)
        + PER_SERVICE * len(inventory.settings.services)
    )
    for claim in inventory.claims:
        live += PER_CLAIM + len(claim.statement)
        if (population := claim.population) is not None:
            units = inventory.registers[population.register].as_of(population.as_of)
            counted_units = [unit for unit in units if not population.kinds or unit.kind in population.kinds]
            live += len(counted_units) * (1 + len(claim.criteria))
    return live, sum(_values(inventory, device) for device in asked)


def _values(inventory: Inventory, device: Device) -> int:
    """Return the series of one device: interfaces, their count by status, light, sensors, sysUpTime."""
    profile = inventory.profiles.get(device.profile, inventory.profiles[GENERIC])
    everything = device.all_interfaces or profile.all_interfaces
    interfaces = PORTS if everything else sum(1 for uplink in device.uplinks if uplink.interface)
    light = interfaces * PER_LIT_PORT if profile.light else 0
    sensors = PER_SENSOR_TABLE * (len(profile.sensors) + len(profile.entity_sensors))
    mains = PER_UPS if profile.mains is not None else 0
    return interfaces * len(profile.columns) + len(profile.scalars) + light + sensors + mains + 3


def _register(inventory: Inventory, day: dt.date) -> str:
    register = inventory.register
    if register is None:
        return "none of administrative units"
    units = register.as_of(day)
    kinds = collections.Counter(unit.kind for unit in units)
    told = ", ".join(f"{count:,} {kind}" for kind, count in kinds.most_common())
    return f"{register.name}: {counted(len(units), 'unit')} in force on {day}" + (
        f" ({told})" if told else ""
    )


def _by(devices: Iterable[Device], attribute: str) -> str:
    counts = collections.Counter(str(getattr(device, attribute)) for device in devices)
    return f"{counts.total():,}: " + ", ".join(f"{count:,} {name}" for name, count in counts.most_common())


def _echo(devices: Iterable[Device]) -> str:
    echoed = lines(devices, Numbering())
    rate = sum(1 / line.interval for line in echoed)
    return f"{counted(len(echoed), 'line')}, {rate:,.4g} echoes a second"


def _snmp(devices: Iterable[Device]) -> str:
    asked = [device for device in devices if device.snmp]
    rate = sum(60 / device.snmp_interval for device in asked)
    return f"{counted(len(asked), 'device')}, {rate:,.4g} polls a minute"


def _paths(inventory: Inventory) -> str:
    bare = [path.name for path in inventory.settings.paths.values() if not path.references]
    told = f", without references: {', '.join(bare)}" if bare else ", each with references"
    return f"{len(inventory.settings.paths)}{told}"


def _services(inventory: Inventory) -> str:
    asked = inventory.settings.services
    counts = collections.Counter(service.scheme.value for service in asked)
    told = ", ".join(f"{count:,} {scheme}" for scheme, count in counts.most_common())
    return f"{len(asked):,}: {told}" if asked else "none"


def _maintenance(inventory: Inventory, day: dt.date) -> str:
    """Return how many windows are held on a day, are yet to come, and are over."""
    zone = inventory.hours.zone
    start, end = (unix(each, dt.time(), zone) for each in (day, day + dt.timedelta(days=1)))
    today = sum(1 for plan in inventory.windows if any(plan.when.spans(start, end)))
    over = sum(1 for plan in inventory.windows if plan.over(day, zone))
    coming = len(inventory.windows) - today - over
    return f"{counted(len(inventory.windows), 'window')}: {today} today, {coming} to come, {over} over"


def _holidays(inventory: Inventory) -> str:
    days = inventory.hours.holidays
    return f"{len(days)}, from {min(days)} to {max(days)}" if days else "none"


def _credentials(inventory: Inventory) -> str:
    broken = [credential.name for credential in inventory.credentials.values() if credential.problem]
    told = f", not usable: {', '.join(broken)}" if broken else ""
    return f"{len(inventory.credentials)}{told}"
