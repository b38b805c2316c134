"""Other names for those of a recording: `name-1`, `serial-2`, the same wherever the name stands.

Names and serial numbers are also looked for inside other text (sysDescr of Linux holds the host's name); what
people wrote about ports and places is only replaced where it is the whole of a value.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from netwatch.polling.scrub_tables import ALIAS, FACTORY_NAMES, NAME, NAMES, SERIAL, STRUCTURE, found
from netwatch.protocols import ber

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netwatch.polling.scrub_tables import Oid
    from netwatch.protocols.snmp_dump import Row

_SHORTEST = 4
"""Characters of a name that is looked for inside other text: shorter ones stand in too many words."""

_WORD = re.compile(r"[^\s\"'(),;:=<>|\[\]{}@/]+")
_OWN_NAMES = ((1, 3, 6, 1, 2, 1, 1, 5, 0),)


class Names:
    """Gives each name another one.

    `own`: what names the device itself, by what it is; `serials`: more objects that hold serial numbers.
    """

    def __init__(self, own: Mapping[str, str], serials: Iterable[Oid] = ()) -> None:
        self._objects = {**NAMES, **dict.fromkeys(serials, SERIAL)}
        self.replaced: Counter[str] = Counter()
        self._stands: dict[str, tuple[str, str]] = {}  # name, folded → what stands for it, what it is
        self._numbers: Counter[str] = Counter()
        self._structure: set[str] = set()
        self._spread: dict[str, str] = {}  # words that are looked for inside text
        self._own: list[tuple[re.Pattern[str], str]] = []  # with the name, folded
        for kind, text in own.items():
            self._take(text, kind)
            self._look_for(text)

    def keep(self, rows: Iterable[Row]) -> None:
        """Remember what the box calls its own parts: no description that says the same is a secret."""
        self._structure = {
            _decoded(row.content).casefold()
            for row in rows
            if row.tag == ber.OCTET_STRING and any(row.oid[: len(root)] == root for root in STRUCTURE)
        }

    def learn(self, row: Row) -> None:
        """Learn the name that an object holds, if it holds one."""
        kind = self._kind(row)
        if not kind:
            return
        text = _decoded(row.content)
        self._take(text, kind)
        if row.oid in _OWN_NAMES:
            self._look_for(text)

    def _kind(self, row: Row) -> str:
        return found(self._objects, row.oid) if row.tag == ber.OCTET_STRING and row.content.strip() else ""

    def _take(self, text: str, kind: str) -> None:
        folded = text.casefold()
        if not folded or folded in self._stands or folded in FACTORY_NAMES:
            return
        if kind == ALIAS and folded in self._structure:
            return
        self._numbers[kind] += 1
        self._stands[folded] = f"{kind}-{self._numbers[kind]}", kind
        if kind in {NAME, SERIAL}:
            for word in {folded, folded.partition(".")[0]}:
                if len(word) >= _SHORTEST and word not in FACTORY_NAMES:
                    self._spread.setdefault(word, folded)

    def _look_for(self, text: str) -> None:
        """Look for a name inside all text, also where it consists of several words."""
        if len(text) >= _SHORTEST and text.casefold() not in FACTORY_NAMES:
            pattern = re.compile(rf"(?<!\w){re.escape(text)}(?!\w)", re.IGNORECASE)
            self._own.append((pattern, text.casefold()))

    def whole(self, row: Row) -> bytes | None:
        """Return what stands for the whole value of an object, or None where it is no name."""
        if row.tag != ber.OCTET_STRING:
            return None
        stands = self._stands.get(_decoded(row.content).casefold())
        if stands is None:
            return None
        if not self._kind(row) and len(row.content) < _SHORTEST:
            return None
        self.replaced[_PLURAL[stands[1]]] += 1
        return stands[0].encode()

    def inside(self, text: str) -> str:
        """Put others for the names that stand inside text."""
        for pattern, folded in self._own:
            stands, kind = self._stands[folded]
            text, count = pattern.subn(stands, text)
            if count:
                self.replaced[_PLURAL[kind]] += count
        return _WORD.sub(self._word, text) if self._spread else text

    def _word(self, match: re.Match[str]) -> str:
        word = match[0].rstrip(".!?")
        folded = self._spread.get(word.casefold())
        if folded is None:
            return match[0]
        stands, kind = self._stands[folded]
        self.replaced[_PLURAL[kind]] += 1
        return stands + match[0][len(word) :]


_PLURAL = {
    "name": "names",
    "contact": "contacts",
    "place": "places",
    "alias": "descriptions of ports and parts",
    "serial": "serial numbers",
}


def _decoded(content: bytes) -> str:
    content = content.rstrip(b"\x00").strip()
    try:
        return content.decode()
    except UnicodeDecodeError:
        return content.decode("latin-1")
