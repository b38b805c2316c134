"""Who signs attestations: their public keys, as `ssh-keygen` writes them into a file `.pub`."""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING

from netwatch.inventory.kind import Word
from netwatch.inventory.words import PLAIN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netwatch.inventory.document import Scalar
    from netwatch.inventory.kind import JSON
    from netwatch.inventory.problem import Remarks

KINDS = ("ssh-ed25519", "ecdsa-sha2-nistp256", "ssh-rsa")

LONGEST = 4096
"""Characters of a line; a key by RSA with 8192 bits has about 1,400."""

FEWEST_BITS, MOST_BITS = 2048, 8192
"""Of a key by RSA."""


class PublicKey(Word[bytes]):
    """The line of a public key, of which the second word counts."""

    what = "a public key's line, as it stands in a file .pub (ssh-ed25519 AAAA… comment)"

    def parse(self, text: str) -> bytes:
        """Return the key as SSH writes it (RFC 4253, section 6.6). No message repeats what was written."""
        kind, blob = self._parts(text)
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
        from cryptography.hazmat.primitives.serialization import load_ssh_public_key

        try:
            key = load_ssh_public_key(f"{kind} {base64.b64encode(blob).decode()}".encode())
        except Exception:  # noqa: BLE001 - whatever a library raises on what is no key
            raise ValueError(f"this is not {self.what}: it is damaged") from None
        if isinstance(key, RSAPublicKey) and not FEWEST_BITS <= key.key_size <= MOST_BITS:
            raise ValueError(
                f"a key by RSA with {key.key_size} bits is not supported: {FEWEST_BITS} to {MOST_BITS}"
            )
        return blob

    def _parts(self, text: str) -> tuple[str, bytes]:
        if "PRIVATE KEY" in text:
            raise ValueError("a private key must not stand here: write the line of the file .pub")
        kind, _, rest = text.partition(" ")
        if kind not in KINDS:
            raise ValueError(f"this is not {self.what}: it begins with one of {', '.join(KINDS)}")
        if len(text) > LONGEST:
            raise ValueError(f"no public key has more than {LONGEST:,} characters")
        try:
            return kind, base64.b64decode(rest.split()[0] if rest.split() else "", validate=True)
        except (binascii.Error, ValueError):
            raise ValueError(f"this is not {self.what}: its second word is no base64") from None

    def schema(self) -> JSON:
        """Return a string that begins with a kind of key."""
        return {**PLAIN, "pattern": f"^({'|'.join(KINDS)}) [A-Za-z0-9+/]+=*( .*)?$", "maxLength": LONGEST}


def public_keys(entries: Iterable[tuple[Scalar, bytes]], remarks: Remarks) -> Mapping[str, bytes]:
    """Return the keys by their owners' names; a key that two have is remarked."""
    keys: dict[str, bytes] = {}
    owners: dict[bytes, str] = {}
    for name, key in entries:
        if key in owners:
            remarks.error(name, f"this is the key of '{owners[key]}': everybody signs with their own")
            continue
        owners[key] = name.text
        keys[name.text] = key
    return keys
