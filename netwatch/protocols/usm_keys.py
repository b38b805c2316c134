"""Keys of SNMPv3 users (RFC 3414 section 2.6, appendix A; RFC 7860): from a passphrase to one agent's key.

A passphrase becomes a master key (Ku) by hashing a mebibyte of it, which takes a millisecond, once. That
becomes a localised key (Kul) by one hash with the engineID of each agent. Where a cipher wants a longer key
than the hash gives, two drafts disagree on how to stretch it, and both are in use.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes

if TYPE_CHECKING:
    from collections.abc import Callable

_REPEATED = 1 << 20  # octets of the passphrase, written again and again (RFC 3414, A.2)
_AT_ONCE = 1 << 14  # octets hashed at once: more would not stay in the processor's cache


class Key:
    """Octets that only :meth:`reveal` gives away, as :class:`netwatch.model.secret.Secret` does with text."""

    __slots__ = ("_octets",)

    def __init__(self, octets: bytes) -> None:
        self._octets = octets

    def reveal(self) -> bytes:
        """Return the key itself, for the one place that makes a cipher or a hash of it."""
        return self._octets

    def __repr__(self) -> str:
        return "Key(…)"

    __str__ = __repr__


@dataclass(frozen=True, slots=True)
class Digest:
    """An authentication protocol: its hash, and how many octets of the HMAC are sent."""

    algorithm: hashes.HashAlgorithm
    octets: int

    def begin(self) -> hashlib._Hash:
        """Return a hash of nothing yet."""
        return hashlib.new(self.algorithm.name, usedforsecurity=False)

    def hash(self, data: bytes) -> bytes:
        """Return the hash of `data`."""
        hashing = self.begin()
        hashing.update(data)
        return hashing.digest()


DIGESTS = {
    "MD5": Digest(hashes.MD5(), 12),  # noqa: S303 - as RFC 3414 has it
    "SHA-1": Digest(hashes.SHA1(), 12),  # noqa: S303 - as RFC 3414 has it
    "SHA-224": Digest(hashes.SHA224(), 16),
    "SHA-256": Digest(hashes.SHA256(), 24),
    "SHA-384": Digest(hashes.SHA384(), 32),
    "SHA-512": Digest(hashes.SHA512(), 48),
}
"""By the names of credentials.yaml (RFC 3414 sections 6 and 7; RFC 7860 section 4.1)."""


def master_key(passphrase: bytes, digest: Digest) -> Key:
    """Return Ku (RFC 3414, A.2). `passphrase` is not empty; takes about a millisecond."""
    return Key(_master(passphrase, digest))


def localised_key(master: Key, engine_id: bytes, digest: Digest) -> Key:
    """Return Kul, the user's key at one engine (RFC 3414, A.2)."""
    return Key(_localised(master.reveal(), engine_id, digest))


def _master(octets: bytes, digest: Digest) -> bytes:
    hashing = digest.begin()
    block = octets * (_AT_ONCE // len(octets) + 1)
    whole, rest = divmod(_REPEATED, len(block))
    for _ in range(whole):
        hashing.update(block)
    hashing.update(block[:rest])
    return hashing.digest()


def _localised(master: bytes, engine_id: bytes, digest: Digest) -> bytes:
    return digest.hash(master + engine_id + master)


def _blumenthal(key: bytes, _: bytes, digest: Digest) -> bytes:
    """Return the next piece of a key: the hash of all before (draft-blumenthal-aes-usm-04, 3.1.2.1)."""
    return digest.hash(key)


def _reeder(key: bytes, engine_id: bytes, digest: Digest) -> bytes:
    """Return the next piece of a key (draft-reeder-snmpv3-usm-3desede-00, section 2.1).

    All before is taken for a passphrase: a mebibyte of it is hashed, so this takes a millisecond.
    """
    return _localised(_master(key, digest), engine_id, digest)


@dataclass(frozen=True, slots=True)
class PrivacyProtocol:
    """A privacy protocol: its cipher, the octets of its key, and how a key that is too short is stretched."""

    cipher: str  # "AES" | "DES"
    octets: int
    extend: Callable[[bytes, bytes, Digest], bytes]

    def key(self, master: Key, engine_id: bytes, digest: Digest) -> Key:
        """Return the user's privacy key at one engine."""
        key = _localised(master.reveal(), engine_id, digest)
        while len(key) < self.octets:
            key += self.extend(key, engine_id, digest)
        return Key(key[: self.octets])


PRIVACY = {
    "DES": PrivacyProtocol("DES", 16, _blumenthal),
    "AES-128": PrivacyProtocol("AES", 16, _blumenthal),
    "AES-192": PrivacyProtocol("AES", 24, _blumenthal),
    "AES-256": PrivacyProtocol("AES", 32, _blumenthal),
    "AES-192-C": PrivacyProtocol("AES", 24, _reeder),
    "AES-256-C": PrivacyProtocol("AES", 32, _reeder),
}
"""By the names of credentials.yaml. No hash is too short for DES or AES-128, which are never stretched."""
