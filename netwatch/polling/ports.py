"""From what a table calls a port to the interface that it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netwatch.model.observation import InterfaceName

_ENDS = re.compile(r"(?<=[\w)])(?![\w./:])")  # where the name of a port may end: not within 1/1/10


class Ports:
    """The interfaces of one device, by index and by each name they have."""

    def __init__(self, rows: Iterable[InterfaceName]) -> None:
        self.by_index: dict[int, str] = {}
        names: dict[str, str] = {}
        twice: set[str] = set()
        for row in rows:
            self.by_index[row.index] = row.key
            for name in {row.key, row.name, row.descr} - {""}:
                if names.setdefault(name, row.key) != row.key:
                    twice.add(name)
        self._names = {name: key for name, key in names.items() if name not in twice}

    def named(self, text: str) -> str | None:
        """Return the key of the port of that name (ifName or ifDescr)."""
        return self._names.get(text)

    def beginning(self, text: str) -> str | None:
        """Return the key of the port whose name a text begins with: `Te1/1/1 Receive Power Sensor`."""
        for end in reversed([match.start() for match in _ENDS.finditer(text)]):
            key = self._names.get(text[:end])
            if key is not None:
                return key
        return None
