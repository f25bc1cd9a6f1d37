"""What Azure would refuse although the account has every right: known before the review, so that nothing is made in vain.

Asked in parallel, beside the rights, and only of what is still to be made: a finished setup costs no request. What only Azure's answer to
the real call tells (whether a region has room) is said as unknown and stops nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from wizard.engine.events import CheckEvent
from wizard.platform.language import _
from wizard.state import rules

if TYPE_CHECKING:
    from wizard.engine.step import Step
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

CORES = "ManagedEnvironmentConsumptionCores"


class Preflight(StrEnum):
    """What is looked at beforehand; a check's id is ``preflight.`` and one of these."""

    QUOTA = "quota"
    OFFER = "offer"
    ALLOWED_REGIONS = "allowed-regions"
    POLICY = "policy"
    TAGS = "tags"
    LOCK = "lock"
    SUBSCRIPTION_STATE = "subscription-state"
    MFA = "mfa"
    PARALLELISM = "parallelism"
    REGION_CAPACITY = "region-capacity"

    @property
    def check(self) -> str:
        """Its id in events."""
        return f"preflight.{self.value}"


@dataclass(frozen=True)
class Obstacle:
    """Something that Azure would refuse, or cannot promise.

    :param steps: the ids of the steps that it stops; empty for every one.
    :param certain: False for a warning, which stops nothing.
    :param asks: the place in azwizard.toml of the answer that helps, such as ``project.tags``.
    """

    what: Preflight
    sentence: str
    remedy: str
    steps: tuple[str, ...] = ()
    certain: bool = True
    asks: str = ""

    def event(self) -> CheckEvent:
        """The obstacle as a check that was made."""
        return CheckEvent(self.what.check, "missing" if self.certain else "unknown", self.sentence, remedy=self.remedy)


async def preflight(snapshot: Snapshot, answers: Answers, steps: Sequence[Step]) -> list[Obstacle]:
    """Everything that would stop `steps`, which are still to be made. Writes nothing.

    :raises CloudError: only when Azure cannot be reached.
    """
    if not steps:
        return []
    several = await asyncio.gather(
        _rules(snapshot, steps), _locks(snapshot), _parallelism(snapshot, answers, steps), _cores(snapshot, answers, steps)
    )
    return [*_second_factor(snapshot), *(obstacle for some in several for obstacle in some), *_capacity(snapshot, steps)]


async def _rules(snapshot: Snapshot, steps: Sequence[Step]) -> list[Obstacle]:
    """The organization's rules about what is to be made: regions, tags and anything else."""
    cloud = snapshot.cloud
    resources = {step: resource for step in steps if (resource := step.proposed(cloud.tenant_id))}
    if not resources:
        return []
    assignments = await snapshot.policy_assignments()
    denied = await asyncio.gather(*(rules.policy_denials(cloud, resource, assignments) for resource in resources.values()))
    by_step = dict(zip(resources, denied, strict=True))
    elsewhere = _not_in_this_region(rules.allowed_regions(assignments), resources)
    return [*elsewhere, *_tags(by_step), *_other_rules(by_step, region_told=bool(elsewhere))]


def _not_in_this_region(allowed: list[str] | None, resources: Mapping[Step, Mapping[str, object]]) -> list[Obstacle]:
    if allowed is None:
        return []
    regions = {step: str(resource.get("location", "")).replace(" ", "").lower() for step, resource in resources.items()}
    stopped = [step for step, region in regions.items() if region and region not in allowed]
    if not stopped:
        return []
    sentence = _("Your subscription may not use the region {region}; it may use: {regions}.").format(
        region=regions[stopped[0]], regions=", ".join(allowed)
    )
    remedy = _('Choose one of them: region = "{region}" under [project].').format(region=allowed[0] if allowed else "")
    return [Obstacle(Preflight.ALLOWED_REGIONS, sentence, remedy, tuple(step.id for step in stopped), asks="project.region")]


def _tags(denied: Mapping[Step, list[rules.PolicyDenial]]) -> list[Obstacle]:
    """One obstacle for each tag that a rule wants on what is made."""
    wanted: dict[str, list[tuple[Step, rules.PolicyDenial]]] = {}
    for step, denials in denied.items():
        for denial in denials:
            if denial.tag:
                wanted.setdefault(denial.tag, []).append((step, denial))
    obstacles = []
    for tag, takers in wanted.items():
        first = takers[0][1]
        sentence = _("A rule of your organization (an Azure policy), “{policy}”, wants the tag {tag} on everything.").format(
            policy=first.policy, tag=tag
        )
        sentence = f"{sentence} {first.reason}".rstrip()
        remedy = _('Write {tag} = "..." under [project.tags]; whoever made the rule knows what belongs there.').format(tag=tag)
        steps = tuple(step.id for step, _denial in takers)
        obstacles.append(Obstacle(Preflight.TAGS, sentence, remedy, steps, asks="project.tags"))
    return obstacles


def _other_rules(denied: Mapping[Step, list[rules.PolicyDenial]], *, region_told: bool) -> list[Obstacle]:
    obstacles = []
    for step, denials in denied.items():
        for denial in denials:
            if denial.tag or (region_told and denial.field == "location"):
                continue
            sentence = _("A rule of your organization (an Azure policy), “{policy}”, forbids this as the setup needs it: {title}.").format(
                policy=denial.policy, title=step.title
            )
            sentence = f"{sentence} {denial.reason}".rstrip()
            remedy = _("Ask whoever looks after your subscription for an exemption for it, or use one that they made (existing = true).")
            obstacles.append(Obstacle(Preflight.POLICY, sentence, remedy, (step.id,)))
    return obstacles


async def _locks(snapshot: Snapshot) -> list[Obstacle]:
    """A lock that lets nothing be changed, on the subscription or on the setup's group."""
    subscription = f"/subscriptions/{snapshot.cloud.subscription_id}"
    scopes = {subscription.lower(), f"{subscription}/resourceGroups/{snapshot.targets.group}".lower()}
    for lock in await rules.locks(snapshot.cloud):
        if lock.level == "ReadOnly" and lock.scope.lower() in scopes:
            where = _("the subscription") if lock.scope.lower() == subscription.lower() else snapshot.targets.group
            sentence = _("A lock, “{name}”, on {place} lets nothing be made or changed.").format(name=lock.name, place=where)
            sentence = f"{sentence} {lock.notes}".rstrip()
            remedy = _("Ask whoever set it to remove it (az lock delete --name {name}), or use another resource group or subscription.")
            return [Obstacle(Preflight.LOCK, sentence, remedy.format(name=lock.name))]
    return []


def _second_factor(snapshot: Snapshot) -> list[Obstacle]:
    """Azure wants a second factor of people for whatever changes something (since October 2025); the token tells how one signed in."""
    if snapshot.cloud.principal.has_second_factor is not False:
        return []
    sentence = _("You signed in without a second factor, and Azure wants one for everything that is made or changed.")
    remedy = _("Sign in again with it: az logout, then az login, or choose browser under Sign in; Azure then asks for it.")
    return [Obstacle(Preflight.MFA, sentence, remedy)]


async def _cores(snapshot: Snapshot, answers: Answers, steps: Sequence[Step]) -> list[Obstacle]:
    """Whether the copies of the API may take as many processor cores as they ask for, where Azure counts cores in the region."""
    if not any(step.id == "app.revision" for step in steps):
        return []
    usage = (await snapshot.usages(answers.project.region)).get(CORES)
    cores = answers.app.cpu * answers.app.max_replicas
    if usage is None or usage.current + cores <= usage.limit:
        return []
    sentence = _(
        "Your subscription may use {limit} processor cores in {region} and uses {current}; this setup asks for {wanted} (quota)."
    ).format(limit=usage.limit, region=answers.project.region, current=usage.current, wanted=f"{cores:g}")
    remedy = _("Ask for less (cpu, max_replicas under [app]), choose another region, or ask Azure for a higher limit.")
    return [Obstacle(Preflight.QUOTA, sentence, remedy, ("app.revision",), asks="app.cpu")]


async def _parallelism(snapshot: Snapshot, answers: Answers, steps: Sequence[Step]) -> list[Obstacle]:
    """Whether the Azure DevOps organization has a machine of Microsoft's to run pipelines on, as far as it tells."""
    builds = answers.pipeline.build == "azure-devops" and any(step.id == "pipeline.image" for step in steps)
    if not builds or await snapshot.hosted_parallelism(answers.pipeline.organization) != 0:
        return []
    sentence = _("Your Azure DevOps organization seems to have no machine of Microsoft's to run pipelines on (hosted parallelism).")
    remedy = _('Ask for it at https://aka.ms/azpipelines-parallelism-request (some days), or write build = "registry" under [pipeline].')
    return [Obstacle(Preflight.PARALLELISM, sentence, remedy, certain=False)]


def _capacity(snapshot: Snapshot, steps: Sequence[Step]) -> list[Obstacle]:
    """Azure tells only while it makes the environment whether a region has room; the run begins with it, so little is made in vain."""
    environment = snapshot.targets.environment
    if environment is None or not any(step.id == "environment.environment" for step in steps):
        return []
    sentence = _("Whether the region has room for one more place to run is told by Azure only while it makes it.")
    remedy = _("It is begun first; if it is refused, choose another region under [project].")
    return [Obstacle(Preflight.REGION_CAPACITY, sentence, remedy, certain=False)]
