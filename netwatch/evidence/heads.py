"""Daily heads: where every chain of a ledger stood at the end of a day, as bytes that can be kept elsewhere.

A chain shows that nothing in it was changed alone. Its head, signed, stamped and in other hands, shows that
it was not cut off or written anew as a whole. A head also names the one before it by its hash.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMAT = 1
LARGEST = 2**20
"""Bytes of a head that is read: ten thousand chains."""

MICRO = 1_000_000
LATEST = 2**53
"""Microseconds: a whole number that every JSON reader has in full (the year 2255)."""

_SHA256 = re.compile("[0-9a-f]{64}")
_DATE = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}")
_KEYS = {"chains", "date", "format", "made", "previous"}
_CHAIN = {"hash", "poller", "seq"}


class HeadError(ValueError):
    """Bytes that are no head; the message says why in one line."""


@dataclass(frozen=True, slots=True)
class ChainEnd:
    """The last entry of a chain."""

    poller: str
    seq: int
    hash: str  # hexadecimal


@dataclass(frozen=True, slots=True)
class DailyHead:
    """The head of a day."""

    chains: tuple[ChainEnd, ...]  # by poller, each once
    date: dt.date  # local; it is made when that day is over
    made: int  # microseconds since 1970
    previous: str  # SHA-256 of the bytes of the head before, hexadecimal; "": there is none


def encode(chains: Iterable[ChainEnd], date: dt.date, made: int, previous: str) -> bytes:
    """Return a head as canonical JSON: UTF-8, keys in order, no spaces, no newline at the end."""
    found = [
        {"hash": chain.hash, "poller": chain.poller, "seq": chain.seq}
        for chain in sorted(chains, key=lambda chain: chain.poller)
    ]
    return _canonical(
        {"chains": found, "date": date.isoformat(), "format": FORMAT, "made": made, "previous": previous}
    )


def decode(data: bytes) -> DailyHead:
    """Return what a head says. Raises HeadError, also where its bytes are not those that `encode` gives."""
    if len(data) > LARGEST:
        raise HeadError(f"more than {LARGEST} bytes")
    try:
        head = _head(json.loads(data.decode()))
        canonical = encode(head.chains, head.date, head.made, head.previous)
    except HeadError:
        raise
    except (ValueError, KeyError, TypeError, RecursionError):
        raise HeadError("not the JSON of a daily head") from None
    if canonical != data:
        raise HeadError("not canonical JSON: its bytes are others than netwatch writes")
    return head


def digest(data: bytes) -> str:
    """Return the SHA-256 of a head's bytes, hexadecimal: what the next head and the ledger call it by."""
    return hashlib.sha256(data).hexdigest()


def _canonical(plain: object) -> bytes:
    return json.dumps(
        plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    ).encode()


def _head(plain: dict[str, Any]) -> DailyHead:
    """Return a head out of JSON's values. Raises HeadError, KeyError, TypeError or ValueError."""
    _require(plain["format"] == FORMAT, f"its format is another than {FORMAT}, which this netwatch knows")
    _require(set(plain) == _KEYS, "its keys are others than those of a head")
    chains = tuple(_chain(each) for each in plain["chains"])
    _require(len({chain.poller for chain in chains}) == len(chains), "a chain stands twice in it")
    _require(_DATE.fullmatch(plain["date"]) is not None, "its date is none")
    made, previous = plain["made"], plain["previous"]
    _require(type(made) is int and 0 <= made < LATEST, "'made' is no time")
    _require(previous == "" or _SHA256.fullmatch(previous) is not None, "'previous' is no SHA-256")
    return DailyHead(chains, dt.date.fromisoformat(plain["date"]), made, previous)


def _chain(plain: dict[str, Any]) -> ChainEnd:
    _require(set(plain) == _CHAIN, "a chain in it has other keys than hash, poller and seq")
    _require(type(plain["seq"]) is int and 0 < plain["seq"] < 2**63, "a sequence number in it is none")
    _require(_SHA256.fullmatch(plain["hash"]) is not None, "a hash in it is no SHA-256")
    _require(isinstance(plain["poller"], str), "a poller in it has no name")
    return ChainEnd(plain["poller"], plain["seq"], plain["hash"])


def _require(good: bool, problem: str) -> None:  # noqa: FBT001 - what must be so
    if not good:
        raise HeadError(problem)
