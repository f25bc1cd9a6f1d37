"""The exported pipelines: what a parser reads in them, and what stays of a person's own file."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.export.pipelines import WANTED, docker, read
from wizard.cli import azwizard
from wizard.export.pipeline import azure_pipelines
from wizard.setup.loading import load, resolve
from wizard.source.git.desired_pipeline import DesiredPipeline
from wizard.source.git.pipeline_file import UnreadablePipeline, pipeline_yaml

MINE = """\
# ours
trigger:
  - main   # only main

variables:
  - name: imageRepository   # the name
    value: 'orders-api'
  - group: settings

stages:
  - stage: Test
    jobs:
      - job: Test
        steps:
          - script: pytest   # keep
  - stage: Build
    jobs:
      - job: Build
        steps:
          - task: Docker@2
            inputs:
              command: buildAndPush
              repository: $(imageRepository)
              dockerfile: '**/Dockerfile'
              tags: $(Build.BuildId), stable
"""


def test_a_new_file_is_yaml_as_in_the_article(setup_file: Path) -> None:
    text = azure_pipelines(resolve(load(setup_file)))
    content, inputs = read(text), docker(text)
    assert content["variables"]["projectPath"] == "$(Build.SourcesDirectory)"
    assert content["variables"]["dockerfilePath"] == "$(Build.SourcesDirectory)/docker/Dockerfile"
    assert inputs["buildContext"] == "$(projectPath)"
    assert inputs["tags"].split() == ["$(tag)", "latest"]


def test_a_persons_comments_and_jobs_stay() -> None:
    text = pipeline_yaml(WANTED, MINE)
    gone = set(MINE.splitlines()) - set(text.splitlines())
    assert gone == {"              dockerfile: '**/Dockerfile'", "              tags: $(Build.BuildId), stable"}
    assert docker(text)["buildContext"] == "$(projectPath)"
    assert docker(text)["tags"].split() == ["$(Build.BuildId)", "stable", "latest"]


@pytest.mark.parametrize("there", [None, MINE, "steps:\n- script: echo hi # mine\n", "jobs:\n  - job: A\n    steps:\n      - script: x\n"])
def test_what_is_right_is_not_touched_again(there: str | None) -> None:
    once = pipeline_yaml(WANTED, there)
    assert pipeline_yaml(WANTED, once) == once
    assert docker(once)["containerRegistry"]


def test_line_ends_of_windows_stay() -> None:
    text = pipeline_yaml(WANTED, MINE.replace("\n", "\r\n"))
    assert text.count("\r\n") == text.count("\n")


ODD = {
    "a line that begins the document": "# who wrote this\n%YAML 1.2\n---\nsteps:\n- script: a\n",
    "four spaces": "trigger:\n    branches:\n        include:\n            - main   # only this\nsteps:\n    - script: a\n",
    "lines of Windows with comments": "# ours\r\nsteps:\r\n- script: a # mine\r\n\r\n# the end\r\n",
    "a mark of Windows": "\ufeffsteps:\n- script: a\n",
    "tabs, anchors and lists in a line": "x: &p\n  k: v\njobs:\n- job: A\n  pool: *p\n  steps: [ {script: a} ]\n- job: B\n  steps:\n"
    "  - bash: |\n      a\tb\n",
    "two ways to indent": "trigger:\n- main\nstages:\n    - stage: S\n      jobs:\n      - job: J\n        steps:\n        - script: a\n",
    "expressions": "variables:\n- group: g\n- ${{ if eq(1, 1) }}:\n  - name: q\n    value: 1\nstages:\n- template: a.yml\n",
    "comments alone": "# one day\n# soon\n",
    "a line in braces before the end": "stages:\n- stage: D\n  jobs:\n  - deployment: d\n    environment: e\n"
    "    strategy: {runOnce: {deploy: {steps: [{script: a}]}}}\n",
    "nothing in a list": "trigger:\npr: none\nsteps:\n",
}


@pytest.mark.parametrize("odd", ODD)
def test_not_a_line_of_a_persons_is_lost_or_laid_out_anew(odd: str) -> None:
    there = ODD[odd]
    text = pipeline_yaml(WANTED, there)
    after = iter(text.split("\n"))
    assert [line for line in there.split("\n") if line not in after] == []
    assert "\r\r" not in text and pipeline_yaml(WANTED, text) == text
    assert docker(text.removeprefix("\ufeff").replace("- template: a.yml\n", ""))["tags"].split()[-1] == "latest"


@pytest.mark.parametrize("blanks", ["   ", "       ", "\t"])
def test_a_script_that_begins_with_a_line_of_blanks_is_read_and_stays(blanks: str) -> None:
    there = f"steps:\n- script: |\n{blanks}\n        set -e\n{blanks}\n        pytest\n"
    assert pipeline_yaml(WANTED, there).startswith(there)


@pytest.mark.parametrize("unwritable", ["trigger:\n- {{ branch }}\n\npool:\n  {{ pool }}\nsteps:\n- script: pytest\n"])
def test_a_file_that_cannot_be_changed_without_losing_a_line_is_left_and_said(unwritable: str) -> None:
    with pytest.raises(UnreadablePipeline, match="without other lines of yours changing"):
        pipeline_yaml(WANTED, unwritable)


def test_a_variable_that_other_steps_take_keeps_its_value() -> None:
    existing = "variables:\n  imageRepository: web\nsteps:\n- task: Docker@2\n  inputs:\n    repository: $(imageRepository)\n"
    content = read(pipeline_yaml(WANTED, existing))
    assert content["variables"]["imageRepository"] == "web"
    assert [step["inputs"]["repository"] for step in content["steps"]] == ["$(imageRepository)", "orders-api"]


def test_the_same_expression_may_be_a_key_twice_and_every_line_stays() -> None:
    """Azure takes template expressions for no ordinary keys (azure-pipelines-vscode#123)."""
    existing = (
        "variables:\n  ${{ if eq(parameters.fast, true) }}:\n    a: 1\n  ${{ else }}:\n    a: 2\n"
        "  ${{ if eq(parameters.fast, false) }}:\n    b: 1\n  ${{ else }}:\n    b: 2\nsteps:\n- script: pytest\n"
    )
    once = pipeline_yaml(WANTED, existing)
    assert set(existing.splitlines()) <= set(once.splitlines())
    assert once.count("${{ else }}:") == 2 and "\ue000" not in once
    assert pipeline_yaml(WANTED, once) == once


@pytest.mark.parametrize(
    "pool",
    [
        "pool: {name: Default, demands: docker}\nstages:\n- stage: Test\n  jobs:\n  - job: T\n    steps:\n    - script: pytest\n",
        "stages:\n- stage: Test\n  pool:\n    name: Default\n  jobs:\n  - job: T\n    steps:\n    - script: pytest\n",
        "jobs:\n- job: T\n  pool: Default\n  steps:\n  - script: pytest\n",
    ],
)
def test_an_added_job_runs_on_the_persons_own_machines(pool: str) -> None:
    once = pipeline_yaml(WANTED, pool)
    assert "vmImage" not in once
    assert once.count("Default") == pool.count("Default") + (0 if pool.startswith("pool") else 1)


@pytest.mark.parametrize(
    ("jobs", "pool"),
    [
        ("- job: T\n  pool: {vmImage: windows-latest}\n  steps:\n  - script: pytest\n", {"vmImage": "ubuntu-latest"}),
        (
            "- job: T\n  pool: {vmImage: $(os)}\n  strategy: {matrix: {w: {os: windows-latest}}}\n  steps:\n  - script: x\n",
            {"vmImage": "ubuntu-latest"},
        ),
        (
            "- job: T\n  pool: {name: Mine}\n  steps:\n  - script: x\n- job: W\n  pool: server\n  steps:\n  - task: Delay@1\n",
            {"name": "Mine"},
        ),
        ("- ${{ each p in parameters.p }}:\n  - job: T\n    pool: '${{ p }}'\n    steps:\n    - script: x\n", {"vmImage": "ubuntu-latest"}),
        ("- job: T\n  pool: ${{ parameters.pool }}\n  steps:\n  - script: x\n", "${{ parameters.pool }}"),
    ],
)
def test_machines_on_which_no_image_can_be_built_are_passed_over(jobs: str, pool: object) -> None:
    added = read(pipeline_yaml(WANTED, f"jobs:\n{jobs}"))["jobs"][-1]
    assert (added["job"], added["pool"]) == ("AzwizardImage", pool)


def test_steps_alone_on_windows_are_asked_to_become_a_job_and_those_in_a_container_are_left() -> None:
    with pytest.raises(UnreadablePipeline, match="run on windows-latest"):
        pipeline_yaml(WANTED, "pool: {vmImage: windows-latest}\nsteps:\n- script: pytest\n")
    inside = read(pipeline_yaml(WANTED, "container: python:3.12\nsteps:\n- script: pytest\n"))
    assert inside["steps"][-1]["target"] == "host"


def test_a_name_that_is_taken_is_not_given_twice() -> None:
    once = read(pipeline_yaml(WANTED, "jobs:\n- job: azwizardimage\n  steps:\n  - script: x\n"))
    assert [job["job"] for job in once["jobs"]] == ["azwizardimage", "AzwizardImage2"]


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("# " + "x" * 600_000 + "\n", "characters"),
        ("steps: " + "[" * 80 + "]" * 80 + "\n", "nested"),
        ("a: &a [1]\nb: [" + ", ".join(["*a"] * 300) + "]\n", "refers to its own parts"),
    ],
)
def test_a_text_that_no_pipeline_needs_is_refused_before_it_is_parsed(text: str, limit: str) -> None:
    with pytest.raises(UnreadablePipeline, match=limit):
        pipeline_yaml(WANTED, text)


def test_capitals_do_not_matter_to_azure_devops() -> None:
    """Its own assistant writes ``Dockerfile``; the same input twice would be refused."""
    variables = "variables:\n  ImageRepository: orders-api\n  ProjectPath: x\n"
    existing = f"{variables}steps:\n- task: docker@2\n  inputs:\n    repository: $(imagerepository)\n    Dockerfile: '**/Dockerfile'\n"
    content = read(pipeline_yaml(WANTED, existing))
    (inputs,) = (step["inputs"] for step in content["steps"])
    assert inputs["Dockerfile"] == "$(dockerfilePath)" and len({name.lower() for name in inputs}) == len(inputs)
    assert content["variables"]["ProjectPath"] == "$(Build.SourcesDirectory)" and "projectPath" not in content["variables"]


@pytest.mark.parametrize(
    "there",
    ["extends:\n  template: a.yml\n", "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n", "steps: [", "- a\n- b\n", "just text"],
)
def test_a_file_that_is_no_pipeline_is_said_to_be_none(there: str) -> None:
    with pytest.raises(UnreadablePipeline):
        pipeline_yaml(WANTED, there)


def test_names_are_escaped(setup_file: Path) -> None:
    expected = DesiredPipeline("orders-dev", "azwizard-orders-dev", "cr.azurecr.io", "orders-api", 'odd "name": #1/Dockerfile')
    assert read(pipeline_yaml(expected))["variables"]["dockerfilePath"] == '$(Build.SourcesDirectory)/odd "name": #1/Dockerfile'


def test_the_command_prints_the_file_and_asks_nobody(setup_file: Path) -> None:
    printed = CliRunner().invoke(azwizard, ["export", "pipeline", str(setup_file)])
    assert (printed.exit_code, printed.output) == (0, azure_pipelines(resolve(load(setup_file))))
    assert "jobs:" in CliRunner().invoke(azwizard, ["export", "pipeline", "--github", str(setup_file)]).output
