"""What polls read besides interfaces, as sample lines: identity, light, mains, sensors, ONUs of one device.

Label values are a device's own words, so they are cut to a length and told apart: of two rows that would have
the same labels the first is told, and the other counted as refused. Pure.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from netwatch.model.observation import Measure
from netwatch.publishing.exposition import encoded, labels, number
from netwatch.publishing.interfaces import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from netwatch.model.device import Device
    from netwatch.model.observation import Identity, Light, Mains, Onu, Reading
    from netwatch.publishing.interfaces import Limits

MEASURES = {
    Measure.CPU: "netwatch_device_cpu_ratio",
    Measure.MEMORY: "netwatch_device_memory_ratio",
    Measure.TEMPERATURE: "netwatch_device_temperature_celsius",
    Measure.FAN: "netwatch_device_fan_ok",
    Measure.POWER_SUPPLY: "netwatch_device_power_supply_ok",
    Measure.POE_AVAILABLE: "netwatch_poe_available_watts",
    Measure.POE_CONSUMED: "netwatch_poe_consumed_watts",
}


class _Sample(NamedTuple):
    family: str
    about: Mapping[str, str]  # labels besides device and unit
    value: float | None


class Readings:
    """Writes what one device tells. `refused` counts by reason what is not written."""

    def __init__(self, device: Device, limits: Limits) -> None:
        self.refused: Counter[str] = Counter()
        self._device = {"device": device.name, "unit": device.unit}
        self._limits = limits

    def identity(self, identity: Identity) -> dict[str, bytes]:
        """Return the line that says which box it is."""
        told = {
            "vendor": identity.vendor,
            "model": identity.model,
            "serial": identity.serial,
            "firmware": identity.firmware,
        }
        return self._render([_Sample("netwatch_device_identity_info", told, 1)])

    def light(self, lights: Iterable[Light]) -> dict[str, bytes]:
        """Return the lines of light; dBm."""
        return self._render(sample for light in lights for sample in _of_light(light))

    def mains(self, mains: Mains) -> dict[str, bytes]:
        """Return the lines of a UPS."""
        told = {
            "netwatch_ups_on_battery": mains.on_battery,
            "netwatch_ups_battery_low": mains.low,
            "netwatch_ups_battery_charge_ratio": mains.charge,
            "netwatch_ups_runtime_seconds": mains.runtime,
            "netwatch_ups_seconds_on_battery": mains.seconds_on_battery,
        }
        return self._render(_Sample(family, {}, value) for family, value in told.items())

    def sensors(self, readings: Iterable[Reading]) -> dict[str, bytes]:
        """Return the lines of sensors, each in the unit of its measure."""
        return self._render(
            _Sample(MEASURES[reading.measure], {"sensor": reading.sensor}, reading.value)
            for reading in readings
        )

    def onus(self, onus: Iterable[Onu]) -> dict[str, bytes]:
        """Return the lines of the subscribers' ends of an OLT's fibres."""
        return self._render(
            sample
            for onu in onus
            for sample in (
                _Sample("netwatch_onu_receive_power_dbm", {"onu": onu.name}, onu.received),
                _Sample("netwatch_onu_online", {"onu": onu.name}, onu.online),
            )
        )

    def _render(self, samples: Iterable[_Sample]) -> dict[str, bytes]:
        lines: dict[str, dict[bytes, bytes]] = {}
        for family, about, value in samples:
            if value is None:
                continue
            told = {name: shortened(text, self._limits.label) for name, text in about.items()}
            inside = encoded(labels({**self._device, **told}))
            written = lines.setdefault(family, {})
            if inside in written:
                self.refused["duplicate row"] += 1
            elif len(written) == self._limits.rows:
                self.refused["too many rows exported"] += 1
            else:
                written[inside] = b"%b{%b} %b\n" % (family.encode(), inside, number(float(value)))
        return {family: b"".join(written.values()) for family, written in lines.items()}


def _of_light(light: Light) -> Iterator[_Sample]:
    about = {"ifName": light.interface, "lane": light.lane}
    yield _Sample("netwatch_optical_receive_power_dbm", about, light.received)
    yield _Sample("netwatch_optical_transmit_power_dbm", about, light.transmitted)
    yield _Sample("netwatch_optical_receive_power_low_alarm_dbm", about, light.low_alarm)
    yield _Sample("netwatch_optical_receive_power_low_warning_dbm", about, light.low_warning)
    yield _Sample("netwatch_optical_receive_power_high_alarm_dbm", about, light.high_alarm)
