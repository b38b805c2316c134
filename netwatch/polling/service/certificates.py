"""When the certificates of a connection expire. They are others' text: any of them may be nonsense."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography import x509

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

MOST = 32
"""Certificates of a chain that are looked at; OpenSSL takes 100 KiB of them at most."""

DER = 2  # _ssl.ENCODING_DER


def chain(connection: ssl.SSLObject, *, verified: bool) -> list[bytes]:
    """Return the certificates of a connection in DER, its own first.

    Of a verified one, those that lead from it to whom is trusted: a superfluous one that the server sends
    besides hurts nobody when it expires. Else all that were sent. Python tells chains from 3.13 on by
    methods of the connection, before by those of the object within; where by neither, the first is all.
    """
    name = "get_verified_chain" if verified else "get_unverified_chain"
    for holder in (connection, getattr(connection, "_sslobj", None)):
        if (ask := getattr(holder, name, None)) is not None:
            return [_der(each) for each in ask() or ()]
    own = connection.getpeercert(binary_form=True)
    return [own] if own else []


def first_expiry(certificates: Iterable[bytes]) -> float | None:
    """Return the Unix time at which the first of them expires; None where no date can be read."""
    dates = [date for each in list(certificates)[:MOST] if (date := _expiry(each)) is not None]
    return min(dates, default=None)


def _expiry(der: bytes) -> float | None:
    """Return notAfter (RFC 5280, section 4.1.2.5)."""
    try:
        return x509.load_der_x509_certificate(der).not_valid_after_utc.timestamp()
    except (ValueError, OverflowError):
        return None


def _der(certificate: Any) -> bytes:  # noqa: ANN401 - Python gives it no public type
    return certificate if isinstance(certificate, bytes) else bytes(certificate.public_bytes(DER))
