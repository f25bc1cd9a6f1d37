"""A workflow of GitHub Actions that builds a setup's image: written anew, or brought into line where there is one, whose lines stay."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wizard.platform.language import _
from wizard.source.git.actions import BUILD_AND_PUSH, CHECKOUT, LOGIN
from wizard.source.git.pipeline_file import UnreadablePipeline
from wizard.source.git.tree import in_repository

if TYPE_CHECKING:
    from wizard.setup.answers import Answers

FOLDER = ".github/workflows"
VALUE = r"""(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|\[[^\]\n]*\]|[^#\n]*?)(?=[ \t]*(?:#.*)?$)"""
"""A value on one line, without the blanks and the comment after it."""
NEW = """\
{about}
name: {name}
on:
  push:
    branches: [{branch}]{paths}
  workflow_dispatch:

permissions: {{}}

# {one_at_a_time}
concurrency:
  group: ${{{{ github.workflow }}}}-${{{{ github.ref }}}}
  cancel-in-progress: false

env:
{env}

jobs:
  build:
    name: Build and push
    runs-on: ubuntu-latest
    permissions:
      contents: read  # {reads}
      id-token: write  # {signs_in}
    steps:
      - name: Check out
        uses: {checkout}
        with:
          persist-credentials: false
      - name: Sign in to Azure
        uses: {login}
        with:
          client-id: ${{{{ vars.{client_id} }}}}
          tenant-id: ${{{{ vars.{tenant_id} }}}}
          subscription-id: ${{{{ vars.{subscription_id} }}}}
      - name: Sign in to the registry
        run: az acr login --name "$REGISTRY"
      - name: Build and push
        id: build
        uses: {build_and_push}
        with:
          context: ${{{{ env.CONTEXT }}}}
          file: ${{{{ env.DOCKERFILE }}}}
          push: true
          tags: |
            ${{{{ env.REGISTRY }}}}.azurecr.io/${{{{ env.IMAGE }}}}:${{{{ github.sha }}}}
            ${{{{ env.REGISTRY }}}}.azurecr.io/${{{{ env.IMAGE }}}}:latest
      - name: Put it online
        if: ${{{{ vars.{app} != '' }}}}
        env:
          APP: ${{{{ vars.{app} }}}}
          DIGEST: ${{{{ steps.build.outputs.digest }}}}
        run: >-
          az containerapp update --name "$APP" --resource-group "$GROUP"
          --image "$REGISTRY.azurecr.io/$IMAGE@$DIGEST" --output none
"""


@dataclass(frozen=True)
class VariableNames:
    """What the repository's variables are called: each setup has its own, so that several may lie in one repository."""

    client_id: str
    tenant_id: str
    subscription_id: str
    app: str

    @classmethod
    def of(cls, setup: str) -> VariableNames:
        suffix = re.sub(r"[^A-Z0-9]", "_", setup.upper())
        names = ("AZURE_CLIENT_ID", "AZURE_TENANT_ID", "AZURE_SUBSCRIPTION_ID", "AZURE_CONTAINER_APP")
        return cls(*(f"{name}_{suffix}" for name in names))


def workflow_path(setup: str) -> str:
    """The file's path in the repository."""
    return f"{FOLDER}/azwizard-{setup}.yml"


def workflow(answers: Answers, there: str | None = None, about: list[str] | None = None) -> str:
    """The text of the workflow.

    :param answers: resolved.
    :param there: the file that there is. Its values under ``env`` and its branch are brought into line, every other line stays.
    :param about: what the comment at the top of a new one says.
    Raises UnreadablePipeline.
    """
    if there is not None:
        return _in_line(there, answers)
    pipeline, names = answers.pipeline, VariableNames.of(answers.project.setup)
    return NEW.format(
        about="\n".join(f"# {line}".rstrip() for line in about or _about(answers)),
        name=json.dumps(_("Image of {setup}").format(setup=answers.project.setup), ensure_ascii=False),
        branch=json.dumps(pipeline.branch or "main"),
        paths=f"\n    paths: [{json.dumps(f'{pipeline.folder}/**')}]" if pipeline.folder else "",
        one_at_a_time=_("Two pushes at once would race for the tag latest"),
        env="\n".join(f"  {name}: {json.dumps(value)}" for name, value in values(answers).items()),
        reads=_("to check the code out"),
        signs_in=_("to sign in to Azure without a password"),
        checkout=CHECKOUT,
        login=LOGIN,
        build_and_push=BUILD_AND_PUSH,
        client_id=names.client_id,
        tenant_id=names.tenant_id,
        subscription_id=names.subscription_id,
        app=names.app,
    )


def values(answers: Answers) -> dict[str, str]:
    """What stands under ``env``, and is all that follows from the answers besides the branch."""
    pipeline = answers.pipeline
    return {
        "REGISTRY": answers.registry.name.lower(),  # Docker takes no capitals in a registry's host
        "IMAGE": pipeline.image,
        "CONTEXT": pipeline.folder or ".",
        "DOCKERFILE": in_repository(pipeline.folder, pipeline.dockerfile),
        "GROUP": answers.project.resource_group,
    }


def _about(answers: Answers) -> list[str]:
    return [
        _("Written by azwizard: builds the image of {setup} and pushes it, tagged with the commit and with latest.").format(
            setup=answers.project.setup
        ),
        _("azwizard keeps the branch and the values under env in line with azwizard.toml; every other line is yours."),
    ]


def _in_line(text: str, answers: Answers) -> str:
    """A workflow that is there, with our values in it."""
    content = _read(text)
    lines, branch = values(answers), answers.pipeline.branch or "main"
    env = content.get("env")
    if not isinstance(env, dict) or not set(lines) <= set(env):
        missing = ", ".join(name for name in lines if not isinstance(env, dict) or name not in env)
        raise UnreadablePipeline(
            _("The workflow {file} lacks values under env: {names}.").format(file=workflow_path(answers.project.setup), names=missing)
        )
    for name, value in lines.items():
        if str(env[name]) != value:
            text = _replaced(text, rf"(?m)^(  {name}:[ \t]*){VALUE}", value, name)
    push = (content.get("on") or {}).get("push") if isinstance(content.get("on"), dict) else None
    branches = push.get("branches") if isinstance(push, dict) else None
    if branches != [branch] and not (isinstance(branches, list) and branch in branches):
        text = _replaced(text, rf"(?m)^(    branches:[ \t]*){VALUE}", branch, "on.push.branches", listed=True)
    return text


def _read(text: str) -> dict[str, Any]:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    try:
        content = YAML(typ="safe", pure=True).load(text)
    except YAMLError as error:
        raise UnreadablePipeline(_("The workflow is no YAML: {reason}").format(reason=str(error).splitlines()[0])) from error
    if not isinstance(content, dict) or not isinstance(content.get("jobs"), dict):
        raise UnreadablePipeline(_("The workflow has no jobs."))
    return content


def _replaced(text: str, pattern: str, value: str, name: str, *, listed: bool = False) -> str:
    written = f"[{json.dumps(value)}]" if listed else json.dumps(value)
    changed, count = re.subn(pattern, lambda match: match[1] + written, text, count=1)
    if not count:
        raise UnreadablePipeline(_("In the workflow, {name} does not stand where azwizard can change it.").format(name=name))
    return changed
