"""What a probe says of an observation: aligned columns, a dash where nothing is known. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.model.observation import MISSING, Measure
from netwatch.model.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netwatch.model.device import Device
    from netwatch.model.neighbour import Neighbour
    from netwatch.model.observation import Light, Mains, Observation, Onu, Reading
    from netwatch.polling.single import Echoes

UNKNOWN = "\N{EN DASH}"

SHORTEST_MASKED = 4
"""Characters of a secret that is masked where a device tells it: shorter ones stand in too many words."""

MOST_ONUS = 64
"""Lines of ONUs that are shown: an OLT has thousands, and `--json` has them all."""


def tell_echoes(echoes: Echoes) -> str:
    """Tell how echoes went, without a number that was not measured."""
    if echoes.problem:
        return f"echo      not asked: {echoes.problem}"
    line = f"echo      {len(echoes.rtts)} of {echoes.sent} answered ({echoes.method} ICMP socket)"
    if echoes.rtts:
        least, mean, most = min(echoes.rtts), sum(echoes.rtts) / len(echoes.rtts), max(echoes.rtts)
        line += f", RTT min {least * 1e3:.3f} / mean {mean * 1e3:.3f} / max {most * 1e3:.3f} ms"
    return "\n".join([line, *(f"          {error}" for error in echoes.errors)])


def tell_observation(device: Device, seen: Observation, neighbours: Sequence[Neighbour] = ()) -> str:
    """Tell everything that a poll found, or the reason why it found nothing."""
    lines = [_head(device, seen)]
    lines += _identity(seen)
    lines += [f"expect    {mismatch}" for mismatch in mismatches(device, seen)]
    lines += [f"refused   {count} values: {reason}" for reason, count in seen.refused]
    if seen.mains is not None:
        lines.append(f"mains     {_mains(seen.mains)}")
    for title, rows in (
        ("light, dBm", _light(seen.light)),
        ("readings", _readings(seen.readings or ())),
        ("ONUs", _onus(seen.onus or ())),
        ("neighbours", _neighbours(neighbours)),
        ("", _interfaces(seen)),
    ):
        if len(rows) > 1:
            lines += ["", *([title] if title else []), *table(rows)]
    hidden = len(seen.onus or ()) - MOST_ONUS
    if hidden > 0:
        lines.append(f"… and {hidden} more ONUs: --json tells all")
    return "\n".join(lines)


def _head(device: Device, seen: Observation) -> str:
    if seen.outcome is Outcome.LOCAL_ERROR and seen.detail:  # nothing that the device did
        return f"SNMP      this host could not ask: {seen.detail}"
    head = f"SNMP      {seen.outcome} in {seen.duration * 1e3:.1f} ms (UDP port {device.snmp_port})"
    return head + (f": {seen.detail}" if seen.detail else "")


def masked(text: str, secrets: Sequence[str]) -> str:
    """Return what a device told without a secret in use: some people write one into sysLocation."""
    for secret in secrets:
        if len(secret) >= SHORTEST_MASKED:
            text = text.replace(secret, "*" * 6)
    return text


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Align rows of cells, the first of them headings, in columns that two spaces part."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]


def mismatches(device: Device, seen: Observation) -> list[str]:
    """Tell what the configuration expects of a device (`expect:`) that is not so, one line each."""
    if seen.system is None:
        return []
    found = {
        "serial": seen.identity.serial if seen.identity is not None else "",
        "sysName": seen.system.sys_name,
        "sysObjectID": ".".join(map(str, seen.system.sys_object_id)),
    }
    lines = []
    for what, expected in device.expect:
        is_there = found.get(what, "")
        if not is_there:
            lines.append(f"{what} should be {expected}, the device does not tell it")
        elif is_there != expected.removeprefix("." if what == "sysObjectID" else ""):
            lines.append(f"{what} should be {expected}, is {is_there}")
    return lines


def _identity(seen: Observation) -> list[str]:
    lines = []
    if (identity := seen.identity) is not None:
        box = " ".join(filter(None, (identity.vendor, identity.model))) or UNKNOWN
        lines.append(f"device    {box}")
        lines.append(f"serial    {identity.serial or UNKNOWN}")
        lines.append(f"firmware  {identity.firmware or UNKNOWN}")
    if (system := seen.system) is not None:
        lines += [
            f"profile   {seen.profile}" + (f" ({seen.vendor})" if seen.vendor else ""),
            f"sysName   {system.sys_name}",
            f"sysDescr  {system.sys_descr}",
            f"sysObjectID  {'.'.join(map(str, system.sys_object_id))}",
            f"location  {system.sys_location}",
            f"contact   {system.sys_contact}",
        ]
        if seen.uptime is not None:
            restarted = ", restarted" if seen.restarted else ""
            lines.append(f"uptime    {duration(seen.uptime)}{restarted}")
    return [line.rstrip() for line in lines]


def _light(lights: Sequence[Light]) -> list[list[str]]:
    rows = [["port", "lane", "rx", "tx", "alarm <", "warn <", "alarm >", ""]]
    for light in lights:
        levels = (light.received, light.transmitted, light.low_alarm, light.low_warning, light.high_alarm)
        cells = [UNKNOWN if level is None else f"{level:.2f}" for level in levels]
        rows.append([light.interface, light.lane, *cells, _mark(light)])
    return rows


def _mark(light: Light) -> str:
    """Say what is wrong with received light, by the device's own thresholds; the worst first."""
    received = light.received
    if received is None:
        return ""
    if light.low_alarm is not None and received < light.low_alarm:
        return "<- below alarm"
    if light.high_alarm is not None and received > light.high_alarm:
        return "<- above alarm"
    if light.low_warning is not None and received < light.low_warning:
        return "<- below warning"
    return ""


_UNITS: dict[Measure, Callable[[float], str]] = {
    Measure.CPU: lambda value: f"{value:.0%}",
    Measure.MEMORY: lambda value: f"{value:.0%}",
    Measure.TEMPERATURE: lambda value: f"{value:.1f} °C",
    Measure.FAN: lambda value: "well" if value else "not well",
    Measure.POWER_SUPPLY: lambda value: "well" if value else "not well",
    Measure.POE_AVAILABLE: lambda value: f"{value:.1f} W",
    Measure.POE_CONSUMED: lambda value: f"{value:.1f} W",
}


def _readings(readings: Sequence[Reading]) -> list[list[str]]:
    rows = [["measure", "sensor", "value"]]
    order = list(Measure)
    for reading in sorted(readings, key=lambda reading: order.index(reading.measure)):
        name = str(reading.measure).replace("_", " ")
        rows.append([name, reading.sensor, _UNITS[reading.measure](reading.value)])
    return rows


def _onus(onus: Sequence[Onu]) -> list[list[str]]:
    rows = [["ONU", "received, dBm", "online"]]
    for onu in onus[:MOST_ONUS]:
        received = UNKNOWN if onu.received is None else f"{onu.received:.2f}"
        rows.append([onu.name, received, _yes(onu.online)])
    return rows


def _neighbours(neighbours: Sequence[Neighbour]) -> list[list[str]]:
    rows = [["port", "neighbour", "its port", "chassis", "address", "by"]]
    for one in neighbours:
        cells = (one.port, one.name, one.remote_port, one.chassis, one.address, one.protocol.upper())
        rows.append([cell or UNKNOWN for cell in cells])
    return rows


def _mains(mains: Mains) -> str:
    parts = [
        {None: f"on battery {UNKNOWN}", True: "ON BATTERY", False: "on mains"}[mains.on_battery],
        f"charge {UNKNOWN if mains.charge is None else format(mains.charge, '.0%')}",
        f"would last {UNKNOWN if mains.runtime is None else duration(mains.runtime)}",
    ]
    if mains.seconds_on_battery:
        parts.insert(1, f"for {duration(mains.seconds_on_battery)}")
    if mains.low:
        parts.append("BATTERY LOW")
    if mains.lost_count is not None:
        parts.append(f"lost {mains.lost_count} times")
    return ", ".join(parts)


def _yes(value: bool | None) -> str:  # noqa: FBT001 - the value that is told
    return {None: UNKNOWN, True: "yes", False: "no"}[value]


def duration(seconds: float) -> str:
    """Write a duration as days, hours, minutes and seconds."""
    days, rest = divmod(int(seconds), 86400)
    return f"{days} d {rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"


STATUS = {1: "up", 2: "down", 3: "testing", 4: "unknown", 5: "dormant", 6: "notPresent", 7: "lowerLayerDown"}
"""ifAdminStatus and ifOperStatus (RFC 2863)."""

SHOWN = {
    "ifAdminStatus": "admin",
    "ifOperStatus": "oper",
    "ifHighSpeed": "Mbit/s",
    "ifHCInOctets": "octets in",
    "ifHCOutOctets": "octets out",
    "ifInErrors": "errors in",
    "ifOutErrors": "out",
    "ifInDiscards": "discards in",
    "ifOutDiscards": "out",
}
"""Columns of IF-MIB that are shown, with headings short enough for a terminal."""


def _interfaces(seen: Observation) -> list[list[str]]:
    found = seen.interfaces
    if found is None:
        return []
    columns = [name for name in SHOWN if name in found.columns]
    rows = [["index", "ifName", *(SHOWN[name] for name in columns), "ifAlias"]]
    values = {name: found.values[found.columns.index(name)] for name in columns}
    for number, row in enumerate(found.rows):
        cells = [_cell(name, values[name][number]) for name in columns]
        rows.append([str(row.index), row.name or row.descr, *cells, row.alias])
    return rows


def _cell(name: str, value: int) -> str:
    if value == MISSING:
        return UNKNOWN
    return STATUS.get(value, str(value)) if name.endswith("Status") else str(value)
