"""A setup's pipeline as a file: ``azure-pipelines.yml``, or a workflow of GitHub Actions that needs no password."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from wizard.cloud.services.github import AUDIENCE, ISSUER
from wizard.platform.language import _
from wizard.source.git.desired_pipeline import FILE, DesiredPipeline
from wizard.source.git.image_builds import OwnImage
from wizard.source.git.pipeline_file import pipeline_yaml
from wizard.source.git.workflow_builds import refuse_second_build, workflows_in
from wizard.source.git.workflow_file import VariableNames, workflow, workflow_path
from wizard.state.repository.repository_state import identity_name

if TYPE_CHECKING:
    from pathlib import Path

    from wizard.setup.answers import Answers


def azure_pipelines(answers: Answers, file: Path | None = None) -> str:
    """The text of ``azure-pipelines.yml``: the one in the source folder brought into line, or a new one.

    :param answers: resolved.
    :param file: another file in place of the one in the source folder.
    Raises UnreadablePipeline.
    """
    file = file or answers.source_folder / FILE
    there = file.read_bytes().decode("utf-8", "replace") if file.is_file() else None
    return pipeline_yaml(DesiredPipeline.of(answers), there)


def github_workflow(answers: Answers, file: Path | None = None) -> str:
    """The text of the workflow: the one that there is brought into line, or a new one, which begins with what makes GitHub trusted once.

    :param file: where it may lie already; otherwise in the repository of the source folder. Raises UnreadablePipeline.
    """
    others, path = workflows_in(answers.source_folder), workflow_path(answers.project.setup)
    there = others.pop(path, None)
    there = file.read_bytes().decode("utf-8", "replace") if file is not None and file.is_file() else there
    if there is not None and there.strip():
        return workflow(answers, there)
    refuse_second_build(others, OwnImage(answers.pipeline.image, answers.registry.server))
    return workflow(answers, about=_about(answers))


def _about(answers: Answers) -> list[str]:
    """The three commands that let GitHub push, and where to write whom it signs in as.

    In repositories made, renamed or transferred since 2026-07-15 the subject holds the numbers of owner and repository too
    (learn.microsoft.com, "Migrate GitHub Actions federated credentials to immutable subjects"); which form a repository has, its
    own OIDC settings say.
    """
    group, pipeline = answers.project.resource_group, answers.pipeline
    repository = f"{pipeline.owner or 'OWNER'}/{pipeline.repository or 'REPOSITORY'}" if pipeline.build == "github" else "OWNER/REPOSITORY"
    identity, branch = identity_name(answers), pipeline.branch or "main"
    place = ["--resource-group", group]
    trust = ["--issuer", ISSUER, "--audiences", AUDIENCE]
    who = f'"$({shlex.join(["az", "identity", "show", "--name", identity, *place, "--query", "principalId", "--output", "tsv"])})"'
    where = ["--name", answers.registry.name, "--resource-group", answers.registry.resource_group]
    scope = f'"$({shlex.join(["az", "acr", "show", *where, "--query", "id", "--output", "tsv"])})"'
    role = ["--assignee-principal-type", "ServicePrincipal", "--role", "AcrPush"]
    credential = ["az", "identity", "federated-credential", "create", "--name", "github", "--identity-name", identity]
    names = VariableNames.of(answers.project.setup)
    return [
        _("Builds the image of {setup} and pushes it, tagged with the commit and with latest. Keep it as {file}.").format(
            setup=answers.project.setup, file=workflow_path(answers.project.setup)
        ),
        _('azwizard apply does all of this with build = "github" under [pipeline].'),
        "",
        _("Once, so that GitHub may push without a password; write your own names for those in capitals:"),
        f"  SUBJECT=$(gh api repos/{repository}/actions/oidc/customization/sub --jq .sub_claim_prefix):ref:refs/heads/{branch}",
        f"  {shlex.join(['az', 'identity', 'create', '--name', identity, *place])}",
        f'  {shlex.join([*credential, *place, *trust])} --subject "$SUBJECT"',
        f"  az role assignment create --assignee-object-id {who} {shlex.join(role)} --scope {scope}",
        _("Where sign-in is refused (AADSTS700213), its message names the subject that GitHub sends."),
        _("Then write the identity's client id, your tenant and your subscription as variables of the repository in GitHub:"),
        f"  {names.client_id}, {names.tenant_id}, {names.subscription_id}",
        _(
            "With your app's name in {variable}, and Container Apps Contributor on it and its environment, a push puts it online too."
        ).format(variable=names.app),
        "",
    ]
