"""A time-stamping authority of a test's own: certificates made on the spot, stamps by OpenSSL."""

from __future__ import annotations

import datetime as dt
import subprocess
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from pathlib import Path

CONFIGURATION = """\
[tsa]
default_tsa = ours
[ours]
serial = serial
signer_cert = tsa.pem
{certs}signer_key = tsa.key
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = {digests}
ordering = no
tsa_name = yes
ess_cert_id_alg = sha256
"""

YEAR = dt.timedelta(days=365)


class Authority:
    """Its root is in `folder`/ca.pem. `usage`, `critical` and `valid` are how its own certificate is made.

    With `chain` its answers bring the root along, in OpenSSL's order and not in that of DER.
    """

    def __init__(
        self,
        folder: Path,
        *,
        name: str = "Test TSA",
        usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.TIME_STAMPING,
        critical: bool = True,
        valid: tuple[dt.timedelta, dt.timedelta] = (-YEAR, YEAR),
        chain: bool = False,
        digests: str = "sha256",
    ) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        now = dt.datetime.now(dt.UTC)
        root_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        root = _named(f"Root of {name}")
        self.root = (
            _certificate(root, root, root_key, now - 2 * YEAR, now + 10 * YEAR)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(root_key, hashes.SHA256())
        )
        leaf = (
            _certificate(_named(name), root, key, now + valid[0], now + valid[1])
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=critical)
            .sign(root_key, hashes.SHA256())
        )
        self.certificates = folder / "ca.pem"
        self.certificates.write_bytes(self.root.public_bytes(serialization.Encoding.PEM))
        (folder / "tsa.pem").write_bytes(leaf.public_bytes(serialization.Encoding.PEM))
        (folder / "tsa.key").write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        (folder / "serial").write_text("01\n")
        certs = "certs = ca.pem\n" if chain else ""
        (folder / "tsa.cnf").write_text(CONFIGURATION.format(certs=certs, digests=digests))

    def answer(self, request: bytes) -> bytes:
        """Return the response to a request, a refusal included."""
        (self.folder / "asked.tsq").write_bytes(request)
        self._ts("-reply", "-config", "tsa.cnf", "-queryfile", "asked.tsq", "-out", "answer.tsr")
        return (self.folder / "answer.tsr").read_bytes()

    def signs(self, told: bytes) -> bytes:
        """Return a response that says `told` (a TSTInfo), signed whatever the certificate is for."""
        (self.folder / "told").write_bytes(told)
        self._openssl(
            *("cms", "-sign", "-nodetach", "-binary", "-md", "sha256", "-in", "told", "-outform", "DER"),
            *("-econtent_type", "1.2.840.113549.1.9.16.1.4", "-signer", "tsa.pem", "-inkey", "tsa.key"),
            *("-out", "token"),
        )
        return _sequence(_sequence(b"\x02\x01\x00") + (self.folder / "token").read_bytes())

    def verifies(self, head: Path, response: Path) -> str:
        """Return what OpenSSL says of a response to a head."""
        return self._ts("-verify", "-data", str(head), "-in", str(response), "-CAfile", "ca.pem").strip()

    def shows(self, request: Path) -> str:
        """Return what OpenSSL reads in a request."""
        return self._ts("-query", "-in", str(request), "-text")

    def _ts(self, *arguments: str) -> str:
        return self._openssl("ts", *arguments)

    def _openssl(self, *arguments: str) -> str:
        done = subprocess.run(
            ["openssl", *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout


def _sequence(content: bytes) -> bytes:
    """Return DER of a sequence, its length in the long form only where that is needed."""
    size = len(content)
    length = bytes([size]) if size < 128 else b"\x82" + size.to_bytes(2, "big")
    return b"\x30" + length + content


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _certificate(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    since: dt.datetime,
    until: dt.datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )
