"""The files that keys are kept in: a private one is for its owner's eyes alone, and never written over."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from netwatch.evidence.anchors import read_bounded
from netwatch.evidence.keys import LARGEST, BadKeyError, SigningKey, read_public


def read_key(path: Path) -> SigningKey:
    """Return the private key in a file. Raises FileNotFoundError, AnchorError, BadKeyError."""
    pem = read_bounded(path, LARGEST)
    if path.stat().st_mode & stat.S_IROTH:
        raise BadKeyError(f"{path}: everyone on this machine can read it, so anyone may sign: chmod 600")
    try:
        return SigningKey.read(pem)
    except BadKeyError as error:
        raise BadKeyError(f"{path}: {error}") from None


def write_key(path: Path, key: SigningKey) -> None:
    """Keep a new private key, durably. Raises FileExistsError, and OSError where it cannot be written."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, 0o600)
        file.write(key.pem())
        file.flush()
        os.fsync(descriptor)


def public_key(written: str) -> bytes:
    """Return the raw public key that a person means: in base64, or a file of that or of PEM.

    Raises BadKeyError, OSError.
    """
    path = Path(written)
    return read_public(read_bounded(path, LARGEST) if path.is_file() else written.encode())
