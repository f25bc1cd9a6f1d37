"""How GitHub is trusted: the federated credential of the pipeline's identity, and the variables by which a run knows that identity."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.permissions.role_assignments import revoke
from wizard.cloud.resource_ids import resource_id
from wizard.cloud.services.github import AUDIENCE, ISSUER
from wizard.engine.step import Change, Observation, StepContext, different, missing, same
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.source.git.workflow_file import VariableNames
from wizard.state.repository.github_state import CREDENTIAL
from wizard.state.repository.repository_state import identity_name
from wizard.state.resources import APP, ENVIRONMENT, IDENTITY
from wizard.steps.github.code import remove_workflow
from wizard.steps.github.step import GitHubStep

if TYPE_CHECKING:
    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.state.repository.github_state import GitHubReading
    from wizard.state.snapshot import Snapshot

ONLINE_ROLE = "Container Apps Contributor"
"""What putting a new version online takes, on the app and on its environment, where it gives no more than to join it."""


class TrustStep(GitHubStep):
    """The federated credential: a run of the repository's branch may sign in as the identity, without a password, and no other run may.

    The subject is asked of GitHub, since its form depends on when the repository was made.
    """

    id = step_ids.PIPELINE_TRUST
    needs = (step_ids.PIPELINE_IDENTITY,)
    expected_seconds = 3.0

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self.title = _("Trust of the identity in {repository}, branch {branch}").format(
            repository=f"{self._pipeline.owner}/{self._pipeline.repository}", branch=self._pipeline.branch
        )
        self._identity = (answers.project.resource_group, identity_name(answers))
        scope = resource_id(answers.sign_in.subscription, self._identity[0], IDENTITY, self._identity[1])
        self.rights = (PermissionRequirement(f"{IDENTITY}/federatedIdentityCredentials/write", scope, "Managed Identity Contributor"),)

    async def _look(self, reading: GitHubReading, snapshot: Snapshot, facts: Outputs) -> Observation:
        subject = await reading.subject()
        if await reading.identity() is None:
            return missing(subject)
        credential = await reading.credential()
        if credential is None:
            return missing(subject)
        if (credential.issuer, credential.subject, list(credential.audiences or [])) != (ISSUER, subject, [AUDIENCE]):
            return different(Change(_("who may sign in"), str(credential.subject), subject, self.section))
        return same(subject)

    async def make(self, making: StepContext) -> None:
        """Write the federated credential."""
        subject = await self._fresh(making).subject()
        body: Any = {"properties": {"issuer": ISSUER, "subject": subject, "audiences": [AUDIENCE]}}
        await making.cloud.identities.federated_identity_credentials.create_or_update(*self._identity, CREDENTIAL, body)

    def az(self, facts: Outputs) -> list[list[str]]:
        """The same; how the subject begins is told by GitHub."""
        place = ["--name", CREDENTIAL, "--identity-name", self._identity[1], "--resource-group", self._identity[0]]
        subject = f"<github-subject>:ref:refs/heads/{self._pipeline.branch}"
        trust = ["--issuer", ISSUER, "--audiences", AUDIENCE, "--subject", subject]
        return [["az", "identity", "federated-credential", "create", *place, *trust]]


class VariablesStep(GitHubStep):
    """The repository's variables by which a run signs in: whose identity, in which directory and subscription. None of them is secret."""

    id = step_ids.PIPELINE_VARIABLES
    needs = (step_ids.PIPELINE_IDENTITY,)
    expected_seconds = 3.0

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self._names = VariableNames.of(self._setup)
        self.title = _("Variables of the repository {name}").format(name=self._pipeline.repository)

    async def _look(self, reading: GitHubReading, snapshot: Snapshot, facts: Outputs) -> Observation:
        there, target = await reading.variables(), await reading.variables_wanted()
        lacking = [name for name in target if name not in there]
        if lacking:
            return missing(", ".join(lacking))
        online = there.get(self._names.app)
        if online and not self._pipeline.deploy:
            return different(Change(_("what a push puts online"), online, _("nothing"), self.section))
        changes = [Change(name, there[name], value, self.section) for name, value in target.items() if there[name] != value]
        return different(*changes) if changes else same(", ".join(target))

    async def make(self, making: StepContext) -> None:
        """Write those that are not as they should be."""
        reading = self._fresh(making)
        there, github = await reading.variables(), await reading.github()
        for name, value in (await reading.variables_wanted()).items():
            if there.get(name) != value:
                await set_variable(github, name, value, there)
        if self._names.app in there and not self._pipeline.deploy:
            await github.remove_variable(self._names.app)
            if (identity := await reading.identity()) is not None:
                for scope in online_scopes(self._answers):
                    await revoke(making.cloud, scope, ONLINE_ROLE, str(identity.principal_id))

    async def undo(self, making: StepContext) -> str | None:
        """Remove them, whose names are this setup's own, and the workflow that reads them."""
        reading = self._fresh(making)
        there, github = await reading.variables(), await reading.github()
        for name in (self._names.client_id, self._names.tenant_id, self._names.subscription_id, self._names.app):
            if name in there:
                await github.remove_variable(name)
        return await remove_workflow(reading, self._setup)

    def az(self, facts: Outputs) -> list[list[str]]:
        """How ``gh`` writes them, since az knows no GitHub."""
        values = ("<pipeline-client-id>", "<tenant-id>", "<subscription-id>")
        names = (self._names.client_id, self._names.tenant_id, self._names.subscription_id)
        return [["gh", "variable", "set", name, "--body", value, *self._where] for name, value in zip(names, values, strict=True)]


def online_scopes(answers: Answers) -> tuple[str, str]:
    """Where a push that puts the app online needs its role: the app, and the environment that it joins anew with every version."""
    subscription, environment = answers.sign_in.subscription, answers.environment
    return (
        resource_id(subscription, answers.project.resource_group, APP, answers.app.name),
        resource_id(subscription, environment.resource_group, ENVIRONMENT, environment.name),
    )


async def set_variable(github: Any, name: str, value: str, there: Any) -> None:
    """Set a variable; one that is said to be there already, because an answer was lost, is changed."""
    from wizard.cloud.errors.cloud_error import CloudError, ErrorKind

    try:
        await github.set_variable(name, value, there=name in there)
    except CloudError as error:
        if error.kind is not ErrorKind.ALREADY:
            raise
        await github.set_variable(name, value, there=True)
