"""Time stamps (RFC 3161): a request for one, and what a response proves about a head.

Whoever trusts a time-stamping authority (TSA) has its certificates; without them a response says only what
anybody could have written. Certificates count as of the time that the stamp states, and are not looked up in
lists of revoked ones.
"""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.x509.oid import NameOID
from rfc3161_client import (
    HashAlgorithm,
    PKIStatus,
    TimestampRequestBuilder,
    VerificationError,
    VerifierBuilder,
    decode_timestamp_response,
)
from rfc3161_client._rust import parse_timestamp_request  # the package has no other way to read one

from netwatch.evidence.certificate_order import in_order

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rfc3161_client import TimeStampRequest, TimeStampResponse

    Roots = Sequence[x509.Certificate]

LARGEST = 64 * 1024
"""Bytes of a response, or of a file of certificates."""

LARGEST_REQUEST = 4096
"""Bytes."""

SHA256 = x509.ObjectIdentifier("2.16.840.1.101.3.4.2.1")


class StampError(ValueError):
    """A request, response or certificate that cannot be used; the message says why in one line."""


class OtherBytesError(StampError):
    """It is sound, and about something else."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """That somebody had seen a head at a time."""

    at: float  # Unix seconds
    authority: str  # its name: as its certificate has it, or as it says itself
    checked: bool  # whether its signature was verified up to a certificate that is trusted


def request(data: bytes) -> bytes:
    """Return a request (DER) for a stamp: the SHA-256 of the bytes, a random nonce, certificates wanted."""
    return TimestampRequestBuilder().data(data).hash_algorithm(HashAlgorithm.SHA256).build().as_bytes()


def check_request(data: bytes, asked: bytes) -> None:
    """Raise StampError where `asked` is no request for a stamp on `data`."""
    _check_imprint(data, _request(asked))


def read_roots(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Return the certificates that a PEM file holds, one at least. Raises StampError."""
    try:
        return tuple(x509.load_pem_x509_certificates(pem))
    except (ValueError, UnsupportedAlgorithm):
        raise StampError("no certificates in PEM") from None


def check(data: bytes, answer: bytes, *, asked: bytes | None = None, roots: Roots = ()) -> Stamp:
    """Return what a response (DER) proves of some bytes. Raises StampError.

    `asked` is the request that it must answer, `roots` are the certificates that it must lead to; without any
    its signature is not checked.
    """
    if len(answer) > LARGEST:
        raise StampError(f"more than {LARGEST} bytes")
    try:
        response = decode_timestamp_response(in_order(answer))
    except ValueError:
        raise StampError("not a response of a time-stamping authority") from None
    if response.status != PKIStatus.GRANTED:
        raise StampError(_refusal(response))
    try:
        return _granted(data, response, asked, roots)
    except StampError:
        raise
    except VerificationError as error:
        raise StampError(_mistrust(str(error))) from None
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise StampError("not a response of a time-stamping authority") from None


def _granted(data: bytes, response: TimeStampResponse, asked: bytes | None, roots: Roots) -> Stamp:
    """Return the stamp. Raises StampError, VerificationError, and what broken parts raise."""
    told = response.tst_info
    _check_imprint(data, told)
    if asked is not None:
        wanted = _request(asked)
        _check_imprint(data, wanted)
        if told.nonce != wanted.nonce:
            raise StampError("it answers another request: its nonce is another")
    if roots:
        VerifierBuilder(roots=list(roots)).build().verify_message(response, data)
    return Stamp(told.gen_time.timestamp(), _authority(response), bool(roots))


def _request(asked: bytes) -> TimeStampRequest:
    if len(asked) > LARGEST_REQUEST:
        raise StampError("not a request for a time stamp")
    try:
        return parse_timestamp_request(asked)
    except ValueError:
        raise StampError("not a request for a time stamp") from None


def _check_imprint(data: bytes, said: TimeStampRequest | object) -> None:
    imprint = said.message_imprint  # type: ignore[union-attr]  # a request's, or a token's
    if imprint.hash_algorithm != SHA256 or imprint.message != hashlib.sha256(data).digest():
        raise OtherBytesError("it is about other bytes: not the SHA-256 of this head")


def _authority(response: TimeStampResponse) -> str:
    """Return the name of who signed."""
    signers = {(signer.issuer, signer.serial_number) for signer in response.signed_data.signer_infos}
    for der in response.signed_data.certificates:
        certificate = x509.load_der_x509_certificate(der)
        if (certificate.issuer, certificate.serial_number) in signers:
            return _name(certificate.subject)
    with contextlib.suppress(ValueError):
        if isinstance(response.tst_info.name, x509.DirectoryName):
            return _name(response.tst_info.name.value)
    return "an authority without a name"


def _name(name: x509.Name) -> str:
    common = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return _line(str(common[0].value) if common else name.rfc4514_string()) or "an authority without a name"


def _mistrust(why: str) -> str:
    """Return why a signature is not trusted; what OpenSSL says of it is no line for people."""
    if "verify" in why:
        return "its signature does not fit, or its certificate is not trusted to stamp at that time"
    return f"its signature cannot be trusted: {_line(why)}"


def _refusal(response: TimeStampResponse) -> str:
    try:
        status = PKIStatus(response.status).name.lower().replace("_", " ")
    except ValueError:
        status = f"status {response.status}"
    why = _line("; ".join(response.status_string))
    return f"the authority gave no stamp ({status}{': ' if why else ''}{why})"


def _line(text: str) -> str:
    """Return a stranger's text as one short line."""
    return "".join(sign if sign.isprintable() else "?" for sign in text)[:200]
