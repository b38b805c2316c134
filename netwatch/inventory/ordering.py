"""What people order of a running daemon by command: a window from now on, a note to an outage.

Words come from a terminal and are checked like those of a file, by the same kinds. What cannot be done is
refused with one line that says what to do.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.inventory.document import Scalar
from netwatch.inventory.maintenance import AREA, BY, CODE, COVERED, SPAN, WHAT
from netwatch.inventory.moments import MomentWord, told
from netwatch.inventory.names import Names
from netwatch.inventory.orders import OrderRefused, clean, read, word
from netwatch.inventory.problem import Remarks
from netwatch.inventory.scope import HOME, Scope
from netwatch.inventory.windows import DAY, Once, Plan
from netwatch.inventory.wording import did_you_mean, fold, quote
from netwatch.inventory.words import Text, name_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from zoneinfo import ZoneInfo

    from netwatch.inventory.kind import Word
    from netwatch.inventory.load import Inventory
    from netwatch.model.device import Device
    from netwatch.model.maintenance import Outage, Window

NOW = "now"
MOST_NAMED = 1000
"""Devices, units or areas that one order names; whoever means more means an area."""

MOST_AHEAD = 730 * DAY
"""Seconds from now to the beginning of a window at most: what is later is a slip in the year."""

NOTE = Text("the note", 1000)
TICKET = Text("a ticket's number", 100)
NEAREST = 3
"""Outages that are told where none was under way."""

KINDS: dict[str, Word[str]] = {"devices": name_kind("a device's name"), "units": CODE, "areas": AREA}


def ordered_window(
    order: Mapping[str, object], inventory: Inventory, taken: Iterable[str], now: float
) -> Plan:
    """Return the window that an order announces. Raises OrderRefused.

    Keys: `by`, `text`, `for` (a duration), and of `devices`, `units`, `areas` one at least; also `start` (a
    moment, or "now"; default: now) and `name`. `taken` are the names that were given before.
    """
    zone = inventory.hours.zone
    covered = {key: _names(order, key) for key in COVERED}
    if not any(covered.values()):
        raise OrderRefused("a window needs a unit, a device or an area: without them it is about nothing")
    _check_covered(covered, inventory, now)
    by, text = word(order, "by", BY), word(order, "text", WHAT)
    duration = word(order, "for", SPAN)
    start = _start(order, zone, now)
    first = next(name for names in covered.values() for name in names)
    name = _name(order, inventory, frozenset(taken), f"{_local(start, zone):%Y-%m-%d-%H%M}-{_slug(first)}")
    return Plan(name, by, text, Once(start, start + duration), **covered)


def covered_by(plan: Plan | Window, devices: Iterable[Device]) -> tuple[int, int]:
    """Return how many units and how many devices a window is about."""
    found = [
        device
        for device in devices
        if device.name in plan.devices or device.unit in plan.units or device.area in plan.areas
    ]
    return len({(device.register, device.unit) for device in found if device.unit}), len(found)


def ordered_end(order: Mapping[str, object], windows: Iterable[Window], now: float) -> tuple[Window, str]:
    """Return the open window that an order ends, and by whom. Raises OrderRefused.

    Keys: `name`; also `by`.
    """
    wanted = clean(order.get("name", ""), "name")
    by = word(order, "by", BY) if order.get("by") else ""
    known = {window.name: window for window in windows}
    is_open = [each.name for each in known.values() if each.start <= now < each.end]
    if wanted in is_open:
        return known[wanted], by
    if wanted in known:
        over = known[wanted].end <= now
        raise OrderRefused(f"window {quote(wanted)} {'is over already' if over else 'has not begun'}")
    hint = did_you_mean(wanted, is_open) or (f"; open: {', '.join(is_open)}" if is_open else "; none is open")
    raise OrderRefused(f"there is no open window {quote(wanted)}{hint}")


@dataclass(frozen=True, slots=True)
class Note:
    """A note that somebody wants attached to the outage of a unit that was under way at `at`."""

    unit: str
    at: float  # Unix seconds
    within: float  # seconds: how exactly `at` was said
    by: str
    text: str
    ticket: str


def ordered_note(order: Mapping[str, object], inventory: Inventory, now: float) -> Note:
    """Return the note of an order. Raises OrderRefused.

    Keys: `unit`, `by`, `text`; also `at` (a moment; default: now) and `ticket`.
    """
    unit = word(order, "unit", CODE)
    _check_covered({"units": (unit,)}, inventory, now)
    at, within = now, 0.0
    if order.get("at"):
        moment = word(order, "at", MomentWord())
        at, within = moment.unix(inventory.hours.zone), 60.0 if moment.to_the_minute else 1.0
    ticket = word(order, "ticket", TICKET) if order.get("ticket") else ""
    return Note(unit, at, within, word(order, "by", BY), word(order, "text", NOTE), ticket)


def outage_of(note: Note, outages: Sequence[Outage], zone: ZoneInfo) -> Outage:
    """Return the outage that a note is about. Raises OrderRefused, which tells the nearest ones."""
    found = [
        each
        for each in outages
        if each.start <= note.at + note.within and (each.end is None or each.end > note.at)
    ]
    if len(found) == 1:
        return found[0]
    if found:
        raise OrderRefused(
            f"unit {note.unit} had {len(found)} outages then, say which: {_listed(found, zone)}"
        )
    if not outages:
        raise OrderRefused(f"no outage of unit {note.unit} is known")
    near = sorted(outages, key=lambda each: _distance(each, note.at))[:NEAREST]
    nearest = _listed(sorted(near, key=lambda each: each.start), zone)
    raise OrderRefused(f"unit {note.unit} had no outage at {told(note.at, zone)}; the nearest: {nearest}")


def _distance(outage: Outage, at: float) -> float:
    return outage.start - at if outage.start > at else at - (outage.end or at)


def _listed(outages: Sequence[Outage], zone: ZoneInfo) -> str:
    return ", ".join(
        f"{told(each.start, zone)} to {'now' if each.end is None else told(each.end, zone)}"
        for each in outages[:NEAREST]
    )


def _local(at: float, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.fromtimestamp(at, zone)


def _names(order: Mapping[str, object], key: str) -> tuple[str, ...]:
    values = order.get(key, [])
    if not isinstance(values, list) or len(values) > MOST_NAMED:
        raise OrderRefused(f"'{key}' is no list of at most {MOST_NAMED} names")
    return tuple(dict.fromkeys(read(clean(value, key), key, KINDS[key]) for value in values))


def _check_covered(covered: Mapping[str, Sequence[str]], inventory: Inventory, now: float) -> None:
    remarks = Remarks("")
    scope = _scope(inventory, _local(now, inventory.hours.zone).date())
    devices, units, areas = ([Scalar(name, 0, 0) for name in covered.get(key, ())] for key in COVERED)
    scope.check(devices, units, areas, remarks)
    if remarks.errors:
        raise OrderRefused("; ".join(error.message for error in remarks.errors[:NEAREST]))


def _start(order: Mapping[str, object], zone: ZoneInfo, now: float) -> float:
    text = clean(order.get("start") or NOW, "start")
    if text == NOW:
        return now
    start = read(text, "start", MomentWord()).unix(zone)
    if start < now:
        raise OrderRefused(
            f"the window would begin in the past, at {told(start, zone)}: an announcement explains only what "
            "begins after it; leave 'start' out to begin now"
        )
    if start > now + MOST_AHEAD:
        raise OrderRefused(f"the window would begin more than two years from now, at {told(start, zone)}")
    return start


def _name(order: Mapping[str, object], inventory: Inventory, taken: frozenset[str], default: str) -> str:
    """Return the name that was given, where it is free; else one made of the window's start and subject."""
    in_file = {plan.name for plan in inventory.windows}
    if not order.get("name"):
        names = (f"{default}{'' if number == 1 else f'-{number}'}" for number in range(1, len(taken) + 3))
        return next(name for name in names if name not in in_file | taken)
    name = word(order, "name", name_kind("a window's name"))
    if name in in_file:
        raise OrderRefused(f"window {quote(name)} stands in maintenance.yaml: choose another name")
    if name in taken:
        raise OrderRefused(f"window {quote(name)} was announced before: choose another name")
    return name


def _slug(text: str) -> str:
    """Return a name as part of another: without diacritics, spaces or signs."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text)).strip("-")[:40] or "window"


def _scope(inventory: Inventory, today: dt.date) -> Scope:
    """Return what an order to a running daemon can be about."""
    return Scope(
        Names("device", {device.name for device in inventory.devices}, HOME),
        Names("area", {device.area for device in inventory.devices if device.area}, HOME),
        inventory.registers.values(),
        today,
        complete=True,
    )
