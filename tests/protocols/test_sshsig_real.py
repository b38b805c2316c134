"""What OpenSSH's own ssh-keygen signs is read and holds; what this project's tests sign, ssh-keygen takes."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pytest
import signing
from real import program, run_to_end

from netwatch.evidence.statement import NAMESPACE
from netwatch.inventory.attestors import PublicKey
from netwatch.protocols import sshsig

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.system

TEXT = "Đơn vị / Unit: 12004 Xã Như Quỳnh\n"


def keygen(*words: str, text: str = "") -> None:
    done = run_to_end([program("ssh-keygen", "openssh-client"), *words], text)
    assert done.returncode == 0, done.stderr


def signed(folder: Path, kind: tuple[str, ...], *more: str) -> tuple[str, str]:
    """The public key's line and the signature that ssh-keygen makes."""
    key, text = folder / "key", folder / "statement.txt"
    keygen("-q", "-N", "", "-C", "An", "-f", str(key), *kind)
    text.write_text(TEXT, "utf-8")
    keygen("-Y", "sign", "-n", NAMESPACE, "-f", str(key), *more, str(text))
    return (folder / "key.pub").read_text("utf-8"), (folder / "statement.txt.sig").read_text("utf-8")


KINDS = {
    "Ed25519": (("-t", "ed25519"), ()),
    "Ed25519 over SHA-256": (("-t", "ed25519"), ("-O", "hashalg=sha256")),
    "RSA with 2048 bits": (("-t", "rsa", "-b", "2048"), ()),
    "RSA with 4096 bits": (("-t", "rsa", "-b", "4096"), ()),
    "ECDSA over P-256": (("-t", "ecdsa", "-b", "256"), ()),
}


@pytest.mark.parametrize(("kind", "more"), KINDS.values(), ids=KINDS)
def test_what_ssh_keygen_signs_holds(kind: tuple[str, ...], more: tuple[str, ...], tmp_path: Path) -> None:
    line, armored = signed(tmp_path, kind, *more)
    signature = sshsig.parse(armored)
    assert signature.public_key == PublicKey().parse(line.strip())
    sshsig.verify(signature, TEXT.encode(), NAMESPACE.encode())
    with pytest.raises(sshsig.UnfittingSignature):
        sshsig.verify(signature, TEXT.lower().encode(), NAMESPACE.encode())


def test_a_curve_that_is_not_supported_is_told(tmp_path: Path) -> None:
    _, armored = signed(tmp_path, ("-t", "ecdsa", "-b", "384"))
    with pytest.raises(sshsig.SignatureRefused, match="'ecdsa-sha2-nistp384' are not supported"):
        sshsig.verify(sshsig.parse(armored), TEXT.encode(), NAMESPACE.encode())


def test_ssh_keygen_takes_what_the_tests_sign(tmp_path: Path) -> None:
    """So that their wrong signatures are wrong in one thing alone."""
    key = signing.ed25519_key(1)
    (tmp_path / "allowed").write_text(f"an {signing.line(key)}\n", "utf-8")
    (tmp_path / "sig").write_text(signing.armored(signing.blob(key, TEXT)), "utf-8")
    allowed, signature = str(tmp_path / "allowed"), str(tmp_path / "sig")
    keygen("-Y", "verify", "-f", allowed, "-I", "an", "-n", NAMESPACE, "-s", signature, text=TEXT)


def test_a_fingerprint_is_that_of_ssh_keygen(tmp_path: Path) -> None:
    from netwatch.daemon.signing import fingerprint

    line, _ = signed(tmp_path, ("-t", "ed25519"))
    told = run_to_end([program("ssh-keygen", "openssh-client"), "-l", "-f", str(tmp_path / "key.pub")])
    assert fingerprint(base64.b64decode(line.split()[1])) == told.stdout.split()[1]
