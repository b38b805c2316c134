"""Plays ssh-keygen: keys, their lines, and armored signatures with any field as a test wants it."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

from netwatch.evidence.statement import NAMESPACE
from netwatch.protocols.sshsig import BEGIN, END, string

if TYPE_CHECKING:
    Private = ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


def ed25519_key(seed: int) -> ed25519.Ed25519PrivateKey:
    return ed25519.Ed25519PrivateKey.from_private_bytes(seed.to_bytes(32, "big"))


def line(key: Private, comment: str = "An") -> str:
    """What ssh-keygen writes into a file .pub."""
    encoding, form = serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH
    return f"{key.public_key().public_bytes(encoding, form).decode()} {comment}"


def public(key: Private) -> bytes:
    return base64.b64decode(line(key).split()[1])


def number(value: int) -> bytes:
    """An `mpint` (RFC 4251, section 5)."""
    return string(value.to_bytes(value.bit_length() // 8 + 1, "big"))


def signature_of(key: Private, data: bytes, algorithm: str = "") -> tuple[bytes, bytes]:
    """The algorithm's name, and the signature."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        return b"ssh-ed25519", key.sign(data)
    if isinstance(key, rsa.RSAPrivateKey):
        name = algorithm or "rsa-sha2-512"
        digest = hashes.SHA512() if name.endswith("512") else hashes.SHA256()
        return name.encode(), key.sign(data, padding.PKCS1v15(), digest)
    r, s = utils.decode_dss_signature(key.sign(data, ec.ECDSA(hashes.SHA256())))
    return b"ecdsa-sha2-nistp256", number(r) + number(s)


def blob(
    key: Private,
    message: str,
    *,
    namespace: str = NAMESPACE,
    hashed: str = "sha512",
    reserved: bytes = b"",
    algorithm: str = "",
    magic: bytes = b"SSHSIG",
    version: int = 1,
    shown: Private | None = None,
    more: bytes = b"",
) -> bytes:
    """A signature's bytes; `shown` is the key that it says it was made by."""
    digest = hashlib.new(hashed if hashed.startswith("sha") else "sha512", message.encode()).digest()
    fields = string(namespace.encode()) + string(reserved) + string(hashed.encode())
    name, made = signature_of(key, b"SSHSIG" + fields + string(digest), algorithm)
    inner = string(name) + string(made)
    head = magic + version.to_bytes(4, "big") + string(public(shown or key))
    return head + fields + string(inner) + more


def armored(raw: bytes) -> str:
    text = base64.b64encode(raw).decode()
    lines = [text[at : at + 70] for at in range(0, len(text), 70)]
    return "\n".join([BEGIN, *lines, END, ""])
