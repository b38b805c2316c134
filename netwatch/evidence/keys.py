"""The key that heads are signed with (Ed25519, RFC 8032), and its signatures.

A signature is JSON, `{"key":"…","signature":"…"}`: the raw public key and the signature over the bytes of the
head, both in base64. The private key is PEM (PKCS #8) without a passphrase, kept by whoever runs netwatch.
"""

from __future__ import annotations

import base64
import hashlib
import json

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

LARGEST = 4096
"""Bytes of a key or of a signature's file."""

RAW = serialization.Encoding.Raw, serialization.PublicFormat.Raw


class BadKeyError(ValueError):
    """A key that cannot be used; the message says why in one line, without the key."""


class SignatureError(ValueError):
    """A signature that is none, or does not fit; the message says why in one line."""


class SigningKey:
    """A private key. Nothing shows it but `pem`, which is for the file that keeps it."""

    __slots__ = ("_key",)

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def __repr__(self) -> str:
        return "SigningKey(…)"

    @classmethod
    def generate(cls) -> SigningKey:
        """Return a new key, by the operating system's randomness."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def read(cls, pem: bytes) -> SigningKey:
        """Return the key that a PEM file holds. Raises BadKeyError."""
        try:
            key = serialization.load_pem_private_key(pem, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm):
            raise BadKeyError("no private key in PEM (PKCS #8, without a passphrase)") from None
        if not isinstance(key, Ed25519PrivateKey):
            raise BadKeyError("a key of another type than Ed25519: 'netwatch anchor key FILE' makes one")
        return cls(key)

    def pem(self) -> bytes:
        """Return the key as its file holds it."""
        return self._key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )

    @property
    def public(self) -> bytes:
        """The raw public key, 32 bytes."""
        return self._key.public_key().public_bytes(*RAW)

    def sign(self, data: bytes) -> bytes:
        """Return the signature's file over some bytes."""
        return _written(self.public, self._key.sign(data))


def check(data: bytes, signature: bytes) -> bytes:
    """Return the raw public key whose signature over `data` this is. Raises SignatureError."""
    try:
        said = json.loads(signature.decode())
        public, signed = _bytes(said["key"]), _bytes(said["signature"])
        Ed25519PublicKey.from_public_bytes(public).verify(signed, data)
    except InvalidSignature:
        raise SignatureError("the signature does not fit") from None
    except (ValueError, TypeError, KeyError, RecursionError):
        raise SignatureError("not the JSON of a signature") from None
    if _written(public, signed) != signature:
        raise SignatureError("not canonical JSON: its bytes are others than netwatch writes")
    return public


def read_public(text: bytes) -> bytes:
    """Return the raw public key that base64 or a PEM file gives. Raises BadKeyError."""
    try:
        if not text.lstrip().startswith(b"-----BEGIN"):
            raw = base64.b64decode(text.strip(), validate=True)
            Ed25519PublicKey.from_public_bytes(raw)
            return raw
        key = serialization.load_pem_public_key(text)
    except (ValueError, UnsupportedAlgorithm):
        raise BadKeyError("no public key of Ed25519, in base64 or PEM") from None
    if not isinstance(key, Ed25519PublicKey):
        raise BadKeyError("a public key of another type than Ed25519")
    return key.public_bytes(*RAW)


def written(data: bytes) -> str:
    """Return a public key as people pass it on, or a signature: base64."""
    return base64.b64encode(data).decode()


def fingerprint(public: bytes) -> str:
    """Return the SHA-256 of a raw public key, hexadecimal: what people compare."""
    return hashlib.sha256(public).hexdigest()


def _written(public: bytes, signature: bytes) -> bytes:
    said = {"key": written(public), "signature": written(signature)}
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text, validate=True)
