"""What was found of a device as lines of text, to be compared and read by people."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netwatch.model.observation import Light, Observation


def lines(found: Observation) -> str:
    """Return everything that a profile adds to the interfaces: light to 0.01 dBm, readings to 0.001."""
    return "\n".join(_lines(found)) + "\n"


def _lines(found: Observation) -> Iterator[str]:
    yield f"profile {found.profile}"
    if found.identity is not None:
        box = found.identity
        yield f"vendor {box.vendor!r}"
        yield f"model {box.model!r}"
        yield f"serial {box.serial!r}"
        yield f"firmware {box.firmware!r}"
    if found.interfaces is not None:
        yield f"interfaces {len(found.interfaces.rows)}"
    if found.mains is not None:
        mains = found.mains
        yield (
            f"mains on_battery={mains.on_battery} seconds={mains.seconds_on_battery} charge={mains.charge} "
            f"runtime={mains.runtime} low={mains.low} lost={mains.lost_count}"
        )
    for reading in found.readings or ():
        yield f"{reading.measure.value} {reading.sensor!r} {reading.value:.3f}"
    for light in found.light:
        yield _light(light)
    for onu in found.onus or ():
        yield f"onu {onu.name!r} received={_dbm(onu.received)} online={onu.online}"
    for reason, count in found.refused:
        yield f"refused {reason!r} {count}"


def _light(light: Light) -> str:
    return (
        f"light {light.interface!r} lane={light.lane!r} received={_dbm(light.received)} "
        f"transmitted={_dbm(light.transmitted)} low_alarm={_dbm(light.low_alarm)} "
        f"low_warning={_dbm(light.low_warning)} high_alarm={_dbm(light.high_alarm)}"
    )


def _dbm(level: float | None) -> str:
    return "-" if level is None else f"{level:.2f}"
