"""Your app: made with a placeholder, where the identity that everything is opened to is its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.cloud.permissions.right import PermissionRequirement
from wizard.engine.contribution import Contribution
from wizard.engine.step import Change, Observation, Step, StepContext, conflict, different, missing, same
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.state.resources import ResourceRefs
from wizard.steps.app.differences import is_placeholder
from wizard.steps.app.job import command_of
from wizard.steps.app.payload import HEALTH_PATH_TAG, PLACEHOLDER_IMAGE, PROBES_TAG, app_tags, placeholder_app
from wizard.steps.app.scaling import scale_answers
from wizard.steps.app.writing import delete_app, wait_for_app

if TYPE_CHECKING:
    from azure.core.polling import AsyncLROPoller
    from azure.mgmt.appcontainers.models import ContainerApp

    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers
    from wizard.state.resource_snapshot import ResourceSnapshot
    from wizard.state.snapshot import Snapshot


class AppIdentityStep(Step):
    """The app with a placeholder image: it gives the identity that the image and the secrets are opened to (reference 1.10 A).

    It waits for the whole environment, since Azure refuses an app while that is being made (400 ManagedEnvironmentNotProvisioned, recorded;
    MicrosoftDocs/azure-docs issue 94561 with an environment in state Waiting).
    """

    id = step_ids.APP_IDENTITY
    section = "container_app"
    needs = (step_ids.RESOURCE_GROUP, "provider.Microsoft.App", step_ids.ENVIRONMENT)
    expected_seconds = 30.0

    def __init__(self, answers: Answers) -> None:
        targets = ResourceRefs.named(answers, answers.sign_in.subscription)
        assert targets.app and targets.environment
        self._answers = answers
        self._target = targets.app
        self.title = _("Your app {name} and its identity").format(name=self._target.name)
        self.rights = (
            PermissionRequirement("Microsoft.App/containerApps/write", targets.app.id, "Container Apps Contributor"),
            PermissionRequirement("Microsoft.App/managedEnvironments/join/action", targets.environment.id, "Container Apps Contributor"),
        )

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the app exists with an identity of its own."""
        app = await snapshot.app()
        if app is None:
            return missing(_("with a placeholder until your image may be fetched"))
        if not snapshot.is_ours(app):
            return conflict(
                _("There is an app {name} already, and this setup did not make it.").format(name=self._target.name),
                _("Choose another name under [app], or have its owner remove it."),
            )
        if app.identity is None or not app.identity.principal_id:
            return different(Change(_("identity"), _("none of its own"), _("its own (system)"), self.section))
        facts.identity_principal_id = app.identity.principal_id
        return same()

    async def make(self, making: StepContext) -> None:
        """Make the app with a placeholder image, or give an app that is there its identity."""
        app = await wait_for_app(making, self._target)
        if app is None or not (app.identity and app.identity.principal_id):
            app = await self._write(making, there=app is not None)
        assert app.identity
        making.facts.identity_principal_id = app.identity.principal_id

    async def undo(self, making: StepContext) -> str | None:
        """Delete the app where this setup made it."""
        return await delete_app(making, self._target, self._answers.project.setup)

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that makes the app with its own identity."""
        tags = [f"{key}={value}" for key, value in app_tags(self._answers).items()]
        environment = ResourceRefs.named(self._answers, self._answers.sign_in.subscription).environment
        assert environment
        place = ["--name", self._target.name, "--resource-group", self._target.group, "--environment", environment.id]
        shape = ["--image", PLACEHOLDER_IMAGE, "--system-assigned", "--min-replicas", "0", "--max-replicas", "1"]
        return [["az", "containerapp", "create", *place, *shape, "--tags", *tags]]

    async def _write(self, making: StepContext, *, there: bool) -> ContainerApp:
        """The placeholder, or for an app that runs already only the identity: a PATCH leaves the rest as it is."""
        apps, place = making.cloud.apps.container_apps, (self._target.group, self._target.name)
        placeholder: Any = placeholder_app(self._answers, making.facts)
        identity: Any = {"identity": placeholder["identity"]}
        if there:
            written: ContainerApp = await making.operation(lambda **options: apps.begin_update(*place, identity, **options), "identity")
        else:

            async def begin(**options: Any) -> AsyncLROPoller[ContainerApp]:
                poller = await apps.begin_create_or_update(*place, placeholder, **options)
                self._tell_principal(making, poller.polling_method().resource())
                return poller

            written = await making.operation(begin)
        return written

    def _tell_principal(self, making: StepContext, begun: ContainerApp | None) -> None:
        """Azure's first answer (201) names the identity, for which roles can be assigned while Azure still makes the app."""
        if begun is not None and begun.identity and begun.identity.principal_id:
            making.facts.identity_principal_id = begun.identity.principal_id
            making.told()


def steps(answers: Answers) -> list[Step]:
    """With an identity of its own, the app is made first so that the identity exists; otherwise its first version makes it."""
    return [AppIdentityStep(answers)] if answers.app.identity == "system" else []


async def recover(snapshot: ResourceSnapshot) -> dict[str, Any]:
    """What the app shows of its answers, its cores, memory and copies included; before its first version only its name."""
    app = await snapshot.app()
    if app is None:
        return {}
    actual = app.as_dict()
    table: dict[str, Any] = {"name": actual["name"]}
    kinds = str((actual.get("identity") or {}).get("type") or "")
    table["identity"] = "user" if snapshot.targets.identity and "UserAssigned" in kinds else "system"
    if HEALTH_PATH_TAG in (actual.get("tags") or {}):
        table["health_path"] = actual["tags"][HEALTH_PATH_TAG]
    if PROBES_TAG in (actual.get("tags") or {}):
        table["probes"] = False
    job = await snapshot.job()
    if job is not None and (command := command_of(job.as_dict())):
        table["before_deploy"] = command
    return table if is_placeholder(actual) else table | _first_version(actual["properties"])


def _first_version(properties: dict[str, Any]) -> dict[str, Any]:
    container, scale = properties["template"]["containers"][0], properties["template"].get("scale") or {}
    ingress = (properties.get("configuration") or {}).get("ingress") or {}
    shape: dict[str, Any] = {
        "cpu": float(container["resources"]["cpu"]),
        "memory": f"{float(str(container['resources']['memory']).removesuffix('Gi')):.1f}Gi",
        "min_replicas": int(scale.get("minReplicas") or 0),
        "max_replicas": int(scale.get("maxReplicas") or 10),
        **scale_answers(scale.get("rules") or []),
    }
    return shape | ({"port": int(ingress["targetPort"])} if ingress.get("targetPort") else {})


CONTRIBUTION = Contribution(section="container_app", steps=steps, recover=recover)
