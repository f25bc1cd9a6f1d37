"""The practice cloud's throw-away certificate authority, and a certificate for each name as a client asks for it."""

from __future__ import annotations

import datetime
import os
import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_LIFETIME = datetime.timedelta(days=3650)
"""How long before and after now the authority is valid: a computer's clock may be days behind or years ahead, and be put right later."""
_LEAF_LIFETIME = datetime.timedelta(days=397)  # what clients accept at most
_LEAF_BACKDATED = datetime.timedelta(days=190)


def private_file(file: Path, content: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all."""
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(file)


class Certificates:
    """The authority in `home` (``ca.pem``, ``ca.key``), made on first use, and server contexts for TLS names.

    :param serves: whether a host name exists now; the TLS handshake is refused for any other.
    """

    def __init__(self, home: Path, serves: Callable[[str], bool]) -> None:
        self.ca_file = home / "ca.pem"
        self._serves = serves
        self._authority_key, self._authority = _authority(home)
        self._leaf_key = ec.generate_private_key(ec.SECP256R1())
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._made = _now()

    def server_context(self) -> ssl.SSLContext:
        """The listening context: it picks each connection's certificate by the name that the client asks for (SNI)."""
        context = self._context("localhost")
        context.sni_callback = self._choose
        return context

    def _choose(self, connection: ssl.SSLObject | ssl.SSLSocket, name: str | None, _: ssl.SSLContext) -> int | None:
        if name is None:
            return None
        if not self._serves(name):
            return ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME
        if abs(_now() - self._made) >= _LEAF_BACKDATED:  # the clock was set: what was valid then may not be now
            self._contexts, self._made = {}, _now()
        if name not in self._contexts:
            self._contexts[name] = self._context(name)
        connection.context = self._contexts[name]
        return None

    def _context(self, name: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        key = self._leaf_key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        with tempfile.NamedTemporaryFile() as file:  # the ssl module loads from files only
            file.write(key + self._leaf(name).public_bytes(serialization.Encoding.PEM))
            file.flush()
            context.load_cert_chain(file.name)
        return context

    def _leaf(self, name: str) -> x509.Certificate:
        now = _now()
        authority_key = self._authority_key.public_key()
        return (
            x509.CertificateBuilder()
            .subject_name(_name("azwizard practice cloud"))
            .issuer_name(self._authority.subject)
            .public_key(self._leaf_key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - _LEAF_BACKDATED)
            .not_valid_after(now - _LEAF_BACKDATED + _LEAF_LIFETIME)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
            .add_extension(_usage(digital_signature=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self._leaf_key.public_key()), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key), critical=False)
            .sign(self._authority_key, hashes.SHA256())
        )


def _authority(home: Path) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    key_file, certificate_file = home / "ca.key", home / "ca.pem"
    if key_file.exists() and certificate_file.exists():
        key = serialization.load_pem_private_key(key_file.read_bytes(), None)
        assert isinstance(key, ec.EllipticCurvePrivateKey)
        certificate = x509.load_pem_x509_certificate(certificate_file.read_bytes())
        if certificate.not_valid_before_utc <= _now() <= certificate.not_valid_after_utc:
            return key, certificate
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _new_authority(key)
    private_file(key_file, key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()))
    private_file(certificate_file, certificate.public_bytes(serialization.Encoding.PEM))
    return key, certificate


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _new_authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    now = _now()
    name = _name("azwizard practice cloud (throw-away authority)")
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _LIFETIME)
        .not_valid_after(now + _LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(key_cert_sign=True, crl_sign=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _usage(*, digital_signature: bool = False, key_cert_sign: bool = False, crl_sign: bool = False) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=digital_signature,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=key_cert_sign,
        crl_sign=crl_sign,
        encipher_only=False,
        decipher_only=False,
    )
