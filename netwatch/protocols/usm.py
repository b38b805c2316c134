"""SNMPv3's User-based Security Model (RFC 3414): messages made and opened with the keys of a user.

Either side uses this: the poller, whose agents are authoritative, and the receiver of notifications, which is
authoritative for informs. :class:`User` holds what is true everywhere, :class:`Keys` are the user's at one
engine: :meth:`Keys.open` gives the scoped PDU of a message that they prove genuine, :meth:`Keys.seal` makes a
message. What time it may be, who may have sent it and what it answers is for the caller to judge.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from hmac import compare_digest
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hmac

from netwatch.protocols.ber import INTEGER, OCTET_STRING, SEQUENCE, MalformedError, encode, encode_integer
from netwatch.protocols.usm_ciphers import Privacy, privacy
from netwatch.protocols.usm_keys import DIGESTS, PRIVACY, Digest, Key, localised_key, master_key
from netwatch.protocols.usm_message import (
    AUTHENTICATED,
    ENCRYPTED,
    LEVELS,
    MAX_SIZE,
    REPORTABLE,
    SALT,
    USM,
    VERSION_3,
    Message,
    Scoped,
    scoped,
)

if TYPE_CHECKING:
    from netwatch.protocols.usm_keys import PrivacyProtocol


class NotGenuineError(MalformedError):
    """The message was not made with these keys, or at another level. `reason` is one of few fixed words."""


@dataclass(frozen=True, slots=True)
class User:
    """A user with master keys: everything that holds at every engine. Made once per credential."""

    name: bytes
    level: int  # one of LEVELS' values
    digest: Digest | None = None
    auth: Key | None = None
    protocol: PrivacyProtocol | None = None
    priv: Key | None = None

    def at(self, engine_id: bytes) -> Keys:
        """Return the user's keys at one engine. Some privacy protocols take milliseconds to make theirs."""
        auth = self._auth_at(engine_id)
        if auth is None or self.digest is None or self.protocol is None or self.priv is None:
            return Keys(self, auth, None)
        return Keys(self, auth, privacy(self.protocol, self.protocol.key(self.priv, engine_id, self.digest)))

    def signing_at(self, engine_id: bytes) -> Keys:
        """Return keys that only tell whether a message is signed by the user, and are always made quickly."""
        return Keys(self, self._auth_at(engine_id), None)

    def _auth_at(self, engine_id: bytes) -> Key | None:
        if self.digest is None or self.auth is None:
            return None
        return localised_key(self.auth, engine_id, self.digest)


def user(name: str, auth: tuple[str, bytes] | None = None, priv: tuple[str, bytes] | None = None) -> User:
    """Make a user of (protocol, passphrase) pairs, the protocols named as in credentials.yaml.

    Takes ten milliseconds a passphrase. Raises KeyError for a protocol that is unknown.
    """
    if auth is None:
        return User(name.encode(), LEVELS["noAuthNoPriv"])
    digest = DIGESTS[auth[0]]
    key = master_key(auth[1], digest)
    if priv is None:
        return User(name.encode(), LEVELS["authNoPriv"], digest, key)
    return User(name.encode(), LEVELS["authPriv"], digest, key, PRIVACY[priv[0]], master_key(priv[1], digest))


class Keys:
    """The keys of one user at one engine: signs and checks, encrypts and decrypts."""

    __slots__ = ("_privacy", "_signing", "blank", "user")

    def __init__(self, user: User, auth: Key | None, privacy: Privacy | None) -> None:
        self.user = user
        self._privacy = privacy
        self.blank = b""
        """Zeros that stand where the digest will (RFC 3414 section 6.3.1)."""
        self._signing: hmac.HMAC | None = None
        if auth is not None and user.digest is not None:
            self.blank = bytes(user.digest.octets)
            self._signing = hmac.HMAC(auth.reveal(), user.digest.algorithm)

    def unencrypted(self) -> Keys:
        """Return the same without privacy: reports of what is wrong with the time are only signed."""
        if self._privacy is None:
            return self
        keys = Keys(replace(self.user, level=AUTHENTICATED), None, None)
        keys.blank, keys._signing = self.blank, self._signing
        return keys

    def sign(self, whole: bytes) -> bytes:
        """Return the digest of a message that has `blank` in its place; empty for a user without keys."""
        if self._signing is None:
            return b""
        signing = self._signing.copy()  # the key is hashed already
        signing.update(whole)
        return signing.finalize()[: len(self.blank)]

    def verify(self, message: Message) -> bool:
        """Tell whether the digest of a message is right; in constant time."""
        data, at, size = message.data, message.auth_at, len(self.blank)
        if self._signing is None or len(message.auth) != size:
            return False
        return compare_digest(self.sign(data[:at] + self.blank + data[at + size :]), message.auth)

    def open(self, message: Message) -> Scoped:
        """Return the scoped PDU of a message at the user's own level; raise MalformedError where it is not.

        :class:`NotGenuineError` ("level", "digest") says that the message is not to be believed,
        "decryption" that the privacy keys differ, or that the sender wrote nonsense.
        """
        plain, at, stop = self.reveal(message)
        try:
            return scoped(plain, at, stop)
        except MalformedError as error:
            raise MalformedError(error.reason if self._privacy is None else "decryption") from None

    def reveal(self, message: Message) -> tuple[bytes, int, int]:
        """Do what :meth:`open` does, but return octets, and where in them the scoped PDU is to be read."""
        if message.level != self.user.level:
            raise NotGenuineError("level")
        if self._signing is not None and not self.verify(message):
            raise NotGenuineError("digest")
        if self._privacy is None:
            return message.data, message.body, message.stop
        sealed = message.data[message.body : message.stop]
        plain = self._privacy.decrypt(sealed, message.boots, message.time, message.salt)
        return plain, 0, len(plain)

    def seal(self, envelope: Envelope, msg_id: int, plain: bytes, salt_number: int) -> bytes:
        """Encrypt and sign a scoped PDU. `salt_number` is never given twice for the same keys."""
        salt = b""
        if self._privacy is not None:
            salt = self._privacy.salt(envelope.boots, salt_number)
            plain = self._privacy.encrypt(plain, envelope.boots, envelope.time, salt)
        number = msg_id.to_bytes(msg_id.bit_length() // 8 + 1)
        first, second, third, fourth, at = envelope.frame(len(number), len(plain))
        whole = b"".join((first, number, second, self.blank, third, salt, fourth, plain))
        if self._signing is None:
            return whole
        return b"".join((whole[:at], self.sign(whole), whole[at + len(self.blank) :]))


class Envelope:
    """All of a message but msgID, digest, salt and PDU: kept while boots and time stay the same."""

    __slots__ = ("_frames", "_keys", "boots", "engine_id", "reportable", "time")

    def __init__(self, keys: Keys, engine_id: bytes, boots: int, time: int, *, reportable: bool) -> None:
        self._keys = keys
        self._frames: dict[tuple[int, int], tuple[bytes, bytes, bytes, bytes, int]] = {}
        self.engine_id = engine_id
        self.boots = boots
        self.time = time
        self.reportable = reportable

    def frame(self, width: int, size: int) -> tuple[bytes, bytes, bytes, bytes, int]:
        """Return what stands around msgID, digest, salt and body; the digest's place.

        `width` and `size` are the octets of msgID and of the body.
        """
        found = self._frames.get((width, size))
        if found is None:
            found = self._frames[width, size] = self._frame(width, size)
        return found

    def _frame(self, width: int, size: int) -> tuple[bytes, bytes, bytes, bytes, int]:
        user = self._keys.user
        auth, salt = len(self._keys.blank), SALT if user.level & ENCRYPTED else 0
        flags = user.level | (REPORTABLE if self.reportable else 0)
        numbers = _global_data(flags, width)
        before = b"".join((
            encode(OCTET_STRING, self.engine_id),
            encode_integer(self.boots),
            encode_integer(self.time),
            encode(OCTET_STRING, user.name),
            bytes((OCTET_STRING, auth)),
        ))  # fmt: skip
        third = bytes((OCTET_STRING, salt))
        length = len(before) + auth + len(third) + salt
        inner = encode(SEQUENCE, bytes(length))[:-length] + before
        length += len(inner) - len(before)
        fourth = _head(OCTET_STRING, size) if user.level & ENCRYPTED else b""
        parameters = encode(OCTET_STRING, bytes(length))[:-length] + inner
        rest = len(parameters) + auth + len(third) + salt + len(fourth) + size
        version = encode_integer(VERSION_3)
        first = _head(SEQUENCE, len(version) + len(numbers) + rest) + version + numbers[:4]
        second = numbers[4 + width :] + parameters
        return first, second, third, fourth, len(first) + width + len(second)


@functools.cache
def _global_data(flags: int, width: int) -> bytes:
    """Encode msgGlobalData with a msgID of some octets, zeros, at its fourth octet."""
    return encode(
        SEQUENCE,
        encode(INTEGER, bytes(width))
        + encode_integer(MAX_SIZE)
        + encode(OCTET_STRING, bytes((flags,)))
        + encode_integer(USM),
    )


def _head(tag: int, size: int) -> bytes:
    """Encode a tag and a length."""
    return encode(tag, bytes(size))[: -size or None]


def encode_scoped(engine_id: bytes, name: bytes, pdu: bytes) -> bytes:
    """Encode a scoped PDU around a whole PDU."""
    return encode(SEQUENCE, encode(OCTET_STRING, engine_id) + encode(OCTET_STRING, name) + pdu)
