"""A setup's pipeline as a file: ``azure-pipelines.yml``, or a workflow of GitHub Actions that needs no password."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

from wizard import naming
from wizard.language import _
from wizard.pipeline_yaml import FILE, Wanted, pipeline_yaml

if TYPE_CHECKING:
    from wizard.answers import Answers

WORKFLOW = """\
{about}
name: Build the image
on:
  push:
    branches: [main]

permissions:
  id-token: write
  contents: read

jobs:
  build:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: azure/login@v2
        with:
          client-id: ${{{{ vars.AZURE_CLIENT_ID }}}}
          tenant-id: ${{{{ vars.AZURE_TENANT_ID }}}}
          subscription-id: ${{{{ vars.AZURE_SUBSCRIPTION_ID }}}}
      - run: az acr login --name {registry}
      - uses: docker/build-push-action@v6
        with:
          context: .
          file: {dockerfile}
          push: true
          tags: |
            {image}:${{{{ github.sha }}}}
            {image}:latest
"""


def azure_pipelines(answers: Answers) -> str:
    """The text of ``azure-pipelines.yml``: the one in the source folder brought into line, or a new one.

    :param answers: resolved.
    Raises UnreadablePipeline.
    """
    file = answers.source_folder / FILE
    there = file.read_bytes().decode("utf-8", "replace") if file.is_file() else None
    return pipeline_yaml(Wanted.of(answers), there)


def github_workflow(answers: Answers) -> str:
    """The text of ``.github/workflows/image.yml``, which begins with what makes GitHub trusted once (federated credentials)."""
    registry = answers.registry.name
    return WORKFLOW.format(
        about="\n".join(f"# {line}".rstrip() for line in _about(answers)),
        registry=registry,
        dockerfile=json.dumps(answers.pipeline.dockerfile),
        image=f"{registry}.azurecr.io/{answers.pipeline.image}",
    )


def _about(answers: Answers) -> list[str]:
    """The three commands that let GitHub push, and where to write whom it signs in as."""
    group = answers.project.resource_group
    identity = f"{naming.identity(answers.project.name, answers.project.environment)}-github"
    place = ["--resource-group", group]
    trust = ["--issuer", "https://token.actions.githubusercontent.com", "--audiences", "api://AzureADTokenExchange"]
    subject = ["--subject", "repo:OWNER/REPOSITORY:ref:refs/heads/main"]
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
        _("Once, so that GitHub may push without a password; write your own repository for OWNER/REPOSITORY:"),
        f"  {shlex.join(['az', 'identity', 'create', '--name', identity, *place])}",
        f"  {shlex.join([*credential, *place, *trust, *subject])}",
        f"  az role assignment create --assignee-object-id {who} {shlex.join(role)} --scope {scope}",
        _("Then write the identity's client id, your tenant and your subscription as variables of the repository in GitHub:"),
        "  AZURE_CLIENT_ID, AZURE_TENANT_ID, AZURE_SUBSCRIPTION_ID",
        "",
    ]
