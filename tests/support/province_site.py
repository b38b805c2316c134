"""The site of a made-up province: the real register and claims, and states that a test turns by hand."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import functools
import socket
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from netwatch.audit.sites import Site
from netwatch.audit.standing import Standing
from netwatch.inventory.load import load
from netwatch.inventory.succession import Lineage
from netwatch.model.attestation import Answer, Attestation, AttestationKind, Dispute
from netwatch.model.cause import Cause, Fact
from netwatch.model.claim import (
    ClaimResult,
    ClaimVerdict,
    Criterion,
    Finding,
    Found,
    UnitResult,
    UnitVerdict,
)
from netwatch.model.figures import Figures
from netwatch.model.maintenance import Annotation
from netwatch.model.report import OutageAccount
from netwatch.model.state import State
from netwatch.publishing.present import DeviceNow, Notices, OutagesAsked, Sources, UnitNow
from netwatch.publishing.web import Server, build_site

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from netwatch.inventory.load import Inventory
    from netwatch.model.claim import Claim
    from netwatch.model.register import Unit

CONFIG = Path(__file__).parents[2] / "config"
REGISTER = "hung-yen"
NOW = 1_795_751_295.0
"""2026-11-27 10:48:15 in Hưng Yên."""

TODAY = dt.date(2026, 11, 27)
HOUR = 3600.0

STATES = {0: State.DOWN, 1: State.DOWN, 2: State.UNKNOWN, 3: State.DOWN}
"""Of the units in the register's order that are not up, by their place."""

CLAIMS = ("fibre-reaches-communes", "communes-reachable-today")
"""Those of the shipped claims that the province makes: of 161 units of 2017, and of 104 of today."""

IDLE = frozenset((20, 41, 62, 83))
"""Places of units that have no device."""


async def reloaded(_force: bool) -> str:
    return ""


@dataclass
class Province:
    """Everything that the site is handed; change `units` and the rest between two requests."""

    inventory: Inventory
    units: list[UnitNow]
    devices: list[DeviceNow]
    claims: tuple[ClaimResult, ...]
    criteria: dict[tuple[str, str], tuple[tuple[Criterion, Found], ...]]
    standing: Standing = field(default_factory=Standing)
    outages: list[tuple[str, OutageAccount]] = field(default_factory=list)
    unreadable: bool = False
    notices: Notices = field(default_factory=Notices)
    language: str = "vi"
    asked: list[OutagesAsked] = field(default_factory=list)

    def turn(self, code: str, state: State, *, since: float = NOW - 60, root: str = "") -> None:
        """Let a unit be in another state."""
        place = next(place for place, each in enumerate(self.units) if each.unit.code == code)
        self.units[place] = replace(self.units[place], state=state, since=since, root=root)

    async def tell_outages(self, asked: OutagesAsked) -> Sequence[tuple[str, OutageAccount]]:
        self.asked.append(asked)
        if self.unreadable:
            raise OSError("ledger /secret/place: disk I/O error")
        return [pair for pair in self.outages if asked.unit in {None, pair[0]}][-asked.limit :]

    def sources(self) -> Sources:
        return Sources(
            metrics=lambda _: b"",
            device_metrics=lambda _: b"",
            not_ready=lambda: "",
            reload=reloaded,
            units=lambda: tuple(self.units),
            devices=lambda: tuple(self.devices),
            claims=lambda: self.claims,
            criteria=lambda: self.criteria,
            timeline=timeline,
            registers=lambda: self.inventory.registers,
            standing=lambda: self.standing,
            outages=self.tell_outages,
            notices=lambda: self.notices,
            language=self.language,
            timezone="Asia/Ho_Chi_Minh",
            now=lambda: NOW,
        )


def timeline(code: str) -> list[tuple[float, int, int, int]]:
    """Ten days of hours: an outage every third day, an hour of nothing every fifth."""
    last = NOW // HOUR * HOUR
    found = []
    for back in range(240, -1, -1):
        passed = 60 if back else int(NOW - last) // 60
        down = passed // 2 if back % 72 == 5 + int(code) % 7 else 0
        unknown = passed if back % 120 == 60 else 0
        found.append((last - back * HOUR, passed - down - unknown if not unknown else 0, down, unknown))
    return found


def province() -> Province:
    """Return the province of 104 units: some down, one unknown, four without a device."""
    inventory = _inventory()
    units = inventory.units(TODAY)
    shown = [_now(unit, place) for place, unit in enumerate(units)]
    watched = [(unit, place) for place, unit in enumerate(units) if place not in IDLE]
    devices = [device for unit, place in watched for device in _devices(unit, place)]
    sites = tuple(_site(unit, place) for unit, place in watched)
    claims = _claims(sites)
    criteria = {(site.register, site.unit): site.found for site in sites}
    return Province(inventory, shown, devices, claims, criteria, _standing(), list(_outages(units)))


@functools.cache
def _claims(sites: tuple[Site, ...]) -> tuple[ClaimResult, ...]:
    """Judge every claim by what its sites have found, whatever netwatch would make of it."""
    return tuple(_judged(claim, sites) for claim in _inventory().claims if claim.name in CLAIMS)


def _judged(claim: Claim, sites: tuple[Site, ...]) -> ClaimResult:
    assert claim.population is not None
    register = _inventory().registers[claim.population.register]
    day, kinds = claim.population.as_of, set(claim.population.kinds)
    units = [unit for unit in register.as_of(day) if unit.kind in kinds]
    codes, lineage = {unit.code for unit in units}, Lineage(register)
    made_of = {each.code: lineage.ancestors(each, day) & codes for each in register.as_of(TODAY)}
    there = {_part(site, made_of[site.unit]): site for site in sites}
    results = []
    for unit in units:
        heirs = tuple(heir for heir, parts in made_of.items() if unit.code in parts)
        site = there.get(unit.code)
        found = tuple(pair for pair in site.found if pair[0] in claim.criteria) if site else ()
        results.append(UnitResult(unit, _verdict(found), found, heirs))
    verified, refuted = (
        sum(each.verdict is verdict for each in results)
        for verdict in (UnitVerdict.VERIFIED, UnitVerdict.REFUTED)
    )
    return ClaimResult(
        claim=claim,
        start=NOW - 30 * 24 * HOUR,
        end=NOW,
        observed=0.93,
        units=tuple(results),
        lower=verified / len(units),
        upper=1 - refuted / len(units),
        verdict=ClaimVerdict.DOES_NOT_HOLD if refuted else ClaimVerdict.UNDETERMINED,
    )


def _part(site: Site, parts: frozenset[str]) -> str:
    """Return the unit of a population that a site speaks for, or ""."""
    only = next(iter(parts)) if len(parts) == 1 else ""
    return site.predecessor if site.predecessor in parts else only


def _verdict(found: Sequence[tuple[Criterion, Found]]) -> UnitVerdict:
    findings = {each.finding for _, each in found}
    if not findings:
        return UnitVerdict.UNMONITORED
    if Finding.CONTRADICTED in findings:
        return UnitVerdict.REFUTED
    return UnitVerdict.VERIFIED if findings == {Finding.SHOWN} else UnitVerdict.UNDETERMINED


@functools.cache
def _inventory() -> Inventory:
    return load(CONFIG, {}, today=TODAY, may_be_empty=True)


def many(count: int) -> Province:
    """Return a province of so many units, made of the register's: for what takes long."""
    found = province()
    template = found.units
    found.units = [
        replace(each, unit=replace(each.unit, code=f"{number:05}"))
        for number in range(count)
        for each in (template[number % len(template)],)
    ]
    return found


@contextlib.contextmanager
def served(of: Province, *, every: int = 15) -> Iterator[tuple[str, threading.Event]]:
    """Serve it on a port of loopback; yields its address and what ends it early."""
    listener = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    began, ending, ended = threading.Event(), threading.Event(), threading.Event()

    async def run() -> None:
        server = Server(build_site(of.sources(), keep=0.0, every=every), listener)
        await server.start()
        began.set()
        await asyncio.to_thread(ending.wait)
        await server.stop()
        ended.set()

    thread = threading.Thread(target=lambda: asyncio.run(run()), daemon=True)
    thread.start()
    assert began.wait(10)
    try:
        yield url, Ending(ending, ended)
    finally:
        ending.set()
        thread.join(10)


class Ending(threading.Event):
    """Ends a site when set, and waits until it is gone."""

    def __init__(self, ending: threading.Event, ended: threading.Event) -> None:
        super().__init__()
        self._ending, self._ended = ending, ended

    def set(self) -> None:
        self._ending.set()
        assert self._ended.wait(10)


def _now(unit: Unit, place: int) -> UnitNow:
    state = STATES.get(place, State.UP)
    monitored = place not in IDLE
    return UnitNow(
        register=REGISTER,
        unit=unit,
        area=("Văn Lâm", "Mỹ Hào", "Khoái Châu", "Thái Thụy")[place * 4 // 104],
        monitored=monitored,
        state=state if monitored else State.UNKNOWN,
        since=(NOW - 600 - 60 * place if state is not State.UP else NOW - 3 * 86400) if monitored else None,
        root="area-van-lam" if place == 1 else "",
        maintenance=place == 3,
        minutes={State.UP: 4000 - place, State.DOWN: place, State.UNKNOWN: 7} if monitored else None,
    )


def _devices(unit: Unit, place: int) -> Iterator[DeviceNow]:
    gateway = DeviceNow(
        name=f"gw-{unit.code}",
        role="uplink",
        register=REGISTER,
        unit=unit.code,
        area="Văn Lâm",
        via="vnpt",
        parents=("core",),
        state=STATES.get(place, State.UP),
        since=NOW - 600 - 60 * place,
        root="area-van-lam" if place == 1 else "",
    )
    yield gateway
    yield replace(gateway, name=f"sw-{unit.code}", role="switch", parents=(gateway.name,))


def _site(unit: Unit, place: int) -> Site:
    device = f"gw-{unit.code}"
    light = Finding.CONTRADICTED if place % 40 == 7 else Finding.SHOWN
    mib = "MIKROTIK-MIB mtxrOpticalRxPower"
    found = (
        (Criterion.REACHABLE, Found(Finding.SHOWN, NOW - 120, device, "settled minutes")),
        (Criterion.FIBRE, Found(light, NOW - 5 * HOUR, device, mib, "sfp1 -18.3 dBm")),
        (Criterion.INTERNET, Found(Finding(place % 3 > 0), NOW - HOUR, device, "DISMAN-PING-MIB")),
    )
    predecessor = unit.predecessors[-1] if unit.predecessors else ""
    return Site(REGISTER, unit.code, predecessor, Figures(up=4000, down=12, unknown=3), found)


def _standing() -> Standing:
    claim, people = "communes-reachable-today", "UBND xã Như Quỳnh"
    attested = Attestation(
        at=NOW - 86400,
        name="hyn-417",
        kind=AttestationKind.INSPECTION,
        register=REGISTER,
        unit="12004",
        predecessor="",
        criterion=Criterion.FIBRE,
        finding=Finding.SHOWN,
        date=dt.date(2026, 11, 20),
        by="Nguyễn Văn An, Sở KH&CN",
        exhibits=("ab" * 32,),
        text="Đã kiểm tra hộp đấu nối; cáp quang vào tận tủ.",
    )
    open_one = Dispute(NOW - 7200, "d-1", claim, REGISTER, "12004", people, "Vẫn có mạng.", NOW + 9 * 86400)
    closed = Dispute(NOW - 9 * 86400, "d-0", claim, REGISTER, "12004", people, "Sai giờ.", NOW)
    answer = Answer(NOW - 8 * 86400, "d-0", "Tổ vận hành", upheld=False, text="Đồng hồ khớp.")
    return Standing([attested, open_one, closed, answer])


def _outages(units: Sequence[Unit]) -> Iterator[tuple[str, OutageAccount]]:
    for place, unit in enumerate(units[:10]):
        start = NOW - 9 * 86400 + place * HOUR
        fact = Fact(start, f"gw-{unit.code}", "received light of sfp1 lost")
        note = Annotation(start + 900, unit.code, start, "NOC", "đứt cáp ở cầu", "VNPT-123")
        over = OutageAccount(
            start, start + 3725, Cause.LINK, "", 61.0, settled=True, facts=(fact,), notes=(note,)
        )
        yield unit.code, over
    going_on = OutageAccount(
        NOW - 5400, None, Cause.UPSTREAM, "area-van-lam", 0.0, settled=False, facts=(), notes=()
    )
    yield "12004", going_on
