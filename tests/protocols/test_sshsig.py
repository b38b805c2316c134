"""A signature holds for one text, one purpose and one key; all else is refused with one line."""

from __future__ import annotations

import base64
from functools import cache
from typing import TYPE_CHECKING, Any

import pytest
import signing
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given, strategies as st

from netwatch.protocols import sshsig
from netwatch.protocols.sshsig import BEGIN, END, SignatureRefused, UnfittingSignature

if TYPE_CHECKING:
    from collections.abc import Callable

SPACE = b"netwatch-attestation"
TEXT = "Đơn vị / Unit: 12004 Xã Như Quỳnh\n"
AN = signing.ed25519_key(1)


@cache
def key(kind: str) -> Any:
    if kind == "rsa":
        return rsa.generate_private_key(65537, 2048)
    return AN if kind == "ed25519" else ec.generate_private_key(ec.SECP256R1())


def checked(armored: str, text: str = TEXT, space: bytes = SPACE) -> bytes:
    """The key of a signature that holds."""
    signature = sshsig.parse(armored)
    sshsig.verify(signature, text.encode(), space)
    return signature.public_key


GOOD: dict[str, tuple[str, dict[str, Any]]] = {
    "Ed25519": ("ed25519", {}),
    "Ed25519 over SHA-256": ("ed25519", {"hashed": "sha256"}),
    "RSA with SHA-512": ("rsa", {}),
    "RSA with SHA-256": ("rsa", {"algorithm": "rsa-sha2-256"}),
    "ECDSA over P-256": ("ecdsa", {}),
    "with something reserved for later": ("ed25519", {"reserved": b"tag"}),
}


@pytest.mark.parametrize(("kind", "more"), GOOD.values(), ids=GOOD)
def test_a_signature_holds_for_its_text_alone(kind: str, more: dict[str, Any]) -> None:
    armored = signing.armored(signing.blob(key(kind), TEXT, **more))
    assert checked(armored) == signing.public(key(kind))
    with pytest.raises(UnfittingSignature):
        checked(armored, TEXT + " ")
    with pytest.raises(SignatureRefused, match="made for another purpose: sign with '-n file'"):
        checked(armored, space=b"file")


def test_lines_may_have_been_through_windows() -> None:
    assert checked(signing.armored(signing.blob(AN, TEXT)).replace("\n", "\r\n")) == signing.public(AN)


def raw(**more: Any) -> Callable[[], str]:
    return lambda: signing.armored(signing.blob(AN, TEXT, **more))


def by(algorithm: bytes, made: bytes) -> Callable[[], str]:
    """A signature that says another algorithm of itself."""

    def made_up() -> str:
        good = signing.blob(AN, TEXT)
        inner = sshsig.string(b"ssh-ed25519") + good[-68:]
        head = good[: -4 - len(inner)]
        return signing.armored(head + sshsig.string(sshsig.string(algorithm) + sshsig.string(made)))

    return made_up


REFUSED: dict[str, tuple[Callable[[], str], str]] = {
    "nothing": (lambda: "", f"no signature of ssh-keygen: it begins with {BEGIN}"),
    "a private key": (
        lambda: "-----BEGIN OPENSSH PRIVATE KEY-----\nb3Blbg==\n-----END OPENSSH PRIVATE KEY-----\n",
        f"no signature of ssh-keygen: it begins with {BEGIN}",
    ),
    "without its end": (
        lambda: signing.armored(signing.blob(AN, TEXT)).replace(END, ""),
        f"no signature of ssh-keygen: it begins with {BEGIN}",
    ),
    "no base64": (
        lambda: f"{BEGIN}\n!!!!\n{END}",
        "the signature is damaged: what stands in it is no base64",
    ),
    "letters of another script": (
        lambda: f"{BEGIN}\nđđđđ\n{END}",
        "the signature is damaged: what stands in it is no base64",
    ),
    "empty": (lambda: f"{BEGIN}\n{END}", "the signature is damaged: it ends too early"),
    "very long": (lambda: f"{BEGIN}\n{'A' * 20_000}\n{END}", "no signature has more than 16,384 characters"),
    "another magic": (
        raw(magic=b"SSHSIX"),
        "no signature of ssh-keygen: what stands in it is something else",
    ),
    "a later version": (raw(version=2), "the signature is of version 2: only 1 is known"),
    "cut off": (
        lambda: signing.armored(signing.blob(AN, TEXT)[:-1]),
        "the signature is damaged: it ends too early",
    ),
    "a length of four thousand million": (
        lambda: signing.armored(b"SSHSIG\0\0\0\1\xff\xff\xff\xff"),
        "the signature is damaged: it ends too early",
    ),
    "with something behind it": (raw(more=b"\0"), "the signature is damaged: something follows its end"),
    "another hash": (
        raw(hashed="md5\x1b"),
        "the message was hashed by 'md5\\x1b': only sha512 and sha256 are known",
    ),
    "another algorithm": (
        by(b"ecdsa-sha2-nistp384", b"x"),
        (
            "signatures by 'ecdsa-sha2-nistp384' are not supported: "
            "sign with a key of Ed25519, RSA or ECDSA over P-256"
        ),
    ),
    "SHA-1": (
        by(b"ssh-rsa", b"x"),
        "signatures by 'ssh-rsa' are not supported: sign with a key of Ed25519, RSA or ECDSA over P-256",
    ),
    "RSA by a key that is not": (
        by(b"rsa-sha2-512", b"x" * 256),
        "the signature is by RSA, and its key is of another kind",
    ),
    "ECDSA by a key that is not": (
        by(b"ecdsa-sha2-nistp256", signing.number(1) + signing.number(1)),
        "the signature is by ecdsa-sha2-nistp256, and its key is of another kind",
    ),
    "another key": (
        raw(shown=signing.ed25519_key(2)),
        "the signature does not fit what it is said to sign",
    ),
}


@pytest.mark.parametrize(("make", "message"), REFUSED.values(), ids=REFUSED)
def test_what_is_no_good_signature_is_refused_with_one_line(make: Callable[[], str], message: str) -> None:
    with pytest.raises(SignatureRefused) as refused:
        checked(make())
    assert str(refused.value) == message


NUMBERS = {
    "nought": (0, 1),
    "negative": (-1, 1),
    "too large": (2**257, 1),
    "the curve's order": (0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551, 1),
}


@pytest.mark.parametrize(("r", "s"), NUMBERS.values(), ids=NUMBERS)
def test_numbers_that_are_none_of_the_curve_sign_nothing(r: int, s: int) -> None:
    """Each at either place."""
    good = signing.blob(key("ecdsa"), TEXT)
    signature = sshsig.parse(signing.armored(good))
    for pair in ((r, s), (s, r)):
        blob = b"".join(sshsig.string(each.to_bytes(40, "big", signed=True)) for each in pair)
        forged = sshsig.Signature(signature.public_key, SPACE, b"", b"sha512", b"ecdsa-sha2-nistp256", blob)
        with pytest.raises(UnfittingSignature):
            sshsig.verify(forged, TEXT.encode(), SPACE)


@given(st.integers(0, len(signing.blob(AN, TEXT)) - 1), st.integers(1, 255))
def test_one_byte_that_changed_is_noticed(place: int, change: int) -> None:
    """Wherever it stands; nothing but a refusal comes out."""
    changed = bytearray(signing.blob(AN, TEXT))
    changed[place] ^= change
    with pytest.raises(SignatureRefused):
        checked(signing.armored(bytes(changed)))


@given(st.binary(max_size=400))
def test_bytes_of_a_stranger_are_refused(rest: bytes) -> None:
    for raw_bytes in (rest, b"SSHSIG\0\0\0\1" + rest):
        with pytest.raises(SignatureRefused):
            checked(f"{BEGIN}\n{base64.b64encode(raw_bytes).decode()}\n{END}")


@given(st.binary(max_size=80), st.binary(max_size=80), st.sampled_from(sorted(sshsig.CHECKS)))
def test_keys_of_a_stranger_are_refused(public: bytes, made: bytes, algorithm: bytes) -> None:
    for key_blob in (public, sshsig.string(b"ssh-ed25519") + public, sshsig.string(b"ssh-rsa") + public):
        strange = sshsig.Signature(key_blob, SPACE, b"", b"sha512", algorithm, made)
        with pytest.raises(SignatureRefused):
            sshsig.verify(strange, TEXT.encode(), SPACE)


@given(st.text(max_size=300))
def test_text_of_a_stranger_is_refused(text: str) -> None:
    with pytest.raises(SignatureRefused):
        sshsig.parse(text)
