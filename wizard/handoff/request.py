"""What must be asked for so that the blocked steps can be done: everything in one round, and no more than that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.cloud.permissions.right import PermissionRequirement
from wizard.cloud.resource_ids import group_id, resource_id
from wizard.engine.right_phrases import place
from wizard.engine.step import Status
from wizard.platform.language import _
from wizard.platform.phrases import quoted
from wizard.sections import naming, step_ids
from wizard.state.resources import ResourceRefs

if TYPE_CHECKING:
    from wizard.engine.plan import PlannedStep
    from wizard.setup.answers import Answers

GROUP_WRITE = "Microsoft.Resources/subscriptions/resourceGroups/write"
IDENTITY_WRITE = "Microsoft.ManagedIdentity/userAssignedIdentities/write"
IDENTITIES = "Microsoft.ManagedIdentity"
ROLE_ADMINISTRATOR = "Role Based Access Control Administrator"
ENOUGH = {"Key Vault Administrator": "Key Vault Secrets Officer"}
"""What is asked for in place of the role that the article gives: it may fill the vault and nothing else."""


@dataclass(frozen=True)
class Grant:
    """One role for the person (``you``) or for the app's identity (``app``).

    :param assignable: for the right to assign roles, the only roles that it is for, and only for apps.
    :param earlier: the condition of such a right that the person holds there already, and which is widened.
    """

    role: str
    scope: str
    to: str
    assignable: tuple[str, ...] = ()
    earlier: str = ""

    @property
    def words(self) -> str:
        """In a line for the administrator."""
        where = place(self.scope)
        if self.assignable:
            text = (
                _("the condition of the role “{role}” on {place}, widened: only for giving apps {roles}")
                if self.earlier
                else _("the role “{role}” on {place}, limited by a condition: only for giving apps {roles}")
            )
            return text.format(role=self.role, place=where, roles=", ".join(map(quoted, self.assignable)))
        text = _("the role “{role}” on {place}") if self.to == "you" else _("for the app's identity, the role “{role}” on {place}")
        return text.format(role=self.role, place=where)


@dataclass(frozen=True)
class HandoffRequest:
    """Everything that an administrator is asked for.

    :param services: resource providers to switch on for the subscription.
    :param group: the resource group to make when it is not there, or "".
    :param identity: the app's identity to make when it is not there, or "".
    :param titles: the steps that wait for it.
    """

    services: tuple[str, ...]
    group: str
    identity: str
    grants: tuple[Grant, ...]
    rights: tuple[PermissionRequirement, ...]
    titles: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """A line for each thing that is asked for."""
        return [
            *(_("switch the service {namespace} on").format(namespace=namespace) for namespace in self.services),
            *([_("make the resource group {name}").format(name=self.group)] if self.group else []),
            *([_("make the identity {name} for the app").format(name=self.identity)] if self.identity else []),
            *(grant.words for grant in self.grants),
        ]


def request_for(items: Sequence[PlannedStep], answers: Answers) -> HandoffRequest | None:
    """What the blocked steps among `items` lack, or None when they lack no right.

    What does not exist yet is asked for on its resource group, so that the administrator need not come back when it does.
    """
    blocked = [item for item in items if item.lacks]
    rights = list(dict.fromkeys(right for item in blocked for right in item.lacks))
    if not rights:
        return None
    there = _existing(items, answers)
    subscription, group = answers.sign_in.subscription, answers.project.resource_group
    group_scope = group_id(subscription, group)
    grants = _grants(rights, there, answers)
    for_app = any(grant.to == "app" for grant in grants)
    identity = naming.identity(answers.project.name, answers.project.environment)
    identity_id = _identity_id(answers)
    lacks_identity = any(_makes_identity(right, answers) for right in rights) or (for_app and identity_id.lower() not in there)
    on_group = lacks_identity or any(grant.scope.lower().startswith(group_scope.lower()) for grant in grants)
    lacks_group = any(right.action == GROUP_WRITE for right in rights) or (on_group and group_scope.lower() not in there)
    services = [right.action.partition("/")[0] for right in rights if right.action.endswith("/register/action")]
    return HandoffRequest(
        services=tuple(dict.fromkeys([*services, *([IDENTITIES] if lacks_identity else [])])),
        group=group if lacks_group else "",
        identity=identity if for_app or lacks_identity else "",
        grants=tuple(dict.fromkeys(grants)),
        rights=tuple(rights),
        titles=tuple(item.step.title for item in blocked),
    )


def _identity_id(answers: Answers) -> str:
    """The ARM id of the app's identity, where it is made before the app."""
    name = naming.identity(answers.project.name, answers.project.environment)
    kind = "Microsoft.ManagedIdentity/userAssignedIdentities"
    return resource_id(answers.sign_in.subscription, answers.project.resource_group, kind, name)


def _makes_identity(right: PermissionRequirement, answers: Answers) -> bool:
    """Whether it is the right to make the app's identity, which the administrator then makes; not that of a pipeline."""
    return right.action == IDENTITY_WRITE and right.scope.lower() == _identity_id(answers).lower()


def _grants(rights: Sequence[PermissionRequirement], there: set[str], answers: Answers) -> list[Grant]:
    """The roles: directly where whom they are for is known before, otherwise the right to assign them to apps."""
    grants: list[Grant] = []
    assignable: dict[str, list[str]] = {}
    for right in rights:
        scope = right.scope if right.scope.lower() in there else _group_of(right.scope)
        if right.assigns and (right.to == "pipeline" or (right.to == "app" and answers.app.identity == "system")):
            mine = group_id(answers.sign_in.subscription, answers.project.resource_group)
            within = right.scope.lower().startswith(f"{mine}/".lower())
            assignable.setdefault(mine if within else scope, []).append(right.assigns)
        elif right.assigns:
            grants.append(Grant(ENOUGH.get(right.assigns, right.assigns), scope, right.to))
        elif not right.action.endswith("/register/action") and right.action != GROUP_WRITE and not _makes_identity(right, answers):
            grants.append(Grant(right.role, scope, "you"))
    return [*grants, *(Grant(ROLE_ADMINISTRATOR, scope, "you", tuple(sorted(set(roles)))) for scope, roles in assignable.items())]


def _existing(items: Sequence[PlannedStep], answers: Answers) -> set[str]:
    """The ARM ids, in small letters, of what the setup needs and is there."""
    targets = ResourceRefs.named(answers, answers.sign_in.subscription)
    steps = {
        step_ids.VAULT: targets.vault,
        step_ids.REGISTRY: targets.registry,
        step_ids.STORAGE_ACCOUNT: targets.storage,
        step_ids.ENVIRONMENT: targets.environment,
        step_ids.APP_IDENTITY: targets.app,
        step_ids.IDENTITY: targets.identity,
    }
    existing_ids = {item.step.id for item in items if item.look.found in (Status.SAME, Status.DIFFERENT)}
    there = {target.id.lower() for step, target in steps.items() if target and (target.existing or step in existing_ids)}
    group_there = answers.project.existing_group or step_ids.RESOURCE_GROUP in existing_ids
    return there | ({group_id(answers.sign_in.subscription, answers.project.resource_group).lower()} if group_there else set())


def _group_of(scope: str) -> str:
    """The resource group that a scope lies in; the subscription for what lies in none."""
    parts = scope.strip("/").split("/")
    return "/" + "/".join(parts[: 4 if len(parts) >= 4 else 2])
