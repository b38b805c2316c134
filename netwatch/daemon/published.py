"""Joins what is decided and observed with what is shown: two expositions, the site, and the self-metrics."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch import __version__
from netwatch.daemon.showing import Records, devices_now, notices_now, units_now
from netwatch.publishing.devices import DeviceExposition
from netwatch.publishing.exposition import END, Format
from netwatch.publishing.fact_series import FactExposition
from netwatch.publishing.live import LiveExposition, Roll
from netwatch.publishing.notice_series import NoticeCounts, NoticeTotals
from netwatch.publishing.self_metrics import Counts, LedgerTotals, SelfMetrics
from netwatch.publishing.web import Server, Sources, build_site

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable, Iterable, Mapping

    from netwatch.daemon.claims import Judged
    from netwatch.inventory.load import Inventory
    from netwatch.judgement.neighbourhood import Mismatch
    from netwatch.judgement.reducer import Judgement
    from netwatch.model.claim import Criterion, Found
    from netwatch.model.decision import Decision
    from netwatch.model.device import Device
    from netwatch.model.fact import Survey
    from netwatch.model.observation import Observation
    from netwatch.model.register import Unit
    from netwatch.model.service import ServiceCheck
    from netwatch.polling.echo import EchoEngine
    from netwatch.polling.snmp import SnmpEngine
    from netwatch.publishing.present import Key

EXPIRE_EVERY = 1.0
"""Seconds between two looks at everything for what is too old: they are thousands of devices'."""


class Published:
    """Everything that the world sees. Times are steady seconds."""

    def __init__(  # noqa: PLR0917 - as many as it has parts
        self,
        inventory: Inventory,
        judgement: Judgement,
        engines: tuple[EchoEngine, SnmpEngine],
        listener: socket.socket,
        reload: Callable[[bool], Awaitable[str]],
        ledger: Callable[[], LedgerTotals],
        records: Records | None = None,
    ) -> None:
        kept = records or Records()
        self._registers = inventory.registers
        self._covered: frozenset[Key] = frozenset()
        self._criteria: dict[Key, tuple[tuple[Criterion, Found], ...]] = {}
        self._echo, self._snmp = engines
        self._traps: NoticeCounts | None = None
        self._not_ready = "starting"
        self._main = ""  # name of the register that the metrics are about
        self._watched: dict[str, Device] = {}
        self._live = LiveExposition(judgement)
        self._devices = DeviceExposition(inventory.profiles.values())
        self._facts = FactExposition(inventory.settings.survey_interval)
        self._expired = 0.0
        self.own = SelfMetrics(__version__, Counts(self._drops, self._rejected, self._refused, ledger))
        site = build_site(
            Sources(
                metrics=lambda form: _whole([*self._live.pieces(form), *self.own.pieces(form)], form),
                device_metrics=lambda form: _whole(
                    [*self._devices.pieces(form), *self._facts.pieces(form)], form
                ),
                not_ready=lambda: self._not_ready,
                reload=reload,
                units=lambda: units_now(self._live.units, self._covered),
                devices=lambda: devices_now(judgement.devices),
                claims=lambda: tuple(self._live.claims),
                criteria=lambda: self._criteria,
                timeline=kept.timeline,
                registers=lambda: self._registers,
                standing=kept.standing,
                outages=kept.outages,
                notices=lambda: notices_now(
                    judgement.paths, last_good=self.own.refusing, reading=kept.reading()
                ),
                language=inventory.settings.language,
                timezone=inventory.settings.timezone,
                now=kept.now,
                reports=kept.reports,
            )
        )
        self._server = Server(site, listener)

    async def start(self) -> None:
        """Answer requests; not ready yet."""
        await self._server.start()

    async def stop(self) -> None:
        """Answer no more."""
        await self._server.stop()

    def ready(self) -> None:
        """Say that everything runs."""
        self._not_ready = ""

    def configure(self, inventory: Inventory, roll: Roll, devices: Iterable[Device], now: float) -> None:
        """Show these from now on; what is no longer watched ends."""
        watched = {device.name: device for device in devices}
        for name in self._watched.keys() - watched.keys():
            self._devices.forget(name)
            self._facts.forget(name)
        self._watched = watched
        self._registers = inventory.registers
        self._facts.interval = inventory.settings.survey_interval
        self._devices.use(inventory.profiles.values())
        self._live.services.use(inventory.settings.services)
        self._main = roll.register
        self._live.take_roll(roll, now)

    def take(self, decisions: Iterable[Decision]) -> None:
        """Show what was decided."""
        self._live.take(decisions)

    def observe(self, observation: Observation) -> None:
        """Show what a poll brought, unless its device is gone meanwhile."""
        device = self._watched.get(observation.device)
        if device is not None:
            self._live.observe(observation)
            self._devices.observe(device, observation)

    def surveyed(self, survey: Survey) -> None:
        """Show what a survey brought, unless its device is gone meanwhile."""
        device = self._watched.get(survey.device)
        if device is not None:
            self._facts.observe(device, survey)

    def checked(self, check: ServiceCheck) -> None:
        """Show what a check of a service found."""
        self._live.services.take(check)

    def show_mismatches(self, mismatches: Iterable[Mismatch]) -> None:
        """Show these parents as not plugged in, and no others."""
        self._live.take_mismatches(mismatches)

    def show_windows(self, covered: frozenset[tuple[str, str]], devices: frozenset[str]) -> None:
        """Show which units, by register and code, and which devices an announced window covers now."""
        self._covered = covered
        self._live.take_windows(covered, devices)

    def show_notices(self, counts: NoticeCounts) -> None:
        """Show what is received unasked, too; to be called once."""
        self._traps = counts
        self.own.registry.register(NoticeTotals(counts))

    def take_claims(self, judged: Judged) -> None:
        """Show claims, and criteria of the main register, as they are judged now."""
        self._criteria = {(register, code): told for register, code, told in judged.criteria}
        of_units = ((code, told) for register, code, told in judged.criteria if register == self._main)
        self._live.take_claims(judged.results, of_units, judged.about)

    def refresh(self, now: float) -> None:
        """Let what is old end, and write a share of what always changes."""
        if now - self._expired >= EXPIRE_EVERY:
            self._expired = now
            self._devices.expire(now)
            self._facts.expire(now)
            self._live.services.expire(now)
        self._live.refresh(now)

    def _refused(self) -> Mapping[str, int]:
        return self._devices.refused + self._facts.refused

    def _drops(self) -> Mapping[str, int]:
        drops = {"icmp": self._echo.drops, "snmp": self._snmp.dropped}
        return drops if self._traps is None else {**drops, "traps": self._traps.kernel_drops()}

    def _rejected(self) -> Mapping[tuple[str, str], int]:
        traps: Mapping[str, int] = {} if self._traps is None else self._traps.rejected()
        protocols = (("icmp", self._echo.rejected), ("snmp", self._snmp.rejected), ("traps", traps))
        return {
            (protocol, str(reason)): count
            for protocol, counts in protocols
            for reason, count in counts.items()
        }


def roll(inventory: Inventory, units: Iterable[Unit]) -> Roll:
    """Return whom the metrics are about: every unit of the main register in force."""
    name = inventory.register.name if inventory.register else ""
    return Roll(name, tuple((name, unit) for unit in units))


def _whole(pieces: list[bytes], form: Format) -> bytes:
    if form is Format.OPENMETRICS:
        pieces.append(END)
    return b"".join(pieces)
