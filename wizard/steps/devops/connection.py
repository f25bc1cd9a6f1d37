"""The service connection: how Azure DevOps may push into the registry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.resource_ids import ROLES, resource_id
from wizard.engine.polling import until
from wizard.engine.step import Change, Observation, StepContext, blocked, conflict, different, missing, same
from wizard.platform.language import _
from wizard.sections import naming, step_ids
from wizard.source.git.desired_pipeline import connection_name
from wizard.state.repository.devops_state import CREDENTIAL, PipelineReading
from wizard.state.repository.repository_state import identity_name
from wizard.state.resources import IDENTITY, REGISTRY
from wizard.steps.devops.step import DevOpsStep
from wizard.steps.repository.step import made

if TYPE_CHECKING:
    from wizard.cloud.services.devops import Item
    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

PUSH_ROLE = ROLES["AcrPush"]


class ConnectionStep(DevOpsStep):
    """The service connection through which the pipeline pushes into the registry.

    With ``connection = "identity"`` it signs in as the pipeline's identity, by trust and without a password; with ``automatic`` Azure
    DevOps registers an application in the directory, which takes the right to do so (reference.md 6).
    """

    id = step_ids.PIPELINE_CONNECTION
    expected_seconds = 5.0

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self._name = connection_name(self._setup)
        self._federated = answers.pipeline.connection == "identity"
        self.needs = (step_ids.PIPELINE_IDENTITY, step_ids.REGISTRY) if self._federated else (step_ids.REGISTRY,)
        self.title = _("Connection {name} from Azure DevOps to your registry").format(name=self._name)
        subscription = answers.sign_in.subscription
        self._identity = (answers.project.resource_group, identity_name(answers))
        self._registry = resource_id(subscription, answers.registry.resource_group, REGISTRY, answers.registry.name)
        scope = resource_id(subscription, self._identity[0], IDENTITY, self._identity[1])
        trust = PermissionRequirement(f"{IDENTITY}/federatedIdentityCredentials/write", scope, "Managed Identity Contributor")
        granting = "Role Based Access Control Administrator"
        role = PermissionRequirement(
            "Microsoft.Authorization/roleAssignments/write", self._registry, granting, assigns="AcrPush", to="pipeline"
        )
        self.rights = (trust,) if self._federated else (role,)

    async def _look(self, reading: PipelineReading, snapshot: Snapshot, facts: Outputs) -> Observation:
        connection = await reading.connection()
        if connection is None:
            return missing() if self._federated else await self._look_at_directory(snapshot)
        if not self.made(connection):
            return conflict(
                _("There is a service connection {name} already, and this setup did not make it.").format(name=self._name),
                _("Have its owner rename or remove it in the settings of the project in Azure DevOps."),
            )
        if not connection.get("isReady"):
            return different(Change(_("connection"), _("not ready"), _("ready"), self.section))
        if self._federated and not await self._is_trusted(reading, connection):
            return different(Change(_("trust of your pipeline's identity"), _("none"), self._name, self.section))
        return same(_("to {server}").format(server=self._server))

    async def _look_at_directory(self, snapshot: Snapshot) -> Observation:
        """Whether Azure DevOps may register an application in the person's name; where nobody can tell, making it will."""
        if await snapshot.may_register_applications() != "denied":
            return missing()
        why = _("You may not register applications in the directory, which an automatic connection from Azure DevOps takes.")
        if role := await snapshot.directory_role_to_activate():
            return blocked(
                why,
                _(
                    "You may activate the directory role “{role}” yourself: in the Azure portal open Privileged Identity Management, "
                    'My roles, Microsoft Entra roles, and Activate. Or write connection = "identity" under [pipeline]: then nobody need.'
                ).format(role=role),
            )
        return blocked(
            why,
            _(
                'Write connection = "identity" under [pipeline]: then nobody need. '
                "Or have the directory role Application Administrator (or Application Developer) given to you."
            ),
        )

    @property
    def _server(self) -> str:
        return self._answers.registry.server

    def made(self, connection: Item | None) -> bool:
        """Whether a connection is there and is this setup's."""
        return connection is not None and self._mark in str(connection.get("description") or "")

    @property
    def _mark(self) -> str:
        return f"{naming.SETUP_TAG}: {self._setup}"

    async def _is_trusted(self, reading: PipelineReading, connection: Item) -> bool:
        identity, credential = await reading.identity(), await reading.credential()
        parameters = connection["authorization"]["parameters"]
        if identity is None or credential is None or parameters.get("serviceprincipalid") != identity.client_id:
            return False
        federation = (parameters.get("workloadIdentityFederationIssuer"), parameters.get("workloadIdentityFederationSubject"))
        return (credential.issuer, credential.subject) == federation

    async def make(self, making: StepContext) -> None:
        """Make the service connection, or bring one that is there in line, and let the pipeline's identity trust it."""
        reading = self._fresh(making)
        connection = await reading.connection()
        identity = await reading.identity() if self._federated else None
        client_id = str(identity.client_id) if identity else ""
        if connection is not None and not self._is_usable(connection, client_id):
            project_id = str((await reading.repository())["project"]["id"])
            await reading.devops.remove_connection(str(connection["id"]), project_id)
            connection = None
        if connection is None:
            project = (await reading.repository())["project"]
            add = reading.devops.add_connection(self._body(making, project, client_id))
            connection = await made(add, lambda: self._fresh(making).connection())
        connection = await self._settled(making, reading, connection)
        if self._federated:
            await self._trust(making, connection)

    def _is_usable(self, connection: Item, client_id: str) -> bool:
        held = connection["authorization"]["parameters"].get("serviceprincipalid")
        failed = (connection.get("operationStatus") or {}).get("state") == "Failed"
        return not failed and (not self._federated or held == client_id)

    def _body(self, making: StepContext, project: Item, client_id: str) -> Item:
        cloud = making.cloud
        parameters = {"tenantId": cloud.tenant_id, "loginServer": self._server, "scope": self._registry, "role": PUSH_ROLE}
        mode = "Manual" if self._federated else "Automatic"
        data = {"registryId": self._registry, "registrytype": "ACR", "subscriptionId": cloud.subscription_id, "creationMode": mode}
        return {
            "name": self._name,
            "type": "dockerregistry",
            "url": f"https://{self._server}",
            "description": self._mark,
            "authorization": {"scheme": "WorkloadIdentityFederation", "parameters": {**parameters, "serviceprincipalid": client_id}},
            "data": {**data, "subscriptionName": cloud.subscription_name},
            "isShared": False,
            "serviceEndpointProjectReferences": [
                {"projectReference": {"id": project["id"], "name": project["name"]}, "name": self._name, "description": self._mark}
            ],
        }

    async def _settled(self, making: StepContext, reading: PipelineReading, connection: Item) -> Item:
        """The connection once Azure DevOps has made it; what went wrong shows only then."""
        now = connection

        async def ended() -> bool:
            nonlocal now
            now = await reading.devops.connection_by_id(reading.project, str(connection["id"])) or now
            return bool(now.get("isReady")) or (now.get("operationStatus") or {}).get("state") == "Failed"

        await until(ended, making.wait, _("Azure DevOps makes the connection"), interval=making.cloud.polling_interval)
        if now.get("isReady"):
            return now
        from wizard.cloud import CloudError, ErrorKind

        words = str((now.get("operationStatus") or {}).get("statusMessage") or "")
        raise CloudError(
            ErrorKind.AUTHORIZATION,
            _("Azure DevOps could not make the connection: {words}").format(words=words),
            _('Write connection = "identity" under [pipeline]: that way needs no right in the directory. Then apply again.'),
            message=words,
        )

    async def _trust(self, making: StepContext, connection: Item) -> None:
        parameters = connection["authorization"]["parameters"]
        body: Any = {
            "properties": {
                "issuer": parameters["workloadIdentityFederationIssuer"],
                "subject": parameters["workloadIdentityFederationSubject"],
                "audiences": ["api://AzureADTokenExchange"],
            }
        }
        await making.cloud.identities.federated_identity_credentials.create_or_update(*self._identity, CREDENTIAL, body)

    async def undo(self, making: StepContext) -> str | None:
        """Remove the service connection where this setup made it."""
        reading = self._fresh(making)
        connection = await reading.connection()
        if connection is None:
            return None
        if not self.made(connection):
            return _("{name} was not made by this setup: it stays.").format(name=self._name)
        project_id = str((await reading.repository())["project"]["id"])
        await reading.devops.remove_connection(str(connection["id"]), project_id)
        return None

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that makes the connection from a file."""
        create = ["az", "devops", "service-endpoint", "create", "--service-endpoint-configuration", "service-connection.json"]
        return [[*create, *self._where()]]
