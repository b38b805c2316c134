"""Scripts as YAML.

    name: area-router-dies
    about: {vi: "…", en: "…"}
    units: 24                  # least
    duration: 20m
    wire: true                 # short enough to be played in real time; left out: no
    steps:
      - {at: 2m, fault: power-cut, on: {branch: 0, routers: 1, router: 0}, until: 9m}
      - {at: 3m, fault: loss, share: 40%, on: {unit: 0, with: [sfp]}}
      - {at: 9m, restore: loss, on: {unit: 0, with: [sfp]}}
      - {at: 1m, announce: fibre-work, on: {unit: 1}, from: 10m, to: 15m, by: noc}

Which faults there are, what they strike and what may be said of them stands in `netwatch.lab.faults`. `on` is
the name of a device of the backbone (`core`, `noc-gateway`, `vnpt-handoff-a` …) or several, or a mapping:

    branch: N, routers: 1|2    the N-th branch, the largest first and that 0, of those with so many routers
    router: N|all              routers of that branch
    unit: N|all, every: K      units: the N-th, counted from 0, or every K-th of those that fit
    with, without: [FEATURE]   sfp, ont, ups, ont-on-ups, 4g
    carrier: NAME              vnpt, viettel, fpt
    part: gateway|switch|ups   which of the unit's devices; gateway unless said

What a unit's fault strikes (its mains, its fibre) is found by any of its devices.
"""

from __future__ import annotations

import difflib
import re

import yaml

from netwatch.lab.faults import (
    DEFINITIONS,
    Fault,
    FaultKind,
    Strikes,
    WrongValueError,
    duration,
    fault,
    one_of,
    span,
)
from netwatch.lab.plan.layout import CARRIERS, Feature
from netwatch.lab.script.nodes import Entry, Problems, compose
from netwatch.lab.script.story import Announce, Restore, Script, ScriptError, Selector, Step, Strike

VERBS = ("fault", "restore", "announce")
EVERYTHING = "all"
MOST_UNITS = 100_000


def read_script(text: str, source: str) -> Script:
    """Return the script that `text` is; raise `ScriptError` with every mistake and its line."""
    problems = Problems(source)
    node = compose(text, problems)
    script = None if node is None else _script(Entry(node, problems, "a script"), source)
    if script is None or problems.lines:
        raise ScriptError("\n".join(problems.lines))
    return script


def _script(entry: Entry, source: str) -> Script:
    name = entry.text("name", _name, "", needed=True)
    about = entry.take("about", needed=True)
    units = entry.text("units", _whole, 1)
    length = entry.text("duration", span, 0.0, needed=True)
    wire = entry.text("wire", _truth, default=False)
    steps = [_step(Entry(node, entry.problems, "a step"), length) for node in entry.items("steps")]
    entry.finish()
    told = _about(about, entry.problems) if about is not None else {}
    in_order = sorted((step for step in steps if step is not None), key=lambda step: step.at)
    return Script(name, told, units, length, wire, tuple(in_order), source)


def _about(node: yaml.Node, problems: Problems) -> dict[str, str]:
    entry = Entry(node, problems, "'about'")
    told = {language: entry.text(language, str, "", needed=True) for language in ("vi", "en")}
    entry.finish()
    return told


def _step(entry: Entry, length: float) -> Step | None:
    """Read one step; None where it is too wrong to be one."""
    at = entry.text("at", duration, 0.0, needed=True)
    if length and at > length:
        entry.wrong(f"'at' is behind the script's end, {length:g} s")
    verbs = [verb for verb in VERBS if verb in entry]
    if len(verbs) != 1:
        entry.wrong(f"a step says one of {', '.join(VERBS)}")
        return None
    return {"fault": _strike, "restore": _restore, "announce": _announce}[verbs[0]](entry, at)


def _strike(entry: Entry, at: float) -> Strike | None:
    kind = entry.text("fault", _kind, None, needed=True)
    on = _on(entry)
    until = entry.text("until", duration, None)
    within = entry.text("within", span, 0.0)
    if kind is None:
        return None
    _check_target(entry, kind, on)
    if until is not None and (until <= at + within or DEFINITIONS[kind].momentary):
        entry.wrong("'until' comes after 'at' and 'within', of a fault that lasts")
    try:
        struck = fault(kind, entry.rest())
    except WrongValueError as error:
        entry.wrong(str(error))
        struck = Fault(kind)
    return Strike(at=at, line=entry.line, fault=struck, on=on, until=until, within=within)


def _restore(entry: Entry, at: float) -> Restore:
    kind = entry.text("restore", lambda text: None if text == EVERYTHING else _kind(text), None)
    on = _on(entry)
    within = entry.text("within", span, 0.0)
    if kind is not None:
        _check_target(entry, kind, on)
    entry.finish()
    return Restore(at=at, line=entry.line, kind=kind, on=on, within=within)


def _check_target(entry: Entry, kind: FaultKind, on: Selector | None) -> None:
    strikes = DEFINITIONS[kind].strikes
    if strikes is Strikes.POLLER and on is not None:
        entry.wrong(f"{kind} strikes the poller: it takes no 'on'")
    if strikes is not Strikes.POLLER and on is None:
        entry.wrong(f"{kind} strikes {strikes}: say 'on' what")


def _announce(entry: Entry, at: float) -> Announce | None:
    name = entry.text("announce", _name, "")
    on = _on(entry)
    start = entry.text("from", duration, 0.0, needed=True)
    end = entry.text("to", duration, 0.0, needed=True)
    by = entry.text("by", str, "noc")
    text = entry.text("text", str, "")
    entry.finish()
    if end <= start:
        entry.wrong("'to' comes after 'from'")
    if on is None:
        entry.wrong("an announcement says 'on' what the work is")
        return None
    return Announce(at=at, line=entry.line, name=name, on=on, start=start, end=end, by=by, text=text)


def _on(entry: Entry) -> Selector | None:
    nodes = entry.items("on")
    if not nodes:
        return None
    if isinstance(nodes[0], yaml.MappingNode):
        return _selector(Entry(nodes[0], entry.problems, "'on'"))
    names = tuple(entry.value(node, "on", str, "") for node in nodes)
    return Selector(line=nodes[0].start_mark.line + 1, names=names)


def _selector(entry: Entry) -> Selector:
    branch, routers = entry.text("branch", _place, None), entry.text("routers", _one_or_two, None)
    router = "router" in entry
    which = entry.text("router", _place_or_all, None)
    units = "unit" in entry
    found = Selector(
        line=entry.line,
        branch=branch,
        routers=routers,
        router=which,
        all_routers=router and which is None,
        unit=entry.text("unit", _place_or_all, None),
        every=entry.text("every", _whole, 1),
        features=_features(entry, "with"),
        without=_features(entry, "without"),
        carrier=entry.text("carrier", one_of(*(carrier.path for carrier in CARRIERS)), ""),
        part=entry.text("part", one_of("gateway", "switch", "ups"), "gateway"),
    )
    entry.finish()
    if router == units:
        entry.wrong("'on' says either 'unit' or 'router'")
    if router and branch is None:
        entry.wrong("'router' needs to know of which 'branch'")
    return found


def _features(entry: Entry, key: str) -> frozenset[Feature]:
    known = one_of(*(str(feature) for feature in Feature))
    texts = [entry.value(node, key, known, "") for node in entry.items(key)]
    return frozenset(Feature(text) for text in texts if text)


def _kind(text: str) -> FaultKind | None:
    try:
        return FaultKind(text)
    except ValueError:
        near = difflib.get_close_matches(text, [str(kind) for kind in FaultKind], 1)
        meant = f": did you mean {near[0]!r}?" if near else ""
        raise WrongValueError(f"there is no fault {text!r}{meant}") from None


def _name(text: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", text):
        raise WrongValueError(f"{text!r} is no name: write lower-case words with hyphens")
    return text


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= MOST_UNITS:
        raise WrongValueError(f"{text!r} is not a whole number from 1 on")
    return int(text)


def _place(text: str) -> int | None:
    if not re.fullmatch(r"[0-9]{1,5}", text):
        raise WrongValueError(f"{text!r} is no place: write 0 for the first")
    return int(text)


def _place_or_all(text: str) -> int | None:
    return None if text == EVERYTHING else _place(text)


def _one_or_two(text: str) -> int | None:
    return int(one_of("1", "2")(text))


def _truth(text: str) -> bool:
    return one_of("true", "false")(text) == "true"
