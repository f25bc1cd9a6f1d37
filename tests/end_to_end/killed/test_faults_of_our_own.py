"""A fault of the program at any moment of an apply, its text and locals full of a value: it is told as one, keeps no value, and the same
command goes on to the same end. By day at some moments, by night at those where another run is killed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.end_to_end.conftest import SECRET, WizardProcess
from tests.end_to_end.killed.test_killed import MOMENTS, ROLES_LATE
from tests.end_to_end.support.killed_runs import GIVEN, PracticeSide
from tests.end_to_end.support.killed_wizard import FAULT
from tests.support.figures import Figures

pytestmark = pytest.mark.timeout(900)
VAULT = "vault.db"
BY_DAY = ["while planning", "the secret written", "the app's role assigned"]
BY_NIGHT = [moment for moment in MOMENTS if moment != ROLES_LATE]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PracticeSide]:
    cloud = PracticeSide(tmp_path_factory.mktemp("faulty"))
    with cloud.started():
        yield cloud


def keeping(folder: Path) -> list[str]:
    """The files outside of the vault that hold the value."""
    files = (file for file in folder.rglob("*") if file.is_file() and not file.is_symlink() and not file.name.startswith(VAULT))
    return [file.name for file in files if SECRET.encode() in file.read_bytes()]


def problems(cloud: PracticeSide, name: str, moment: str) -> list[str]:
    """What is wrong after a fault at that moment, and after the apply that follows it."""
    project = cloud.project(name)
    faulty = WizardProcess(project.wizard.home, project.folder, {**GIVEN, FAULT: SECRET})
    broken = faulty.killed_at(MOMENTS[moment], "apply", "--practice", "--yes", "--json", "--debug")
    told = broken.stdout + broken.stderr
    wrong = [word for word in ("Traceback", "never retrieved", SECRET) if word in told]
    if broken.exit != 1 or "azwizard itself went wrong" not in told:
        wrong.append(f"status {broken.exit}: {told[-400:]}")
    wrong += [f"kept in {file}" for file in keeping(cloud.folder)]
    done = project.wizard.apply()
    if done.exit != 0:
        wrong.append(f"the next apply failed: {done.stdout[-400:]}{done.stderr[-400:]}")
    return [f"{moment}: {one}" for one in wrong]


@pytest.mark.parametrize(
    "moments", [BY_DAY, pytest.param(BY_NIGHT, marks=[pytest.mark.nightly, pytest.mark.timeout(1800)])], ids=["day", "night"]
)
def test_a_fault_of_our_own_keeps_no_value_and_loses_nothing(cloud: PracticeSide, moments: list[str], figures: Figures) -> None:
    wrong = [one for number, moment in enumerate(moments) for one in problems(cloud, f"f{number:02}{len(moments)}", moment)]
    leaked = sum(1 for one in wrong if SECRET in one or "kept in" in one)
    figures(faults_of_our_own=len(moments), leaked=leaked, lost=len(wrong) - leaked)
    assert wrong == []
