"""The log: every request, wait and decision, in a file of the owner's, without anything secret."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest

from tests.conftest import StartPractice
from wizard.cloud.transport.transport import Transport
from wizard.platform import log
from wizard.platform.redaction import redaction

CANARY = "canary-51d0c2"


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def written(home: Path) -> str:
    return (home / "logs" / "azwizard.log").read_text(encoding="utf-8")


def test_nothing_is_written_unless_it_is_asked_for(home: Path) -> None:
    log.decision("something")
    log.request("GET", "https://management.azure.com/x", 200, 0.1)
    assert not (home / "logs").exists() and log.tail() == []


def test_a_request_is_a_line_without_query_headers_and_secrets(home: Path) -> None:
    log.start()
    redaction.add(CANARY)
    headers = {
        "x-ms-correlation-request-id": "11111111-2222-3333-4444-555555555555",
        "Authorization": f"Bearer {CANARY}",
        "Set-Cookie": "a=1",
    }
    log.request("PUT", f"https://user:pw@x.vault.azure.net/secrets/{CANARY}?sig={CANARY}&api-version=7.4", 200, 0.25, headers)
    log.request("GET", "https://x.example/\x1b[2J\nfaked line", "ClientConnectorError", 1.0)
    log.wait(f"Azure applies {CANARY}", 2.5)
    log.decision("plan: %s %s", "create", "key_vault.vault")
    lines = written(home).splitlines()
    assert len(lines) == 4
    assert all(re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z \d+ (request|wait|decision) ", line) for line in lines)
    assert lines[0].endswith(
        "request PUT x.vault.azure.net /secrets/*** 200 0.250 s x-ms-correlation-request-id=11111111-2222-3333-4444-555555555555"
    )
    assert not [word for word in (CANARY, "sig=", "Bearer", "Cookie", "pw@", "\x1b") if word in written(home)]
    assert log.tail(1) == lines[-1:]


def test_the_files_are_the_owners_few_and_small(home: Path) -> None:
    log.start()
    for number in range(70):
        log.decision("%s %s", number, "x" * 100_000)
    files = sorted((home / "logs").iterdir())
    assert [file.name for file in files] == ["azwizard.log", *(f"azwizard.log.{number}" for number in range(1, 5))]
    assert all(stat.S_IMODE(file.stat().st_mode) == 0o600 and file.stat().st_size <= log.BYTES for file in files)
    assert stat.S_IMODE((home / "logs").stat().st_mode) == 0o700


def test_another_place_can_be_named_and_its_folder_keeps_its_mode(tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o775)
    monkeypatch.setenv("AZWIZARD_LOG", str(shared / "mine.log"))
    log.start_when_asked({"AZWIZARD_LOG": str(shared / "mine.log")})
    log.decision("something")
    assert "something" in (shared / "mine.log").read_text()
    assert stat.S_IMODE((shared / "mine.log").stat().st_mode) == 0o600
    assert stat.S_IMODE(shared.stat().st_mode) == 0o775
    assert not (home / "logs").exists()


async def test_what_is_really_sent_is_in_it(home: Path, start_practice: StartPractice) -> None:
    practice = await start_practice()
    info = practice.server.options.home / "names.json"
    info.write_text(json.dumps({**practice.description, "hosts": ["management.azure.com"]}))
    log.start()
    transport = Transport.to_practice(info)
    try:
        url = f"https://management.azure.com/subscriptions?api-version=2022-12-01&key={CANARY}"
        async with transport.session.get(url, headers={"Authorization": f"Bearer {CANARY}"}) as answer:
            assert answer.status == 401
        with pytest.raises(OSError, match="no host"):
            await transport.session.get("https://nowhere.example/x")
    finally:
        await transport.close()
    lines = written(home).splitlines()
    assert re.search(r"request GET management\.azure\.com /subscriptions 401 \d\.\d{3} s .*request-id=", lines[0])
    assert re.search(r"request GET nowhere\.example /x Client\w+ ", lines[1])
    assert CANARY not in written(home)
