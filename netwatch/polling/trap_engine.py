"""This receiver as an SNMP engine: of informs it is the authority, by its own engineID, boots and time.

Whoever sends an inform asks first who we are and what time we have, and is told by a Report (RFC 3414
sections 3.2 and 4). A trap needs none of it: there the sender is the authority.
"""

from __future__ import annotations

import json
import logging
import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from netwatch.protocols.ber import (
    INTEGER,
    OBJECT_IDENTIFIER,
    SEQUENCE,
    MalformedError,
    encode,
    encode_integer,
    encode_oid,
    expect,
    integer,
)
from netwatch.protocols.snmp import COUNTER32
from netwatch.protocols.usm import Envelope, Keys, User, encode_scoped
from netwatch.protocols.usm_message import ENCRYPTED, ENGINE_IDS, LARGEST_BOOTS, TIME_WINDOW, scoped

if TYPE_CHECKING:
    import random
    from pathlib import Path

    from netwatch.polling.clock import Clock
    from netwatch.protocols.usm_message import Message

LOG = logging.getLogger(__name__)

FILE = "snmp-engine.json"
"""In the state folder: the engineID, and how often this engine has started."""

REPORT = 0xA8
WRAP = 2**32

_PREFIX = bytes.fromhex("80007ed905")
"""Of an engineID of octets (RFC 3411: SnmpEngineID), by the enterprise number for examples (RFC 5612)."""

_STATS = (1, 3, 6, 1, 6, 3, 15, 1, 1)  # SNMP-USER-BASED-SM-MIB: usmStats
UNSUPPORTED_LEVEL, NOT_IN_WINDOW, UNKNOWN_USER, UNKNOWN_ENGINE, WRONG_DIGEST, DECRYPTION = range(1, 7)
"""Its children, which a Report tells of."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an engine is, and how often it has started."""

    engine_id: bytes
    boots: int


def start_again(folder: Path, randomness: random.Random) -> Identity:
    """Return who we are, one start later than was kept, and keep that; a new engine where nothing was."""
    path = folder / FILE
    identity = _kept(path) or Identity(_PREFIX + randomness.randbytes(16), 0)
    identity = Identity(identity.engine_id, identity.boots + 1)
    text = json.dumps({"engine_id": identity.engine_id.hex(), "boots": identity.boots})
    try:
        folder.mkdir(parents=True, exist_ok=True)
        beside = path.with_suffix(".new")
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())  # a power cut would else leave it empty, and us another engine
        beside.replace(path)
    except OSError as error:
        # An engine that forgets its boots must not use the same keys again: it is another one each time.
        LOG.warning("%s cannot be kept, informs by SNMPv3 begin anew: %s", path, error.strerror)
        return Identity(_PREFIX + randomness.randbytes(16), 1)
    return identity


def _kept(path: Path) -> Identity | None:
    """Return what was kept; None where that is nothing, or nothing to begin with."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        identity = Identity(bytes.fromhex(kept["engine_id"]), int(kept["boots"]))
    except (OSError, ValueError, TypeError, KeyError, OverflowError, RecursionError):
        return None
    fit = len(identity.engine_id) in ENGINE_IDS and 0 < identity.boots < LARGEST_BOOTS - 1
    return identity if fit else None


class OwnEngine:
    """Tells its time, seals answers, and reports what is wrong with a message."""

    def __init__(self, identity: Identity, clock: Clock, randomness: random.Random) -> None:
        self.engine_id = identity.engine_id
        self.boots = identity.boots
        self._clock = clock
        self._began = clock.monotonic()
        self._salt = randomness.getrandbits(63)
        self._reported: Counter[int] = Counter()

    @property
    def time(self) -> int:
        """SnmpEngineTime: whole seconds since this engine started."""
        return int(self._clock.monotonic() - self._began)

    def is_in_window(self, message: Message) -> bool:
        """Tell whether a message that was made for us is of our present (RFC 3414, 3.2 (7) (a))."""
        return message.boots == self.boots and abs(message.time - self.time) <= TIME_WINDOW

    def answer(self, keys: Keys, msg_id: int, context: tuple[bytes, bytes], pdu: bytes) -> bytes:
        """Seal an answer. `context`: the engineID and name that were asked."""
        self._salt = (self._salt + 1) % 2**64
        envelope = Envelope(keys, self.engine_id, self.boots, self.time, reportable=False)
        return keys.seal(envelope, msg_id, encode_scoped(*context, pdu), self._salt)

    def report(self, message: Message, what: int, keys: Keys | None = None) -> bytes:
        """Count what is wrong with a message and tell it: signed with `keys`, where they are known."""
        self._reported[what] += 1
        told = encode(OBJECT_IDENTIFIER, encode_oid((*_STATS, what, 0)))
        told += encode_integer(self._reported[what] % WRAP, COUNTER32)
        numbers = encode_integer(_request_id(message)) + encode_integer(0) * 2
        pdu = encode(REPORT, numbers + encode(SEQUENCE, encode(SEQUENCE, told)))
        plain = Keys(User(message.user, 0), None, None) if keys is None else keys.unencrypted()
        return self.answer(plain, message.msg_id, (self.engine_id, b""), pdu)


def _request_id(message: Message) -> int:
    """Return the request-id of a message that is not encrypted; 0 where it cannot be told (RFC 3412, 7.1)."""
    if message.level & ENCRYPTED:
        return 0
    try:
        inside = scoped(message.data, message.body, message.stop)
        start, end = expect(inside.data, inside.start, inside.stop, INTEGER)
        return integer(inside.data[start:end])
    except MalformedError:
        return 0
