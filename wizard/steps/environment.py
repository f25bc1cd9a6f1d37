"""The section Environment: brings about the Container Apps environment (reference 1.9), and in it one storage for each share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from wizard.cloud.lookups import get_or_none
from wizard.cloud.permissions.right import PermissionRequirement
from wizard.engine import ownership
from wizard.engine.contribution import Contribution
from wizard.engine.polling import until
from wizard.engine.preflight.obstacle import Preflight
from wizard.engine.step import Change, Observation, Outputs, Step, StepContext, blocked, conflict, different, missing, same
from wizard.platform.language import _
from wizard.sections import naming, step_ids
from wizard.state.environment_fitness import Unfit, unfit
from wizard.state.resources import ENVIRONMENT, ResourceRef, ResourceRefs
from wizard.steps.shares.environment_storage import EnvironmentStorageStep

if TYPE_CHECKING:
    from wizard.setup.answers import Answers
    from wizard.state.resource_snapshot import ResourceSnapshot
    from wizard.state.snapshot import Snapshot

SETTLED = ("Succeeded", "Failed", "Canceled", "UpgradeFailed")


class EnvironmentStep(Step):
    """The environment, with logs off and the Consumption profile (reference 1.9).

    It needs nothing but the group that it lies in (404 ResourceGroupNotFound), so it is begun first: it takes longest.
    """

    id = step_ids.ENVIRONMENT
    section = "environment"
    expected_seconds = 120.0

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._target = _environment(answers)
        self.title = _("Place to run {name}").format(name=self._target.name)
        self.needs = () if self._target.existing else (step_ids.RESOURCE_GROUP, "provider.Microsoft.App")
        self.rights = (
            PermissionRequirement(
                "Microsoft.App/managedEnvironments/write", self._target.id, "Container Apps ManagedEnvironments Contributor"
            ),
        )

    async def look(self, snapshot: Snapshot, facts: Outputs) -> Observation:
        """Whether the environment exists, is ready and can carry the app; where it may be made, whether the region allows it."""
        environment = await snapshot.environment()
        if environment is None:
            if self._target.existing:
                return ownership.look_absent(_("place to run"), self._target.name, self._target.group, self.section)
            return await self._room_for_it(snapshot)
        if not self._target.existing and not snapshot.is_ours(environment):
            return ownership.exists_already(_("place to run"), self._target.name, self.section, environment)
        actual = environment.as_dict()
        _learn(actual, facts)
        state = str(actual["properties"].get("provisioningState"))
        if (unfit := self._unfit(actual["properties"])) is not None:
            return unfit
        if state == "Succeeded":
            return self._where_it_lies(str(facts.environment_region))
        if self._target.existing:
            return blocked(
                _("The place to run {name} is not ready: Azure says {state}.").format(name=self._target.name, state=state),
                _("Ask whoever owns it, or take another one."),
            )
        return different(Change(_("state"), state, "Succeeded", self.section))

    async def make(self, making: StepContext) -> None:
        """Create the environment and wait until Azure has provisioned it, minutes as a rule."""
        environments = making.cloud.apps.managed_environments
        group, name = self._target.group, self._target.name
        environment = None if making.surely_missing else await self._settled(making)
        if environment is not None and environment["properties"]["provisioningState"] != "Succeeded":
            if not await self._holds_apps(making):
                making.say(_("removing what Azure could not finish"))
                await making.operation(lambda **options: environments.begin_delete(group, name, **options), "repair")
            environment = None
        if environment is None:
            made = await making.operation(lambda **options: environments.begin_create_or_update(group, name, self.body(), **options))
            environment = made.as_dict()
        _learn(environment, making.facts)

    async def undo(self, making: StepContext) -> str | None:
        """Delete the environment where this setup made it, once nothing is being done to it."""
        group, name = self._target.group, self._target.name
        environments = making.cloud.apps.managed_environments
        environment = None if self._target.existing else await self._settled(making)
        if environment is None:
            return ownership.look_kept(name) if self._target.existing else None
        if (environment.get("tags") or {}).get(naming.SETUP_TAG) != self._answers.project.setup:
            return ownership.look_kept(name)
        await making.operation(lambda **options: environments.begin_delete(group, name, **options), "undo")

        async def gone() -> bool:
            return await get_or_none(environments.get(group, name)) is None

        await until(gone, making.wait, _("Azure removes it"), interval=making.cloud.polling_interval)
        return None

    def az(self, facts: Outputs) -> list[list[str]]:
        """The command that creates the environment, or shows the one that is used."""
        if self._target.existing:
            return [["az", "containerapp", "env", "show", "--name", self._target.name, "--resource-group", self._target.group]]
        tags = [f"{key}={value}" for key, value in self.body()["tags"].items()]
        place = ["--name", self._target.name, "--resource-group", self._target.group, "--location", self._answers.project.region]
        return [["az", "containerapp", "env", "create", *place, "--logs-destination", "none", "--tags", *tags]]

    def proposed(self, tenant_id: str, facts: Outputs) -> Mapping[str, Any] | None:
        """The environment as policies and locks would judge it; None for one that is there already."""
        return None if self._target.existing else {"type": ENVIRONMENT, "name": self._target.name, **self.body()}

    def body(self) -> Any:
        """The environment as ARM takes it."""
        return {
            "location": self._answers.project.region,
            "tags": self._answers.project.resource_tags(self.section),
            "properties": {
                "appLogsConfiguration": {"destination": "none"},
                "workloadProfiles": [{"name": "Consumption", "workloadProfileType": "Consumption"}],
            },
        }

    def _unfit(self, properties: dict[str, Any]) -> Observation | None:
        """Why an environment cannot carry the app, whatever is done to it: its mode, or that nobody outside reaches its apps."""
        name, reason = self._target.name, unfit(properties)
        remedy = _("Name another one under [environment], or remove existing = true to have one made.")
        match reason:
            case None:
                return None
            case Unfit.EXPRESS:
                why = _(
                    "The place to run {name} is an Express one: it has no file shares, no identity of the app's own and no secrets from a "
                    "key vault, which your app needs."
                )
            case Unfit.ARCHIVED:
                why = _("The place to run {name} is archived: nothing can run there any more.")
            case Unfit.INTERNAL:
                why = _("The place to run {name} is open to its own network only (internal): nobody on the internet would reach your API.")
            case Unfit.CLOSED:
                why = _("The place to run {name} lets nobody in from the internet: nobody would reach your API.")
                command = f"az containerapp env update --name {name} --resource-group {self._target.group} --public-network-access Enabled"
                remedy = _("Whoever answers for it opens it ({command}); or name another one under [environment].").format(command=command)
        return conflict(why.format(name=name), remedy, note=reason.note)

    async def _room_for_it(self, snapshot: Snapshot) -> Observation:
        """Whether the region has Container Apps, and the subscription may have one environment more."""
        region = self._answers.project.region
        if await snapshot.region_offers(ENVIRONMENT, region) is False:
            return blocked(
                _("Container Apps are not to be had in {region}.").format(region=region),
                _("Choose another region under [project], such as westeurope."),
                note=_("not in this region"),
                preflight=Preflight.ALLOWED_REGIONS,
            )
        usage = await snapshot.environment_usage(region)
        if usage is not None and usage.current >= usage.limit:
            return blocked(
                _("Your subscription may have {limit} places to run in {region}, and has {current} (quota).").format(
                    limit=usage.limit, region=region, current=usage.current
                ),
                _(
                    "Use one of them that is not an Express one (existing = true under [environment]), choose another region, or ask Azure "
                    "for a higher limit."
                ),
                note=_("no room for one more (quota)"),
                preflight=Preflight.QUOTA,
            )
        return missing()

    def _where_it_lies(self, region: str) -> Observation:
        if self._target.existing:
            return ownership.look_existing(self._target.name)
        if region == self._answers.project.region:
            return same(region)
        return conflict(
            _("The place to run {name} lies in {region} and cannot be moved.").format(name=self._target.name, region=region),
            _('Write region = "{region}" under [project], or destroy this setup first.').format(region=region),
        )

    async def _holds_apps(self, making: StepContext) -> bool:
        """Whether apps are in it: then Azure refuses to remove it, and takes it when it is written again."""
        apps = [container_app async for container_app in making.cloud.apps.container_apps.list_by_resource_group(self._target.group)]
        return any(str(app.properties.environment_id).lower() == self._target.id.lower() for app in apps if app.properties)

    async def _settled(self, making: StepContext) -> dict[str, Any] | None:
        """The environment once Azure works on it no more, or None when there is none."""
        actual: dict[str, Any] | None = None

        async def settled() -> bool:
            nonlocal actual
            environment = await get_or_none(making.cloud.apps.managed_environments.get(self._target.group, self._target.name))
            actual = environment.as_dict() if environment else None
            return actual is None or actual["properties"].get("provisioningState") in SETTLED

        await until(settled, making.wait, _("Azure still works on it"), interval=making.cloud.polling_interval)
        return actual


def _environment(answers: Answers) -> ResourceRef:
    environment = ResourceRefs.named(answers, answers.sign_in.subscription).environment
    assert environment
    return environment


def _learn(environment: dict[str, Any], facts: Outputs) -> None:
    properties = environment["properties"]
    facts.environment_domain = properties.get("defaultDomain")
    facts.environment_region = str(environment["location"]).replace(" ", "").lower()
    facts.workload_profile = "Consumption" if properties.get("workloadProfiles") else None


def steps(answers: Answers) -> list[Step]:
    """The environment, and one storage in it for each share."""
    return [EnvironmentStep(answers), *(EnvironmentStorageStep(answers, share) for share in answers.storage.shares)]


async def recover(snapshot: ResourceSnapshot) -> dict[str, Any]:
    """The environment's name, and where it lies when others own it."""
    target = snapshot.targets.environment
    if target is None:
        return {}
    table: dict[str, Any] = {"name": target.name}
    if target.existing:
        table["existing"] = True
        if target.group.lower() != snapshot.targets.group.lower():
            table["resource_group"] = target.group
    return table


CONTRIBUTION = Contribution(section="environment", steps=steps, recover=recover)
