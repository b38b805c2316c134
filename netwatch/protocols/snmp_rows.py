"""Columns of one table asked for together: their requests, and a pattern that takes a whole row at once.

A row of a GETBULK answer is *regular* when its columns come in order, all of one index, each value of the
expected tag and of a fitting length. One regular expression recognises such a row with every tag and
length in it, and yields its numbers as groups; whatever it does not match is left to the plain loop of
:mod:`netwatch.protocols.snmp_walk`, which gives the same results for regular rows, only slower.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from netwatch.protocols.ber import INTEGER, encode_oid
from netwatch.protocols.snmp import (
    COUNTER32,
    COUNTER64,
    GAUGE32,
    TEXTS,
    TIMETICKS,
    encode_varbind,
)

DATAGRAM = 1400
"""Octets that an answer may have to fit every path (IPv6, tunnels) in one piece."""

_MOST_REPETITIONS = 50
_MOST_SUBSETS = (
    16  # of columns that patterns are compiled for: devices choose which end, and compiling takes time
)
_MOST_GROUPS = 80  # of one pattern: some rows at once save time, many would only cost memory
_LONGEST_PATTERN_INDEX = 5  # octets of one arc of 32 bits
_INDEX = {
    1: rb"[\x00-\x7f]",
    2: rb"[\x81-\xff][\x00-\x7f]",
    3: rb"[\x81-\xff][\x80-\xff][\x00-\x7f]",
    4: rb"[\x81-\xff][\x80-\xff]{2}[\x00-\x7f]",
    5: rb"[\x81-\x8f][\x80-\xff]{3}[\x00-\x7f]",
}
_LONGEST_NAME = 100  # octets, index and all: keeps every length in a row to one octet
_LIKELY = {
    "integer": (1, 2, 3, 4),
    "counter32": (1, 2, 3, 4),
    "gauge32": (2, 1, 4, 3),
    "timeticks": (4, 3, 2, 1),
    "counter64": (5, 6, 4, 1, 7, 3, 2, 8),
}

_TAGS = {
    "integer": INTEGER,
    "counter32": COUNTER32,
    "gauge32": GAUGE32,
    "timeticks": TIMETICKS,
    "counter64": COUNTER64,
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its MIB name, its object identifier and the syntax its values should have."""

    name: str
    oid: tuple[int, ...]
    syntax: str  # as in netwatch.model.profile.Metric


class Columns:
    """Some columns in the order they are asked in. Made once per profile; what is compiled is kept.

    `index_arcs` is how many arcs an index has (1 in ifTable), 0 where that varies. `positions` are the places
    among the columns asked for first: columns that came to their end are left out of later requests.
    """

    def __init__(self, columns: tuple[Column, ...], index_arcs: int = 1) -> None:
        self.columns = columns
        self.index_arcs = index_arcs
        self.positions = tuple(range(len(columns)))
        self.prefixes = tuple(encode_oid(column.oid) for column in columns)
        self.syntaxes = tuple(column.syntax for column in columns)
        self._regular = index_arcs == 1 and TEXTS.isdisjoint(self.syntaxes) and self._is_short()
        self._parts: dict[int, tuple[bytes, ...]] = {}
        self._patterns: dict[int, tuple[re.Pattern[bytes], ...]] = {}
        self._subsets: dict[tuple[int, ...], Columns] = {}
        self._whole = self

    def __len__(self) -> int:
        return len(self.columns)

    def varbinds(self, index: bytes) -> bytes:
        """Encode the varbinds that ask for what follows `index` (empty: the first row) in every column."""
        parts = self._parts.get(len(index))
        if parts is None:
            parts = self._parts[len(index)] = self._split(len(index))
        return index.join(parts)

    def _split(self, size: int) -> tuple[bytes, ...]:
        """Encode the varbinds around the places where an index of `size` octets goes."""
        parts = []
        before = b""
        for prefix in self.prefixes:
            whole = encode_varbind(prefix + bytes(size))
            parts.append(before + whole[: len(whole) - size - 2])
            before = whole[-2:]
        return (*parts, before)

    def patterns(self, data: bytes, at: int) -> tuple[re.Pattern[bytes], ...]:
        """Return patterns for regular rows like the one that seems to begin at `at`: of a block, of one.

        Their groups are, row by row, the index (one arc) and the value of each column, unsigned, big-endian.
        """
        if at + 3 >= len(data):
            return ()
        size = data[at + 3] - len(self.prefixes[0])
        patterns = self._patterns.get(size)
        if patterns is None:
            if not self._regular or not 1 <= size <= _LONGEST_PATTERN_INDEX:
                return ()
            patterns = self._patterns[size] = self._compile(size)
        return patterns

    def _compile(self, size: int) -> tuple[re.Pattern[bytes], ...]:
        width = len(self.columns) + 1
        block = max(1, min(self.fitting(), _MOST_GROUPS // width)) if self._whole is self else 1
        rows = [self._row(size, place * width + 1) for place in range(block)]
        return re.compile(b"".join(rows), re.DOTALL), re.compile(rows[0], re.DOTALL)

    def _row(self, size: int, group: int) -> bytes:
        """Write the pattern of a row with an index of `size` octets, which is group number `group`."""
        index = b"(" + _INDEX[size] + b")"
        row = b""
        for prefix, syntax in zip(self.prefixes, self.syntaxes, strict=True):
            name = len(prefix) + size
            row += (
                rb"\x30.\x06"
                + _octet(name)
                + re.escape(prefix)
                + index
                + _octet(_TAGS[syntax])
                + _value(name, syntax)
            )
            index = rb"(?:\%d)" % group
        return row

    def without(self, ended: frozenset[int]) -> Columns:
        """Return the columns but those whose places in here are given."""
        left = tuple(place for number, place in enumerate(self.positions) if number not in ended)
        return self._whole.only(left)

    def only(self, places: tuple[int, ...]) -> Columns:
        """Return the columns at these places."""
        known = self._subsets.get(places)
        if known is not None:
            return known
        columns = Columns(tuple(self.columns[place] for place in places), self.index_arcs)
        columns.positions = places
        columns._whole = self
        if len(self._subsets) < _MOST_SUBSETS:
            self._subsets[places] = columns
        else:
            columns._regular = False
        return columns

    def fitting(self) -> int:
        """Return how many rows, estimated, fit an answer of one datagram: where max-repetitions starts."""
        row = sum(len(prefix) + (8 if syntax in TEXTS else 0) + 13 for prefix, syntax in self._described())
        return max(1, min(_MOST_REPETITIONS, DATAGRAM // max(row, 1)))

    def _is_short(self) -> bool:
        return bool(self.prefixes) and max(map(len, self.prefixes)) + _LONGEST_PATTERN_INDEX <= _LONGEST_NAME

    def _described(self) -> zip[tuple[bytes, str]]:
        return zip(self.prefixes, self.syntaxes, strict=True)


def _octet(value: int) -> bytes:
    return rb"\x%02x" % value


def _value(name: int, syntax: str) -> bytes:
    """Match length and content of a value that stands after a name of `name` octets.

    Its length and that of the varbind are looked back at: both are held to be right, and one group, whichever
    the length, captures the bare content.
    """
    between = name + 3  # tag and length of the name, the name, the tag of the value
    branches = []
    for size, content in _contents(syntax):
        branches.append(rb"(?<=%b.{%d}%b)%b" % (_octet(between + 1 + size), between, _octet(size), content))
    return b"." + b"(" + b"|".join(branches) + b")"


def _contents(syntax: str) -> list[tuple[int, bytes]]:
    """Every regular length of a value, the likeliest first, with a pattern that takes no negative one."""
    contents = [(size, rb".{%d}" % size) for size in _LIKELY[syntax]]
    if syntax == "integer":
        return [(size, rb"[\x00-\x7f].{%d}" % (size - 1)) for size, _ in contents]
    widest = len(contents)
    return [*contents, (widest + 1, rb"\x00.{%d}" % widest)]
