"""What an organization forbids: its rules (Azure Policy) about what is to be made, and its locks."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from wizard.engine.preflight.obstacle import Obstacle, Preflight
from wizard.platform.language import _
from wizard.state import rules
from wizard.state.resources import ENVIRONMENT, GROUP

if TYPE_CHECKING:
    from wizard.engine.step import Outputs, Step
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot


async def look_at_rules(snapshot: Snapshot, answers: Answers, steps: Sequence[Step], facts: Outputs) -> list[Obstacle]:
    """The organization's rules about what is to be made: regions, tags and anything else."""
    cloud = snapshot.cloud
    proposed = {step: resource for step in steps if (resource := step.proposed(cloud.tenant_id, facts))}
    resources = {step: resource for step, resource in proposed.items() if resource["type"] != GROUP}
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


async def look_at_locks(snapshot: Snapshot, steps: Sequence[Step]) -> list[Obstacle]:
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
