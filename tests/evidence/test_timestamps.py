"""Time stamps of a real authority: what OpenSSL stamps is taken, and what it would not verify is not."""

from __future__ import annotations

import datetime as dt
import functools
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from authority import Authority
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings, strategies as st
from rfc3161_client import HashAlgorithm, TimestampRequestBuilder, decode_timestamp_response

from netwatch.evidence.certificate_order import in_order
from netwatch.evidence.timestamps import (
    LARGEST,
    Stamp,
    StampError,
    check,
    check_request,
    read_roots,
    request,
)

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.system

HEAD = b'{"chains":[],"date":"2026-11-27","format":1,"made":1,"previous":""}'
RECORDED = Path(__file__).parent / "stamped"
"""A head that was stamped by an authority whose certificate was valid for some seconds, then."""

DAY = dt.timedelta(days=1)

NOT_TRUSTED = "its signature does not fit, or its certificate is not trusted to stamp at that time"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tsa"))


def test_a_request_is_one_for_openssl(authority: Authority, tmp_path: Path) -> None:
    (tmp_path / "a.tsq").write_bytes(request(HEAD))
    told = authority.shows(tmp_path / "a.tsq")
    assert "Hash Algorithm: sha256" in told
    assert "Certificate required: yes" in told
    assert "Nonce: 0x" in told
    assert "Nonce: unspecified" not in told


def test_no_two_requests_have_one_nonce() -> None:
    assert len({request(HEAD) for _ in range(100)}) == 100


def test_a_stamp_says_when_and_by_whom_and_openssl_agrees(authority: Authority, tmp_path: Path) -> None:
    before = dt.datetime.now(dt.UTC).timestamp()
    asked = request(HEAD)
    answer = authority.answer(asked)
    stamp = check(HEAD, answer, asked=asked, roots=[authority.root])
    assert (stamp.authority, stamp.checked) == ("Test TSA", True)
    assert int(before) <= stamp.at <= dt.datetime.now(dt.UTC).timestamp()
    (tmp_path / "head").write_bytes(HEAD)
    (tmp_path / "tsr").write_bytes(answer)
    assert authority.verifies(tmp_path / "head", tmp_path / "tsr") == "Verification: OK"


def test_without_certificates_it_says_that_it_was_not_checked(authority: Authority) -> None:
    assert not check(HEAD, authority.answer(request(HEAD))).checked


def test_certificates_in_openssls_order_are_taken(tmp_path: Path) -> None:
    """Several times: which of two certificates comes first in DER is chance."""
    sorted_here = 0
    for number in range(6):
        authority = Authority(tmp_path / str(number), chain=True)
        asked = request(HEAD)
        answer = authority.answer(asked)
        sorted_here += in_order(answer) != answer
        assert len(in_order(answer)) == len(answer)
        assert check(HEAD, answer, asked=asked, roots=[authority.root]).authority == "Test TSA"
    assert sorted_here, "none of them had to be sorted: the test says nothing"


def told(answer: bytes) -> bytes:
    """What a response says, without who says it."""
    return decode_timestamp_response(answer).tst_info.as_bytes()  # type: ignore[attr-defined]  # it has it


@pytest.mark.parametrize(
    ("made", "problem"),
    [
        ({}, ""),
        ({"usage": ExtendedKeyUsageOID.SERVER_AUTH}, NOT_TRUSTED),
        ({"critical": False}, NOT_TRUSTED),
        ({"valid": (-2 * DAY, -DAY)}, NOT_TRUSTED),
        ({"valid": (DAY, 2 * DAY)}, NOT_TRUSTED),
    ],
    ids=["as it should be", "another purpose", "purpose not critical", "expired by then", "not valid yet"],
)
def test_a_certificate_that_may_not_stamp(
    authority: Authority, tmp_path: Path, made: dict[str, Any], problem: str
) -> None:
    """Of a root that is trusted, and signed well: all but the first would be forged."""
    asked = request(HEAD)
    other = Authority(tmp_path / "tsa", **made)
    answer = other.signs(told(authority.answer(asked)))
    if not problem:
        assert check(HEAD, answer, asked=asked, roots=[other.root]).checked
        return
    with pytest.raises(StampError, match=problem):
        check(HEAD, answer, asked=asked, roots=[other.root])


def test_another_authority_is_not_trusted(authority: Authority, tmp_path: Path) -> None:
    """Nor one that has the same name, and a root of the same name."""
    asked = request(HEAD)
    answer = Authority(tmp_path / "other").answer(asked)
    with pytest.raises(StampError, match=NOT_TRUSTED):
        check(HEAD, answer, asked=asked, roots=[authority.root])


def test_a_certificate_that_has_expired_since_is_no_matter() -> None:
    """It counts as of when it stamped: this one was valid for a few seconds of 2026."""
    head, asked, answer = ((RECORDED / name).read_bytes() for name in ("head.json", "head.tsq", "head.tsr"))
    roots = read_roots((RECORDED / "ca.pem").read_bytes())
    assert check(head, answer, asked=asked, roots=roots).checked
    leaf = x509.load_der_x509_certificate(
        next(iter(decode_timestamp_response(answer).signed_data.certificates))
    )
    assert leaf.not_valid_after_utc - leaf.not_valid_before_utc < dt.timedelta(minutes=1)


def another_nonce(authority: Authority) -> tuple[bytes, bytes]:
    return request(HEAD), authority.answer(request(HEAD))


def of_other_bytes(authority: Authority) -> tuple[bytes, bytes]:
    return request(HEAD), authority.answer(request(HEAD + b" "))


def request_of_other_bytes(authority: Authority) -> tuple[bytes, bytes]:
    asked = request(HEAD + b" ")
    return asked, authority.answer(request(HEAD))


def sha512(authority: Authority) -> tuple[bytes, bytes]:
    asked = TimestampRequestBuilder().data(HEAD).hash_algorithm(HashAlgorithm.SHA512).build().as_bytes()
    return asked, Authority(authority.folder / "512", digests="sha512").answer(asked)


def a_refusal(authority: Authority) -> tuple[bytes, bytes]:
    asked = request(HEAD)
    return asked, Authority(authority.folder / "choosy", digests="sha512").answer(asked)


def a_page(_authority: Authority) -> tuple[bytes, bytes]:
    return request(HEAD), b"<html><body>Sign in to the hotel's network</body></html>"


def nothing(_authority: Authority) -> tuple[bytes, bytes]:
    return request(HEAD), b""


def half(authority: Authority) -> tuple[bytes, bytes]:
    asked = request(HEAD)
    return asked, authority.answer(asked)[:300]


def with_more_behind(authority: Authority) -> tuple[bytes, bytes]:
    asked = request(HEAD)
    return asked, authority.answer(asked) + b"x"


def huge(_authority: Authority) -> tuple[bytes, bytes]:
    return request(HEAD), bytes(LARGEST + 1)


def no_request(authority: Authority) -> tuple[bytes, bytes]:
    return b"<html>", authority.answer(request(HEAD))


@pytest.mark.parametrize(
    ("exchange", "problem"),
    [
        (another_nonce, "it answers another request: its nonce is another"),
        (of_other_bytes, "about other bytes"),
        (request_of_other_bytes, "about other bytes"),
        (sha512, "about other bytes"),
        (a_refusal, r"gave no stamp \(rejection: Message digest algorithm is not supported.\)"),
        (a_page, "not a response of a time-stamping authority"),
        (nothing, "not a response of a time-stamping authority"),
        (half, "not a response of a time-stamping authority"),
        (with_more_behind, "not a response of a time-stamping authority"),
        (huge, "more than 65536 bytes"),
        (no_request, "not a request for a time stamp"),
    ],
)
def test_what_is_no_answer(
    authority: Authority, exchange: Callable[[Authority], tuple[bytes, bytes]], problem: str
) -> None:
    asked, answer = exchange(authority)
    with pytest.raises(StampError, match=problem) as raised:
        check(HEAD, answer, asked=asked, roots=[authority.root])
    assert "\n" not in str(raised.value)


def test_a_request_is_known_by_its_bytes() -> None:
    check_request(HEAD, request(HEAD))
    sha256, sha3 = (bytes.fromhex(f"60864801650304020{last}") for last in (1, 8))
    assert sha256 in request(HEAD)
    for asked in (request(HEAD).replace(sha256, sha3), request(HEAD + b" "), b"", b"x" * 5000):
        with pytest.raises(StampError):
            check_request(HEAD, asked)


def test_no_changed_byte_makes_another_stamp(authority: Authority) -> None:
    """Some bytes are not signed, and mean nothing: whichever is changed, time and name stay, or no stamp."""
    asked = request(HEAD)
    answer = authority.answer(asked)
    good = check(HEAD, answer, asked=asked, roots=[authority.root])
    refused = 0
    for place in range(len(answer)):
        for flip in (0x01, 0x20, 0x80, 0xFF):
            changed = bytearray(answer)
            changed[place] ^= flip
            try:
                assert check(HEAD, bytes(changed), asked=asked, roots=[authority.root]) == good
            except StampError:
                refused += 1
    assert refused > 0.97 * 4 * len(answer)


@settings(max_examples=300)
@given(st.binary(max_size=200), st.integers(0, 800), st.integers(0, 200))
def test_no_bytes_raise_anything_else(authority: Authority, noise: bytes, place: int, gone: int) -> None:
    answer = _answer(authority)
    changed = answer[:place] + noise + answer[place + gone :]
    for roots in ((), (authority.root,)):
        try:
            assert isinstance(check(HEAD, changed, roots=roots), Stamp)
        except StampError:
            continue


@functools.cache
def _answer(authority: Authority) -> bytes:
    return authority.answer(request(HEAD))


@given(st.binary(max_size=300))
def test_sorting_keeps_what_it_does_not_know(noise: bytes) -> None:
    assert sorted(in_order(noise)) == sorted(noise)


@pytest.mark.parametrize(
    "pem", [b"", b"x", b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"]
)
def test_certificates_that_are_none(pem: bytes) -> None:
    with pytest.raises(StampError, match="no certificates in PEM"):
        read_roots(pem)
