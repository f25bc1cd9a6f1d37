"""What a setup consists of, as resources for a template: each body is the one that `apply` sends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from wizard.cloud.resource_ids import ROLES, api_version
from wizard.export.bicep_text import Conditional, Expression, Holes, expressions_in
from wizard.sections import step_ids
from wizard.state.resources import APP, ENVIRONMENT, IDENTITY, JOB, REGISTRY, STORAGE, VAULT, ResourceRef, ResourceRefs
from wizard.steps.app.job import desired_job
from wizard.steps.app.payload import desired_app, placeholder_app

if TYPE_CHECKING:
    from wizard.cloud.permissions.right import PermissionRequirement
    from wizard.engine.step import Outputs, Step
    from wizard.setup.answers import Answers

SECRET = f"{VAULT}/secrets"
FILES = f"{STORAGE}/fileServices"
SHARE = f"{FILES}/shares"
FOLDER = f"{ENVIRONMENT}/storages"
ROLE = "Microsoft.Authorization/roleAssignments"
FIRST_RUN = Expression("firstRun")
SYMBOLS = {
    VAULT: "vault",
    REGISTRY: "registry",
    STORAGE: "storage",
    ENVIRONMENT: "containerEnvironment",
    IDENTITY: "identity",
    APP: "app",
    JOB: "job",
}
_WORDS = re.compile(r"\W+")


@dataclass(frozen=True)
class Who:
    """To whom roles are given as far as it is known when the file is written.

    :param you: the object id of the person, and `kind` what role assignments call them.
    :param names: the names of role assignments that Azure holds, or would get from the wizard.
    """

    you: str
    kind: str
    names: Mapping[PermissionRequirement, str]


@dataclass(frozen=True)
class Resource:
    """One resource to declare.

    :param symbol: its name within the file; `name` is Azure's.
    :param body: all that follows the name; None for one that exists already and is only referred to.
    :param parent: the symbol of the resource it is part of, and `scope` of the one that it is set upon.
    :param needs: ids of the steps to be made before it.
    :param lists: values that its body names, to be declared before it.
    """

    symbol: str
    kind: str
    group: str
    name: Any
    body: dict[str, Any] | None
    section: str
    title: str = ""
    parent: str = ""
    scope: str = ""
    condition: Expression | None = None
    needs: tuple[str, ...] = ()
    lists: Mapping[str, Any] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """Its type with its version, as Bicep writes it."""
        return f"{self.kind}@{api_version(self.kind)}"


def word(name: str) -> str:
    """A name of kebab case as part of a symbol. Two names never give the same one."""
    return name.replace("-", "_")


def resources_of(steps: Sequence[Step], answers: Answers, facts: Outputs, who: Who) -> dict[str, list[Resource]]:
    """The resources that each step makes, by the step's id, and under "" those that exist and are made by none.

    :param answers: resolved, with the subscription's id.
    :param facts: what the plan learned; names that Azure gives are asked for by the template all the same.
    """
    return _Resources(answers, facts, who, steps).all()


class _Resources:
    """Turns steps into resources; a step that makes nothing in ARM, such as a build, gives none."""

    def __init__(self, answers: Answers, facts: Outputs, who: Who, steps: Sequence[Step]) -> None:
        self._answers = answers
        self._who = who
        self._steps = {step.id: step for step in steps}
        self._holes = Holes()
        self._targets = ResourceRefs.named(answers, answers.sign_in.subscription)
        self._known = {target.id: Expression(f"{SYMBOLS[target.kind]}.id") for target in self._targets.all}
        self._facts = self._asked_for(facts)

    def all(self) -> dict[str, list[Resource]]:
        resources = {id_: [*self._made_by(step), *self._roles_of(step)] for id_, step in self._steps.items()}
        return {**resources, "": self._existing()}

    def _asked_for(self, facts: Outputs) -> Outputs:
        """The facts as expressions. The vault's URI without its last slash, as Azure itself writes it: in small letters."""
        hole = self._holes.hole
        return replace(
            facts,
            vault_uri=f"https://{hole('toLower(vault.name)')}{hole('environment().suffixes.keyvaultDns')}",
            login_server=hole("registry.properties.loginServer"),
            image_digest=hole("imageDigest"),
            environment_domain=hole(f"{SYMBOLS[ENVIRONMENT]}.properties.defaultDomain"),
            identity_resource_id=hole("identity.id") if self._targets.identity else None,
        )

    def _made_by(self, step: Step) -> list[Resource]:
        made_step: Any = step
        tenant, key = self._holes.hole("tenant().tenantId"), self._holes.hole("storage.listKeys().keys[0].value")
        match step.id.split("."):
            case ["key_vault", "vault"]:
                return self._target(step, self._targets.vault, made_step.body(tenant))
            case ["key_vault", "secret", name]:
                return [self._secret(step, name)]
            case ["registry", "registry"]:
                return self._target(step, self._targets.registry, made_step.body())
            case ["storage", "account"]:
                return self._target(step, self._targets.storage, made_step.body())
            case ["storage", "backup"]:
                return [self._part(step, "files", FILES, "default", self._targets.storage, "storage", made_step.body())]
            case ["storage", "share", designation]:
                return [
                    self._part(step, f"share_{word(designation)}", SHARE, made_step.name, self._targets.storage, "files", made_step.body())
                ]
            case ["environment", "environment"]:
                return self._target(step, self._targets.environment, made_step.body())
            case ["environment", "storage", designation]:
                symbol, parent = f"folder_{word(designation)}", SYMBOLS[ENVIRONMENT]
                return [self._part(step, symbol, FOLDER, made_step.name, self._targets.environment, parent, made_step.body(key))]
            case ["identity", "identity"]:
                return self._target(step, self._targets.identity, made_step.body())
            case ["pipeline", "identity"]:
                return [replace(resource, symbol="pipelineIdentity") for resource in self._target(step, self._pipeline, made_step.body())]
            case ["app", "before_deploy"]:
                (job,) = self._target(step, self._targets.job, desired_job(self._answers, self._facts))
                return [replace(job, condition=Expression(f"!{FIRST_RUN.text}"))]
            case ["app", "revision"]:
                return [self._app(step)]
        return []

    @property
    def _pipeline(self) -> ResourceRef:
        from wizard.state.repository.repository_state import identity_name

        return ResourceRef(IDENTITY, self._answers.sign_in.subscription, self._targets.group, identity_name(self._answers))

    def _target(self, step: Step, target: ResourceRef | None, body: Any) -> list[Resource]:
        """A resource of its own, unless it belongs to others."""
        assert target
        return [] if target.existing else [self._resource(step, SYMBOLS[target.kind], target.kind, target.name, target, body)]

    def _part(self, step: Step, symbol: str, kind: str, name: str, whole: ResourceRef | None, parent: str, body: Any) -> Resource:
        assert whole
        return replace(self._resource(step, symbol, kind, name, whole, body), parent=parent)

    def _resource(self, step: Step, symbol: str, kind: str, name: str, place: ResourceRef, body: Any) -> Resource:
        filled = self._holes.filled(body, self._known)
        return Resource(symbol, kind, place.group, name, filled, step.section, step.title, needs=tuple(step.needs))

    def _secret(self, step: Step, name: str) -> Resource:
        """A secret whose value was given; the one that is in the vault already need not be given again."""
        value = f"value_{word(name)}"
        body = {"tags": self._answers.project.resource_tags(step.section), "properties": {"value": self._holes.hole(value)}}
        secret = self._part(step, f"secret_{word(name)}", SECRET, name, self._targets.vault, "vault", body)
        return replace(secret, condition=Expression(f"!empty({value})"))

    def _app(self, step: Step) -> Resource:
        """The app. In the first run one with an identity of its own holds a placeholder, and the other is not made yet."""
        app, identity = self._targets.app, self._steps.get(step_ids.APP_IDENTITY)
        assert app
        desired = desired_app(self._answers, self._facts)
        if identity is None:
            return replace(self._resource(step, "app", APP, app.name, app, desired), condition=Expression(f"!{FIRST_RUN.text}"))
        before = placeholder_app(self._answers, self._facts)
        resource = self._resource(step, "app", APP, app.name, app, desired)
        first = self._holes.filled(before, self._known)
        assert resource.body
        lists: dict[str, Any] = {}
        body = {
            key: item if first[key] == item else Conditional(FIRST_RUN, first[key], _by_name(item, lists))
            for key, item in resource.body.items()
        }
        return replace(resource, body=body, needs=(*resource.needs, *identity.needs), lists=lists)

    def _roles_of(self, step: Step) -> Iterable[Resource]:
        """The roles that a step gives, as its rights say: to you, to the app, to the pipeline's own identity."""
        for right in step.rights:
            if right.assigns and not (right.to == "pipeline" and step_ids.PIPELINE_IDENTITY not in self._steps):
                yield self._role(step, right)

    def _role(self, step: Step, right: PermissionRequirement) -> Resource:
        owner = {"you": "you", "pipeline": "pipelineIdentity", "app": "identity" if self._targets.identity else "app"}[right.to]
        principal = {"you": "you", "app": "app.identity.principalId"}.get(owner, f"{owner}.properties.principalId")
        seed = owner if right.to == "you" else f"{owner}.id"
        target = next(item for item in self._targets.all if item.kind == ResourceRef.of(right.scope, existing=False).kind)
        scope = SYMBOLS[target.kind]
        definition = f"subscriptionResourceId('Microsoft.Authorization/roleDefinitions', '{ROLES[right.assigns]}')"
        name = f"guid({scope}.id, {seed}, '{ROLES[right.assigns]}')"
        principal_name = self._who.names.get(right)
        if principal_name and right.to == "you":
            name = f"you == '{self._who.you}' ? '{principal_name}' : {name}"
        elif principal_name:
            name = f"'{principal_name}'"
        properties = {
            "roleDefinitionId": Expression(definition),
            "principalId": Expression(principal),
            "principalType": Expression("yourKind") if right.to == "you" else "ServicePrincipal",
        }
        return Resource(
            f"role_{right.to}_{_WORDS.sub('', right.assigns)}",
            ROLE,
            target.group,
            Expression(name),
            {"properties": properties},
            step.section,
            step.title,
            scope=scope,
            condition=Expression("giveRoles && !empty(you)" if right.to == "you" else "giveRoles"),
            needs=tuple(step.needs),
        )

    def _existing(self) -> list[Resource]:
        """What belongs to others, and the file service of an account that does."""
        existing = [Resource(SYMBOLS[item.kind], item.kind, item.group, item.name, None, "") for item in self._targets.all if item.existing]
        files = [
            Resource("files", FILES, item.group, "default", None, "", parent="storage")
            for item in existing
            if item.kind == STORAGE and step_ids.STORAGE_BACKUP not in self._steps
        ]
        return [*existing, *files]


def _by_name(value: Any, lists: dict[str, Any]) -> Any:
    """A value whose lists of plain values stand in `lists`, and only their names in it.

    All of a choice becomes one expression of the template, which has at most 24,576 characters: a hundred variables are more.
    """
    if isinstance(value, list):
        return [_by_name(item, lists) for item in value]
    if not isinstance(value, dict):
        return value
    named = dict(value)
    for key, item in value.items():
        if isinstance(item, list) and item and not expressions_in(item) and key not in lists:
            lists[key] = item
            named[key] = Expression(key)
        else:
            named[key] = _by_name(item, lists)
    return named
