"""``azwizard test``: which requests are sent, what is left out, and what the verdict says of it."""

from __future__ import annotations

from pathlib import Path

from tests.doctor.test_commands import DoctorReporter
from tests.doctor.ward import Patient
from tests.steps.conftest import StartSetup
from tests.steps.deployed import begin
from wizard.commands.test import RequestOptions, run_requests, verdict
from wizard.engine.events import RequestEvent, ResultEvent, ShareEvent
from wizard.engine.session import CommandOptions, ExitCode, Session
from wizard.setup.secret_sources import SecretValues
from wizard.source.rest_files import find_rest_files
from wizard.steps.registry_of_steps import contributions
from wizard.testing.requests import read_files


def event(status: int, *, passed: bool, sent: bool = True) -> RequestEvent:
    return RequestEvent("a", "GET", "/a", status, (), passed, 0.1, "", sent)


def test_the_verdict_counts_what_was_sent() -> None:
    good, unsent, broken = event(200, passed=True), event(0, passed=False, sent=False), event(500, passed=False)
    assert verdict([good, good], 0).sentence == "2 of 2 requests were sent. Every answer is as expected."
    assert verdict([good], 2).sentence == "1 of 3 requests were sent. Every answer is as expected."
    assert (verdict([good, unsent], 0).outcome, verdict([good, unsent], 0).sentence) == ("failed", "1 of 2 requests were sent.")
    assert "azwizard doctor" in verdict([good, broken], 0).sentence
    assert "azwizard doctor" not in verdict([good, event(401, passed=False)], 0).sentence, "a healthy API is no patient"
    assert verdict([good, ShareEvent("s", "/data", False, 0.1, "")], 0).outcome == "failed"
    assert verdict([good, unsent], 1).extra == {"sent": 1, "unsent": 1, "left_out": 1}


def test_files_are_found_below_the_code_but_not_in_what_is_installed(tmp_path: Path) -> None:
    for name in (
        "b.rest",
        "a.http",
        "requests/orders.http",
        ".vscode/x.http",
        "tests/t.rest",
        "venv/no.http",
        "node_modules/p/no.rest",
        ".git/no.http",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("GET https://h/\n")
    (tmp_path / "my-env").mkdir()
    (tmp_path / "my-env" / "pyvenv.cfg").touch()
    (tmp_path / "my-env" / "no.http").touch()
    assert find_rest_files(tmp_path) == ("b.rest", "a.http", "tests/t.rest", ".vscode/x.http", "requests/orders.http")


def test_a_file_that_is_no_text_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.http").write_bytes(b"GET https://h/\n\ncaf\xe9\n")
    (request,) = read_files([tmp_path / "a.http"], tmp_path).requests
    assert request.trouble == "line 3: the file is not UTF-8"


async def test_guessed_requests_that_change_data_wait_to_be_asked_for(start_setup: StartSetup, tmp_path: Path) -> None:
    patient = Patient.admitted(await begin(start_setup, tmp_path))
    assert (await patient.deploy()).outcome == "succeeded"
    source = patient.answers.source_folder
    source.mkdir(parents=True, exist_ok=True)
    (source / "run.py").write_text((tmp_path / "api" / "run.py").read_text())

    async def tested(options: RequestOptions) -> DoctorReporter:
        secrets = SecretValues(["api-key"], environment={"AZWIZARD_SECRET_API_KEY": "canary-1"})
        reporter = DoctorReporter()
        session = Session(CommandOptions(setup=patient.file), reporter, patient.answers, secrets, patient.setup.cloud, contributions)
        assert await run_requests(session, options) is ExitCode.DONE, reporter.events
        return reporter

    unasked = await tested(RequestOptions())
    assert {request.method for request in unasked.requests} == {"GET"}
    assert any("guessed from your source" in sentence for sentence in unasked.said)
    assert any("POST /orders, POST /note. --send-changes" in sentence for sentence in unasked.said)
    (result,) = [item for item in unasked.events if isinstance(item, ResultEvent)]
    assert result.extra["left_out"] == 2
    assert "POST" in {request.method for request in (await tested(RequestOptions(sends_changes=True))).requests}

    (source / "requests").mkdir()
    (source / "requests" / "orders.http").write_text(
        '# expect 201\nPOST https://h/orders\nContent-Type: application/json\n\n{"item": "tea"}\n'
    )
    written = await tested(RequestOptions())
    assert "Requests of requests/orders.http" in written.said
    assert [(request.method, request.status) for request in written.requests] == [("POST", 201)]
