"""Asking which of many tables a device has at all: one GETNEXT into each, all in one request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netwatch.protocols.ber import encode_oid
from netwatch.protocols.snmp import END_OF_MIB_VIEW, GETNEXT, Request, encode_varbind, varbind
from netwatch.protocols.snmp_get import Get

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.protocols.snmp import Response
    from netwatch.protocols.snmp_rows import Column


class Presence(Get):
    """A GETNEXT into some columns or single objects; `present` are the OIDs of those with an instance."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__(columns, b"")
        self.present: set[tuple[int, ...]] = set()

    def ask(self) -> Request:
        """Return the next request."""
        asked = self._left[: self._at_once]
        return Request(GETNEXT, b"".join(encode_varbind(encode_oid(column.oid)) for column, _ in asked))

    def _take(self, column: Column, wanted: bytes, response: Response, at: int) -> int:
        name, tag, _, at = varbind(response.data, at, response.stop)
        if name.startswith(wanted) and len(name) > len(wanted) and tag != END_OF_MIB_VIEW:
            self.present.add(column.oid)
        return at
