"""Resources put into Bicep files: one for the setup's own group, and a module for each section that makes something in another group.

A Bicep file makes what lies in one group; only a module, a file of its own, reaches another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from wizard.export.bicep_resources import Resource
from wizard.export.bicep_text import Expression, comment, expressions_in, literal, mapped, written

if TYPE_CHECKING:
    from wizard.sections.project import Project

KEY = "listKeys"  # what an account's key is read with
_ROOTED = r"(?<![\w.'])({names})((?:\.\w+(?:\(\))?|\[\d+\])+)"


@dataclass(frozen=True)
class Parameter:
    """What is given when the file is deployed."""

    name: str
    about: str = ""
    default: Any = None  # None for none: it must be given
    secure: bool = False
    kind: str = "string"

    @property
    def lines(self) -> list[str]:
        """Its declaration."""
        default = "" if self.default is None else f" = {written(self.default)}"
        described = [f"@description({literal(self.about)})"] if self.about else []
        return [*described, *(["@secure()"] if self.secure else []), f"param {self.name} {self.kind}{default}"]


@dataclass(frozen=True)
class Unit:
    """What a file declares: `group` is where it makes things, `name` that of the module, "" for the main file."""

    name: str
    group: str
    resources: tuple[Resource, ...]

    @property
    def symbol(self) -> str:
        return re.sub(r"\W", "_", self.name)


class Files:
    """The files that a setup's resources make.

    :param made: step id -> its resources, in the order to declare them; under "" those that exist.
    :param project: names the setup and its own group.
    :param parameters: of the main file; a module has those of them that it needs.
    """

    def __init__(self, made: Mapping[str, list[Resource]], project: Project, parameters: Sequence[Parameter]) -> None:
        self._setup = project.setup
        self._parameters = {parameter.name: parameter for parameter in parameters}
        self._existing = {resource.symbol: resource for resource in made[""]}
        self._made = {step: resources for step, resources in made.items() if step}
        self._all = [resource for resources in self._made.values() for resource in resources]
        self.units = self._units(project.resource_group)
        self.main = self.units[0]
        self._unit_of = {resource.symbol: unit for unit in self.units for resource in unit.resources}
        self._needs = self._ordered()

    @property
    def modules(self) -> list[Unit]:
        return self.units[1:]

    def main_lines(self) -> list[str]:
        """The main file, without its head."""
        parameters = [parameter.lines for parameter in self._parameters.values()]
        resources = [self._declared(resource, self.main) for resource in self.declared_in(self.main)]
        modules = [self._module_lines(unit) for unit in self.modules]
        return _apart([*parameters, *resources, *modules])

    def module_text(self, unit: Unit) -> str:
        """The file of a module. Its parameters are all given by the main file."""
        parameters = self.parameters_of(unit)
        resources = [self._declared(resource, unit) for resource in self.declared_in(unit)]
        return "\n".join([*_apart([*(parameter.lines for parameter in parameters), *resources]), ""])

    def _units(self, group: str) -> list[Unit]:
        own = [resource for resource in self._all if resource.group.lower() == group.lower()]
        others: dict[str, list[Resource]] = {}
        for resource in self._all:
            if resource.group.lower() != group.lower():
                others.setdefault(f"{resource.section}-{resource.group}", []).append(resource)
        return [Unit("", group, tuple(own)), *(Unit(name, its[0].group, tuple(its)) for name, its in others.items())]

    def declared_in(self, unit: Unit) -> list[Resource]:
        """What a file declares: first what it only refers to, then what it makes."""
        existing: dict[str, Resource] = {}
        waiting = [name for resource in unit.resources for name in referred(resource)]
        while waiting:
            name = waiting.pop(0)
            if name in self._existing and name not in existing:
                existing[name] = self._existing[name]
                waiting += referred(self._existing[name])
        return [*existing.values(), *unit.resources]

    def _declared(self, resource: Resource, unit: Unit) -> list[str]:
        """A resource's declaration with its title."""
        head = {key: Expression(value) for key, value in (("parent", resource.parent), ("scope", resource.scope)) if value}
        opening = f"resource {resource.symbol} {literal(resource.type)}"
        if resource.body is None:
            if resource.group.lower() != unit.group.lower() and not resource.parent:
                head["scope"] = Expression(f"resourceGroup({literal(resource.group)})")
            return [*comment(resource.title), f"{opening} existing = {written({**head, 'name': resource.name})}"]
        after = {"dependsOn": needs} if (needs := self.named_needs(resource, unit)) else {}
        body = mapped({**head, "name": resource.name, **resource.body, **after}, lambda reference: self.local(reference, unit))
        condition = f" if ({resource.condition.text})" if resource.condition else ""
        lists = [line for name, value in resource.lists.items() for line in (f"var {name} = {written(value)}", "")]
        return [*lists, *comment(resource.title), f"{opening} ={condition} {written(body)}"]

    def named_needs(self, resource: Resource, unit: Unit) -> list[Expression]:
        """What must be made before and is not referred to anyhow; what lies in another file the main one waits for."""
        inside = [name for name in self._needs[resource.symbol] if self._unit_of[name] == unit]
        outside = {self._unit_of[name].symbol for name in self._needs[resource.symbol] if self._unit_of[name] != unit}
        return [Expression(name) for name in [*inside, *(sorted(outside) if unit == self.main else [])]]

    def module_name(self, unit: Unit) -> str:
        """What its deployment is called, in a group that other setups may deploy to at the same time."""
        return f"{self._setup}-{unit.resources[0].section}"

    def module_needs(self, unit: Unit) -> list[str]:
        """The symbols of what is made elsewhere, and before it."""
        needs = {name for resource in unit.resources for name in self._needs[resource.symbol] if self._unit_of[name] != unit}
        return list(dict.fromkeys(self._unit_of[name].symbol or name for name in sorted(needs)))

    def _module_lines(self, unit: Unit) -> list[str]:
        before = self.module_needs(unit)
        body: dict[str, Any] = {
            "name": self.module_name(unit),
            "scope": Expression(f"resourceGroup({literal(unit.group)})"),
            **({"params": parameters} if (parameters := self.given(unit)) else {}),
        }
        after = {"dependsOn": [Expression(name) for name in before]} if before else {}
        return [f"module {unit.symbol} {literal(f'{unit.name}.bicep')} = {written({**body, **after})}"]

    def given(self, unit: Unit) -> dict[str, Expression]:
        """The parameters of a module: those of the main file that it uses, and what it needs of resources made elsewhere."""
        parameters: dict[str, Expression] = {}
        for expression in expressions_in([[resource.name, resource.body, resource.condition] for resource in unit.resources]):
            parameters |= {name: Expression(name) for name in self._parameters if name in expression.names}
            for match in self._foreign(unit).finditer(expression.text):
                parameters[_parameter_name(match[0])] = Expression(match[0])
        return parameters

    def parameters_of(self, unit: Unit) -> list[Parameter]:
        """The parameters that a module declares; the main file gives each of them."""
        return [
            replace(self._parameters[name], default=None) if name in self._parameters else Parameter(name, secure=KEY in value.text)
            for name, value in self.given(unit).items()
        ]

    def local(self, expression: Expression, unit: Unit) -> Expression:
        """An expression as it stands in a file: what another file makes is a parameter there."""
        if unit == self.main:
            return expression
        return Expression(self._foreign(unit).sub(lambda match: _parameter_name(match[0]), expression.text))

    def _foreign(self, unit: Unit) -> re.Pattern[str]:
        names = [resource.symbol for resource in self._all if self._unit_of[resource.symbol] != unit]
        return re.compile(_ROOTED.format(names="|".join(map(re.escape, names)) or "(?!)"))

    def _ordered(self) -> dict[str, list[str]]:
        """Symbol -> symbols to be made before it that it does not refer to; the steps' own order, as far as it is no circle.

        What the app's own identity is given comes after the app; that is what the first run is for.
        """
        before = {item.symbol: {name for name in referred(item) if name in self._unit_of} for item in self._all}
        needs: dict[str, list[str]] = {item.symbol: [] for item in self._all}
        for resource in self._all:
            for name in [needed.symbol for step in resource.needs for needed in self._made.get(step, [])]:
                if not _reaches(before, resource.symbol, name) and not _reaches(before, name, resource.symbol):
                    before[resource.symbol].add(name)
                    needs[resource.symbol].append(name)
        return needs


def referred(resource: Resource) -> list[str]:
    """Every name that a resource's declaration has in it."""
    named = [name for name in (resource.parent, resource.scope) if name]
    return named + [name for item in expressions_in([resource.name, resource.body, resource.condition]) for name in sorted(item.names)]


def _reaches(edges: Mapping[str, Iterable[str]], start: str, goal: str) -> bool:
    seen, waiting = set(), [start]
    while waiting:
        name = waiting.pop()
        if name == goal:
            return True
        if name not in seen:
            seen.add(name)
            waiting += edges.get(name, ())
    return False


def _parameter_name(expression: str) -> str:
    return re.sub(r"\W+", "_", expression).strip("_")


def _apart(blocks: Iterable[list[str]]) -> list[str]:
    """Blocks of lines with an empty line between."""
    return [line for number, block in enumerate(blocks) for line in ([""] if number else []) + block]
