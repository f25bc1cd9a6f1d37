"""Certificates that strict clients accept, for the names that exist and no other."""

import asyncio
import ssl

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from tests.conftest import Practice
from wizard.practice.kernel.certificates import Certificates


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
