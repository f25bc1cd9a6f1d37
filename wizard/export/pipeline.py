"""A setup's pipeline as a file: ``azure-pipelines.yml``, or a workflow of GitHub Actions that needs no password."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from wizard.export.actions import BUILD_AND_PUSH, CHECKOUT, LOGIN
from wizard.platform.language import _
from wizard.sections import naming
from wizard.source.git.pipeline_file import FILE, DesiredPipeline, pipeline_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from wizard.setup.answers import Answers

WORKFLOW = """\
{about}
name: Build the image
on:
  push:
    branches: [main]{paths}

permissions: {{}}

# {one_at_a_time}
concurrency:
  group: ${{{{ github.workflow }}}}-${{{{ github.ref }}}}
  cancel-in-progress: false

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
          client-id: ${{{{ vars.AZURE_CLIENT_ID }}}}
          tenant-id: ${{{{ vars.AZURE_TENANT_ID }}}}
          subscription-id: ${{{{ vars.AZURE_SUBSCRIPTION_ID }}}}
      - name: Sign in to the registry
        run: az acr login --name {registry}
      - name: Build and push
        uses: {build_and_push}
        with:
          context: {context}
          file: {dockerfile}
          push: true
          tags: |
            {image}:${{{{ github.sha }}}}
            {image}:latest
"""


def azure_pipelines(answers: Answers, file: Path | None = None) -> str:
    """The text of ``azure-pipelines.yml``: the one in the source folder brought into line, or a new one.

    :param answers: resolved.
    :param file: another file in place of the one in the source folder.
    Raises UnreadablePipeline.
    """
    file = file or answers.source_folder / FILE
    there = file.read_bytes().decode("utf-8", "replace") if file.is_file() else None
    return pipeline_yaml(DesiredPipeline.of(answers), there)


def github_workflow(answers: Answers) -> str:
    """The text of ``.github/workflows/image.yml``, which begins with what makes GitHub trusted once (federated credentials)."""
    registry, pipeline = answers.registry.name, answers.pipeline
    return WORKFLOW.format(
        about="\n".join(f"# {line}".rstrip() for line in _about(answers)),
        one_at_a_time=_("Two pushes at once would race for the tag latest"),
        reads=_("to check the code out"),
        signs_in=_("to sign in to Azure without a password"),
        checkout=CHECKOUT,
        login=LOGIN,
        build_and_push=BUILD_AND_PUSH,
        registry=registry,
        paths=f"\n    paths: [{json.dumps(f'{pipeline.folder}/**')}]" if pipeline.folder else "",
        context=json.dumps(pipeline.folder or "."),
        dockerfile=json.dumps("/".join(part for part in (pipeline.folder, pipeline.dockerfile) if part)),
        image=f"{registry}.azurecr.io/{pipeline.image}",
    )


def _about(answers: Answers) -> list[str]:
    """The three commands that let GitHub push, and where to write whom it signs in as.

    In repositories made or renamed since 2026-07-15 the subject holds the numbers of owner and repository too (learn.microsoft.com,
    "Migrate GitHub Actions federated credentials to immutable subjects").
    """
    group = answers.project.resource_group
    identity = f"{naming.identity(answers.project.name, answers.project.environment)}-github"
    place = ["--resource-group", group]
    trust = ["--issuer", "https://token.actions.githubusercontent.com", "--audiences", "api://AzureADTokenExchange"]
    subject = ["--subject", "repo:OWNER@OWNER_ID/REPOSITORY@REPOSITORY_ID:ref:refs/heads/main"]
    who = f'"$({shlex.join(["az", "identity", "show", "--name", identity, *place, "--query", "principalId", "--output", "tsv"])})"'
    where = ["--name", answers.registry.name, "--resource-group", answers.registry.resource_group]
    scope = f'"$({shlex.join(["az", "acr", "show", *where, "--query", "id", "--output", "tsv"])})"'
    role = ["--assignee-principal-type", "ServicePrincipal", "--role", "AcrPush"]
    credential = ["az", "identity", "federated-credential", "create", "--name", "github", "--identity-name", identity]
    return [
        _(
            "Builds the image of {setup} and pushes it, tagged with the commit and with latest. Keep it as .github/workflows/image.yml."
        ).format(setup=answers.project.setup),
        "",
        _("Once, so that GitHub may push without a password; write your own names and numbers for those in capitals:"),
        "  gh api repos/OWNER/REPOSITORY --jq '.owner.id, .id'",
        f"  {shlex.join(['az', 'identity', 'create', '--name', identity, *place])}",
        f"  {shlex.join([*credential, *place, *trust, *subject])}",
        f"  az role assignment create --assignee-object-id {who} {shlex.join(role)} --scope {scope}",
        _("In a repository older than 15 July 2026 the subject is repo:OWNER/REPOSITORY:ref:refs/heads/main, without the numbers;"),
        _("where sign-in is refused (AADSTS700213), its message names the subject that GitHub sends."),
        _("Then write the identity's client id, your tenant and your subscription as variables of the repository in GitHub:"),
        "  AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_SUBSCRIPTION_ID",
        "",
    ]
