"""What a person gets wrong, and what Azure refuses: said in a sentence, before harm, with a state from which ``apply`` goes on."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import ProcessOutcome, WizardProcess
from .support.refusals import REFUSALS, PlantedRefusal
from .support.small_project import SmallProject

FOUND_IN_FILES = ("answers:", "env-file", "pipeline.image")
SECRET = {"AZWIZARD_SECRET_API_KEY": "canary-5e41f7-value"}
OFFERED = re.compile(r'(?:name|account) = "([^"]+)"')


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WizardProcess]:
    """A wizard whose practice cloud, shared by the whole table, records its traffic; Container Apps can be asked for its quotas."""
    folder = tmp_path_factory.mktemp("refusals")
    wizard = WizardProcess(folder / "home", folder)
    wizard("practice", "start", "--speed", "instant", "--har", str(folder / "traffic.har"))
    assert wizard.practice().arm("POST", "/providers/Microsoft.App/register", "2021-04-01").status == 200
    yield wizard
    wizard("practice", "stop")


@pytest.fixture
def project(recorded: WizardProcess, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SmallProject]:
    """The small API under a name of its own, except where only files are wrong."""
    name = f"p{zlib.crc32(request.node.name.encode()):08x}"
    refusal = request.node.callspec.params["refusal"]
    if refusal.exit == 3 and not refusal.faults and all(told.startswith(FOUND_IN_FILES) for told in refusal.says):
        name = "plain"  # whatever the cloud holds: one deployment serves to show that they were mended
    project = SmallProject(recorded, tmp_path, name, recorded.folder / "traffic.har")
    project.write()
    yield project
    project.fault()


@pytest.mark.parametrize("refusal", [pytest.param(item, id=item.why.replace(" ", "-")) for item in REFUSALS])
def test_a_refusal_is_told_does_no_harm_and_can_be_mended(refusal: PlantedRefusal, project: SmallProject) -> None:
    refusal.spoil(project)
    project.fault(*refusal.faults)
    before = project.recorded
    refused = apply(project, *refusal.arguments, secret=refusal.secret)
    for step in refusal.says:  # shown when the test fails, or with pytest -rA
        print(f"{refusal.why} | {refused.exit} | {step} | {told(refused, step)}")
    print(refused.stderr)
    assert refused.exit == refusal.exit, refused.stdout + refused.stderr
    for step, words in refusal.says.items():
        sentence = told(refused, step)
        assert not [word for word in words if word not in sentence], sentence
    if refusal.exit == 3:
        assert project.writes(before) == []

    project.write()
    project.fault()
    offered = OFFERED.findall(" ".join(told(refused, step) for step in refusal.says))
    named = [f"--set={key}={name}" for key, name in zip(refusal.remedy, offered, strict=False)]
    assert len(named) == len(refusal.remedy), offered
    mended = apply(project, *(refusal.arguments if "app.identity=user" in refusal.arguments else ()), *named)
    assert mended.exit == 0, mended.stdout + mended.stderr
    done = {event["step"] for event in refused.of("step", state="done")} - {"pipeline.image"}  # mended code is another image
    assert done & {event["step"] for event in mended.of("plan", action="create")} == set()
    assert refusal.begun_again or project.made_twice() == []


def apply(project: SmallProject, *arguments: str, secret: bool = True) -> ProcessOutcome:
    environment = SECRET if secret else {}
    wizard = WizardProcess(project.wizard.home, project.folder, environment)
    return wizard.apply(*arguments)


def told(refused: ProcessOutcome, step: str) -> str:
    """What was said of a check or a step that hindered, or of a step that failed."""
    text = refused.of("check", check=step, state="missing") + refused.of("step", step=step, state="failed")
    text += [event for event in refused.of("plan", step=step) if event["action"] in ("conflict", "blocked", "unknown")]
    return " ".join(f"{event['detail']} {event.get('remedy', '')}".strip() for event in text)
