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
from wizard.sections import step_ids
from wizard.state import rules
from wizard.state.resources import ENVIRONMENT

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
        _rules(snapshot, answers, steps),
        _locks(snapshot, steps),
        _parallelism(snapshot, answers, steps),
        _cores(snapshot, answers, steps),
    )
    return [
        *_subscription_state(snapshot),
        *_second_factor(snapshot),
        *(obstacle for some in several for obstacle in some),
        *_capacity(snapshot, steps),
    ]


def _subscription_state(snapshot: Snapshot) -> list[Obstacle]:
    """What the subscription's state forbids, beyond those in which nobody can sign in to it.

    In one that is warned resources can be read and deleted, and none be made; one whose bill is open works until it is warned
    (learn.microsoft.com, subscription-states).
    """
    name, state = snapshot.cloud.subscription_name, snapshot.cloud.subscription_state
    if state == "Warned":
        sentence = _("The subscription “{name}” is in the state {state}: Azure will switch it off soon, and nothing can be made in it.")
        remedy = _("Whoever pays for it settles that in the Azure portal under Subscriptions; or name another under [sign_in].")
        return [Obstacle(Preflight.SUBSCRIPTION_STATE, sentence.format(name=name, state=state), remedy, asks="sign_in.subscription")]
    if state == "PastDue":
        sentence = _("A bill of the subscription “{name}” is open ({state}): Azure switches it off when it stays so.")
        remedy = _("Whoever pays for it settles that in the Azure portal under Subscriptions.")
        return [Obstacle(Preflight.SUBSCRIPTION_STATE, sentence.format(name=name, state=state), remedy, certain=False)]
    return []


async def _rules(snapshot: Snapshot, answers: Answers, steps: Sequence[Step]) -> list[Obstacle]:
    """The organization's rules about what is to be made: regions, tags and anything else."""
    cloud = snapshot.cloud
    resources = {step: resource for step in steps if (resource := step.proposed(cloud.tenant_id))}
    if not resources:
        return []
    assignments = await snapshot.policy_assignments()
    denied = await asyncio.gather(*(rules.policy_denials(cloud, resource, assignments) for resource in resources.values()))
    by_step = dict(zip(resources, denied, strict=True))
    told = [denial.regions for denials in denied for denial in denials if denial.regions]
    allowed = rules.allowed_regions(assignments) or next(iter(told), None)
    elsewhere = _not_in_this_region(allowed and await _with_container_apps(snapshot, allowed), resources)
    return [*elsewhere, *_tags(by_step), *_other_rules(by_step, answers, region_told=bool(elsewhere))]


async def _with_container_apps(snapshot: Snapshot, regions: Sequence[str]) -> list[str]:
    """Those of some regions that have Container Apps; all of them where Azure does not say so of any."""
    offered = [region for region in regions if await snapshot.region_offers(ENVIRONMENT, region)]
    return offered or list(regions)


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


def _other_rules(denied: Mapping[Step, list[rules.PolicyDenial]], answers: Answers, *, region_told: bool) -> list[Obstacle]:
    obstacles = []
    for step, denials in denied.items():
        for denial in denials:
            if denial.tag or (region_told and denial.field == "location"):
                continue
            sentence = _("A rule of your organization (an Azure policy), “{policy}”, forbids this as the setup needs it: {title}.").format(
                policy=denial.policy, title=step.title
            )
            sentence = f"{sentence} {denial.reason}".rstrip()
            remedy, asks = _what_the_rule_wants(denial, answers)
            obstacles.append(Obstacle(Preflight.POLICY, sentence, remedy, (step.id,), asks=asks))
    return obstacles


def _what_the_rule_wants(denial: rules.PolicyDenial, answers: Answers) -> tuple[str, str]:
    """What helps against a rule, and the answer that gives it what it wants, or "" where no answer does."""
    match denial.field.lower().rpartition("/")[2], denial.wanted:
        case "minimumtlsversion", ("TLS1_3",) if answers.storage.minimum_tls != "1.3":
            return _('Write minimum_tls = "1.3" under [storage].'), "storage.minimum_tls"
        case "allowsharedkeyaccess", _wanted:
            remedy = _(
                "Container Apps reach a file share with the account's key only. Leave out the shares ([[storage.shares]]) and keep the "
                "data in a database, or ask whoever looks after your subscription for an exemption, or use an account that has one "
                "(existing = true under [storage])."
            )
            return remedy, "storage.shares"
    return _("Ask whoever looks after your subscription for an exemption for it, or use one that they made (existing = true)."), ""


async def _locks(snapshot: Snapshot, steps: Sequence[Step]) -> list[Obstacle]:
    """Locks that let nothing be changed: on the subscription, on the setup's group, or on what a step would write to."""
    subscription = f"/subscriptions/{snapshot.cloud.subscription_id}".lower()
    ours = f"{subscription}/resourcegroups/{snapshot.targets.group.lower()}"
    obstacles = []
    for lock in await rules.locks(snapshot.cloud):
        scope = lock.scope.lower()
        everything = scope in (subscription, ours)
        stopped = tuple(step.id for step in steps if any(_lies_in(right.scope, scope) and not right.data for right in step.rights))
        if lock.level != "ReadOnly" or not (everything or stopped):
            continue
        where = _("the subscription") if scope == subscription else lock.scope.rpartition("/")[2]
        sentence = _("A lock, “{name}”, on {place} lets nothing be made or changed.").format(name=lock.name, place=where)
        sentence = f"{sentence} {lock.notes}".rstrip()
        remedy = _("Ask whoever set it to remove it ({command}), or use another resource group or subscription.")
        obstacles.append(Obstacle(Preflight.LOCK, sentence, remedy.format(command=_unlock(lock)), () if everything else stopped))
    return obstacles


def _lies_in(resource_id: str, scope: str) -> bool:
    return f"{resource_id.lower()}/".startswith(f"{scope}/")


def _unlock(lock: rules.Lock) -> str:
    """The command that removes a lock; one that lies on the subscription is known by its name alone."""
    parts = lock.scope.strip("/").split("/")
    if len(parts) > 4:
        return f"az lock delete --ids {lock.scope}/providers/Microsoft.Authorization/locks/{lock.name}"
    return f"az lock delete --name {lock.name}" + (f" --resource-group {parts[3]}" if len(parts) == 4 else "")


def _second_factor(snapshot: Snapshot) -> list[Obstacle]:
    """Azure wants a second factor of people for whatever changes something (since October 2025); the token tells how one signed in."""
    if snapshot.cloud.principal.has_second_factor is not False:
        return []
    sentence = _("You signed in without a second factor, and Azure wants one for everything that is made or changed.")
    remedy = _("Sign in again with it: az logout, then az login, or choose browser under Sign in; Azure then asks for it.")
    return [Obstacle(Preflight.MFA, sentence, remedy)]


async def _cores(snapshot: Snapshot, answers: Answers, steps: Sequence[Step]) -> list[Obstacle]:
    """Whether the copies of the API may take as many processor cores as they ask for, where Azure counts cores in the region."""
    if not any(step.id == step_ids.REVISION for step in steps):
        return []
    usage = (await snapshot.usages(answers.project.region)).get(CORES)
    cores = answers.app.cpu * answers.app.max_replicas
    if usage is None or usage.current + cores <= usage.limit:
        return []
    sentence = _(
        "Your subscription may use {limit} processor cores in {region} and uses {current}; this setup asks for {wanted} (quota)."
    ).format(limit=usage.limit, region=answers.project.region, current=usage.current, wanted=f"{cores:g}")
    remedy = _("Ask for less (cpu, max_replicas under [app]), choose another region, or ask Azure for a higher limit.")
    return [Obstacle(Preflight.QUOTA, sentence, remedy, (step_ids.REVISION,), asks="app.cpu")]


async def _parallelism(snapshot: Snapshot, answers: Answers, steps: Sequence[Step]) -> list[Obstacle]:
    """Whether the Azure DevOps organization has a machine of Microsoft's to run pipelines on, as far as it tells."""
    builds = answers.pipeline.build == "azure-devops" and any(step.id == step_ids.IMAGE for step in steps)
    if not builds or await snapshot.hosted_parallelism(answers.pipeline.organization) != 0:
        return []
    sentence = _("Your Azure DevOps organization seems to have no machine of Microsoft's to run pipelines on (hosted parallelism).")
    remedy = _('Ask for it at https://aka.ms/azpipelines-parallelism-request (some days), or write build = "registry" under [pipeline].')
    return [Obstacle(Preflight.PARALLELISM, sentence, remedy, certain=False)]


def _capacity(snapshot: Snapshot, steps: Sequence[Step]) -> list[Obstacle]:
    """Azure tells only while it makes the environment whether a region has room; the run begins with it, so little is made in vain."""
    environment = snapshot.targets.environment
    if environment is None or not any(step.id == step_ids.ENVIRONMENT for step in steps):
        return []
    sentence = _("Whether the region has room for one more place to run is told by Azure only while it makes it.")
    remedy = _("It is begun first; if it is refused, choose another region under [project].")
    return [Obstacle(Preflight.REGION_CAPACITY, sentence, remedy, certain=False)]
