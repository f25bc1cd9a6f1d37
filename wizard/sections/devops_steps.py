"""Azure DevOps: the service connection, the code with its pipeline file in the repository, the pipeline, and the image it builds."""

from __future__ import annotations

import asyncio
import base64
import difflib
from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from wizard import naming
from wizard.language import _
from wizard.pipeline_reading import CREDENTIAL, NO_COMMIT, PipelineReading, Pushed, identity_name
from wizard.pipeline_yaml import FILE, UnreadablePipeline, connection_name
from wizard.step import Change, Found, Look, Making, Right, Step, blocked, conflict, different, missing, same
from wizard.targets import IDENTITY, REGISTRY
from wizard.waiting import PATIENCE, until

from .image_steps import certainly_broken

if TYPE_CHECKING:
    from wizard.answers import Answers
    from wizard.cloud.devops import Item
    from wizard.pipeline_reading import FileChange
    from wizard.snapshot import Snapshot
    from wizard.step import Facts

FOLDER = "\\azwizard"  # where our pipelines lie, which tells them from those of others
PUSH_ROLE = naming.ROLES["AcrPush"]
FILES_SHOWN = 6
REFUSED_TRIES = 4


class DevOpsStep(Step):
    """A step that Azure DevOps is asked about; a wrong name of what should be there blocks it and says what there is."""

    section = "pipeline"

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._pipeline = answers.pipeline
        self._setup = answers.project.setup

    async def look(self, snapshot: Snapshot, facts: Facts) -> Look:
        from wizard.cloud.errors import CloudError, Kind

        source = await snapshot.source()
        if source.problems:
            return blocked(" ".join(source.problems), _("Then do the same again."))
        try:
            return await self._look(snapshot.devops, snapshot, facts)
        except CloudError as error:
            if error.kind is not Kind.NOT_FOUND:
                raise
            return blocked(error.sentence, error.remedy)
        except UnreadablePipeline as error:
            return blocked(str(error), _("Correct it, or remove it: then a new one is written."))

    @abstractmethod
    async def _look(self, reading: PipelineReading, snapshot: Snapshot, facts: Facts) -> Look: ...

    def _fresh(self, making: Making) -> PipelineReading:
        """What is there now, after the steps before this one."""
        from wizard.source import Source, read

        answers = self._answers

        async def source() -> Source:
            return await asyncio.to_thread(read, answers.source_folder, answers.pipeline.dockerfile, answers.never_sent)

        return PipelineReading(making.cloud, answers, source)

    def _where(self) -> list[str]:
        return ["--organization", f"https://dev.azure.com/{self._pipeline.organization}", "--project", self._pipeline.project]


class ConnectionStep(DevOpsStep):
    """The service connection through which the pipeline pushes into the registry.

    With ``connection = "identity"`` it signs in as the pipeline's identity, by trust and without a password; with ``automatic`` Azure
    DevOps registers an application in the directory, which takes the right to do so (reference.md 6).
    """

    id = "pipeline.connection"
    expected_seconds = 5.0

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self._name = connection_name(self._setup)
        self._federated = answers.pipeline.connection == "identity"
        self.needs = ("pipeline.identity", "registry.registry") if self._federated else ("registry.registry",)
        self.title = _("Connection {name} from Azure DevOps to your registry").format(name=self._name)
        subscription = answers.sign_in.subscription
        self._identity = (answers.project.resource_group, identity_name(answers))
        self._registry = naming.resource_id(subscription, answers.registry.resource_group, REGISTRY, answers.registry.name)
        scope = naming.resource_id(subscription, self._identity[0], IDENTITY, self._identity[1])
        trust = Right(f"{IDENTITY}/federatedIdentityCredentials/write", scope, "Managed Identity Contributor")
        granting = "Role Based Access Control Administrator"
        role = Right("Microsoft.Authorization/roleAssignments/write", self._registry, granting, assigns="AcrPush", to="pipeline")
        self.rights = (trust,) if self._federated else (role,)

    async def _look(self, reading: PipelineReading, snapshot: Snapshot, facts: Facts) -> Look:
        connection = await reading.connection()
        if connection is None:
            return missing() if self._federated else await self._look_at_directory(snapshot)
        if not self._is_ours(connection):
            return conflict(
                _("There is a service connection {name} already, and this setup did not make it.").format(name=self._name),
                _("Have its owner rename or remove it in the settings of the project in Azure DevOps."),
            )
        if not connection.get("isReady"):
            return different(Change(_("connection"), _("not ready"), _("ready"), self.section))
        if self._federated and not await self._is_trusted(reading, connection):
            return different(Change(_("trust of your pipeline's identity"), _("none"), self._name, self.section))
        return same(_("to {server}").format(server=self._server))

    async def _look_at_directory(self, snapshot: Snapshot) -> Look:
        """Whether Azure DevOps may register an application in the person's name; where nobody can tell, making it will."""
        if await snapshot.may_register_applications() != "denied":
            return missing()
        return blocked(
            _("You may not register applications in the directory, which an automatic connection from Azure DevOps takes."),
            _(
                'Write connection = "identity" under [pipeline]: then nobody need. '
                "Or have the directory role Application Administrator (or Application Developer) given to you."
            ),
        )

    @property
    def _server(self) -> str:
        return f"{self._answers.registry.name}.azurecr.io"

    def _is_ours(self, connection: Item) -> bool:
        return self._mark in str(connection.get("description") or "")

    @property
    def _mark(self) -> str:
        return f"{naming.SETUP_TAG}: {self._setup}"

    async def _is_trusted(self, reading: PipelineReading, connection: Item) -> bool:
        identity, credential = await reading.identity(), await reading.credential()
        parameters = connection["authorization"]["parameters"]
        if identity is None or credential is None or parameters.get("serviceprincipalid") != identity.client_id:
            return False
        wanted = (parameters.get("workloadIdentityFederationIssuer"), parameters.get("workloadIdentityFederationSubject"))
        return (credential.issuer, credential.subject) == wanted

    async def make(self, making: Making) -> None:
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
            connection = await reading.devops.add_connection(self._body(making, project, client_id))
        connection = await self._settled(making, reading, connection)
        if self._federated:
            await self._trust(making, connection)

    def _is_usable(self, connection: Item, client_id: str) -> bool:
        held = connection["authorization"]["parameters"].get("serviceprincipalid")
        failed = (connection.get("operationStatus") or {}).get("state") == "Failed"
        return not failed and (not self._federated or held == client_id)

    def _body(self, making: Making, project: Item, client_id: str) -> Item:
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

    async def _settled(self, making: Making, reading: PipelineReading, connection: Item) -> Item:
        """The connection once Azure DevOps has made it; what went wrong shows only then."""
        now = connection

        async def ended() -> bool:
            nonlocal now
            now = await reading.devops.connection_by_id(reading.project, str(connection["id"])) or now
            return bool(now.get("isReady")) or (now.get("operationStatus") or {}).get("state") == "Failed"

        await until(ended, making.wait, _("Azure DevOps makes the connection"), interval=making.cloud.polling_interval)
        if now.get("isReady"):
            return now
        from wizard.cloud import CloudError, Kind

        words = str((now.get("operationStatus") or {}).get("statusMessage") or "")
        raise CloudError(
            Kind.AUTHORIZATION,
            _("Azure DevOps could not make the connection: {words}").format(words=words),
            _('Write connection = "identity" under [pipeline]: that way needs no right in the directory. Then apply again.'),
            message=words,
        )

    async def _trust(self, making: Making, connection: Item) -> None:
        parameters = connection["authorization"]["parameters"]
        body: Any = {
            "properties": {
                "issuer": parameters["workloadIdentityFederationIssuer"],
                "subject": parameters["workloadIdentityFederationSubject"],
                "audiences": ["api://AzureADTokenExchange"],
            }
        }
        await making.cloud.identities.federated_identity_credentials.create_or_update(*self._identity, CREDENTIAL, body)

    async def undo(self, making: Making) -> str | None:
        reading = self._fresh(making)
        connection = await reading.connection()
        if connection is None:
            return None
        if not self._is_ours(connection):
            return _("{name} was not made by this setup: it stays.").format(name=self._name)
        project_id = str((await reading.repository())["project"]["id"])
        await reading.devops.remove_connection(str(connection["id"]), project_id)
        return None

    def az(self, facts: Facts) -> list[list[str]]:
        create = ["az", "devops", "service-endpoint", "create", "--service-endpoint-configuration", "service-connection.json"]
        return [[*create, *self._where()]]


class CodeStep(DevOpsStep):
    """The source folder and ``azure-pipelines.yml``, as one commit where the repository differs.

    On the default branch where that is allowed and overwrites nobody's work, else on a branch of the setup with a pull request. What
    only the repository has stays there.
    """

    id = "pipeline.code"
    needs = ("pipeline.connection",)
    expected_seconds = 3.0

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self.title = _("Your code in the repository {name}").format(name=self._pipeline.repository)

    async def _look(self, reading: PipelineReading, snapshot: Snapshot, facts: Facts) -> Look:
        if (await snapshot.source()).outside is not None:
            return blocked(
                _("Your Dockerfile lies outside the folder with your code, so it cannot be pushed with it."),
                _("Move it into the folder and correct dockerfile under [pipeline]."),
            )
        pushed = await reading.pushed()
        default = await reading.default_branch()
        if pushed is not None:
            there = _("commit {commit} of {branch}").format(commit=pushed.commit[:8], branch=_short(pushed.branch))
            return same(there if pushed.branch == default else there + ", " + _("waits for its pull request"))
        if broken := await certainly_broken(self._answers, await snapshot.source()):
            return broken
        head = (await reading.branches()).get(default)
        changes = await reading.changes(head)
        names = ", ".join(change.path for change in changes[:FILES_SHOWN]) + (", …" if len(changes) > FILES_SHOWN else "")
        if head is None:
            return missing(_("{count} files: {names}").format(count=len(changes), names=names))
        before = _("{count} files differ: {names}").format(count=len(changes), names=names)
        change = Change(_("repository"), _short(default), before, self.section)
        return Look(Found.DIFFERENT, before + await self._difference(reading, head), (change,))

    async def _difference(self, reading: PipelineReading, head: str) -> str:
        """What changes in the pipeline's file, line by line."""
        before, after = await reading.yaml_there(head) or "", await reading.yaml_wanted(head)
        lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), FILE, FILE, lineterm="", n=1)) if before else []
        return "".join(f"\n  {line}" for line in lines)

    async def make(self, making: Making) -> None:
        reading = self._fresh(making)
        if await reading.pushed() is not None:
            return
        default, branches = await reading.default_branch(), await reading.branches()
        head = branches.get(default)
        changes = await reading.changes(head)
        if head is None or await self._may_push(reading, default, head, changes):
            await self._push(making, reading, default, head or NO_COMMIT, changes)
            return
        base = branches.get(reading.own_branch, head)
        await self._push(making, reading, reading.own_branch, base, await reading.changes(base))
        repository = str((await reading.repository())["id"])
        title = _("Deploy {setup} to Azure").format(setup=self._setup)
        number = await reading.devops.pull_request(reading.project, repository, reading.own_branch, default, title, self._mark)
        making.say(_("pull request {number}: have it approved when you like; the image is built from it meanwhile").format(number=number))

    @property
    def _mark(self) -> str:
        return f"{naming.SETUP_TAG}: {self._setup}"

    async def _may_push(self, reading: PipelineReading, branch: str, head: str, changes: list[FileChange]) -> bool:
        """Whether the default branch may be written: no policy forbids it, and nobody else's version of a file would be lost."""
        repository = str((await reading.repository())["id"])
        if await reading.devops.needs_pull_request(reading.project, repository, branch):
            return False
        if all(change.new or change.path == FILE for change in changes):
            return True
        return self._mark in await reading.devops.comment(reading.project, repository, head)

    async def _push(self, making: Making, reading: PipelineReading, branch: str, before: str, changes: list[FileChange]) -> None:
        making.say(_("pushing {count} files to {branch}").format(count=len(changes), branch=_short(branch)))
        comment = f"{_('Deploy {setup} to Azure').format(setup=self._setup)} [skip ci]\n\n{self._mark}\n"
        written = [
            {
                "changeType": "add" if change.new else "edit",
                "item": {"path": f"/{change.path}"},
                "newContent": {"content": base64.b64encode(change.content).decode(), "contentType": "base64encoded"},
            }
            for change in changes
        ]
        repository = str((await reading.repository())["id"])
        await reading.devops.push(reading.project, repository, branch, before, comment, written)

    def az(self, facts: Facts) -> list[list[str]]:
        return []


class PipelineStep(DevOpsStep):
    """The pipeline that the repository's file describes, permitted to use the connection. One that is there already is used."""

    id = "pipeline.pipeline"
    needs = ("pipeline.code", "pipeline.connection")
    expected_seconds = 2.0

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self.title = _("Pipeline of {name}, which may use the connection").format(name=self._pipeline.repository)

    async def _look(self, reading: PipelineReading, snapshot: Snapshot, facts: Facts) -> Look:
        pipeline = await reading.pipeline()
        if pipeline is None:
            return missing()
        if not await reading.may_use():
            return different(Change(_("permission to use the connection"), _("none"), connection_name(self._setup), self.section))
        return same(str(pipeline["name"]))

    async def make(self, making: Making) -> None:
        reading = self._fresh(making)
        pipeline, connection = await reading.pipeline(), await reading.connection()
        assert connection is not None  # its step comes before
        repository = await reading.repository()
        number = (
            int(pipeline["id"])
            if pipeline is not None
            else await reading.devops.add_pipeline(reading.project, self._setup, FOLDER, FILE, repository)
        )
        await reading.devops.permit(reading.project, number, str(connection["id"]))

    async def undo(self, making: Making) -> str | None:
        reading = self._fresh(making)
        pipeline = await reading.pipeline()
        if pipeline is None:
            return None
        if (pipeline["name"], pipeline["path"]) != (self._setup, FOLDER):
            return _("{name} was not made by this setup: it stays.").format(name=pipeline["name"])
        await reading.devops.remove_pipeline(reading.project, int(pipeline["id"]))
        return None

    def az(self, facts: Facts) -> list[list[str]]:
        source = ["--repository", self._pipeline.repository, "--repository-type", "tfsgit", "--branch", "main", "--yml-path", FILE]
        name = ["--name", self._setup, "--folder-path", FOLDER, "--skip-first-run", "true"]
        return [["az", "pipelines", "create", *name, *source, *self._where()]]


class PipelineImageStep(DevOpsStep):
    """The image that the pipeline builds of the pushed commit; its tag is the number of the run, the app is pinned to its digest."""

    id = "pipeline.image"
    needs = ("pipeline.pipeline", "registry.registry", "registry.role.acr-pull")
    expected_seconds = 90.0

    def __init__(self, answers: Answers) -> None:
        super().__init__(answers)
        self.needs = (*type(self).needs, *(("pipeline.role",) if answers.pipeline.connection == "identity" else ()))
        self._image = answers.pipeline.image
        self.title = _("Image {image}, built by Azure DevOps").format(image=self._image)

    async def _look(self, reading: PipelineReading, snapshot: Snapshot, facts: Facts) -> Look:
        from azure.core.exceptions import HttpResponseError

        if await reading.pushed() is None:
            return missing(_("from the commit that is pushed before"))
        try:
            facts.image_digest = await snapshot.wanted_digest()
        except HttpResponseError as error:
            if error.status_code not in (401, 403):
                raise
        image = await reading.image()
        return same(_("tag {tag}, as your code is now").format(tag=image.partition(":")[2])) if image and facts.image_digest else missing()

    async def make(self, making: Making) -> None:
        """Follow the run that goes on for this commit already, or begin one; a right given a moment ago may take some tries to count."""
        from wizard.pipeline_run import GOOD, NOT_YET, PipelineRun, explained

        reading = self._fresh(making)
        pipeline, pushed = await reading.pipeline(), await reading.pushed()
        assert pipeline is not None and pushed is not None  # their steps come before
        for tries_left in reversed(range(REFUSED_TRIES)):
            number = await self._begun(making, reading, int(pipeline["id"]), pushed)
            run = PipelineRun(making, reading.devops, reading.project, number)
            build = await run.end()
            making.forget("run")
            if build.get("result") in GOOD:
                making.facts.image_digest = await self._digest(making, number)
                return
            said = await run.said()
            if not tries_left or not NOT_YET.search(said):
                raise explained(said, str(build.get("result")), reading.devops.run_address(reading.project, number))
            making.wait(_("Azure applies the right of your pipeline; it is run again"))
            await asyncio.sleep(min(PATIENCE, making.cloud.polling_interval * 10))

    async def _begun(self, making: Making, reading: PipelineReading, pipeline: int, pushed: Pushed) -> int:
        remembered = making.recall("run")
        builds = await reading.devops.builds(reading.project, pipeline)
        mine = [it for it in builds if it["sourceVersion"] == pushed.commit]
        going = next((it for it in mine if it["status"] != "completed" or str(it["id"]) == remembered), None)
        number = int(going["id"]) if going else await reading.devops.run(reading.project, pipeline, pushed.branch)
        making.remember("run", str(number))
        return number

    async def _digest(self, making: Making, number: int) -> str:
        """The image's digest once the registry has its tag."""
        digest: str | None = None

        async def there() -> bool:
            nonlocal digest
            digest = await making.cloud.registry.digest(str(making.facts.login_server), self._image, str(number))
            return digest is not None

        await until(there, making.wait, _("the registry shows the image"), interval=making.cloud.polling_interval)
        return str(digest)

    def az(self, facts: Facts) -> list[list[str]]:
        return [["az", "pipelines", "run", "--name", self._setup, "--folder-path", FOLDER, *self._where()]]


def _short(branch: str) -> str:
    return branch.removeprefix("refs/heads/")
