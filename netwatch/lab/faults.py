"""What can go wrong in the province: the vocabulary of scripts and of orders.

A fault strikes a *target*: a device, a unit (its site: mains, fibre, ONT, 4G), a place (a unit's site or a
device of the backbone), or the poller itself. It is in force until it is restored, but for those that are
over as soon as they have happened (`momentary`).
"""

from __future__ import annotations

import enum
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netwatch.lab.plan.layout import CARRIERS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
PART = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(ms|s|m|h)")
DURATION = re.compile(f"(?:{PART.pattern}){{1,4}}")


class FaultKind(enum.StrEnum):
    """What happens."""

    # to the power and the boxes
    POWER_CUT = "power-cut"
    ONT_OFF = "ont-off"
    REBOOT = "reboot"
    HANG = "hang"
    REPLACED = "replaced"
    # to the lines
    FIBRE_CUT = "fibre-cut"
    LIGHT_FADING = "light-fading"
    LIGHT_FALSE = "light-false"
    FLAPPING = "flapping"
    BACKUP_DOWN = "backup-down"
    BACKUP_TAKES_OVER = "backup-takes-over"
    PORT_DOWN = "port-down"
    RENUMBERED = "renumbered"
    LOOP = "loop"
    # to the answers
    SILENT = "silent"
    DELAY = "delay"
    LOSS = "loss"
    DUPLICATES = "duplicates"
    REORDERING = "reordering"
    TELLS_UNREACHABLE = "tells-unreachable"
    # to the poller
    WAY_OUT_CUT = "way-out-cut"
    CANNOT_SEND = "cannot-send"
    CLOCK_STEP = "clock-step"


class Strikes(enum.StrEnum):
    """What a fault happens to."""

    DEVICE = "a device"
    UNIT = "a unit"
    PLACE = "a unit's site, or a device of the backbone"
    POLLER = "the poller"


Value = float | str


class WrongValueError(ValueError):
    """A parameter's value cannot be meant; the message says what can."""


def duration(text: str) -> float:
    """Return the seconds of `90s`, `1m30s`, `300ms`; raise `WrongValueError`."""
    if not DURATION.fullmatch(text):
        raise WrongValueError(f"{text!r} is not a duration: write numbers with ms, s, m or h, such as 1m30s")
    return sum(float(number) * SECONDS[unit] for number, unit in PART.findall(text))


def span(text: str) -> float:
    """Return a duration that is not nothing."""
    seconds = duration(text)
    if not seconds:
        raise WrongValueError(f"{text!r} is no time at all")
    return seconds


def shift(text: str) -> float:
    """Return the seconds of a duration with its sign: `+1h`, `-90s`."""
    if text[:1] not in {"+", "-"}:
        raise WrongValueError(f"{text!r} has no sign: write +1h or -1h")
    return math.copysign(span(text[1:]), -1 if text[0] == "-" else 1)


def share(text: str) -> float:
    """Return a ratio from 0 to 1, written `0.4` or `40%`."""
    match = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)(%?)", text)
    ratio = float(match[1]) / (100 if match[2] else 1) if match else 2.0
    if ratio > 1:
        raise WrongValueError(f"{text!r} is not a share: write 0.4 or 40%")
    return ratio


def count(text: str) -> float:
    """Return a whole number from 1 to 9."""
    if not re.fullmatch(r"[1-9]", text):
        raise WrongValueError(f"{text!r} is not a number from 1 to 9")
    return float(text)


def number(text: str) -> float:
    """Return a number that is not negative."""
    if not re.fullmatch(r"[0-9]{1,6}(?:\.[0-9]{1,6})?", text):
        raise WrongValueError(f"{text!r} is not a number")
    return float(text)


def rate(text: str) -> float:
    """Return a number that is not nothing."""
    each = number(text)
    if not each:
        raise WrongValueError(f"{text!r} is no rate")
    return each


def word(text: str) -> str:
    """Return the text as it is."""
    return text


def one_of(*words: str) -> Callable[[str], str]:
    """Return what reads one of `words`."""

    def read(text: str) -> str:
        if text not in words:
            raise WrongValueError(f"{text!r} is none of {', '.join(words)}")
        return text

    return read


@dataclass(frozen=True, slots=True)
class Parameter:
    """One word beside a fault; None as default: it has to be said."""

    read: Callable[[str], Value]
    default: Value | None


@dataclass(frozen=True, slots=True)
class Definition:
    """What a kind of fault strikes, what may be said of it, and what it means."""

    strikes: Strikes
    about: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    momentary: bool = False


DEFINITIONS: Mapping[FaultKind, Definition] = {
    FaultKind.POWER_CUT: Definition(
        Strikes.PLACE,
        "mains fail; a UPS runs for `battery`, at most",
        {"battery": Parameter(span, 7200.0)},
    ),
    FaultKind.ONT_OFF: Definition(Strikes.UNIT, "the bridged ONT alone is without power"),
    FaultKind.REBOOT: Definition(
        Strikes.DEVICE, "starts anew and is gone for `off`", {"off": Parameter(span, 40.0)}, momentary=True
    ),
    FaultKind.HANG: Definition(Strikes.DEVICE, "runs no more until somebody restarts it"),
    FaultKind.REPLACED: Definition(Strikes.DEVICE, "another box answers at its address"),
    FaultKind.FIBRE_CUT: Definition(Strikes.UNIT, "the fibre is cut"),
    FaultKind.LIGHT_FADING: Definition(
        Strikes.UNIT, "received light falls by `rate` dB an hour", {"rate": Parameter(number, None)}
    ),
    FaultKind.LIGHT_FALSE: Definition(
        Strikes.UNIT, "a worn-out SFP tells of light that cannot be, and carries on as ever"
    ),
    FaultKind.FLAPPING: Definition(
        Strikes.UNIT,
        "the fibre is dark for the first `down` of each `period`",
        {"period": Parameter(span, None), "down": Parameter(span, None)},
    ),
    FaultKind.BACKUP_DOWN: Definition(Strikes.UNIT, "the 4G backup has no service"),
    FaultKind.BACKUP_TAKES_OVER: Definition(
        Strikes.UNIT, "while the fibre is out, the gateway's own address is reached over 4G"
    ),
    FaultKind.PORT_DOWN: Definition(
        Strikes.DEVICE,
        "one `port` is down; of a gateway, by default that of the fibre",
        {"port": Parameter(word, "")},
    ),
    FaultKind.RENUMBERED: Definition(Strikes.DEVICE, "every interface has another ifIndex", momentary=True),
    FaultKind.LOOP: Definition(
        Strikes.DEVICE,
        "a cable leads back into a switch, which sends `rate` notifications a second of its tree's changes",
        {"rate": Parameter(rate, 100.0)},
    ),
    FaultKind.SILENT: Definition(
        Strikes.DEVICE,
        "answers no `to`, and forwards as ever",
        {"to": Parameter(one_of("echo", "snmp", "both"), "both")},
    ),
    FaultKind.DELAY: Definition(
        Strikes.DEVICE,
        "answers come `by` later, and up to `jitter` more",
        {"by": Parameter(duration, 0.0), "jitter": Parameter(duration, 0.0)},
    ),
    FaultKind.LOSS: Definition(
        Strikes.DEVICE, "a `share` of the questions gets no answer", {"share": Parameter(share, None)}
    ),
    FaultKind.DUPLICATES: Definition(
        Strikes.DEVICE,
        "each echo is answered once and `copies` times more",
        {"copies": Parameter(count, 1.0)},
    ),
    FaultKind.REORDERING: Definition(
        Strikes.DEVICE,
        "a `share` of the answers comes `by` later, behind those of later questions",
        {"share": Parameter(share, 0.3), "by": Parameter(span, None)},
    ),
    FaultKind.TELLS_UNREACHABLE: Definition(
        Strikes.DEVICE, "a router says by ICMP that it cannot reach what is lost behind it"
    ),
    FaultKind.WAY_OUT_CUT: Definition(
        Strikes.POLLER,
        "the poller's way out is cut: that by one `carrier`, or all of it",
        {"carrier": Parameter(one_of("all", *(carrier.path for carrier in CARRIERS)), "all")},
    ),
    FaultKind.CANNOT_SEND: Definition(Strikes.POLLER, "the poller's own host refuses to send"),
    FaultKind.CLOCK_STEP: Definition(
        Strikes.POLLER, "the poller's wall clock jumps", {"by": Parameter(shift, None)}, momentary=True
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault as it was said: every parameter filled in."""

    kind: FaultKind
    values: Mapping[str, Value] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the kind and what is said of it, for people."""
        said = (
            f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}"
            for name, value in self.values.items()
        )
        return " ".join([self.kind, *said])

    def seconds(self, name: str) -> float:
        """Return a parameter that is a number: seconds, a share, a count."""
        return float(self.values[name])

    def text(self, name: str) -> str:
        """Return a parameter that is a word."""
        return str(self.values[name])


def fault(kind: FaultKind, said: Mapping[str, str]) -> Fault:
    """Return a fault with what was said of it, and defaults for the rest; raise `WrongValueError`."""
    parameters = DEFINITIONS[kind].parameters
    for name in said:
        if name not in parameters:
            known = ", ".join(parameters) or "nothing"
            raise WrongValueError(f"{name!r} says nothing about {kind}: it takes {known}")
    values: dict[str, Value] = {}
    for name, parameter in parameters.items():
        if name in said:
            values[name] = parameter.read(said[name])
        elif parameter.default is None:
            raise WrongValueError(f"{kind} needs {name!r}")
        else:
            values[name] = parameter.default
    if kind is FaultKind.FLAPPING and float(values["down"]) >= float(values["period"]):
        raise WrongValueError("'down' has to be shorter than 'period'")
    return Fault(kind, values)
