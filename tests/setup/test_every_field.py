"""Any value for any field: a sentence that says what is wrong, or an answer that everything that reads answers can use.

Generated from the declarations, so that a field of tomorrow is tried too. Three doors: the file, ``--set``, and what is typed in a wizard.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import msgspec
import pytest
import tomlkit
from hypothesis import Phase, given, settings

from tests.setup.declared import DECLARED, DeclaredField
from tests.support.figures import Figures
from wizard.export.pipeline import azure_pipelines, github_workflow
from wizard.lint.linter import check_code
from wizard.setup.answers import Answers
from wizard.setup.loading import load, override, resolve, write
from wizard.setup.problems import AnswersError
from wizard.steps.registry_of_steps import contributions
from wizard.workspace.draft import Draft

READS_CODE = ("project.source", "pipeline.dockerfile", "pipeline.build", "app.health_path", "storage.shares[0].mount")


def refusal(refused: AnswersError) -> None:
    """Every refusal is a sentence."""
    sentences = [problem.sentence for problem in refused.problems]
    assert sentences
    assert [text for text in sentences if text.rstrip()[-1:] not in tuple(".?]") or len(text) > 2000] == []


def use(answers: Answers, folder: Path, declared: DeclaredField) -> None:
    """Let whatever reads answers before Azure does read them."""
    steps = [step for contribution in contributions() for step in contribution.steps(answers)]
    assert all(step.title and step.id for step in steps)
    azure_pipelines(answers, folder / "azure-pipelines.yml")
    github_workflow(answers)
    source = Path(os.path.normpath(answers.source_folder))
    if declared.where in READS_CODE and folder in (source, *source.parents):
        check_code(answers)
    copied = folder / "copied.toml"
    write(copied, answers)
    try:
        assert msgspec.structs.replace(resolve(load(copied)), file=answers.file) == answers
    finally:
        copied.unlink()


def try_everywhere(declared: DeclaredField, value: Any, folder: Path) -> None:
    """One value, given in each of the ways there are."""
    file = folder / "azwizard.toml"
    try:
        file.write_text(tomlkit.dumps(declared.document(value)), encoding="utf-8")
    except (ValueError, TypeError):
        return  # nothing that a TOML file can hold
    try:
        use(resolve(load(file)), folder, declared)
    except AnswersError as refused:
        refusal(refused)
    if isinstance(value, str) and "[" not in declared.where:
        file.write_text(tomlkit.dumps(declared.beside()), encoding="utf-8")
        answers = load(file)
        try:
            use(resolve(override(answers, [f"{declared.where}={value}"])), folder, declared)
        except AnswersError as refused:
            refusal(refused)
        draft = Draft(file, answers)
        draft.typed[declared.where] = value
        assert all(sentence.strip() for sentence in draft.read().problems.values())


def tried(declared: DeclaredField, folder: Path, examples: int) -> None:
    """Every sort of value for one field."""

    @settings(max_examples=examples, database=None, phases=(Phase.generate,))
    @given(declared.values())
    def anything(value: Any) -> None:
        try_everywhere(declared, value, folder)

    anything()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with some code."""
    monkeypatch.setenv("AZWIZARD_HOME", str(tmp_path / "home"))
    project = tmp_path / "project"
    project.mkdir()
    (project / "app.py").write_text("from flask import Flask\napp = Flask(__name__)\n")
    (project / "requirements.txt").write_text("flask\ngunicorn\n")
    (project / "Dockerfile").write_text("FROM python:3.12\nCOPY . .\nCMD gunicorn -b 0.0.0.0:5000 app:app\n")
    return project


@pytest.mark.parametrize("declared", DECLARED, ids=lambda declared: declared.where)
def test_any_value_is_refused_in_words_or_can_be_used(declared: DeclaredField, folder: Path, figures: Figures) -> None:
    figures(inputs=5)
    tried(declared, folder, 5)


@pytest.mark.nightly
@pytest.mark.timeout(900)
@pytest.mark.parametrize("declared", DECLARED, ids=lambda declared: declared.where)
def test_very_many_values_are_refused_in_words_or_can_be_used(declared: DeclaredField, folder: Path, figures: Figures) -> None:
    figures(inputs=100)
    tried(declared, folder, 100)
