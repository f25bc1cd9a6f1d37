"""What Azure would refuse although the account has every right: known before the review, so that nothing is made in vain.

Asked in parallel, beside the rights, and only of what is still to be made: a finished setup costs no request. What only Azure's answer to
the real call tells (whether a region has room) is said as unknown and stops nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wizard.engine.preflight.obstacle import Obstacle, Preflight
from wizard.engine.preflight.organization import look_at_locks, look_at_rules
from wizard.engine.preflight.validation import not_told_yet, validate
from wizard.platform.language import _
from wizard.sections import step_ids

if TYPE_CHECKING:
    from wizard.engine.step import Outputs, Step
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

CORES = "ManagedEnvironmentConsumptionCores"


async def preflight(snapshot: Snapshot, answers: Answers, steps: Sequence[Step], facts: Outputs) -> list[Obstacle]:
    """Everything that would stop `steps`, which are still to be made. Writes nothing.

    :param facts: what the looks learned.
    :raises CloudError: only when Azure cannot be reached.
    """
    if not steps:
        return []
    refused, *several = await asyncio.gather(
        validate(snapshot, answers, steps, facts),
        look_at_rules(snapshot, answers, steps, facts),
        look_at_locks(snapshot, steps),
        _parallelism(snapshot, answers, steps),
        _cores(snapshot, answers, steps),
    )
    known = [*_subscription_state(snapshot), *_second_factor(snapshot), *(obstacle for some in several for obstacle in some)]
    return [*known, *not_told_yet(refused, known), *_capacity(snapshot, steps)]


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
