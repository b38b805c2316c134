"""Verifies a netwatch ledger in an SQLite file: written from docs/ledger-format.md, with Python 3.11 alone.

Checked: chains, details, counts of lines by slots, verdicts by counts, signed anchors. Not checked: time
stamps; what paths, parents and witnesses make of slots, outages, causes (`netwatch verify` recomputes them).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import itertools
import json
import sqlite3
import zlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

UP, DOWN, UNKNOWN, LINE = 0, 1, 2, 0  # verdicts; a verdict's subject
GOOD, LOST, UNREACHABLE, LATE = 1, 2, 18, 65
ENTRIES = """SELECT e.poller, e.seq, e.at, e.kind, CAST(e.body AS BLOB), CAST(e.hash AS BLOB), {}
             WHERE ? IN ('', e.poller) ORDER BY e.poller, e.seq"""
DETAILS = "CAST(w.salt AS BLOB), CAST(w.body AS BLOB) FROM entries e LEFT JOIN withheld w USING (poller, seq)"
STRAYS = "SELECT poller, seq FROM withheld WHERE ? IN ('', poller) EXCEPT SELECT poller, seq FROM entries"
P, ORDER = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493  # Ed25519: RFC 8032, section 5.1
D, ROOT, BASE = -121665 * pow(121666, -1, P) % P, pow(2, (P - 1) // 4, P), bytes.fromhex("58" + 31 * "66")
Rows = Iterable[tuple[Any, ...]]
Anchors = dict[tuple[str, int], dict[str, str]]  # by poller and number: hash by date


class Reader(io.BytesIO):
    """Numbers in binary bodies, one after the other."""

    def take(self, size: int) -> bytes:
        """Read so many bytes."""
        if len(data := self.read(size)) < size:
            raise ValueError("it is cut off")
        return data

    def number(self) -> int:
        """Read a number that is not negative."""
        (byte,) = self.take(1)
        return byte if byte < 128 else byte - 128 + (self.number() << 7)

    def deltas(self, count: int) -> list[int]:
        """Read numbers of either sign, each told by what it differs from the one before."""
        zigzag = (self.number() for _ in range(count))
        return list(itertools.accumulate(n // 2 if n % 2 == 0 else -(n + 1) // 2 for n in zigzag))

    def runs(self) -> bytes:
        """Read runs of like bytes."""
        return b"".join(self.number() * self.take(1) for _ in range(self.number()))


def check_hour(body: bytes, unsure: set[int]) -> int:
    """Return how many verdicts an hour has. `unsure` are minutes in which another configuration came."""
    read = Reader(zlib.decompressobj().decompress(body, 2**28))
    if read.number() != 1:
        raise ValueError("its format is not known")
    start = read.number() // 60
    slots: dict[tuple[str, int], tuple[int, bytes]] = {}  # by line and minute: interval in µs, marks
    for _ in range(read.number()):
        line, count = str(read.number()), read.number()
        minutes, intervals, _, sizes = (read.deltas(count) for _ in range(4))
        marks = read.runs()
        for place, end in enumerate(itertools.accumulate(sizes)):
            slots[line, minutes[place]] = intervals[place], marks[end - sizes[place] : end]
        read.deltas(count)  # how many round-trip times are known
    read.take(read.number())  # mean round-trip times
    told: list[tuple[int, str, int, tuple[int, ...]]] = []
    for _ in range(read.number()):
        subject, key, count = read.number(), read.take(read.number()).decode(), read.number()
        minutes, verdicts = read.deltas(count), read.runs()
        rows = zip(verdicts, *(read.deltas(count) for _ in range(4)), strict=True)
        told += [(subject, key, minute, row) for minute, row in zip(minutes, rows, strict=True)]
    for _ in range(read.number()):
        read.take(read.number())  # a path's name; then minutes in which it was blind
        unsure = unsure | {(start + read.number(), read.number())[0] for _ in range(read.number())}
    for subject, key, minute, counts in told:
        interval, marks = slots.pop((key, minute), (0, b"")) if subject == LINE else (0, b"")
        if not follows(counts, marks, sure=interval <= 60_000_000 and start + minute not in unsure):
            raise ValueError(f"minute {minute} of {key} does not follow from its counts {counts} and slots")
    if slots:
        raise ValueError("minute {1} of line {0} has slots and no verdict".format(*min(slots)))
    return len(told)


def follows(told: tuple[int, ...], marks: bytes, *, sure: bool) -> bool:
    """Tell whether a verdict follows from counts and they from slots; not `sure`: lost may be unseen."""
    verdict, expected, good, lost, late = told
    valid, most = good + lost + late, marks.count(LOST) + marks.count(UNREACHABLE)
    found = UNKNOWN if valid == 0 or valid * 5 < expected * 4 else UP if lost * 2 < valid else DOWN
    if min(told) < 0 or valid > expected or verdict != found:
        return False
    same = (expected, good, late) == (len(marks), marks.count(GOOD), marks.count(LATE))
    return not marks or (same and (lost == most if sure else lost <= most))


def check_chain(poller: str, rows: Rows, anchors: Anchors) -> str:
    """Check a chain, and that it has what was anchored; return what is in it."""
    before, unsure, last, minutes, beside, away = bytes(32), set[int](), 0, 0, 0, 0
    for _, seq, at, kind, body, stored, salt, details in rows:
        if seq != last + 1:
            raise ValueError(f"entry {last + 1} of poller {poller} is missing: {seq} stands there")
        try:
            parts = poller.encode(), seq.to_bytes(8), at.to_bytes(8, signed=True), kind.encode(), body
            framed = b"".join(len(part).to_bytes(8) + part for part in parts)
            before = hashlib.sha256(before + framed).digest()
            if {stored.hex(), *anchors.pop((poller, seq), {}).values()} != {before.hex()}:
                raise ValueError("its hash does not fit it, the entry before, or an anchor")
            said = {} if kind == "hour" else json.loads(body)
            minutes += check_hour(body, unsure) if kind == "hour" else 0
            unsure |= {int(said["at"] // 60)} if kind == "configured" else set()
            committed = "" if salt is None else hashlib.sha256(salt + details).hexdigest()
            if committed and (len(salt), said.get("withheld")) != (32, committed):
                raise ValueError("its details are not what was written")
        except Exception as error:  # whatever was changed
            raise ValueError(f"entry {seq} of poller {poller} ({kind}): {error}") from error
        last, beside, away = seq, beside + bool(committed), away + ("withheld" in said and not committed)
    return f"{last} entries, {minutes} verdicts, {beside} with details, {away} without theirs: {before.hex()}"


def point(data: bytes) -> tuple[int, int]:
    """Return the point of the curve that 32 bytes stand for."""
    y = int.from_bytes(data, "little") % 2**255
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x if (x * x - square) % P == 0 else x * ROOT % P
    if (x * x - square) % P or y >= P or len(data) != 32:
        raise ValueError("no point of Ed25519")
    return (x if x % 2 == data[31] >> 7 else P - x), y


def add(a: tuple[int, int], b: tuple[int, int]) -> tuple[int, int]:
    """Return the sum of two points."""
    product, x, y = D * a[0] * a[1] * b[0] * b[1], a[0] * b[1] + b[0] * a[1], a[1] * b[1] + a[0] * b[0]
    return x * pow(1 + product, -1, P) % P, y * pow(1 - product, -1, P) % P


def times(number: int, each: tuple[int, int]) -> tuple[int, int]:
    """Return a multiple of a point."""
    return add(times(number // 2, add(each, each)), each if number % 2 else (0, 1)) if number else (0, 1)


def is_signed(data: bytes, signature: bytes, key: bytes) -> bool:
    """Tell whether an Ed25519 signature is that of some bytes by a key."""
    r, s = signature[:32], int.from_bytes(signature[32:], "little")
    challenge = int.from_bytes(hashlib.sha512(r + key + data).digest(), "little") % ORDER
    return s < ORDER and times(s, point(BASE)) == add(point(r), times(challenge, point(key)))


def read_anchors(folder: Path, key: str) -> Anchors:
    """Return what was anchored; `key`: whose signature each head must have, "": of any key."""
    found, before = Anchors(), ""
    for file in sorted(folder.glob("????-??-??.json")):
        data, signed = file.read_bytes(), json.loads(file.with_suffix(".sig").read_bytes())
        head, mine = json.loads(data), key or signed["key"]
        if not is_signed(data, base64.b64decode(signed["signature"]), base64.b64decode(mine)):
            raise ValueError(f"{file} is not signed by {mine}")
        if (head["date"], head["previous"]) != (file.stem, before or head["previous"]):
            raise ValueError(f"{file} does not follow on the head before it")
        before = hashlib.sha256(data).hexdigest()
        for each in head["chains"]:
            found.setdefault((each["poller"], each["seq"]), {})[file.stem] = each["hash"]
        stamp = f"openssl ts -verify -data {file} -in {file.with_suffix('.tsr')} -CAfile AUTHORITY.pem"
        print(f"{file.stem}: signed by {mine}; its time stamp: {stamp}")
    return found


def main() -> None:
    """Verify what the command line names; the exit status is 1 where it is not intact."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("ledger", type=Path)
    parser.add_argument("--poller", default="", help="one chain only")
    parser.add_argument("--anchors", type=Path, help="folder of daily heads")
    parser.add_argument("--key", default="", help="base64 of the Ed25519 key that has to have signed them")
    told = parser.parse_args()
    try:
        anchors = read_anchors(told.anchors, told.key) if told.anchors else {}
        anchors = {place: each for place, each in anchors.items() if told.poller in {"", place[0]}}
        database = sqlite3.connect(f"{told.ledger.absolute().as_uri()}?mode=ro", uri=True)
        (schema,) = database.execute("SELECT value FROM meta WHERE name = 'schema'").fetchone()
        if schema not in {"1", "2"}:
            raise ValueError(f"its schema is {schema}, which is not known")
        asked = ENTRIES.format(DETAILS if schema == "2" else "NULL, NULL FROM entries e")
        for poller, rows in itertools.groupby(database.execute(asked, [told.poller]), lambda row: row[0]):
            print(f"{poller}: intact: {check_chain(poller, rows, anchors)}")
        for poller, seq in database.execute(STRAYS, [told.poller]) if schema == "2" else ():
            raise ValueError(f"details stand there for entry {seq} of poller {poller}, which is none")
        for (poller, seq), each in anchors.items():
            raise ValueError(f"entry {seq} of poller {poller} is cut off: it was anchored on {min(each)}")
    except Exception as error:  # noqa: BLE001 - whatever was changed, or cannot be read
        raise SystemExit(f"NOT intact: {error}") from None


if __name__ == "__main__":
    main()
