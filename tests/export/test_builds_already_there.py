"""Builds of the image that a person's pipeline has already: known wherever they stand, and never made twice."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from tests.export.pipelines import WANTED, read
from wizard.source.git.pipeline_file import DoubtfulBuild, UnreadablePipeline, pipeline_yaml


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


def test_an_older_task_is_left_alone() -> None:
    existing = "steps:\n- task: Docker@1\n  inputs:\n    imageName: web\n"
    assert [step["task"] for step in read(pipeline_yaml(WANTED, existing))["steps"]] == ["Docker@1", "Docker@2"]


def test_a_build_and_a_push_of_their_own_are_both_brought_into_line() -> None:
    steps = [f"- task: Docker@2\n  inputs:\n    command: {item}\n    repository: orders-api\n" for item in ("build", "push")]
    build, push = (step["inputs"] for step in read(pipeline_yaml(WANTED, "steps:\n" + "".join(steps)))["steps"])
    assert build["buildContext"] == "$(projectPath)" and "containerRegistry" not in build
    assert push["containerRegistry"] == "$(dockerRegistryServiceConnection)" and "buildContext" not in push
    assert build["tags"].split() == push["tags"].split() == ["$(Build.BuildId)", "latest"]
