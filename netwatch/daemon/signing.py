"""Who signed a statement: one of those that the configuration lists, or nobody."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from netwatch.evidence.statement import NAMESPACE
from netwatch.inventory.orders import OrderRefused
from netwatch.protocols import sshsig

if TYPE_CHECKING:
    from collections.abc import Mapping


def signer(text: str, armored: str, attestors: Mapping[str, bytes]) -> str:
    """Return the name of the attestor whose signature of `text` this is. Raises OrderRefused."""
    try:
        signature = sshsig.parse(armored)
        owner = next((name for name, key in attestors.items() if key == signature.public_key), None)
        if owner is None:
            raise OrderRefused(
                f"the signature is by a key that netwatch.yaml does not list under 'attestors': "
                f"{fingerprint(signature.public_key)}"
            )
        sshsig.verify(signature, text.encode(), NAMESPACE.encode())
    except sshsig.UnfittingSignature:
        raise OrderRefused(
            f"the signature of {owner} does not fit this statement: sign what 'netwatch attest statement' "
            "prints for the same words, and nothing else"
        ) from None
    except sshsig.SignatureRefused as error:
        raise OrderRefused(str(error)) from None
    return owner


def tidy(armored: str) -> str:
    """Return an armored signature as ssh-keygen writes it, whatever its lines have been through."""
    return "".join(f"{line.strip()}\n" for line in armored.strip().splitlines())


def fingerprint(key: bytes) -> str:
    """Return a key's fingerprint as `ssh-keygen -l` prints it."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(key).digest()).decode().rstrip("=")
