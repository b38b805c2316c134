"""The tail: what was measured and is in no hour's entry yet, in pieces of a few seconds.

A piece holds slots as they were reported, a row each, and late replies. It stands beside the chain and
vanishes when the hour that holds its minutes is sealed: it is there so that a process that is killed loses
ten seconds and not an hour.
"""

from __future__ import annotations

import math
import zlib
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.evidence.codec import BrokenBodyError
from netwatch.evidence.varint import Broken, Reader, Writer
from netwatch.model.observation import EchoSlots, EchoStray

if TYPE_CHECKING:
    from collections.abc import Sequence

FORMAT = 1
MICRO = 1_000_000
LARGEST = 64 * 2**20


@dataclass(frozen=True, slots=True)
class Piece:
    """What was reported within a few seconds."""

    at: float  # steady time of the last report
    slots: tuple[EchoSlots, ...]
    late: tuple[EchoStray, ...]


def encode(piece: Piece) -> bytes:
    """Return the body of a piece; times are kept to the microsecond."""
    out = Writer()
    out.number(FORMAT)
    out.number(round(piece.at * MICRO))
    out.number(sum(len(batch.lines) for batch in piece.slots))
    out.deltas([number for batch in piece.slots for number in batch.lines])
    out.deltas([round(due * MICRO) for batch in piece.slots for due in batch.due])
    out.raw(b"".join(bytes(batch.results) for batch in piece.slots))
    out.deltas([_micro(rtt) for batch in piece.slots for rtt in batch.rtts])
    out.number(len(piece.late))
    for stray in piece.late:
        out.number(stray.line)
        out.number(round(stray.due * MICRO))
        out.number(round(stray.at * MICRO))
    return zlib.compress(out.done(), 1)


def decode(body: bytes) -> Piece:
    """Return the piece that a body tells of, its slots in one batch. Raises BrokenBodyError."""
    try:
        reader = Reader(_unpack(body))
        piece = _read(reader)
        reader.end()
    except (Broken, zlib.error, OverflowError) as error:
        raise BrokenBodyError(f"no piece of a tail: {error}") from error
    return piece


def _unpack(body: bytes) -> bytes:
    unpacker = zlib.decompressobj()
    data = unpacker.decompress(body, LARGEST)
    if unpacker.unconsumed_tail or not unpacker.eof:
        raise Broken("cut off, or larger than allowed")
    return data


def _read(reader: Reader) -> Piece:
    if reader.number() != FORMAT:
        raise Broken("a format that this version does not know")
    at = reader.number() / MICRO
    count = reader.count()
    lines, dues = reader.deltas(count), reader.deltas(count)
    results = bytearray(reader.raw())
    rtts = reader.deltas(count)
    if len(results) != count or any(result > 3 for result in results):
        raise Broken("results that cannot be")
    slots = EchoSlots(
        at,
        array("L", lines),
        array("d", (due / MICRO for due in dues)),
        results,
        array("d", (math.nan if rtt < 0 else rtt / MICRO for rtt in rtts)),
    )
    late = tuple(
        EchoStray(late=True, line=reader.number(), due=reader.number() / MICRO, at=reader.number() / MICRO)
        for _ in range(reader.count())
    )
    return Piece(at, (slots,) if count else (), late)


def last_due(pieces: Sequence[Piece]) -> float | None:
    """Return when the last slot of some pieces was due; None where there is none."""
    return max((due for piece in pieces for batch in piece.slots for due in batch.due), default=None)


def _micro(rtt: float) -> int:
    return -1 if math.isnan(rtt) else round(rtt * MICRO)
