"""The passport: every right that a plan takes, held against what the signed-in person may do, and what would give it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from wizard.cloud.permissions.right import PermissionRequirement
from wizard.engine.events import CheckEvent
from wizard.engine.right_phrases import place, right_phrase
from wizard.engine.step import Step
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.cloud.permissions.checker import Permitted
    from wizard.state.snapshot import Snapshot

STATES = {"allowed": "met", "denied": "missing", "unknown": "unknown"}


@dataclass(frozen=True)
class CheckedPermission:
    """One right, and whether the person has it. `steps` are what takes it.

    :param eligible: the role that gives it once the person activates it, or "".
    """

    right: PermissionRequirement
    verdict: Permitted
    steps: tuple[Step, ...]
    bringer: Step | None = None  # a step still to be made that brings this right
    eligible: str = ""

    @property
    def lacks(self) -> bool:
        """Whether it must be had before. What a step of the plan brings comes with that step."""
        return self.verdict == "denied" and self.bringer is None

    def event(self, *, group: str = "") -> CheckEvent:
        """The right as a check that was made."""
        return CheckEvent(
            f"right:{self.right.action}",
            STATES[self.verdict],
            self.sentence,
            self.right.action,
            self.right.scope,
            "" if self.verdict == "allowed" else self.remedy,
            group,
        )

    @property
    def remedy(self) -> str:
        """What would give it."""
        if not self.eligible:
            return granting(self.right)
        return _(
            "You may activate the role “{role}” yourself: in the Azure portal open Privileged Identity Management, My roles, "
            "Azure resources, and Activate. Then do the same again."
        ).format(role=self.eligible)

    @property
    def sentence(self) -> str:
        """Whether the person may, in words."""
        texts = {
            "allowed": _("You may {doing} ({action} on {scope})."),
            "denied": _("You may not {doing} ({action} on {scope})."),
            "unknown": _("Azure does not tell whether you may {doing} ({action} on {scope})."),
        }
        return texts[self.verdict].format(doing=right_phrase(self.right), action=self.right.action, scope=self.right.scope)


@dataclass(frozen=True)
class Passport:
    """Every right that what is still to be made takes, in the order of the plan."""

    stamps: Sequence[CheckedPermission] = ()

    @property
    def lacking(self) -> list[CheckedPermission]:
        """What is missing."""
        return [stamp for stamp in self.stamps if stamp.lacks]

    def lacked_by(self, step: Step) -> list[CheckedPermission]:
        """The missing rights that one step takes."""
        return [stamp for stamp in self.lacking if step in stamp.steps]

    def events(self, *, grouped: bool = False) -> list[CheckEvent]:
        """A check for each right but those that steps of the plan bring; `grouped` by where, each with the words for that place."""
        reported = [stamp for stamp in self.stamps if stamp.bringer is None or stamp.verdict == "allowed"]
        if not grouped:
            return [stamp.event() for stamp in reported]
        places = list(dict.fromkeys(stamp.right.scope for stamp in reported))
        ordered = sorted(reported, key=lambda stamp: places.index(stamp.right.scope))
        return [stamp.event(group=_("Your rights on {place}").format(place=place(stamp.right.scope))) for stamp in ordered]


def granting(right: PermissionRequirement) -> str:
    """What would give a right: the least built-in role, and where."""
    return _("An owner can give you the role “{role}” on {place}: azwizard handoff writes what to send.").format(
        role=right.role, place=place(right.scope)
    )


async def ask(snapshot: Snapshot, steps: Sequence[Step]) -> Passport:
    """Hold the rights that making `steps` takes against what the person may do. Raises CloudError only when Azure cannot be reached."""
    by_id = {step.id: step for step in steps}
    takers: dict[PermissionRequirement, list[Step]] = {}
    for step in steps:
        for right in step.rights:
            takers.setdefault(right, []).append(step)
    verdicts = await asyncio.gather(*(snapshot.may(right) for right in takers))
    stamps = [
        CheckedPermission(right, verdict, tuple(takers[right]), by_id.get(right.comes_with))
        for right, verdict in zip(takers, verdicts, strict=True)
    ]
    roles = await _eligible(snapshot, [stamp.right for stamp in stamps if stamp.lacks])
    return Passport([replace(stamp, eligible=roles.get(stamp.right, "")) for stamp in stamps])


async def _eligible(snapshot: Snapshot, rights: Sequence[PermissionRequirement]) -> dict[PermissionRequirement, str]:
    """What of it the person may activate; not asked where nothing is missing."""
    from wizard.cloud.permissions.eligible_roles import eligible

    if not rights:
        return {}
    group = await snapshot.group()
    return await eligible(snapshot.cloud, str(group.id) if group else f"/subscriptions/{snapshot.cloud.subscription_id}", rights)
