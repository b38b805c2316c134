"""Why an outage happened: the first row of this table whose sign is there.

| sign | cause |
|---|---|
| all parents were down from the same moment on | upstream |
| a window announced before it began covers the beginning | maintenance |
| a UPS of the place on battery at the beginning | power |
| a device said at the beginning that it loses power, and was not found to have run on | power |
| the device started at about the beginning | restart |
| the port of an uplink down, or its light lost or fading, while the device ran on | link |
| the device ran on, and its uplink's port showed nothing | access |
| none of these | undetermined, never a guess |
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.model.cause import Cause, Fact
from netwatch.model.sign import SignKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from netwatch.model.maintenance import Window
    from netwatch.model.sign import Sign

NEAR = 60.0
"""Seconds that count as *at the beginning*: a poll's worth."""

RESTARTING = 20.0
"""Seconds after the beginning within which a device that only restarts has begun to run again, as it tells.

One that began later was off or hung meanwhile, and nothing tells why.
"""

AHEAD = 5.0
"""Seconds before the beginning that an agent's clock may be off."""

FADING = 3600.0
"""Seconds before the beginning in which fading light explains it."""

_PORTS = {SignKind.PORT_DOWN, SignKind.PORT_UP}
_LIGHT = {SignKind.LIGHT_LOST, SignKind.LIGHT_FADING}
_LINK = {
    SignKind.PORT_DOWN: "port {} went down",
    SignKind.PORT_UP: "port {} came up, and had been down",
    SignKind.LIGHT_LOST: "received light of {} lost",
    SignKind.LIGHT_FADING: "received light of {} fading",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Whose signs speak for an outage. Names of devices."""

    devices: tuple[str, ...]  # those that it is an outage of
    ups: tuple[str, ...] = ()  # at the same place
    asked: tuple[str, ...] = ()  # of both, those that are asked by SNMP
    unit: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Outage:
    """An outage that is over. Steady seconds."""

    start: float
    end: float
    root: str = ""  # the failed ancestor, where all parents were down from its beginning on


def told(outage: Outage, place: Place, signs: Sequence[Sign]) -> bool:
    """Tell whether every device that can be asked has been, since the outage ended."""
    heard = {sign.device for sign in signs if sign.kind is SignKind.ANSWERED and sign.at >= outage.end}
    return heard.issuperset(place.asked)


def find(
    outage: Outage, place: Place, signs: Sequence[Sign], windows: Sequence[Window]
) -> tuple[Cause, tuple[Fact, ...]]:
    """Return the cause of an outage and the facts that it follows from; signs as they were learnt."""
    if outage.root:
        return Cause.UPSTREAM, (Fact(outage.start, outage.root, "was down from the same moment on"),)
    for cause, facts in (
        (Cause.MAINTENANCE, _announced(outage, place, windows)),
        (Cause.POWER, (*_on_battery(outage, place, signs), *_gasped(outage, place, signs))),
        (Cause.RESTART, _restarted(outage, place, signs)),
    ):
        if found := tuple(facts):
            return cause, found
    ran_on = tuple(_ran_on(outage, place, signs))
    if not ran_on or not _power_known(outage, place, signs):
        return Cause.UNDETERMINED, ran_on
    if link := tuple(_link(outage, place, signs)):
        return Cause.LINK, (*link, *ran_on)
    if silent := tuple(_port_shown(outage, place, signs)):
        return Cause.ACCESS, (*silent, *ran_on)
    return Cause.UNDETERMINED, ran_on


def _announced(outage: Outage, place: Place, windows: Iterable[Window]) -> Iterator[Fact]:
    for window in windows:
        covered = any(window.covers(device, place.unit, place.area) for device in place.devices)
        within = window.start - AHEAD <= outage.start < window.end
        if covered and within and window.announced <= window.start:
            text = f"window {window.name}, announced by {window.by}"
            yield Fact(window.start, place.devices[0], f"{text}: {window.text}" if window.text else text)


def _on_battery(outage: Outage, place: Place, signs: Sequence[Sign]) -> Iterator[Fact]:
    """A UPS that lost the mains until the beginning, and did not have it back well before that."""
    for name in place.ups:
        lost: Sign | None = None
        for sign in sorted(_of(outage, signs, name), key=lambda sign: sign.start):
            if sign.kind is SignKind.MAINS_LOST and sign.start <= outage.start + NEAR:
                lost = sign
            elif sign.kind is SignKind.MAINS_BACK and sign.start < outage.start - NEAR:
                lost = None
        if lost is not None:
            yield Fact(lost.start, name, "on battery")


def _gasped(outage: Outage, place: Place, signs: Sequence[Sign]) -> Iterator[Fact]:
    """Devices that said that they lose power. A trap can be forged: having run on since before refutes it."""
    ran_on = {fact.device for fact in _ran_on(outage, place, signs)}
    for name in place.devices:
        near = (
            sign
            for sign in _of(outage, signs, name)
            if sign.kind is SignKind.DYING_GASP and abs(sign.start - outage.start) <= NEAR
        )
        if name not in ran_on and (said := next(near, None)) is not None:
            yield Fact(said.start, name, f"said by a trap that it loses power ({said.detail})")


def _power_known(outage: Outage, place: Place, signs: Sequence[Sign]) -> bool:
    """Tell whether every UPS that is asked had answered before: else it cannot say what has changed."""
    asked = set(place.asked).intersection(place.ups)
    return asked <= {sign.device for sign in signs if sign.at <= outage.start and _is_polled(sign)}


def _is_polled(sign: Sign) -> bool:
    """Tell whether a poll showed it: whoever sends a trap has not been asked."""
    return sign.kind is not SignKind.DYING_GASP


def _restarted(outage: Outage, place: Place, signs: Sequence[Sign]) -> Iterator[Fact]:
    for name in place.devices:
        for sign in _of(outage, signs, name):
            if sign.kind is SignKind.BOOTED and -AHEAD <= sign.start - outage.start <= RESTARTING:
                yield Fact(sign.start, name, "started")
                break


def _ran_on(outage: Outage, place: Place, signs: Sequence[Sign]) -> Iterator[Fact]:
    """Devices that, asked after the outage, had been running since before it."""
    for name in place.devices:
        booted = [sign for sign in _of(outage, signs, name) if sign.kind is SignKind.BOOTED]
        answered = any(sign.at >= outage.end and _is_polled(sign) for sign in _of(outage, signs, name))
        if answered and booted and booted[-1].start < outage.start - AHEAD:
            yield Fact(booted[-1].start, name, "has been running since then")


def _link(outage: Outage, place: Place, signs: Sequence[Sign]) -> Iterator[Fact]:
    for name in place.devices:
        amiss: dict[str, Sign] = {}
        dark: dict[str, Sign] = {}
        for sign in _of(outage, signs, name):
            _follow_port(outage, sign, amiss)
            _follow_light(outage, sign, dark)
        for sign in (*amiss.values(), *dark.values()):
            yield Fact(sign.start, name, _LINK[sign.kind].format(sign.detail))


def _follow_port(outage: Outage, sign: Sign, amiss: dict[str, Sign]) -> None:
    """Keep a port that was down at the beginning, or changed during the outage."""
    after = sign.start - outage.start
    if sign.kind not in _PORTS or sign.start > outage.end + AHEAD:
        return
    if sign.kind is SignKind.PORT_DOWN and after >= -NEAR:
        amiss[sign.detail] = sign
    elif sign.kind is SignKind.PORT_UP and after >= -AHEAD:
        amiss.setdefault(sign.detail, sign)
    else:
        amiss.pop(sign.detail, None)


def _follow_light(outage: Outage, sign: Sign, dark: dict[str, Sign]) -> None:
    """Keep a port whose light was lost or fading at the beginning."""
    after = sign.start - outage.start
    if sign.kind in _LIGHT and -FADING <= after <= NEAR:
        dark[sign.detail] = sign
    elif sign.kind is SignKind.LIGHT_BACK and after < 0:
        dark.pop(sign.detail, None)


def _port_shown(outage: Outage, place: Place, signs: Sequence[Sign]) -> Iterator[Fact]:
    """Devices of which a poll after the outage showed the uplink's port, and nothing amiss at it."""
    for name in place.devices:
        for sign in _of(outage, signs, name):
            if sign.kind is SignKind.ANSWERED and sign.at >= outage.end and sign.detail:
                yield Fact(sign.at, name, f"port {sign.detail} showed nothing")
                break


def _of(outage: Outage, signs: Iterable[Sign], name: str) -> list[Sign]:
    """Return the signs of the device that had this name as the outage began, of none before or after it."""
    own: list[Sign] = []
    for sign in signs:
        if sign.device != name:
            continue
        if sign.kind is SignKind.IDENTITY and sign.at > outage.start:
            break
        if sign.kind is SignKind.IDENTITY:
            own.clear()
        own.append(sign)
    return own
