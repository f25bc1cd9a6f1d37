"""A setup as an ARM template in JSON: the resources of the Bicep export, written in Azure Resource Manager's own language.

What lies in another resource group is a deployment of its own within the template, as a module is in Bicep. Resources are named by their
symbols (languageVersion 2.0), so that the order is told by them.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wizard.cloud.resource_ids import api_version
from wizard.export.arm_text import ArmWriter, parameters_given
from wizard.export.az import in_order
from wizard.export.bicep import address_of, before_the_last, parameters_of
from wizard.export.bicep_files import Files, Parameter, Unit, referred
from wizard.export.bicep_resources import Resource, Who, resources_of, word
from wizard.export.bicep_text import Expression, mapped
from wizard.platform.language import _

if TYPE_CHECKING:
    from pathlib import Path

    from wizard.engine.step import Outputs, Step
    from wizard.setup.answers import Answers

SCHEMA = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#"
DEPLOYMENT = "Microsoft.Resources/deployments"


def render(steps: Sequence[Step], answers: Answers, facts: Outputs, who: Who) -> str:
    """The template; its parameters are those of the Bicep, and no secret's value is in it."""
    parameters = parameters_of(answers, facts, who)
    files = Files(resources_of(list(in_order(steps)), answers, facts, who), answers.project, parameters)
    template = _Template(files, files.main, parameters).whole()
    about = _("Makes {setup} in Azure, as azwizard apply would. Written by azwizard export arm; it holds no secret's value.")
    template["metadata"] = {"description": about.format(setup=answers.project.setup)}
    writer = _Template(files, files.main, parameters).writer
    template["outputs"] = {"address": {"type": "string", "value": writer.json(Expression(address_of(answers)))}}
    return json.dumps(template, indent=2, ensure_ascii=False)


def how_to_deploy(steps: Sequence[Step], answers: Answers, facts: Outputs, file: Path | None) -> list[str]:
    """What to run, and in which order."""
    name = str(file or "azuredeploy.json")
    deploy = ["az", "deployment", "group", "create", "--resource-group", answers.project.resource_group, "--template-file", name]
    values = ", ".join(f"value_{word(secret)}" for secret in answers.key_vault.secrets)
    about = _("   Give the values of its secrets ({names}) in a file of parameters, so that they are on no command line.").format(
        names=values
    )
    return [
        *before_the_last(list(in_order(steps)), answers, facts, name),
        "",
        _("4. Deploy your app with the digest of its image."),
        *([about] if values else []),
        f"     {shlex.join([*deploy, '--parameters', *(['@secrets.json'] if values else [])])} imageDigest=sha256:...",
    ]


class _Template:
    """One template: the main one, or what it deploys to another group."""

    def __init__(self, files: Files, unit: Unit, parameters: Sequence[Parameter]) -> None:
        self._files, self._unit = files, unit
        self._parameters = {parameter.name: parameter for parameter in parameters}
        self._resources = {resource.symbol: resource for resource in files.declared_in(unit)}
        self._lists = {name: value for resource in self._resources.values() for name, value in resource.lists.items()}
        self.writer = ArmWriter(self._named)

    def whole(self) -> dict[str, Any]:
        resources = {symbol: self._declared(resource) for symbol, resource in self._resources.items()}
        if self._unit is self._files.main:
            resources |= {unit.symbol: self._module(unit) for unit in self._files.modules}
        return {
            "$schema": SCHEMA,
            "languageVersion": "2.0",
            "contentVersion": "1.0.0.0",
            "metadata": {},
            "parameters": {name: self._declared_parameter(parameter) for name, parameter in self._parameters.items()},
            "variables": {name: self.writer.json(value) for name, value in self._lists.items()},
            "resources": resources,
        }

    def _declared_parameter(self, parameter: Parameter) -> dict[str, Any]:
        default = {} if parameter.default is None else {"defaultValue": self.writer.json(parameter.default)}
        about = {"metadata": {"description": parameter.about}} if parameter.about else {}
        return {"type": "secureString" if parameter.secure else parameter.kind, **default, **about}

    def _declared(self, resource: Resource) -> dict[str, Any]:
        kind, _at, version = resource.type.partition("@")
        head = {"type": kind, "apiVersion": version, "name": self._written(self._full_name(resource))}
        if resource.body is None:
            group = {} if resource.group.lower() == self._unit.group.lower() else {"resourceGroup": resource.group}
            return {"existing": True, **head, **group}
        condition = {"condition": self._written(resource.condition)} if resource.condition else {}
        scope = {"scope": f"[{self._id(self._resources[resource.scope])}]"} if resource.scope else {}
        needs = self._needs(resource)
        after = {"dependsOn": needs} if needs else {}
        return {**condition, **head, **scope, **self._written(resource.body), **after}

    def _needs(self, resource: Resource) -> list[str]:
        """Every resource that it refers to or comes after, by its symbol."""
        named = [expression.text for expression in self._files.named_needs(resource, self._unit)]
        made = [name for name in referred(resource) if name in self._resources and self._resources[name].body is not None]
        return list(dict.fromkeys([*made, *named]))

    def _module(self, unit: Unit) -> dict[str, Any]:
        given = self._files.given(unit)
        named = [name for value in given.values() for name in sorted(value.names) if name in self._resources]
        needs = list(dict.fromkeys([*self._files.module_needs(unit), *named]))
        return {
            "type": DEPLOYMENT,
            "apiVersion": api_version(DEPLOYMENT),
            "name": self._files.module_name(unit),
            "resourceGroup": unit.group,
            "properties": {
                "mode": "Incremental",
                "expressionEvaluationOptions": {"scope": "inner"},
                "parameters": parameters_given({name: self.writer.json(value) for name, value in given.items()}),
                "template": _Template(self._files, unit, self._files.parameters_of(unit)).whole(),
            },
            **({"dependsOn": needs} if needs else {}),
        }

    def _written(self, value: Any) -> Any:
        """A value with what another template makes as a parameter."""
        return self.writer.json(mapped(value, lambda expression: self._files.local(expression, self._unit)))

    def _full_name(self, resource: Resource) -> Any:
        return f"{self._full_name(self._resources[resource.parent])}/{resource.name}" if resource.parent else resource.name

    def _id(self, resource: Resource) -> str:
        group = [] if resource.group.lower() == self._unit.group.lower() else [resource.group]
        arguments = [*group, resource.kind, *str(self._full_name(resource)).split("/")]
        return f"resourceId({', '.join(map(self.writer.expression, arguments))})"

    def _named(self, name: str, members: list[str]) -> str | None:
        if name in self._parameters:
            return f"parameters('{name}'){''.join(members)}"
        if name in self._lists:
            return f"variables('{name}'){''.join(members)}"
        resource = self._resources.get(name)
        if resource is None:
            return None
        version = resource.type.partition("@")[2]
        match members:
            case [".id"]:
                return self._id(resource)
            case [".name"]:
                return self.writer.expression(str(resource.name))
            case [".properties", *further]:
                return f"reference('{name}', '{version}'){''.join(further)}"
            case [call, *further] if call.endswith("()"):
                return f"{call[1:-2]}({self._id(resource)}, '{version}'){''.join(further)}"
            case _:
                return f"reference('{name}', '{version}', 'full'){''.join(members)}"
