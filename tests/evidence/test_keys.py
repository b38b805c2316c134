"""Signatures of heads: who signed is certain, the key itself never shows, and its file is nobody else's."""

from __future__ import annotations

import base64
import hashlib
import json
import logging
import subprocess
import traceback
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from hypothesis import given, strategies as st

from netwatch.evidence.anchors import AnchorError
from netwatch.evidence.key_file import public_key, read_key, write_key
from netwatch.evidence.keys import (
    BadKeyError,
    SignatureError,
    SigningKey,
    check,
    fingerprint,
    read_public,
    written,
)

if TYPE_CHECKING:
    from pathlib import Path

DATA = b'{"a head":1}'
KEY = SigningKey.read(
    ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32))).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
)
SIGNED = KEY.sign(DATA)


def test_the_bytes_of_a_signature_are_these() -> None:
    key = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg="
    assert SIGNED.startswith(f'{{"key":"{key}","signature":"'.encode())
    assert SIGNED.endswith(b'=="}')
    assert written(KEY.public) == key
    assert fingerprint(KEY.public) == hashlib.sha256(base64.b64decode(key)).hexdigest()


def test_a_signature_tells_who_signed() -> None:
    assert check(DATA, SIGNED) == KEY.public


@given(st.integers(0, len(SIGNED) - 1), st.integers(1, 255))
def test_no_byte_of_a_signature_can_be_changed(place: int, flip: int) -> None:
    other = bytearray(SIGNED)
    other[place] ^= flip
    with pytest.raises(SignatureError):
        check(DATA, bytes(other))


@given(st.integers(0, len(DATA) - 1), st.integers(1, 255))
def test_no_byte_of_what_is_signed_can_be_changed(place: int, flip: int) -> None:
    other = bytearray(DATA)
    other[place] ^= flip
    with pytest.raises(SignatureError, match="does not fit"):
        check(bytes(other), SIGNED)


@pytest.mark.parametrize(
    "signature",
    [b"", b"[]", b"{}", b"5", b"\xff", b'{"key":5,"signature":""}', b"[" * 100_000, SIGNED + b"\n"],
)
def test_what_is_no_signature(signature: bytes) -> None:
    with pytest.raises(SignatureError, match=r"not the JSON of a signature|not canonical"):
        check(DATA, signature)


def pem(key: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey, passphrase: bytes = b"") -> bytes:
    hidden = serialization.BestAvailableEncryption(passphrase) if passphrase else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, hidden)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (b"", "no private key in PEM"),
        (b"geheim", "no private key in PEM"),
        (pem(ec.generate_private_key(ec.SECP256R1())), "another type than Ed25519"),
        (pem(ed25519.Ed25519PrivateKey.generate(), b"geheim"), "without a passphrase"),
        (KEY.pem().replace(b"MC4C", b"MC4D"), "no private key in PEM"),
        (KEY.pem()[:60], "no private key in PEM"),
    ],
)
def test_a_key_that_cannot_be_used_is_told_in_a_line_without_it(
    tmp_path: Path, text: bytes, problem: str
) -> None:
    (tmp_path / "key.pem").write_bytes(text)
    (tmp_path / "key.pem").chmod(0o600)
    with pytest.raises(BadKeyError, match=problem) as raised:
        read_key(tmp_path / "key.pem")
    told = "".join(traceback.format_exception(raised.value))
    assert str(tmp_path / "key.pem") in str(raised.value)
    assert "\n" not in str(raised.value)
    assert not any(line in told for line in text.decode().splitlines()[1:-1])
    assert "geheim" not in told


def test_a_key_does_not_show(caplog: pytest.LogCaptureFixture) -> None:
    raw = base64.b64encode(bytes(range(32))).decode()
    logging.getLogger("test").error("%s %r %s", KEY, KEY, {"key": KEY})
    assert raw not in caplog.text
    assert caplog.text.count("SigningKey(…)") == 3


def test_a_key_file_is_its_owners_alone_and_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    write_key(path, KEY)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_key(path).public == KEY.public
    before = path.read_bytes()
    with pytest.raises(FileExistsError):
        write_key(path, SigningKey.generate())
    assert path.read_bytes() == before
    path.chmod(0o604)
    with pytest.raises(BadKeyError, match="everyone on this machine can read it"):
        read_key(path)


def test_no_two_keys_are_alike() -> None:
    assert SigningKey.generate().public != SigningKey.generate().public


def test_a_key_that_is_no_file_hangs_nobody(tmp_path: Path) -> None:
    with pytest.raises(AnchorError, match="cannot be read: Is a directory"):
        read_key(tmp_path)


PUBLIC_PEM = ed25519.Ed25519PublicKey.from_public_bytes(KEY.public).public_bytes(
    serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
)


@pytest.mark.parametrize(
    "text", [written(KEY.public).encode(), written(KEY.public).encode() + b"\n", PUBLIC_PEM]
)
def test_a_public_key_is_given_as_text_or_in_a_file(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "public").write_bytes(text)
    assert read_public(text) == KEY.public
    assert public_key(str(tmp_path / "public")) == KEY.public


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "no public key"),
        ("no key", "no public key"),
        ("AAAA", "no public key"),
        ("-----BEGIN PUBLIC KEY-----", "no public key"),
        (
            ec.generate_private_key(ec.SECP256R1())
            .public_key()
            .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
            .decode(),
            "another type than Ed25519",
        ),
    ],
)
def test_what_is_no_public_key(text: str, problem: str) -> None:
    with pytest.raises(BadKeyError, match=problem):
        read_public(text.encode())


@pytest.mark.system
def test_openssl_makes_a_key_that_is_taken_and_verifies_by_ours(tmp_path: Path) -> None:
    subprocess.run(
        ["openssl", "genpkey", "-algorithm", "ed25519", "-out", "key.pem"],
        cwd=tmp_path,
        check=True,
        timeout=60,
    )
    (tmp_path / "key.pem").chmod(0o600)
    key = read_key(tmp_path / "key.pem")
    assert check(DATA, key.sign(DATA)) == key.public
    (tmp_path / "ours.pem").write_bytes(KEY.pem())
    (tmp_path / "data").write_bytes(DATA)
    subprocess.run(
        [
            *("openssl", "pkeyutl", "-sign", "-rawin", "-inkey", "ours.pem"),
            *("-in", "data", "-out", "signature"),
        ],
        cwd=tmp_path,
        check=True,
        timeout=60,
    )
    assert written((tmp_path / "signature").read_bytes()).encode() in SIGNED


@pytest.mark.system
def test_a_signature_is_checked_by_openssl_alone(tmp_path: Path) -> None:
    """As docs/anchors.md tells: twelve bytes in front of the key make it DER (RFC 8410)."""
    said = json.loads(SIGNED)
    (tmp_path / "public.der").write_bytes(
        bytes.fromhex("302a300506032b6570032100") + base64.b64decode(said["key"])
    )
    (tmp_path / "signature").write_bytes(base64.b64decode(said["signature"]))
    for data, status in ((DATA, 0), (DATA + b" ", 1)):
        (tmp_path / "head").write_bytes(data)
        done = subprocess.run(
            [
                *("openssl", "pkeyutl", "-verify", "-rawin", "-in", "head", "-sigfile", "signature"),
                *("-pubin", "-inkey", "public.der", "-keyform", "DER"),
            ],
            cwd=tmp_path,
            check=False,
            timeout=60,
        )
        assert done.returncode == status
