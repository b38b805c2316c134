"""Makes the ledger's daily heads, and sees to it that others vouch for them.

What is due is worked out anew at each look, from the folder and the ledger: so a step that was missed or
failed is made up for by a look that follows, in this process or another. Work on files runs aside.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import logging
import zoneinfo
from collections import Counter
from functools import partial
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from netwatch.daemon.retrying import Retrying
from netwatch.evidence import heads, making, timestamps
from netwatch.evidence.anchors import (
    HEAD,
    NAME,
    RESPONSE,
    SENT,
    SIGNATURE,
    AnchorError,
    AnchorFolder,
    read_bounded,
)
from netwatch.evidence.codec import BrokenBodyError
from netwatch.evidence.key_file import read_key
from netwatch.evidence.keys import BadKeyError
from netwatch.evidence.kinds import KIND_OF, Anchored, Heartbeat
from netwatch.evidence.making import Last
from netwatch.evidence.reading import content
from netwatch.evidence.timestamps import StampError
from netwatch.polling.clock import Clock, steady
from netwatch.publishing.anchor_series import AnchorTotals

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from netwatch.daemon.aside import Aside
    from netwatch.daemon.posting import Post
    from netwatch.evidence.anchors import Anchor
    from netwatch.evidence.chain import Entry
    from netwatch.evidence.keys import SigningKey
    from netwatch.inventory.settings import Settings
    from netwatch.model.attestation import Receipt

LOG = logging.getLogger(__name__)

LOOK_EVERY = 60.0
"""Seconds between two looks: how long after midnight a head is made at most."""

LONGEST_LOOK = 50.0
"""Seconds: what is not done by then is left to the next."""

RECENT = 31
"""Heads that are signed, stamped and sent afterwards, where that could not be done before."""

DAY = dt.timedelta(days=1)
MICRO = 1_000_000
TAKEN = 4096  # bytes of an outsider's answer, which says nothing more

PROBLEMS = (OSError, BadKeyError, StampError, heads.HeadError, BrokenBodyError)
"""What may become of a step, told in one line each; those of ledger, folder and posts are OSError."""


class Ledger(Protocol):
    """What is asked of the ledger: a `Store` of this poller. Every method may block; raises LedgerError."""

    def ends(self) -> tuple[Receipt, ...]:
        """Return where every chain ends."""
        ...

    def last(self, kind: str, until: float = ..., /) -> Entry | None:
        """Return the last entry of a kind in this poller's chain, of those written until then."""
        ...


class Anchoring:
    """Looks whenever it is told to. `append` keeps an entry of the ledger."""

    def __init__(
        self,
        clock: Clock,
        settings: Settings,
        state: Path,
        *,
        ledger: Ledger,
        append: Callable[[Anchored], Awaitable[object]],
        aside: Aside,
        post: Post,
    ) -> None:
        self._clock = clock
        self._state = state
        self._ledger = ledger
        self._append = append
        self._aside = aside
        self._post = post
        self._retrying = Retrying()
        self._errors: Counter[str] = Counter(dict.fromkeys(("head", "signed", "stamped", "sent"), 0))
        self._last: dict[str, float] = {}
        self._keyless = False  # as far as is known
        self.use(settings)

    def use(self, settings: Settings) -> None:
        """Go by these settings from the next look on."""
        self._settings = settings.anchors
        self._zone = zoneinfo.ZoneInfo(settings.timezone)
        self._folder = AnchorFolder(settings.anchors.folder or self._state / NAME)

    def totals(self) -> AnchorTotals:
        """Return how it fares."""
        return AnchorTotals(dict(self._last), dict(self._errors))

    async def look(self) -> None:
        """Do what is due. Raises nothing: what fails is told, counted, and tried again later."""
        try:
            async with asyncio.timeout(LONGEST_LOOK):
                await self._try("head", "head", self._make)
                await self._try("signed", "signed", self._sign)
                if self._settings.authority:
                    await self._try("stamped", self._settings.authority, self._stamp)
                for url in self._settings.send:
                    await self._try("sent", url, partial(self._send, url))
                await self._try("head", "survey", self._survey)
        except TimeoutError:
            LOG.warning("anchors: the rest is left to the next look: it took more than %g s", LONGEST_LOOK)

    async def _try(self, step: str, name: str, do: Callable[[], Awaitable[None]]) -> None:
        now = steady(self._clock)
        if not self._retrying.due(name, now):
            return
        try:
            await do()
        except PROBLEMS as error:
            self._errors[step] += 1
            self._retrying.failed(name, now)
            LOG.warning("anchors (%s): %s", step, error)
        else:
            self._retrying.succeeded(name)

    async def _make(self) -> None:
        today = dt.datetime.fromtimestamp(steady(self._clock), self._zone).date()
        made = await self._aside.run(partial(self._make_due, today, self._clock.wall()))
        if made is not None:
            await self._append(Anchored(made.date, made.sha256))
            LOG.info("anchored the ledger: head of %s, SHA-256 %s", made.date, made.sha256)

    def _make_due(self, today: dt.date, wall: float) -> Last | None:
        """Make yesterday's head if it is missing; return the newest that the ledger does not tell of yet."""
        told, kept = self._told(), making.newest(self._folder)
        # Of one date, the ledger's word counts: a file may have been changed.
        last = max(filter(None, (told, kept)), key=lambda each: each.date, default=None)
        yesterday = today - DAY
        if last is not None and last.date > today:
            raise AnchorError(f"the newest head is of {last.date}, which is to come: none is made before")
        if (last is None or last.date < yesterday) and self._ran(today):
            return making.make(self._folder, self._ledger.ends(), yesterday, round(wall * MICRO), last)
        return kept if kept is not None and (told is None or told.date < kept.date) else None

    def _told(self) -> Last | None:
        """Return the newest head that the ledger tells of."""
        entry = self._ledger.last(KIND_OF[Anchored])
        if entry is None:
            return None
        said: Anchored = content(entry)
        return Last(said.date, said.sha256)

    def _ran(self, today: dt.date) -> bool:
        """Tell whether a netwatch wrote this chain on the day before."""
        start, end = (
            dt.datetime.combine(date, dt.time(), self._zone).timestamp() for date in (today - DAY, today)
        )
        beat = self._ledger.last(KIND_OF[Heartbeat], end)
        return beat is not None and beat.at >= start * MICRO

    async def _sign(self) -> None:
        await self._aside.run(self._sign_recent)

    def _sign_recent(self) -> None:
        unsigned = self._folder.lacking(SIGNATURE, RECENT)
        if not unsigned:
            return
        key = self._key()
        if key is None and not self._keyless:
            LOG.warning("anchors: heads are not signed: there is no key ('netwatch anchor key' makes one)")
        self._keyless = key is None
        if key is not None:
            for date in unsigned:
                making.sign(self._folder, self._folder.read(date), key)

    def _key(self) -> SigningKey | None:
        """Return the key, read anew each time lest it lie in memory; None where there is none to be had."""
        if self._settings.key_file is not None:
            try:
                return read_key(self._settings.key_file)
            except FileNotFoundError:
                raise AnchorError(f"{self._settings.key_file}: there is no such file") from None
        try:
            return read_key(self._settings.credential) if self._settings.credential is not None else None
        except FileNotFoundError:
            return None

    async def _stamp(self) -> None:
        """Get stamps, the newest head first: its stamp proves those before it, too."""
        for date in reversed(await self._aside.run(partial(self._folder.lacking, RESPONSE, RECENT))):
            anchor = await self._aside.run(partial(self._folder.read, date))
            asked = await self._aside.run(partial(making.request, self._folder, anchor))
            answer = await self._post(
                self._settings.authority, asked, "application/timestamp-query", timestamps.LARGEST
            )
            stamp = await self._aside.run(partial(self._file, anchor, asked, answer))
            LOG.info("the head of %s is stamped by %s", anchor.date, stamp.authority)

    def _file(self, anchor: Anchor, asked: bytes, answer: bytes) -> timestamps.Stamp:
        path = self._settings.authority_certificates
        if path is None:
            raise AnchorError("there are no certificates to check the authority's stamps by")
        try:
            roots = timestamps.read_roots(read_bounded(path, timestamps.LARGEST))
        except FileNotFoundError:
            raise AnchorError(f"{path}: there is no such file") from None
        return making.file_response(self._folder, anchor, asked, answer, roots)

    async def _send(self, url: str) -> None:
        """Send heads in their order; one that is still to be signed waits, and those after it."""
        name = _name(url)
        for anchor in await self._aside.run(partial(self._unsent, name)):
            if anchor.head is None or (anchor.signature is None and not self._keyless):
                return
            head, signature = (
                text.decode("utf-8", "replace") for text in (anchor.head, anchor.signature or b"")
            )
            said = json.dumps({"date": str(anchor.date), "head": head, "sig": signature})
            await self._post(url, said.encode(), "application/json", TAKEN)
            await self._aside.run(partial(self._note_sent, anchor.date, name))

    def _unsent(self, name: str) -> list[Anchor]:
        recent = self._folder.dates(HEAD)[-RECENT:]
        return [self._folder.read(date) for date in recent if name not in self._sent(date)]

    def _note_sent(self, date: dt.date, name: str) -> None:
        self._folder.replace(date, SENT, json.dumps([*self._sent(date), name]).encode())

    def _sent(self, date: dt.date) -> list[str]:
        """Return the SHA-256 of the addresses that a head was sent to; who cannot read that sends again."""
        try:
            found = json.loads(self._folder.file(date, SENT) or b"[]")
        except ValueError:
            return []
        return [str(each) for each in found] if isinstance(found, list) else []

    async def _survey(self) -> None:
        self._last = await self._aside.run(self._newest_of_each)

    def _newest_of_each(self) -> dict[str, float]:
        """Return when the newest head was made, and the newest that is signed, stamped and sent to all."""
        have = self._folder.dates(HEAD)
        found: dict[str, float | None] = {
            "head": self._made(have),
            "signed": self._made(self._folder.dates(SIGNATURE)),
        }
        if stamped := self._folder.dates(RESPONSE):
            anchor = self._folder.read(stamped[-1])
            found["stamped"] = timestamps.check(anchor.head or b"", anchor.response or b"").at
        if names := {_name(url) for url in self._settings.send}:
            found["sent"] = self._made([date for date in have[-RECENT:] if names <= set(self._sent(date))])
        return {step: at for step, at in found.items() if at is not None}

    def _made(self, dates: list[dt.date]) -> float | None:
        """Return when the head of the last of some dates was made."""
        data = self._folder.file(dates[-1], HEAD) if dates else None
        return None if data is None else heads.decode(data).made / MICRO


def _name(url: str) -> str:
    """Return what an address is called on disk: it may be a capability."""
    return sha256(url.encode()).hexdigest()
