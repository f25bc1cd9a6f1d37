"""Workflows that others wrote: which of them build the image already, or may do so, and which certainly do not."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from click.testing import CliRunner

from wizard.cli import azwizard
from wizard.source.git.image_builds import OwnImage
from wizard.source.git.workflow_builds import building_line

IMAGE = OwnImage("orders-api", "crordersdev.azurecr.io")
PUSH = "- uses: docker/build-push-action@v6\n  with:\n    push: true\n    tags: "
SERVER = "crordersdev.azurecr.io"


def workflow(steps: str, *, head: str = "on: push", job: str = "") -> str:
    own = textwrap.indent(steps, "      ")
    return f"name: theirs\n{head}\njobs:\n  build:\n    runs-on: ubuntu-latest\n{textwrap.indent(job, '    ')}    steps:\n{own}"


ENV = "on: push\nenv:\n  REG: crordersdev.azurecr.io\n  IMG: IMAGE"
META = "- id: meta\n  uses: docker/metadata-action@v5\n  with:\n    images: IMAGE\n" + PUSH + "${{ steps.meta.outputs.tags }}\n"
CALLED = "on:\n  workflow_call:\n    inputs:\n      image: {type: string, default: IMAGE}\n      registry: {type: string}"
OTHER = "on: push\njobs:\n  build:\n    uses: NAME\n    with:\n      image: IMAGE\n"

BUILDS = {
    "an action": workflow(f"{PUSH}{SERVER}/orders-api:${{{{ github.sha }}}}\n"),
    "an action with two tags": workflow(f"{PUSH}|\n      {SERVER}/web:1\n      {SERVER}/orders-api:latest\n"),
    "names of env": workflow(PUSH + "${{ env.REG }}/${{ env.IMG }}:1\n", head=ENV.replace("IMAGE", "orders-api")),
    "a registry that is secret": workflow(PUSH + "${{ secrets.REGISTRY }}/orders-api:1\n"),
    "metadata": workflow(META.replace("IMAGE", f"{SERVER}/orders-api")),
    "a push but for pull requests": workflow(PUSH.replace("true", "${{ github.event_name != 'pull_request' }}") + f"{SERVER}/orders-api\n"),
    "outputs": workflow(f"- uses: docker/build-push-action@v6\n  with:\n    outputs: type=image,name={SERVER}/orders-api,push=true\n"),
    "a matrix": workflow(PUSH + SERVER + "/${{ matrix.app }}:1\n", job="strategy:\n  matrix:\n    app: [orders-api, web]\n"),
    "az acr build": workflow(
        "- run: |\n    az acr build \\\n      -r $ACR -t $IMAGE:latest .\n  env:\n    ACR: crordersdev\n    IMAGE: orders-api\n"
    ),
    "the Azure CLI": workflow("- uses: azure/cli@v2\n  with:\n    inlineScript: |\n      az acr build -r crordersdev -t orders-api .\n"),
    "docker push": workflow(
        f"- run: |\n    docker build -t app .\n    docker tag app {SERVER}/orders-api\n    docker push {SERVER}/orders-api\n"
    ),
    "buildx": workflow("- run: docker buildx build --push --tag $REGISTRY/orders-api .\n"),
    "a name that a step wrote": workflow("- run: echo IMG=x >> $GITHUB_ENV\n- run: docker push $IMG\n"),
    "bake": workflow("- uses: docker/bake-action@v5\n  with:\n    push: true\n"),
    "bake in a script": workflow("- run: docker buildx bake --push\n"),
    "a workflow of others": OTHER.replace("NAME", "org/ci/.github/workflows/docker.yml@main").replace("IMAGE", "orders-api"),
    "a workflow that is called": workflow(
        PUSH + "${{ inputs.registry }}/${{ inputs.image }}:1\n", head=CALLED.replace("IMAGE", "orders-api")
    ),
    "an action of their own": workflow("- uses: ./.github/actions/docker-publish\n  with:\n    image: orders-api\n"),
    "an action of their own with a name that says nothing": workflow("- uses: ./.github/actions/build\n  with:\n    image: orders-api\n"),
    "buildah": workflow(f"- uses: redhat-actions/push-to-registry@v2\n  with:\n    image: orders-api\n    registry: {SERVER}\n"),
    "the action of Container Apps": workflow(
        "- uses: azure/container-apps-deploy-action@v2\n  with:\n    appSourcePath: .\n    acrName: crordersdev\n"
    ),
    "an image that builds": workflow(
        f"- uses: docker://gcr.io/kaniko-project/executor:v1\n  with:\n    args: --destination={SERVER}/orders-api:1\n"
    ),
    "azd": workflow("- run: azd deploy --no-prompt\n"),
}
DOES_NOT = {
    "an action that pushes nothing": workflow(f"{PUSH.replace('true', 'false')}{SERVER}/orders-api:1\n"),
    "another registry": workflow(PUSH + "ghcr.io/${{ github.repository }}:latest\n"),
    "another image": workflow(f"{PUSH}{SERVER}/web:1,{SERVER}/web:latest\n"),
    "another image of env": workflow(PUSH + "${{ env.REG }}/${{ env.IMG }}:1\n", head=ENV.replace("IMAGE", "web")),
    "another image in a secret registry": workflow(PUSH + "${{ secrets.REGISTRY }}/web:1\n"),
    "metadata of another": workflow(META.replace("IMAGE", "ghcr.io/me/orders-api")),
    "another image in the registry": workflow("- run: az acr build -r $ACR -t web .\n", job="env:\n  ACR: crordersdev\n"),
    "bake for tests": workflow("- uses: docker/bake-action@v5\n  with:\n    targets: test\n"),
    "a workflow of others for another image": OTHER.replace("NAME", "org/ci/.github/workflows/docker.yml@main").replace("IMAGE", "web"),
    "tests of others": OTHER.replace("NAME", "org/ci/.github/workflows/python-test.yml@main").replace("IMAGE", "python"),
    "a called workflow for another image": workflow(
        PUSH + "${{ inputs.registry }}/${{ inputs.image }}:1\n", head=CALLED.replace("IMAGE", "web")
    ),
    "signing in and scanning": workflow(
        f"- uses: docker/login-action@v3\n  with:\n    registry: {SERVER}\n- uses: docker/setup-buildx-action@v3\n"
        f"- uses: aquasecurity/trivy-action@0.30.0\n  with:\n    image-ref: {SERVER}/orders-api:1\n- run: pytest && make lint test\n"
    ),
    "an image that is put online": workflow(
        f"- uses: azure/container-apps-deploy-action@v2\n  with:\n    imageToDeploy: {SERVER}/orders-api:1\n"
    ),
    "what says that it is not": workflow("- run: docker buildx bake --push  # not orders-api\n"),
    "a step in an image": workflow("- uses: docker://ghcr.io/me/docker-linter:latest\n  with:\n    args: --all\n"),
    "what is said of an image": workflow("- uses: peter-evans/dockerhub-description@v4\n  with:\n    repository: me/orders-api\n"),
    "Dockerfiles that are written": workflow("- run: make dockerfiles\n"),
    "an action of their own for another image": workflow("- uses: ./.github/actions/build\n  with:\n    image: orders-api-web\n"),
    "no YAML": "on: push\njobs: [\n",
    "no workflow": "a: 1\n",
}  # fmt: skip


@pytest.mark.parametrize("case", BUILDS)
def test_a_workflow_that_builds_the_image_or_may_do_so_is_known(case: str) -> None:
    line = building_line(BUILDS[case], IMAGE)
    assert line and BUILDS[case].splitlines()[line - 1].lstrip().startswith(("- ", "uses:"))


@pytest.mark.parametrize("case", DOES_NOT)
def test_one_that_certainly_does_not_is_left_alone(case: str) -> None:
    assert building_line(DOES_NOT[case], IMAGE) == 0


SETUP = '[project]\nname = "orders"\n[pipeline]\nbuild = "github"\nowner = "contoso"\nrepository = "orders"\nimage = "orders-api"\n'
OURS = ".github/workflows/azwizard-orders-dev.yml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "azwizard.toml").write_text(SETUP)
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    return tmp_path


def exported(folder: Path, *options: str) -> tuple[int, str]:
    result = CliRunner().invoke(azwizard, ["export", "pipeline", "--github", *options, str(folder / "azwizard.toml")])
    return result.exit_code, result.output


def test_no_second_workflow_is_exported_beside_theirs_until_they_say_that_it_is_another_image(folder: Path) -> None:
    theirs = folder / ".github" / "workflows" / "deploy.yml"
    theirs.write_text(BUILDS["bake in a script"])
    code, said = exported(folder)
    assert code != 0
    assert "line 7 of .github/workflows/deploy.yml" in said
    theirs.write_text(DOES_NOT["what says that it is not"])
    assert exported(folder)[0] == 0


def test_what_was_exported_keeps_every_line_when_it_is_exported_again(folder: Path) -> None:
    assert exported(folder, "--output", str(folder / OURS))[0] == 0
    text = (folder / OURS).read_text().replace("    steps:\n", "    steps:\n      - run: make test  # mine\n", 1)
    (folder / OURS).write_text(text)
    for options in (["--output", str(folder / OURS)], []):
        code, said = exported(folder, *options)
        assert code == 0
        assert (folder / OURS).read_text() == text
    assert said == text
    assert list((folder / OURS).parent.iterdir()) == [folder / OURS], "no copy beside it"


def test_a_file_that_is_no_workflow_of_ours_is_not_overwritten(folder: Path) -> None:
    (folder / "theirs.yml").write_text(DOES_NOT["another image"])
    code, said = exported(folder, "--output", str(folder / "theirs.yml"))
    assert code != 0 and "lacks values under env" in said
    assert (folder / "theirs.yml").read_text() == DOES_NOT["another image"]
