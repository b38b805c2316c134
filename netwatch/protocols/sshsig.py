"""Signatures that OpenSSH makes of files: `ssh-keygen -Y sign -n NAMESPACE -f KEY FILE`.

The format is OpenSSH's PROTOCOL.sshsig: an armored blob that names the signer's public key, what the
signature is for, and how the message was hashed. Compare `public_key` with the keys that are trusted before
`verify`: then no key of a stranger is ever loaded.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST = 16 * 1024
"""Characters of an armored signature; one by RSA with 8192 bits has about 4,000."""

BEGIN, END = "-----BEGIN SSH SIGNATURE-----", "-----END SSH SIGNATURE-----"

MAGIC = b"SSHSIG"
VERSION = 1

HASHES: dict[bytes, Callable[[bytes], hashlib._Hash]] = {b"sha256": hashlib.sha256, b"sha512": hashlib.sha512}


class SignatureRefused(ValueError):  # noqa: N818 - it says what happened
    """A signature that cannot be read, or does not fit; the message says why in one line."""


class UnfittingSignature(SignatureRefused):
    """A signature in good form, of something else."""


@dataclass(frozen=True, slots=True)
class Signature:
    """What an armored signature holds, not checked yet."""

    public_key: bytes  # as the second word of a public key's line has it, decoded
    namespace: bytes
    reserved: bytes  # for later versions; signed like the rest, and otherwise ignored
    hash: bytes  # name of the algorithm by which the message was hashed, one of `HASHES`
    algorithm: bytes  # of the signature, such as b"ssh-ed25519"
    blob: bytes  # the signature itself, by its algorithm


def parse(armored: str) -> Signature:
    """Return what an armored signature holds. Raises SignatureRefused."""
    return _parse(_Fields(_dearmored(armored)))


def verify(signature: Signature, message: bytes, namespace: bytes) -> None:
    """Check a signature over a message, made for a namespace, by its own key. Raises SignatureRefused.

    Whether that key is one to be trusted is for the caller to say, and before.
    """
    if signature.namespace != namespace:
        raise SignatureRefused(
            f"the signature was made for another purpose: sign with '-n {namespace.decode('ascii')}'"
        )
    check = CHECKS.get(signature.algorithm)
    if check is None:
        raise SignatureRefused(f"signatures by {_told(signature.algorithm)} are not supported: {SUPPORTED}")
    try:
        check(signature.public_key, signature.blob, signed_data(signature, message))
    except InvalidSignature:
        raise UnfittingSignature("the signature does not fit what it is said to sign") from None


def signed_data(signature: Signature, message: bytes) -> bytes:
    """Return the bytes that the key has signed (PROTOCOL.sshsig, 3)."""
    digest = HASHES[signature.hash](message).digest()
    parts = (signature.namespace, signature.reserved, signature.hash, digest)
    return MAGIC + b"".join(map(string, parts))


def string(value: bytes) -> bytes:
    """Return bytes with their length in front (RFC 4251, section 5)."""
    return len(value).to_bytes(4, "big") + value


def _dearmored(armored: str) -> bytes:
    if len(armored) > LARGEST:
        raise SignatureRefused(f"no signature has more than {LARGEST:,} characters")
    first, *lines = armored.strip().splitlines() or [""]
    if first.strip() != BEGIN or not lines or lines[-1].strip() != END:
        raise SignatureRefused(f"no signature of ssh-keygen: it begins with {BEGIN}")
    try:
        return base64.b64decode("".join(line.strip() for line in lines[:-1]), validate=True)
    except (binascii.Error, ValueError):
        raise SignatureRefused("the signature is damaged: what stands in it is no base64") from None


class _Fields:
    """Reads a blob from its beginning to its end."""

    def __init__(self, blob: bytes) -> None:
        self._blob = blob
        self._at = 0

    def take(self, size: int) -> bytes:
        """Return so many bytes."""
        end = self._at + size
        if end > len(self._blob):
            raise SignatureRefused("the signature is damaged: it ends too early")
        taken, self._at = self._blob[self._at : end], end
        return taken

    def number(self) -> int:
        """Return an unsigned number of four bytes."""
        return int.from_bytes(self.take(4), "big")

    def string(self) -> bytes:
        """Return bytes with their length in front."""
        return self.take(self.number())

    def end(self) -> None:
        """See to it that nothing follows."""
        if self._at != len(self._blob):
            raise SignatureRefused("the signature is damaged: something follows its end")


def _parse(fields: _Fields) -> Signature:
    if fields.take(len(MAGIC)) != MAGIC:
        raise SignatureRefused("no signature of ssh-keygen: what stands in it is something else")
    version = fields.number()
    if version != VERSION:
        raise SignatureRefused(f"the signature is of version {version}: only {VERSION} is known")
    public_key, namespace, reserved, hashed, signature = (fields.string() for _ in range(5))
    fields.end()
    if hashed not in HASHES:
        raise SignatureRefused(f"the message was hashed by {_told(hashed)}: only sha512 and sha256 are known")
    inner = _Fields(signature)
    algorithm, blob = inner.string(), inner.string()
    inner.end()
    return Signature(public_key, namespace, reserved, hashed, algorithm, blob)


def _told(name: bytes) -> str:
    """Return a name out of a signature so that no terminal obeys it."""
    return ascii(name[:40].decode("ascii", "replace"))


def _key(blob: bytes) -> object:
    """Return the public key of a blob. Raises SignatureRefused where it is none that is supported."""
    kind = _Fields(blob).string()
    try:
        return serialization.load_ssh_public_key(kind + b" " + base64.b64encode(blob))
    except Exception:  # noqa: BLE001 - whatever a library raises on what a stranger wrote
        raise SignatureRefused("the signature's key cannot be read") from None


def _wrong_key(algorithm: str) -> SignatureRefused:
    return SignatureRefused(f"the signature is by {algorithm}, and its key is of another kind")


def _check_ed25519(key: bytes, blob: bytes, data: bytes) -> None:
    public = _key(key)
    if not isinstance(public, ed25519.Ed25519PublicKey):
        raise _wrong_key("ssh-ed25519")
    public.verify(blob, data)


def _check_rsa(key: bytes, blob: bytes, data: bytes, algorithm: hashes.HashAlgorithm) -> None:
    """Check PKCS #1 v1.5 (RFC 8332, section 3)."""
    public = _key(key)
    if not isinstance(public, rsa.RSAPublicKey):
        raise _wrong_key("RSA")
    public.verify(blob, data, padding.PKCS1v15(), algorithm)


def _check_p256(key: bytes, blob: bytes, data: bytes) -> None:
    """Check two numbers r and s (RFC 5656, section 3.1.2)."""
    public = _key(key)
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        raise _wrong_key("ecdsa-sha2-nistp256")
    fields = _Fields(blob)
    r, s = (int.from_bytes(fields.string(), "big", signed=True) for _ in range(2))
    fields.end()
    if not (0 < r.bit_length() <= 256 and 0 < s.bit_length() <= 256) or r < 0 or s < 0:
        raise InvalidSignature
    public.verify(utils.encode_dss_signature(r, s), data, ec.ECDSA(hashes.SHA256()))


CHECKS: dict[bytes, Callable[[bytes, bytes, bytes], None]] = {
    b"ssh-ed25519": _check_ed25519,
    b"rsa-sha2-512": lambda key, blob, data: _check_rsa(key, blob, data, hashes.SHA512()),
    b"rsa-sha2-256": lambda key, blob, data: _check_rsa(key, blob, data, hashes.SHA256()),
    b"ecdsa-sha2-nistp256": _check_p256,
}

SUPPORTED = "sign with a key of Ed25519, RSA or ECDSA over P-256"
