"""The exported pipelines: what a parser reads in them, and what stays of a person's own file."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from ruamel.yaml import YAML

from wizard.cli import azwizard
from wizard.export.pipeline import azure_pipelines, github_workflow
from wizard.setup.loading import load, resolve
from wizard.source.git.desired_pipeline import DesiredPipeline
from wizard.source.git.pipeline_file import DoubtfulBuild, UnreadablePipeline, pipeline_yaml

SETUP = """
[project]
name = "orders"
[pipeline]
build = "azure-devops"
organization = "contoso"
dockerfile = "docker/Dockerfile"
image = "orders-api"
"""
WANTED = DesiredPipeline("orders-dev", "azwizard-orders-dev", "crordersdev.azurecr.io", "orders-api", "docker/Dockerfile")
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


@pytest.fixture
def setup(tmp_path: Path) -> Path:
    (tmp_path / "azwizard.toml").write_text(SETUP)
    return tmp_path / "azwizard.toml"


def read(text: str) -> Any:
    return YAML(typ="safe", pure=True).load(text)


def docker(text: str) -> dict[str, Any]:
    """The inputs of the one step that builds."""
    content = read(text)
    stages = content.get("stages") or [content]
    steps = [step for stage in stages for job in stage.get("jobs") or [stage] for step in job.get("steps", ())]
    (found,) = (step["inputs"] for step in steps if step.get("task") == "Docker@2")
    return dict(found)


def test_a_new_file_is_yaml_as_in_the_article(setup: Path) -> None:
    text = azure_pipelines(resolve(load(setup)))
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


@pytest.mark.parametrize(
    ("theirs", "line"),
    [
        ("variables:\n- group: shared\nsteps:\n- task: Docker@2\n  inputs:\n    repository: $(imageRepository)\n", 4),
        ("variables:\n- template: vars.yml\nsteps:\n- task: Docker@2\n  inputs:\n    repository: $(imageRepository)\n", 4),
        ("# ours\n---\nsteps:\n- script: pytest\n- script: docker build -t cr/orders-api .\n", 5),
        ("steps:\n- script: |\n    docker \\\n      build \\\n      -t crordersdev.azurecr.io/orders-api .\n", 2),
        ("steps:\n- bash: docker push $REG/$IMG\n  env:\n    REG: crordersdev.azurecr.io\n    IMG: orders-api\n", 2),
        ("variables:\n  reg: crordersdev.azurecr.io\nsteps:\n- pwsh: docker push $env:REG/orders-api\n", 4),
        ("steps:\n- task: AzureCLI@2\n  inputs:\n    inlineScript: az acr build --image orders-api:1 .\n", 2),
        ("steps:\n- script: az acr build -r $(ACR) -t $(IMG):1 .\n", 2),
        ("steps:\n- script: docker buildx bake --push\n", 2),
        ("steps:\n- script: docker buildx build --push --tag crordersdev.azurecr.io/orders-api:1 .\n", 2),
        ("steps:\n- script: docker compose build && docker compose push\n", 2),
        ("steps:\n- script: buildah bud -t orders-api . && buildah push orders-api\n", 2),
        ("steps:\n- script: /kaniko/executor --destination=crordersdev.azurecr.io/orders-api:1\n", 2),
        ("steps:\n- script: azd deploy --no-prompt\n", 2),
        ("steps:\n- script: make docker-push\n", 2),
        ("steps:\n- task: Bash@3\n  inputs:\n    filePath: scripts/docker_build.sh\n", 2),
        (
            "steps:\n- task: Docker@1\n  inputs:\n    command: Push an image\n    imageName: orders-api:1\n"
            "    azureContainerRegistry: crordersdev.azurecr.io\n",
            2,
        ),
        ("steps:\n- task: DockerCompose@1\n  inputs:\n    action: Push services\n", 2),
        ("steps:\n- task: AzureContainerApps@1\n  inputs:\n    appSourcePath: .\n    acrName: crordersdev\n", 2),
        ("jobs:\n- template: build-image.yml\n", 2),
        ("stages:\n- template: x.yml\n  parameters:\n    name: orders-api\n", 2),
        ("stages:\n- template: x.yml@shared\n  parameters:\n    name: orders-api\n", 2),
        (
            "jobs:\n- job: B\n  strategy:\n    matrix:\n      a: {image: orders-api}\n  steps:\n"
            "  - task: Docker@2\n    inputs:\n      repository: $(image)\n",
            7,
        ),
    ],
)
def test_what_may_be_a_build_of_the_image_already_gets_a_question_and_no_second_build(theirs: str, line: int) -> None:
    with pytest.raises(DoubtfulBuild, match=f"in line {line} of azure-pipelines.yml"):
        pipeline_yaml(WANTED, theirs)
    lines = theirs.splitlines()
    answered = "\n".join([*lines[: line - 1], f"{lines[line - 1]}  # not orders-api", *lines[line:]]) + "\n"
    if lines[line - 1].endswith("|"):
        return  # a comment there would be part of the script
    assert pipeline_yaml(WANTED, answered).count("Build the image and push it") == 1


@pytest.mark.parametrize(
    "theirs",
    [
        "steps:\n- script: docker build -t crother.azurecr.io/web:1 . && docker push crother.azurecr.io/web:1\n",
        "steps:\n- script: docker build -t ghcr.io/me/orders-api:1 . && docker push ghcr.io/me/orders-api:1\n",
        "steps:\n- script: docker build -t crordersdev.azurecr.io/orders-api-worker:1 .\n",
        "steps:\n- script: az acr build -r crother -t orders-api:1 .\n",
        "steps:\n- script: docker pull orders-api && docker run orders-api pytest  # docker push orders-api\n",
        "steps:\n- script: docker compose up --build --abort-on-container-exit\n",
        "steps:\n- task: Docker@2\n  inputs:\n    command: login\n    containerRegistry: c\n",
        "steps:\n- task: AzureContainerApps@1\n  inputs:\n    acrName: crordersdev\n"
        "    imageToDeploy: crordersdev.azurecr.io/orders-api:1\n",
        "steps:\n- template: publish-docs.yml\n",
        "steps:\n- task: Docker@2\n  enabled: false\n  inputs:\n    repository: orders-api\n",
        "steps:\n- script: helm upgrade orders-api ./chart && make test\n",
    ],
)
def test_what_is_certainly_another_image_is_none_of_ours(theirs: str) -> None:
    once = pipeline_yaml(WANTED, theirs)
    assert set(theirs.splitlines()) <= set(once.splitlines())
    assert once.count("Build the image and push it") == 1
    assert pipeline_yaml(WANTED, once) == once


STEP = "{task: Docker@2, inputs: {command: buildAndPush, containerRegistry: azwizard-orders-dev, repository: REPOSITORY, tags: latest}}"


@pytest.mark.parametrize(
    "theirs",
    [
        "stages:\n- stage: Build\n  variables: {imageRepository: orders-api}\n  jobs:\n  - job: Build\n    steps: [<$(imageRepository)>]\n",
        "jobs:\n- job: Build\n  variables:\n  - name: repo\n    value: orders-api\n  steps: [<$(repo)>]\n",
        "parameters:\n- name: image\n  type: string\n  default: orders-api\nsteps: [<${{ parameters.image }}>]\n",
        "variables:\n  image: orders-api\nsteps: [<${{ variables['image'] }}>]\n",
        "steps:\n- script: pytest\n- ${{ if eq(variables['Build.SourceBranch'], 'refs/heads/main') }}:\n  - <orders-api>\n",
        "jobs:\n- deployment: Build\n  environment: test\n  strategy:\n    runOnce:\n      deploy:\n        steps: [<orders-api>]\n",
        "stages:\n- ${{ each name in parameters.names }}:\n  - stage: x\n    jobs:\n    - job: y\n      steps: [<orders-api>]\n",
        "variables:\n  ${{ if eq(variables.x, 1) }}:\n    image: orders-api\nsteps: [<$(image)>]\n",
        "parameters:\n- name: more\n  type: stepList\n  default:\n  - <orders-api>\nsteps:\n- ${{ parameters.more }}\n",
        "parameters:\n- name: build\n  type: step\n  default: <orders-api>\nsteps:\n- ${{ parameters.build }}\n",
        "steps:\n- task: e28912f1-0114-4464-802a-a3a35437fd16@2\n  inputs:\n    repository: orders-api\n",
        "steps:\n- task: ms.docker.Docker@2\n  inputs:\n    repository: orders-api\n",
    ],
)
def test_a_build_of_the_persons_own_is_known_wherever_it_stands(theirs: str) -> None:
    """``<name>`` stands for the step that builds the repository of that name."""
    theirs = re.sub("<(.+?)>", lambda match: STEP.replace("REPOSITORY", f'"{match[1]}"'), theirs)
    once = pipeline_yaml(WANTED, theirs)
    assert "Build the image and push it" not in once
    assert pipeline_yaml(WANTED, once) == once


TEMPLATES = {
    "right": "steps:\n- task: Docker@2\n  inputs:\n    command: buildAndPush\n"
    "    repository: ${{ parameters.image }}\n    Dockerfile: $(Build.SourcesDirectory)"
    "/docker/Dockerfile\n    buildContext: $(Build.SourcesDirectory)\n"
    "    containerRegistry: azwizard-orders-dev\n    tags: $(Build.BuildId),latest\n",
    "wrong": "parameters:\n- name: image\n  type: string\nsteps:\n- script: docker push ${{ parameters.image }}\n",
    "none": "steps:\n- script: pytest\n",
}


@pytest.mark.parametrize(
    ("place", "name"), [("ci/steps.yml", "ci/steps.yml"), ("ci/steps.yml", "/ci/steps.yml@self"), ("ci/a/steps.yml", "ci/a/../a/steps.yml")]
)
def test_a_template_of_the_same_repository_is_read(tmp_path: Path, place: str, name: str) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / place).parent.mkdir(parents=True)
    wanted = dataclasses.replace(WANTED, source_folder=tmp_path)
    theirs = f"jobs:\n- job: B\n  steps:\n  - template: {name}\n    parameters:\n      image: orders-api\n"
    (tmp_path / place).write_text(TEMPLATES["right"])
    assert pipeline_yaml(wanted, theirs) == theirs, "it builds the image as it should"
    (tmp_path / place).write_text(TEMPLATES["wrong"])
    with pytest.raises(DoubtfulBuild, match=f"in line 5 of {place}"):
        pipeline_yaml(wanted, theirs)
    (tmp_path / place).write_text(TEMPLATES["right"].replace("latest", "stable"))
    with pytest.raises(DoubtfulBuild, match=f"in line 2 of {place}"):
        pipeline_yaml(wanted, theirs)  # others may use the template, so it is not changed
    (tmp_path / place).write_text(TEMPLATES["none"])
    assert "AzwizardImage" in pipeline_yaml(wanted, theirs)


def test_a_step_that_is_handed_to_a_template_is_known(tmp_path: Path) -> None:
    step = STEP.replace("REPOSITORY", "orders-api")
    theirs = (
        f"extends:\n  template: base.yml@t\n  parameters:\n    stages:\n    - stage: B\n"
        f"      jobs:\n      - job: J\n        steps:\n        - {step}\n"
    )
    once = pipeline_yaml(WANTED, theirs)
    assert once.count("Docker@2") == 1
    assert pipeline_yaml(WANTED, once) == once
    with pytest.raises(UnreadablePipeline, match='build = "existing"'):
        pipeline_yaml(WANTED, "extends:\n  template: base.yml@t\n  parameters:\n    image: web\n")


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


def test_the_workflow_names_its_actions_by_commit_and_runs_one_at_a_time(setup: Path) -> None:
    text = github_workflow(resolve(load(setup)))
    uses = [line for line in text.splitlines() if "uses:" in line]
    assert len(uses) == 3 and all(re.search(r"@[0-9a-f]{40}  # v\d+\.\d+\.\d+$", line) for line in uses)
    content = read(text)
    assert content["concurrency"]["cancel-in-progress"] is False
    assert content["jobs"]["build"]["steps"][0]["with"] == {"persist-credentials": False}


def test_capitals_do_not_matter_to_azure_devops() -> None:
    """Its own assistant writes ``Dockerfile``; the same input twice would be refused."""
    variables = "variables:\n  ImageRepository: orders-api\n  ProjectPath: x\n"
    existing = f"{variables}steps:\n- task: docker@2\n  inputs:\n    repository: $(imagerepository)\n    Dockerfile: '**/Dockerfile'\n"
    content = read(pipeline_yaml(WANTED, existing))
    (inputs,) = (step["inputs"] for step in content["steps"])
    assert inputs["Dockerfile"] == "$(dockerfilePath)" and len({name.lower() for name in inputs}) == len(inputs)
    assert content["variables"]["ProjectPath"] == "$(Build.SourcesDirectory)" and "projectPath" not in content["variables"]


def test_an_older_task_is_left_alone() -> None:
    existing = "steps:\n- task: Docker@1\n  inputs:\n    imageName: web\n"
    assert [step["task"] for step in read(pipeline_yaml(WANTED, existing))["steps"]] == ["Docker@1", "Docker@2"]


def test_a_build_and_a_push_of_their_own_are_both_brought_into_line() -> None:
    steps = [f"- task: Docker@2\n  inputs:\n    command: {item}\n    repository: orders-api\n" for item in ("build", "push")]
    build, push = (step["inputs"] for step in read(pipeline_yaml(WANTED, "steps:\n" + "".join(steps)))["steps"])
    assert build["buildContext"] == "$(projectPath)" and "containerRegistry" not in build
    assert push["containerRegistry"] == "$(dockerRegistryServiceConnection)" and "buildContext" not in push
    assert build["tags"].split() == push["tags"].split() == ["$(Build.BuildId)", "latest"]


@pytest.mark.parametrize(
    "there",
    ["extends:\n  template: a.yml\n", "on: push\njobs:\n  build:\n    runs-on: ubuntu-latest\n", "steps: [", "- a\n- b\n", "just text"],
)
def test_a_file_that_is_no_pipeline_is_said_to_be_none(there: str) -> None:
    with pytest.raises(UnreadablePipeline):
        pipeline_yaml(WANTED, there)


def test_names_are_escaped(setup: Path) -> None:
    expected = DesiredPipeline("orders-dev", "azwizard-orders-dev", "cr.azurecr.io", "orders-api", 'odd "name": #1/Dockerfile')
    assert read(pipeline_yaml(expected))["variables"]["dockerfilePath"] == '$(Build.SourcesDirectory)/odd "name": #1/Dockerfile'


def test_the_workflow_for_github_asks_for_no_more_than_it_needs(setup: Path) -> None:
    text = github_workflow(resolve(load(setup)))
    content = read(text)
    assert set(content) == {"name", "on", "permissions", "concurrency", "env", "jobs"}  # in YAML 1.2 `on` is a word, and no longer true
    assert content["permissions"] == {} and content["jobs"]["build"]["permissions"] == {"id-token": "write", "contents": "read"}
    assert content["on"] == {"push": {"branches": ["main"]}, "workflow_dispatch": None}
    (login,) = [step["with"] for step in content["jobs"]["build"]["steps"] if step.get("uses", "").startswith("azure/login@")]
    assert login == {f"{name}-id": f"${{{{ vars.AZURE_{name.upper()}_ID_ORDERS_DEV }}}}" for name in ("client", "tenant", "subscription")}
    (role,) = [line for line in text.splitlines() if "role assignment create" in line]
    assert "--role AcrPush " in role and "az acr show --name crordersdev" in role
    (trust,) = [line for line in text.splitlines() if "federated-credential create" in line]
    assert all(word in trust for word in ("token.actions.githubusercontent.com", "api://AzureADTokenExchange", '--subject "$SUBJECT"'))
    assert "gh api repos/OWNER/REPOSITORY/actions/oidc/customization/sub --jq .sub_claim_prefix):ref:refs/heads/main" in text


def test_in_a_larger_repository_both_pipelines_keep_to_their_folder(setup: Path) -> None:
    setup.write_text(SETUP + 'folder = "services/orders"\n')
    answers = resolve(load(setup))
    azure, github = read(azure_pipelines(answers)), read(github_workflow(answers))
    assert azure["trigger"] == {"branches": {"include": ["main"]}, "paths": {"include": ["services/orders"]}}
    assert azure["variables"]["projectPath"] == "$(Build.SourcesDirectory)/services/orders"
    assert azure["variables"]["dockerfilePath"] == "$(Build.SourcesDirectory)/services/orders/docker/Dockerfile"
    assert github["on"]["push"]["paths"] == ["services/orders/**"]
    assert (github["env"]["CONTEXT"], github["env"]["DOCKERFILE"]) == ("services/orders", "services/orders/docker/Dockerfile")


def test_the_workflow_for_github_signs_in_without_a_password(setup: Path) -> None:
    text = github_workflow(resolve(load(setup)))
    steps = read(text)["jobs"]["build"]["steps"]
    push = next(step["with"] for step in steps if step.get("uses", "").startswith("docker/build-push-action"))
    assert (push["context"], push["file"]) == ("${{ env.CONTEXT }}", "${{ env.DOCKERFILE }}")
    env = {"REGISTRY": "crordersdev", "IMAGE": "orders-api", "CONTEXT": ".", "DOCKERFILE": "docker/Dockerfile", "GROUP": "rg-orders-dev"}
    assert read(text)["env"] == env
    assert push["tags"].split("\n")[1] == "${{ env.REGISTRY }}.azurecr.io/${{ env.IMAGE }}:latest"
    assert read(text)["jobs"]["build"]["permissions"]["id-token"] == "write" and "secrets." not in text
    assert "federated-credential create" in text


def test_the_command_prints_the_file_and_asks_nobody(setup: Path) -> None:
    printed = CliRunner().invoke(azwizard, ["export", "pipeline", str(setup)])
    assert (printed.exit_code, printed.output) == (0, azure_pipelines(resolve(load(setup))))
    assert "jobs:" in CliRunner().invoke(azwizard, ["export", "pipeline", "--github", str(setup)]).output
