"""The report for a question: shown before it is written, one file, and nothing secret in it, wherever a secret turned up."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.doctor.harms import VAULT_URI, starting
from tests.doctor.test_commands import DoctorReporter
from tests.doctor.ward import VAULT, Admit, Patient
from wizard.cloud.resource_ids import ROLES
from wizard.commands.report import report
from wizard.doctor import examination
from wizard.engine.session import CommandError, CommandOptions, ExitCode, Session
from wizard.setup.secret_sources import SecretValues
from wizard.steps.registry_of_steps import contributions

SECRET = 'canary-"p&ss/word'
LEAKS = """\
from urllib.parse import quote
key = os.environ["API_KEY"]
print("connecting with", key, repr(key), quote(key, safe=""))
raise RuntimeError(f"cannot reach https://api:{quote(key, safe='')}@orders as ada@contoso.com with {key}")
"""


async def leaking(admit: Admit) -> Patient:
    """An API that prints its secret in every shape and crashes."""
    patient = await admit({}, starting(LEAKS))
    await patient.setup.cloud.secrets(VAULT_URI).set_secret("api-key", SECRET)
    await patient.restart()
    patient.setup.given = {}
    return patient


def session_of(patient: Patient, *, yes: bool = True) -> Session:
    """One that was given no value: what is secret has to be found out in the vault."""
    answers = patient.answers
    secrets = SecretValues(answers.key_vault.secrets, None, None)
    return Session(CommandOptions(setup=patient.file, yes=yes), DoctorReporter(), answers, secrets, patient.setup.cloud, contributions)


def said(session: Session) -> str:
    assert isinstance(session.reporter, DoctorReporter)
    return "\n".join([*session.reporter.said, *map(str, session.reporter.events)])


async def test_it_is_shown_and_written_and_holds_no_secret_and_no_person(admit: Admit, tmp_path: Path) -> None:
    patient = await leaking(admit)
    session = session_of(patient)
    with session.journal() as journal:
        journal.begin(1)
        journal.failed("app.revision", "AuthorizationFailed", f"The client 'ada@contoso.com' with object id '{SECRET}' may not")
    output = tmp_path / "report.txt"
    assert await report(session, output) is ExitCode.DONE
    text = output.read_text()
    assert text in said(session)
    assert all(heading in text for heading in ("## Versions", "## Setup", "## Plan", "## Last errors", "## Verdict", "AuthorizationFailed"))
    assert "crash: " in text and "RuntimeError: cannot reach https://api:***@orders as <person> with ***" in text
    for leak in ("canary", "p%26ss", "ada@contoso.com", session.cloud.subscription_id, str(patient.folder.home())):
        assert leak not in text


async def test_nothing_is_written_unless_the_person_confirms(admit: Admit, tmp_path: Path) -> None:
    session = session_of(await admit({}, {}), yes=False)
    with pytest.raises(CommandError):
        await report(session, tmp_path / "report.txt")
    assert "## Verdict" in said(session)
    assert not (tmp_path / "report.txt").exists()


async def test_where_the_vault_cannot_be_read_the_apps_own_words_are_left_out(admit: Admit, tmp_path: Path) -> None:
    patient = await leaking(admit)
    await patient.take_role(VAULT, ROLES["Key Vault Administrator"], of=patient.setup.cloud.principal.object_id)
    session = session_of(patient)
    assert await report(session, tmp_path / "report.txt") is ExitCode.DONE
    text = (tmp_path / "report.txt").read_text()
    assert "crash: left out" in text
    assert "canary" not in text + said(session)


async def test_the_values_of_variables_are_left_out_however_they_are_written(admit: Admit, tmp_path: Path) -> None:
    patient = await admit({}, {})
    text = patient.file.read_text()
    patient.file.write_text(text.replace('value = "info"', 'value = """first-canary\nsecond-canary"""'))
    assert await report(session_of(patient), tmp_path / "report.txt") is ExitCode.DONE
    assert "canary" not in (tmp_path / "report.txt").read_text()


async def test_the_doctor_does_not_repeat_a_secret_that_the_app_printed(admit: Admit) -> None:
    session = session_of(await leaking(admit))
    found = await examination.examine(session)
    assert found.verdict.id == "crash"
    assert "RuntimeError: cannot reach https://api:***@orders" in found.verdict.detail
    assert "canary" not in f"{found}{said(session)}"
