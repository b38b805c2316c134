"""Asking for single objects by GET: what an agent does not have, or cannot say, costs only itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from netwatch.protocols.ber import MalformedError, encode_oid
from netwatch.protocols.snmp import (
    AUTHORIZATION_ERROR,
    DAMAGED,
    EXCEPTIONS,
    GET,
    NO_ACCESS,
    TOO_BIG,
    Request,
    Response,
    encode_varbind,
    error_name,
    value,
    varbind,
)
from netwatch.protocols.snmp_step import Step

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netwatch.protocols.snmp_rows import Column


class Get:
    """A GET of some scalars (named without their .0), in as few requests as the agent can take.

    `suffix` is what follows each OID: the encoded .0; nothing, where whole instances are named. `values` maps
    the MIB names to numbers, or to octets where the syntax is one of TEXTS.
    """

    def __init__(self, scalars: Sequence[Column], suffix: bytes = b"\x00") -> None:
        self.values: dict[str, int | bytes] = {}
        self.refused: Counter[str] = Counter()
        self.detail = ""
        self._left = [(column, encode_oid(column.oid) + suffix) for column in scalars]
        self._at_once = max(1, len(self._left))

    def ask(self) -> Request:
        """Return the next request."""
        asked = self._left[: self._at_once]
        return Request(GET, b"".join(encode_varbind(name) for _, name in asked))

    def take(self, response: Response) -> Step:
        """Take an answer to the last request. TOO_BIG is returned only where nothing smaller can be asked."""
        if response.error_status:
            return self._fail(response)
        asked = self._left[: self._at_once]
        at = response.start
        try:
            for column, name in asked:
                at = self._take(column, name, response, at)
        except MalformedError as error:
            self.refused[error.reason] += 1
            self.detail = f"answer cannot be read: {error.reason}"
            return Step.MALFORMED
        del self._left[: len(asked)]
        return Step.MORE if self._left else Step.DONE

    def less(self) -> bool:
        """Ask for half as much at once from now on; tell whether that was possible."""
        if self._at_once == 1:
            return False
        self._at_once //= 2
        return True

    def _take(self, column: Column, wanted: bytes, response: Response, at: int) -> int:
        name, tag, content, at = varbind(response.data, at, response.stop)
        if tag in EXCEPTIONS:
            return at
        try:
            if name != wanted:
                raise MalformedError("damaged" if tag == DAMAGED else "wrong name")  # noqa: TRY301 - one place counts
            self.values[column.name] = value(tag, content, column.syntax)
        except MalformedError as error:
            self.refused[error.reason] += 1
        return at

    def _fail(self, response: Response) -> Step:
        """Judge an error: one that names an object costs that object only."""
        status = response.error_status
        self.detail = f"agent says {error_name(status)}"
        if status == TOO_BIG:
            return Step.MORE if self.less() else Step.TOO_BIG
        if status in {NO_ACCESS, AUTHORIZATION_ERROR}:
            return Step.REFUSED
        place = response.error_index - 1
        if not 0 <= place < len(self._left[: self._at_once]):
            return Step.FAILED
        del self._left[place]
        self.refused[error_name(status)] += 1
        self.detail = ""
        return Step.MORE if self._left else Step.DONE
