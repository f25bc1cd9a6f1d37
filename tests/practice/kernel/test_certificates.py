"""Certificates that strict clients accept, for the names that exist and no other."""

import asyncio
import datetime
import socket
import ssl

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from tests.conftest import Practice
from wizard.practice.kernel import certificates
from wizard.practice.kernel.certificates import Certificates

NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME (x509_vfy.h): the chain and the name are checked, the times by the test itself."""


def test_the_authority_is_kept_and_only_ours(tmp_path):
    first = Certificates(tmp_path, lambda name: True)
    before = first.ca_file.read_bytes()
    assert Certificates(tmp_path, lambda name: True).ca_file.read_bytes() == before
    assert (tmp_path / "ca.key").stat().st_mode & 0o777 == 0o600


def test_the_authority_says_that_it_is_one(tmp_path):
    certificate = x509.load_pem_x509_certificate(Certificates(tmp_path, lambda name: True).ca_file.read_bytes())
    extensions = certificate.extensions
    assert extensions.get_extension_for_oid(ExtensionOID.BASIC_CONSTRAINTS).value.ca
    assert extensions.get_extension_for_oid(ExtensionOID.KEY_USAGE).value.key_cert_sign
    assert extensions.get_extension_for_oid(ExtensionOID.SUBJECT_KEY_IDENTIFIER).value.digest


@pytest.mark.parametrize("host", ["management.azure.com", "login.microsoftonline.com"])
async def test_each_name_gets_a_certificate_of_its_own_that_a_strict_client_accepts(practice: Practice, host):
    strict = ssl.create_default_context(cafile=practice.description["ca_file"])
    strict.verify_flags |= ssl.VERIFY_X509_STRICT
    _, writer = await asyncio.open_connection("127.0.0.1", practice.server.port, ssl=strict, server_hostname=host)
    assert writer.get_extra_info("peercert")["subjectAltName"] == (("DNS", host),)
    writer.close()


async def test_a_name_with_many_labels_has_a_certificate_too(practice: Practice):
    suffix = ".happyhill-12345678.westeurope.azurecontainerapps.io"
    name = "a-very-long-application-name-1234" + suffix

    async def answer(request):
        return web.Response(text="served")

    practice.cloud.hosts.add_suffix(suffix, answer, exists=lambda host: True, listing=lambda: [name], records_traffic=False)
    async with practice.session.get(f"https://{name}/any/path") as response:
        assert await response.text() == "served"


@pytest.mark.parametrize("days", [-3, 2 * 365])
async def test_a_clock_that_is_set_while_it_runs_keeps_nobody_out(practice: Practice, monkeypatch, days):
    """What is checked is the certificate itself, since a client's clock cannot be set from here."""
    then = certificates._now() + datetime.timedelta(days=days)
    monkeypatch.setattr(certificates, "_now", lambda: then)
    leaf = x509.load_pem_x509_certificate((await asyncio.to_thread(_leaf_of, practice)).encode())
    authority = x509.load_pem_x509_certificate((practice.server.options.home / "ca.pem").read_bytes())
    for certificate in (leaf, authority):
        assert certificate.not_valid_before_utc < then < certificate.not_valid_after_utc


def _leaf_of(practice: Practice) -> str:
    any_time = ssl.create_default_context(cafile=practice.server.options.home / "ca.pem")
    any_time.verify_flags |= NO_CHECK_TIME
    with socket.create_connection(("127.0.0.1", practice.server.port)) as plain:
        with any_time.wrap_socket(plain, server_hostname="management.azure.com") as connection:
            return ssl.DER_cert_to_PEM_cert(connection.getpeercert(binary_form=True))


def test_an_authority_that_is_not_valid_now_is_made_anew(tmp_path, monkeypatch):
    now = certificates._now()
    monkeypatch.setattr(certificates, "_now", lambda: now + datetime.timedelta(days=20_000))
    before = Certificates(tmp_path, lambda name: True).ca_file.read_bytes()
    monkeypatch.undo()
    assert Certificates(tmp_path, lambda name: True).ca_file.read_bytes() != before
