"""``azwizard check --machine``: each thing of this computer with its state and what to do, without Azure and without a setup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wizard.commands.machine import check_machine
from wizard.engine.events import CheckEvent
from wizard.engine.session import CommandOptions, ExitCode
from wizard.workspace import machine

CHECKS = ["python", "disk", "ports", "trust", "git", "proxy", "engine", "packages"]


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No index and no proxy, and the process runner: what this machine has besides is not asked."""
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither an engine nor pip is asked, in tests that are about other things."""

    async def there(*_given: Any, **_options: Any) -> CheckEvent:
        return CheckEvent("engine", "met", "there")

    async def gone(*_given: Any) -> CheckEvent:
        return CheckEvent("packages", "met", "there")

    monkeypatch.setattr(machine, "engine", there)
    monkeypatch.setattr(machine, "packages", gone)


async def told(printed: pytest.CaptureFixture[str]) -> tuple[ExitCode, dict[str, Any], dict[str, Any]]:
    """The exit status, each check by its id, and the result."""
    status = await check_machine(CommandOptions(Path("not-there.toml"), json=True))
    *checks, result = [json.loads(line) for line in printed.readouterr().out.splitlines()]
    assert [check["check"] for check in checks] == CHECKS
    assert all(check["state"] == "met" or check["remedy"] for check in checks)
    return status, {check["check"]: check for check in checks}, result


async def test_what_only_practice_needs_is_unknown_and_stops_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    status, checks, result = await told(capsys)
    assert (status, result["outcome"]) == (ExitCode.DONE, "met")
    assert {name: checks[name]["state"] for name in ("python", "disk", "ports", "trust", "proxy")} == dict.fromkeys(
        ("python", "disk", "ports", "trust", "proxy"), "met"
    )
    assert checks["packages"]["state"] == "unknown" and "Azure itself builds" in checks["packages"]["remedy"]


@pytest.mark.usefixtures("quick")
async def test_a_proxy_and_no_git_are_told_with_what_to_do(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("PATH", "")
    status, checks, _result = await told(capsys)
    assert status == ExitCode.DONE
    assert (checks["proxy"]["state"], checks["git"]["state"]) == ("unknown", "unknown")
    assert "NO_PROXY" in checks["proxy"]["remedy"] and "git-scm.com" in checks["git"]["remedy"]


@pytest.mark.usefixtures("quick")
async def test_a_certificate_file_that_is_not_there_stops(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", "/not/there.pem")
    status, checks, result = await told(capsys)
    assert (status, result["outcome"], result["blocked"]) == (ExitCode.NOT_READY, "missing", 1)
    assert checks["trust"]["state"] == "missing" and "SSL_CERT_FILE" in checks["trust"]["remedy"]


@pytest.mark.usefixtures("quick")
async def test_a_person_reads_a_line_for_each_also_for_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    await check_machine(CommandOptions(Path("not-there.toml")))
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "This computer" and lines[1].startswith("met        Python 3.")
    assert len(lines) >= len(CHECKS)
