"""One command on several setups: each has its line, one that fails stops none, and what they share is asked once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import StartPractice, register_all
from wizard.cloud.transport.pace import LONGEST, REFILL, RESERVE, TokenBucket
from wizard.commands import commands
from wizard.commands.several import run_on_several
from wizard.engine.session import CommandOptions, ExitCode
from wizard.setup.loading import write

NAMES = ("orders", "shop", "stock")


@pytest.fixture
async def folders(start_practice: StartPractice, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Three setups in folders of their own on one practice cloud, whose traffic is kept."""
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path))
    register_all((await start_practice(har=tmp_path / "traffic.har")).cloud)
    for name in NAMES:
        (tmp_path / name).mkdir()
        write(tmp_path / name / "azwizard.toml", {"format": 1, "project": {"name": name, "environment": "dev", "region": "westeurope"}})
        (tmp_path / name / "Dockerfile").write_text('FROM python:3.12-slim\nCOPY . .\nCMD ["gunicorn", "-b", "0.0.0.0:5000", "app:app"]\n')
    return [tmp_path / name / "azwizard.toml" for name in NAMES]


def sent(tmp_path: Path, part: str) -> int:
    """How many requests held this in their address."""
    lines = (tmp_path / "traffic.har.part").read_text().splitlines()
    return sum(part in json.loads(line)["request"]["url"] for line in lines)


async def planned(folders: list[Path], capsys: pytest.CaptureFixture[str]) -> tuple[ExitCode, list[dict[str, Any]]]:
    """A plan of these setups: its exit status and its lines."""
    status = await run_on_several(CommandOptions(practice=True, json=True), folders, commands.plan)
    return status, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


async def test_each_setup_has_one_result_and_all_have_one(folders: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, lines = await planned(folders, capsys)
    results = [line for line in lines if line["event"] == "result"]
    assert sorted(line.get("setup", "") for line in results) == sorted(["", *map(str, folders)])
    assert {line["setup"] for line in lines if line["event"] == "plan"} == set(map(str, folders))
    every, total = results[:-1], results[-1]
    assert total["setups"] == len(NAMES)
    assert total["blocked"] == sum(line["blocked"] for line in every)
    assert total["requests"] == sum(line["requests"] for line in every)
    assert sent(tmp_path, "/providers/Microsoft.App?") == 1  # of the subscription, and so the same for all
    assert sent(tmp_path, "/oauth2/v2.0/token") == 1
    assert status in (ExitCode.CHANGES, ExitCode.NOT_READY)


async def test_a_setup_that_cannot_be_read_stops_none_of_the_others(folders: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    folders[1].write_text("format = 1\n[project]\nnmae = 'x'\n")
    status, lines = await planned(folders, capsys)
    outcomes = {line["setup"]: line["outcome"] for line in lines if line["event"] == "result" and "setup" in line}
    assert status is ExitCode.NOT_READY
    assert outcomes[str(folders[1])] == "blocked"
    assert {str(folders[0]), str(folders[2])} <= {line["setup"] for line in lines if line["event"] == "plan"}


async def test_a_fault_of_ours_in_one_setup_stops_none_of_the_others(folders: list[Path], capsys: pytest.CaptureFixture[str]) -> None:
    async def fails_for_shop(session: Any) -> ExitCode:
        if session.answers.project.name == "shop":
            raise SystemError("ours")
        return ExitCode.DONE

    options = CommandOptions(practice=True)
    assert await run_on_several(options, folders, fails_for_shop) in (ExitCode.FAILED, ExitCode.NOT_READY)
    out = capsys.readouterr().out
    assert [str(folder) in out for folder in folders] == [True] * 3
    assert "2 of 3 setups went through." in out


def test_nothing_waits_while_azure_says_that_there_is_enough_left() -> None:
    bucket = TokenBucket("reads")
    assert bucket.take(0.0) == 0.0
    bucket.learn({"x-ms-ratelimit-remaining-subscription-reads": "249"}, 0.0)
    assert [bucket.take(0.0) for _number in range(200)] == [0.0] * 200


def test_who_comes_when_little_is_left_waits_until_it_has_been_filled_again() -> None:
    bucket = TokenBucket("writes")
    bucket.learn({"x-ms-ratelimit-remaining-subscription-writes": str(RESERVE)}, 0.0)
    waits = [bucket.take(0.0) for _number in range(20)]
    assert waits == sorted(waits)
    assert waits[9] == pytest.approx(10 / REFILL["writes"])
    assert bucket.take(60.0) == 0.0
    bucket.learn({"x-ms-ratelimit-remaining-subscription-writes": "0"}, 60.0)
    assert 0 < bucket.take(60.0) <= LONGEST
