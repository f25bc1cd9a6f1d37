"""What `apply` is measured against deploys the same API with no more calls than it must, and every group of ratios has its own name."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.benchmarks.measured_process import measured, wizard_environment
from tests.benchmarks.ratios import groups
from tests.end_to_end.conftest import SAMPLE, WizardProcess, copy_sample

ROOT = SAMPLE.parents[2]


def test_the_plain_script_deploys_the_sample_api(tmp_path: Path) -> None:
    copy_sample(tmp_path / "project")
    wizard = WizardProcess(tmp_path / "home", tmp_path / "project")
    wizard("practice", "start", "--speed", "instant")
    published = str(wizard.home / "practice" / "practice.json")
    command = [sys.executable, "-m", "tests.benchmarks.plain_rest", published, str(SAMPLE), "--pause", "0.05"]
    script = measured(command, wizard.folder, wizard_environment(ROOT, wizard.home))
    wizard("practice", "stop")
    assert script.events, "the script ended without a healthy version"
    assert script.result["revision"].startswith("capp-notes-dev--")


def test_what_needs_another_program_is_measured_where_it_is_named() -> None:
    assert list(groups(None, None, real=False)) == ["script-fast", "larger", "many", "first-screen", "screens"]
    whole = groups(Path("baseline"), Path("az"), real=True)
    assert {"baseline-fast", "baseline-real", "script-real", "az"} <= set(whole)
