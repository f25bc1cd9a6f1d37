"""The one way out: names, trust, proxies."""

import asyncio

import pytest

from wizard.cloud import CloudError, ErrorKind, translate
from wizard.cloud.transport import practice_process as practice
from wizard.cloud.transport.practice_names import PracticeNames
from wizard.cloud.transport.transport import Transport, system_trust

URL = "https://management.azure.com/subscriptions?api-version=2022-12-01"


async def status_of(transport):
    try:
        async with transport.session.get(URL) as answer:
            return answer.status
    finally:
        await transport.close()


async def test_a_certificate_that_the_computer_does_not_trust_is_refused_with_what_helps(practice_home):
    with pytest.raises(Exception) as refused:
        await status_of(Transport(system_trust({}), PracticeNames(practice.info_file())))
    problem = translate(refused.value)
    assert problem.kind is ErrorKind.CERTIFICATE
    assert "SSL_CERT_FILE" in problem.remedy
    assert "management.azure.com" in problem.sentence


@pytest.mark.parametrize("variable", ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"])
async def test_a_company_certificate_named_in_the_environment_is_trusted(practice_home, variable):
    trust = system_trust({variable: practice.read().ca_file})
    assert await status_of(Transport(trust, PracticeNames(practice.info_file()))) == 401


def test_a_certificate_file_that_is_none_is_named(tmp_path):
    file = tmp_path / "company.pem"
    with pytest.raises(CloudError, match=r"REQUESTS_CA_BUNDLE names .*company\.pem"):
        system_trust({"REQUESTS_CA_BUNDLE": str(file)})


def test_a_name_that_appears_later_is_found_then(tmp_path):
    file = tmp_path / "practice.json"
    names = PracticeNames(file)
    with pytest.raises(OSError, match="not running"):
        names.port_of("kv.vault.azure.net")
    file.write_text('{"port": 7, "hosts": []}')
    with pytest.raises(OSError, match=r"no host kv\.vault"):
        names.port_of("kv.vault.azure.net")
    file.write_text('{"port": 7, "hosts": ["kv.vault.azure.net"]}')
    assert names.port_of("KV.vault.azure.net") == 7


@pytest.fixture
async def refusing_proxy(monkeypatch):
    """A proxy that wants a password which nobody gave."""

    async def refuse(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(refuse, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{port}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    yield port
    server.close()


async def test_azure_is_reached_through_the_companys_proxy_and_its_refusal_is_told(refusing_proxy):
    with pytest.raises(Exception) as refused:
        await status_of(Transport.to_azure())
    problem = translate(refused.value)
    assert problem.kind is ErrorKind.PROXY
    assert "user name and password" in problem.sentence


async def test_a_proxy_that_is_not_there_is_told_as_such(monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    with pytest.raises(Exception) as refused:
        await status_of(Transport.to_azure())
    assert translate(refused.value).kind is ErrorKind.PROXY


async def test_practice_never_goes_through_a_proxy(practice_home, refusing_proxy):
    assert await status_of(Transport.to_practice(practice.info_file())) == 401
