"""A certificate authority of this deployment's own, and a server's certificate by it: for TLS without a public name."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from summit_cli.access.keyring import write_secret

_AUTHORITY_LIVES = timedelta(days=3650)
_SERVER_LIVES = timedelta(days=397)
_RENEWED_BEFORE_END = timedelta(days=30)
_BACKDATED = timedelta(hours=3)
"""A machine whose clock is a little behind may connect at once."""


def server_certificate(directory: Path, names: Sequence[str], *, now: datetime | None = None) -> Path:
    """`server.pem` with `server.key` is good for these names for another month at least, and `ca.pem` vouches for it.

    An authority that exists signs again: clients that trust it go on. The path of `server.pem` is returned.
    """
    now = now or datetime.now(UTC)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = directory / "server.pem"
    authority = _authority(directory, now)
    if path.exists() and not _is_due(x509.load_pem_x509_certificate(path.read_bytes()), names, now):
        return path
    signer = load_pem_private_key((directory / "ca.key").read_bytes(), None)
    if not isinstance(signer, ec.EllipticCurvePrivateKey):
        raise TypeError(f"{directory / 'ca.key'} was not made by `summit keys init`")
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        _built("Summit NATS", authority.subject, key.public_key(), now, _SERVER_LIVES)
        .add_extension(x509.SubjectAlternativeName([_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
            critical=False,  # in a cluster each server is the client of the others
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False
        )
        .sign(signer, hashes.SHA256())
    )
    write_secret(directory / "server.key", _pem(key))
    path.write_bytes(certificate.public_bytes(Encoding.PEM))
    return path


def _authority(directory: Path, now: datetime) -> x509.Certificate:
    path = directory / "ca.pem"
    if path.exists() and (directory / "ca.key").exists():
        return x509.load_pem_x509_certificate(path.read_bytes())
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Summit local authority")])
    certificate = (
        _built("Summit local authority", name, key.public_key(), now, _AUTHORITY_LIVES)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(_signs_certificates(), critical=True)
        .sign(key, hashes.SHA256())
    )
    write_secret(directory / "ca.key", _pem(key))
    path.write_bytes(certificate.public_bytes(Encoding.PEM))
    return certificate


def _built(
    subject: str, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, life: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _BACKDATED)
        .not_valid_after(now + life)
    )


def _signs_certificates() -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=False, content_commitment=False, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=True, crl_sign=True, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _is_due(certificate: x509.Certificate, names: Sequence[str], now: datetime) -> bool:
    found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return certificate.not_valid_after_utc - now < _RENEWED_BEFORE_END or set(found) != {
        _name(name) for name in names
    }


def _name(text: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(text))
    except ValueError:
        return x509.DNSName(text)


def _pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
