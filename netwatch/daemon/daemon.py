"""Builds every part and joins them: engines to the judgement, its decisions to the ledger and the page.

Everything here runs on one loop. What blocks (files, names) runs aside, and hands back results that nobody
changes any more.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import random
import zoneinfo
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from netwatch.daemon.anchoring import LOOK_EVERY, Anchoring
from netwatch.daemon.aside import Aside
from netwatch.daemon.asking import Asking, Hearers
from netwatch.daemon.auditing import Auditing
from netwatch.daemon.configuration import ReloadRefused, fixed_settings, freeze
from netwatch.daemon.covering import covered, covered_devices
from netwatch.daemon.health import Heart, Signs, patience
from netwatch.daemon.names import Names
from netwatch.daemon.operations import Operations
from netwatch.daemon.posting import post_by
from netwatch.daemon.published import Published, roll
from netwatch.daemon.reloading import Reloading
from netwatch.daemon.services import Services, service_checker
from netwatch.daemon.showing import Records, no_outages
from netwatch.daemon.tracing import Tracing
from netwatch.evidence.facts import DaysFacts
from netwatch.inventory.diff import diff
from netwatch.inventory.lines import lines
from netwatch.judgement.events import Announced, Reconfigured, Tick
from netwatch.model.decision import MinuteSettled, StateChanged, Subject
from netwatch.model.state import State
from netwatch.polling.clock import steady
from netwatch.polling.echo import EchoEngine
from netwatch.polling.trace import take_trace
from netwatch.polling.tracer import Tracer
from netwatch.publishing.anchor_series import AnchorSeries
from netwatch.publishing.report_pages import NAME as REPORTS

if TYPE_CHECKING:
    import socket
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from pathlib import Path

    from netwatch.daemon.chronicle import Chronicle
    from netwatch.daemon.claims import Judged
    from netwatch.daemon.configuration import Configuration, Loaded
    from netwatch.daemon.history import History
    from netwatch.daemon.resuming import Resumption
    from netwatch.daemon.seeding import Source
    from netwatch.daemon.service_manager import ServiceManager
    from netwatch.evidence.store import Store
    from netwatch.inventory.load import Inventory
    from netwatch.judgement.events import Event
    from netwatch.judgement.neighbourhood import Mismatch
    from netwatch.model.decision import Decision
    from netwatch.model.device import Line
    from netwatch.model.fact import Survey
    from netwatch.model.maintenance import Window
    from netwatch.model.observation import EchoSlots, EchoStray, Observation
    from netwatch.model.sign import Sign
    from netwatch.model.trace import Trace
    from netwatch.polling.clock import Clock
    from netwatch.polling.echo_socket import EchoSocket
    from netwatch.polling.trap_intake import Signed
    from netwatch.polling.trap_socket import TrapTransport

LOG = logging.getLogger(__name__)

TICK = 0.25
"""Seconds: how often the judgement is told that time passes, and a share of the page is written anew."""

STATE_TOLD = {state: f"%s %s is {state}: %s" for state in State}
"""One text a state, as the log holds back floods of one text: a hundred that come up hide none that goes."""

RESOLVE_EVERY = 60
"""Seconds between two look-ups of every name: how long one that had no address at the start stays unknown."""

MEASURE_EVERY = 60
"""Seconds between two looks at whether figures have new values."""

COMPARE_EVERY = 300
"""Seconds between two looks at whether the configured parents are plugged in."""

KEEP_WITHIN = 5.0
"""Seconds that a slow disk may hold up the end of a start or reload; nothing is asked later for it."""


class Daemon:
    """One running netwatch. Build it on the loop that it runs on; `stop` closes all that it was handed."""

    def __init__(
        self,
        clock: Clock,
        configuration: Configuration,
        loaded: Loaded,
        *,
        resumption: Resumption,
        chronicle: Chronicle,
        state: Path,
        listener: socket.socket,
        sockets: Mapping[int, EchoSocket],
        look_up: Callable[[str], Awaitable[str]],
        manager: ServiceManager,
        reading: Store | None = None,
        history: History | None = None,
        traps: Sequence[TrapTransport] = (),
        signed: Signed | None = None,
        source: Source | None = None,
        recurring: Sequence[tuple[float, Callable[[], Awaitable[None]]]] = (),
    ) -> None:
        self._configuration = configuration
        self._inventory = inventory = loaded.inventory
        self._fixed = fixed_settings(inventory)
        self._problems = loaded.problems
        self._manager = manager
        self._loop = loop = asyncio.get_running_loop()
        self._clock = clock
        self._midnight = 0.0  # steady time at which today ends
        self._watched: tuple[Line, ...] = ()
        self._polled: dict[str, int] = {}  # the lines whose slots are polls, by device
        self._ticking: asyncio.TimerHandle | None = None
        randomness = random.SystemRandom()
        self._files = Aside(loop, threads=1)
        self._state = Aside(loop, threads=1)
        self._reloading = Reloading(loop, self._reload)
        self._numbering = resumption.numbering
        self._names = Names(loop, look_up, self._set_lines)
        self._hourly = resumption.hourly
        self._judgement = self._hourly.judgement
        self._chronicle = chronicle
        self._auditing = auditing = Auditing(
            loop, clock, inventory, resumption, chronicle, source, self._show_claims
        )
        self._echo = EchoEngine(
            loop,
            clock,
            sockets,
            randomness,
            inventory.settings.timeout,
            on_slots=self._echoed,
            on_error=self._advance,
            on_stray=self._strayed,
        )
        hearers = Hearers(
            started=self._started,
            observed=self._observed,
            surveyed=self._surveyed,
            trapped=self._trapped,
            mismatched=self._mismatched,
        )
        self._asking = Asking(
            loop,
            clock,
            randomness,
            inventory,
            resolver=self._names.resolver,
            aside=self._files,
            hearers=hearers,
            traps=traps,
            signed=signed,
        )
        self._published = Published(
            inventory,
            self._judgement,
            (self._echo, self._asking.engine),
            listener,
            self.reload,
            chronicle.totals,
            Records(
                timeline=auditing.timeline,
                standing=lambda: auditing.standing,
                outages=history.outages if history else no_outages,
                reading=lambda: auditing.reading,
                now=lambda: steady(clock),
                reports=state / REPORTS,
            ),
        )
        self._services = Services(
            loop,
            clock,
            service_checker(loop, clock),
            blind=self._is_blind,
            tell=self._published.checked,
        )
        self._signs = Signs(clock)
        self._days_facts = DaysFacts(inventory.settings.timezone)
        self._published.show_notices(self._asking.notices)
        self._heart = Heart(loop, clock, manager, self._works, self._published.own.lag.observe)
        self._tracer = Tracer(
            loop,
            clock,
            randomness,
            Aside(loop, threads=2).run,
            take=take_trace,
            on_trace=self._traced,
            foreign={sock.format.identifier for sock in sockets.values()},
        )
        self._tracing = Tracing(inventory.settings.rules.outage_after, self._trace)
        self._operations = Operations(
            clock,
            inventory,
            state,
            chronicle,
            known=resumption.announcements,
            record=resumption.record,
            on_windows=self._take_windows,
            on_entry=auditing.entered,
            verdict_of=auditing.verdict_of,
        )
        self._anchoring = reading and self._anchors(reading, state)
        self._recurring = recurring  # (seconds, what is done then), besides what is done here
        self._windows: tuple[Window, ...] = ()
        self._hourly.hand_to(self._carry, chronicle.hour_over)

    def _anchors(self, reading: Store, state: Path) -> Anchoring:
        aside = Aside(self._loop, threads=2)  # a name server that hangs holds one
        anchoring = Anchoring(
            self._clock,
            self._inventory.settings,
            state,
            ledger=reading,
            append=self._chronicle.keep,
            aside=aside,
            post=post_by(aside),
        )
        self._published.own.registry.register(AnchorSeries(anchoring.totals))
        return anchoring

    async def start(self) -> None:
        """Begin to ask, judge and publish. A name server or a disk that hangs holds up none of it."""
        async with self._reloading.turn:
            await self._published.start()
            self._apply(self._inventory)
            self._auditing.start()
            freeze()
            self._echo.start()
            self._asking.start()
            self._heart.start()
            await self._operations.start()
            self._operations.every(RESOLVE_EVERY, self._names.look_up_soon)
            self._operations.every(COMPARE_EVERY, self._asking.compare)
            self._operations.every(MEASURE_EVERY, self._auditing.measure)
            if self._anchoring:
                self._operations.every(LOOK_EVERY, self._anchoring.look)
            for seconds, do in self._recurring:
                self._operations.every(seconds, do)
            self._tick()
            if self._problems:
                self._tell_refusal("\n".join(map(str, self._problems)))
                self._published.own.on_last_good()
                LOG.error("running on the last good configuration until these are mended")
            else:
                await self._accept()
            self._published.ready()
            self._manager.tell(READY="1")
            methods = (f"{method} sockets over IPv{version}" for version, method in self._echo.method.items())
            LOG.info("echoes by %s", " and ".join(methods))

    async def stop(self) -> None:
        """End within five seconds: nothing more is asked, what is under way gets a moment, the page last."""
        if self._ticking is not None:
            self._ticking.cancel()
        await self._operations.stop()
        self._auditing.stop()
        self._tracer.close()
        self._heart.stop()
        self._reloading.cancel()
        self._names.close()
        self._echo.close()
        await asyncio.gather(self._asking.close(), self._services.close())
        await self._published.stop()
        await self._chronicle.close(steady(self._clock))

    def ask_reload(self) -> None:
        """Reload when the loop gets to it; for signals, which cannot wait for the answer."""
        self._reloading.ask(force=False)

    async def reload(self, force: bool) -> str:  # noqa: FBT001 - the one thing that can be asked of it
        """Take the configuration's files if all of them are good; return "" or the problems, one a line."""
        return await asyncio.shield(self._reloading.ask(force=force))

    async def _reload(self, force: bool) -> str:  # noqa: FBT001 - as above
        try:
            await self._take_files(force=force)
        except ReloadRefused as error:
            problems = str(error)
        except Exception:
            LOG.exception("a reload failed")
            problems = "a mistake in netwatch itself, told in its log"
        else:
            return ""
        self._tell_refusal(problems)
        return problems

    async def _take_files(self, *, force: bool) -> None:
        before = self._inventory
        inventory = await self._files.run(partial(self._configuration.again, before, force=force))
        changes = diff(before, inventory)
        if inventory.profiles != before.profiles:
            self._asking.use_profiles(inventory.profiles)
        for key, value in fixed_settings(inventory).items():
            if value != self._fixed[key]:
                LOG.warning("'%s' is not as it was at the start: it takes effect at the next one", key)
        self._apply(inventory)
        self._operations.use(inventory)
        if self._anchoring:
            self._anchoring.use(inventory.settings)
        freeze()
        await self._accept()
        LOG.info(
            "reloaded: %d devices added, %d removed, %d changed",
            len(changes.added),
            len(changes.removed),
            len(changes.changed),
        )

    async def _accept(self) -> None:
        """Say that the configuration is good, and keep it."""
        self._published.own.loaded(self._clock.wall())
        for warning in self._inventory.warnings:
            LOG.warning("configuration: %s", warning)
        try:
            keeping = self._state.run(partial(self._configuration.keep, self._inventory))
            await asyncio.wait_for(keeping, KEEP_WITHIN)
        except TimeoutError:
            LOG.warning("the last good configuration is not kept yet: the disk takes its time")

    def _tell_refusal(self, problems: str) -> None:
        self._published.own.refused()
        self._manager.tell(STATUS="the configuration was refused: running on the one before")
        for line in problems.splitlines():
            LOG.error("configuration: %s", line)

    def _apply(self, inventory: Inventory) -> None:
        """Let every part work by an inventory, as of today; what stayed the same keeps its state."""
        self._inventory = inventory
        now = steady(self._clock)
        today, self._midnight = _day(now, inventory.settings.timezone)
        devices = inventory.in_service(today)
        called = roll(inventory, inventory.units(today))
        units = tuple((register, unit.code) for register, unit in called.units)
        self._watched = lines(devices, self._numbering)
        self._polled = {line.device: line.number for line in self._watched if line.polled}
        paths = tuple(inventory.settings.paths.values())
        configured = Reconfigured(now, self._watched, devices, units, paths)
        self._chronicle.configured(configured, inventory)
        self._advance(configured)
        self._set_lines()
        self._asking.use(devices, inventory)
        self._days_facts.keep({device.name for device in devices})
        self._published.configure(inventory, called, devices, now)
        self._show_windows(now)  # of units and devices that are told anew, too
        self._services.use(inventory.settings.services)
        self._auditing.use(inventory, configured)
        self._signs.expect(patience(devices, inventory.settings.timeout))
        self._names.use(devices)
        LOG.info("asking %d devices", len(devices))
        self._manager.tell(STATUS=f"asking {len(devices)} devices")

    def _set_lines(self) -> None:
        """Echo every line at its present address; one whose name has none cannot be sent, and is not lost."""
        self._echo.set_lines(
            [
                replace(line, address=self._names.resolver.address(line.address) or line.address)
                for line in self._watched
                if not line.polled
            ]
        )
        self._asking.find_addresses()

    def _is_blind(self, path: str) -> bool:
        known = self._judgement.paths.get(path)
        return known is not None and known.blind

    def _take_windows(self, windows: tuple[Window, ...]) -> None:
        self._windows = windows
        announced = Announced(steady(self._clock), windows)
        self._chronicle.announced(announced)
        self._advance(announced)
        self._show_windows(announced.at)

    def _show_windows(self, now: float) -> None:
        inventory = self._inventory
        today, _ = _day(now, inventory.settings.timezone)
        called = roll(inventory, inventory.units(today))
        units = [(register, unit.code) for register, unit in called.units]
        devices = list(inventory.in_service(today))
        self._published.show_windows(
            covered(self._windows, units, devices, now), covered_devices(self._windows, devices, now)
        )

    def _trace(self, device: str, address: str) -> None:
        numeric = self._names.resolver.address(address)
        if numeric is not None:
            self._tracer.trace(device, numeric)

    def _traced(self, trace: Trace) -> None:
        self._chronicle.traced(trace)

    def _advance(self, event: Event) -> None:
        self._hourly.advance(event)

    def _carry(self, decisions: list[Decision]) -> None:
        self._chronicle.take(decisions)
        self._published.take(decisions)
        self._tracing.take(decisions)
        for decision in decisions:
            if isinstance(decision, MinuteSettled):
                self._auditing.count(decision)
            elif isinstance(decision, StateChanged) and decision.subject is not Subject.LINE:
                # A province has a thousand devices; people hear of its units.
                level = logging.INFO if decision.subject is Subject.UNIT else logging.DEBUG
                LOG.log(level, STATE_TOLD[decision.state], decision.subject, decision.key, decision.why)

    def _show_claims(self, judged: Judged) -> None:
        self._published.take_claims(judged)

    def _echoed(self, slots: EchoSlots) -> None:
        self._signs.saw("echo")
        self._chronicle.measured(slots)
        self._advance(slots)

    def _strayed(self, stray: EchoStray) -> None:
        self._chronicle.strayed(stray)
        self._advance(stray)

    def _trapped(self, sign: Sign) -> None:
        """Take a sign that no poll has shown: it is kept as those are."""
        self._advance(sign)
        self._chronicle.take((sign,))

    def _started(self, late: float) -> None:
        self._signs.saw("start of a poll")
        self._published.own.lateness.observe(late)

    def _observed(self, observation: Observation) -> None:
        self._signs.saw("end of a poll")
        if (number := self._polled.get(observation.device)) is not None:
            self._chronicle.polled(number, observation)
        self._advance(observation)
        self._published.observe(observation)

    def _surveyed(self, survey: Survey) -> None:
        entry = self._days_facts.entry(survey)
        if entry is not None:
            self._chronicle.surveyed(entry)
            self._auditing.told(entry)
        self._published.surveyed(survey)

    def _mismatched(self, mismatches: tuple[Mismatch, ...]) -> None:
        self._published.show_mismatches(mismatches)

    def _tick(self) -> None:
        self._ticking = self._loop.call_later(TICK, self._tick)  # first: whatever happens, there is a next
        now = steady(self._clock)
        if now >= self._midnight:  # devices begin and end with a day, and so do units
            self._apply(self._inventory)
        self._advance(Tick(now))
        self._operations.tick()
        self._tracing.look(now, self._judgement.units)
        self._chronicle.tick(now)
        self._published.refresh(now)
        self._auditing.tick(now)
        self._signs.saw("tick")

    def _works(self) -> bool:
        """Tell whether devices are really being asked."""
        missing = self._signs.missing()
        if missing:
            LOG.error("the watchdog is not fed: there is no %s any more", " and no ".join(missing))
        return not missing


def _day(now: float, timezone: str) -> tuple[dt.date, float]:
    """Return the date at steady time `now`, and the steady time at which the next day begins."""
    zone = zoneinfo.ZoneInfo(timezone)
    today = dt.datetime.fromtimestamp(now, zone).date()
    return today, dt.datetime.combine(today + dt.timedelta(days=1), dt.time(), zone).timestamp()
