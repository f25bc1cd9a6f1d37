"""An ARM template taken apart: its parameters, and its resources in the order in which they can be made."""

from __future__ import annotations

import graphlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from wizard.practice.arm.templates.expressions import Expressions, Function, invalid_template
from wizard.practice.kernel.requests import resource_type_of, segments

Answered = Callable[[str, str, str, Any], Awaitable[Any]]  # method, path, api-version, body -> the body of the answer
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "securestring": (str,),
    "int": (int,),
    "bool": (bool,),
    "array": (list,),
    "object": (dict,),
    "secureobject": (dict,),
}
NESTED = "microsoft.resources/deployments"
MOST_RESOURCES = 800  # in one template, as in Azure


@dataclass
class Planned:
    """One resource of a template: where it will be, and its body, whose expressions are evaluated when it is its turn."""

    symbol: str
    kind: str
    path: str
    version: str
    body: dict[str, Any]
    existing: bool = False
    needs: set[str] = field(default_factory=set)


class Template:
    """A template with its values.

    :param scope: the resource group or subscription that it is deployed to.
    :param environment: what ``resourceGroup()``, ``subscription()``, ``tenant()`` and ``deployment()`` answer.
    :param answered: asks Resource Manager, for ``reference()`` and ``list...()``.
    """

    def __init__(
        self, template: Mapping[str, Any], values: Mapping[str, Any], scope: str, environment: Mapping[str, Any], answered: Answered
    ) -> None:
        self._template, self._values, self._scope, self._answered = template, values, scope, answered
        self._parameters: dict[str, Any] = {}
        self._variables: dict[str, Any] = {}
        self._planned: list[Planned] = []
        self._copy: list[int] = []

        def constant(value: Any) -> Function:
            async def called(arguments: list[Any]) -> Any:
                return value

            return called

        self.expressions = Expressions(
            {
                **{name: constant(value) for name, value in environment.items()},
                "parameters": self._parameter,
                "variables": self._variable,
                "resourceid": self._resource_id,
                "subscriptionresourceid": self._subscription_resource_id,
                "extensionresourceid": self._extension_resource_id,
                "tenantresourceid": self._tenant_resource_id,
                "reference": self._reference,
                "listkeys": self._list("listKeys"),
                "listcredentials": self._list("listCredentials"),
                "copyindex": self._copy_index,
            }
        )

    async def resources(self) -> list[Planned]:
        """What is to be made, each after what it needs. Raises AzureError 400 InvalidTemplate."""
        if self._planned:
            return self._planned
        await self._read_parameters()
        listed = self._template.get("resources") or []
        named = listed.items() if isinstance(listed, dict) else ((f"resources[{index}]", each) for index, each in enumerate(listed))
        for symbol, resource in list(named):
            await self._add(symbol, resource, self._scope, "", "")
        if len(self._planned) > MOST_RESOURCES:
            raise invalid_template(f"The template has more than {MOST_RESOURCES} resources")
        self._planned = _ordered(self._planned)
        return self._planned

    async def body_of(self, planned: Planned) -> dict[str, Any]:
        """A resource's body with its expressions worked out; a nested template of inner scope works out its own.

        :raises AzureError: 400 InvalidTemplate.
        """
        properties = planned.body.get("properties")
        options = properties.get("expressionEvaluationOptions") if isinstance(properties, dict) else None
        inner = isinstance(options, dict) and str(options.get("scope", "")).lower() == "inner"
        if planned.kind.lower() != NESTED or not inner or not isinstance(properties, dict):
            evaluated: dict[str, Any] = await self.expressions.evaluated(planned.body)
            return evaluated
        rest = {name: value for name, value in properties.items() if name != "template"}
        body = {**planned.body, "properties": rest}
        return {
            **(worked := await self.expressions.evaluated(body)),
            "properties": {**worked["properties"], "template": properties["template"]},
        }

    async def outputs(self) -> dict[str, Any]:
        """What the template says at its end; secure values are not told."""
        values = {}
        for name, output in (self._template.get("outputs") or {}).items():
            if await self._wanted(output):
                kind = str(output.get("type", "string"))
                value = {} if kind.lower().startswith("secure") else {"value": await self.expressions.evaluated(output.get("value"))}
                values[name] = {"type": kind.capitalize(), **value}
        return values

    def shown_parameters(self) -> dict[str, Any]:
        """The parameters as an answer shows them."""
        shown = {}
        for name, declared in (self._template.get("parameters") or {}).items():
            kind = str(declared.get("type", "string"))
            secure = kind.lower().startswith("secure")
            shown[name] = {"type": kind[:1].upper() + kind[1:], **({} if secure else {"value": self._parameters.get(name)})}
        return shown

    async def _read_parameters(self) -> None:
        declared = self._template.get("parameters") or {}
        if unknown := next((name for name in self._values if name not in declared), None):
            raise invalid_template(f"The template parameters '{unknown}' in the parameters file are not valid; they are not present in it")
        for name, parameter in declared.items():
            given = self._values.get(name)
            if isinstance(given, dict) and given.get("value") is not None:
                value = given["value"]
            elif "defaultValue" in parameter:
                value = await self.expressions.evaluated(parameter["defaultValue"])
            elif parameter.get("nullable"):
                value = None
            else:
                raise invalid_template(f"The value for the template parameter '{name}' is not provided")
            kinds = _TYPES.get(str(parameter.get("type", "string")).lower(), (object,))
            if value is not None and not (isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool) or object in kinds)):
                raise invalid_template(f"Template parameter JToken type is not valid. Expected '{parameter.get('type')}' for '{name}'")
            if parameter.get("allowedValues") and value not in parameter["allowedValues"]:
                raise invalid_template(f"The provided value for the template parameter '{name}' is not one of the allowed values")
            self._parameters[name] = value

    async def _add(self, symbol: str, resource: Any, scope: str, above_kind: str, above_name: str) -> None:
        if not isinstance(resource, dict):
            raise invalid_template("A resource of the template is no object")
        count = (resource.get("copy") or {}).get("count", None)
        times = [None] if count is None else list(range(int(await self.expressions.evaluated(count))))
        for index in times[:MOST_RESOURCES]:
            if index is not None:
                self._copy.append(index)
            if await self._wanted(resource):
                await self._add_one(symbol if index is None else f"{symbol}[{index}]", resource, scope, above_kind, above_name)
            if index is not None:
                self._copy.pop()

    async def _wanted(self, part: Mapping[str, Any]) -> bool:
        return bool(await self.expressions.evaluated(part.get("condition", True)))

    async def _add_one(self, symbol: str, resource: dict[str, Any], scope: str, above_kind: str, above_name: str) -> None:
        kind, name = str(resource.get("type", "")), str(await self.expressions.evaluated(resource.get("name", "")))
        if above_kind and not kind.lower().startswith(f"{above_kind.lower()}/"):
            kind, name = f"{above_kind}/{kind}", f"{above_name}/{name}"
        version = str(await self.expressions.evaluated(resource.get("apiVersion", "")))
        if not kind or not name or not version:
            raise invalid_template(f"The template resource '{name or symbol}' is not valid: type, name and apiVersion are required")
        place = await self._place(resource, scope, kind)
        needs = {str(await self.expressions.evaluated(need)).lower() for need in resource.get("dependsOn") or []}
        body = {key: resource[key] for key in resource if key not in _OWN}
        if self._copy:
            body = await self.expressions.evaluated(body)
        planned = Planned(symbol, kind, _path(place, kind, name), version, body, bool(resource.get("existing")), needs)
        self._planned.append(planned)
        for index, child in enumerate(resource.get("resources") or []):
            await self._add(f"{symbol}.resources[{index}]", child, scope, kind, name)
            self._planned[-1].needs.add(planned.path.lower())

    async def _place(self, resource: dict[str, Any], scope: str, kind: str) -> str:
        """The scope that a resource is set upon: its own ``scope``, another group or subscription, or the template's."""
        if (own := await self.expressions.evaluated(resource.get("scope"))) is not None:
            return str(own) if str(own).startswith("/") else f"{scope}/providers/{own}" if own != "/" else ""
        subscription = await self.expressions.evaluated(resource.get("subscriptionId")) or segments(scope)[1]
        group = await self.expressions.evaluated(resource.get("resourceGroup"))
        if group is not None:
            return f"/subscriptions/{subscription}/resourceGroups/{group}"
        return f"/subscriptions/{subscription}" if kind.lower() == "microsoft.resources/resourcegroups" else scope

    async def _parameter(self, arguments: list[Any]) -> Any:
        if arguments[0] not in self._parameters:
            raise invalid_template(f"The template parameter '{arguments[0]}' is not found")
        return self._parameters[arguments[0]]

    async def _variable(self, arguments: list[Any]) -> Any:
        name = arguments[0]
        if name not in self._variables:
            if name not in (self._template.get("variables") or {}):
                raise invalid_template(f"The template variable '{name}' is not found")
            self._variables[name] = await self.expressions.evaluated(self._template["variables"][name])
        return self._variables[name]

    async def _resource_id(self, arguments: list[Any]) -> str:
        kinds = next(index for index, argument in enumerate(arguments) if "/" in argument)
        before, kind, names = arguments[:kinds], arguments[kinds], arguments[kinds + 1 :]
        scope = self._scope
        if before:
            subscription = before[0] if len(before) == 2 else segments(self._scope)[1]
            scope = f"/subscriptions/{subscription}/resourceGroups/{before[-1]}"
        return _path(scope, kind, "/".join(names))

    async def _subscription_resource_id(self, arguments: list[Any]) -> str:
        first = 0 if "/" in arguments[0] else 1
        subscription = arguments[0] if first else segments(self._scope)[1]
        return _path(f"/subscriptions/{subscription}", arguments[first], "/".join(arguments[first + 1 :]))

    async def _extension_resource_id(self, arguments: list[Any]) -> str:
        return _path(arguments[0], arguments[1], "/".join(arguments[2:]))

    async def _tenant_resource_id(self, arguments: list[Any]) -> str:
        return _path("", arguments[0], "/".join(arguments[1:]))

    async def _reference(self, arguments: list[Any]) -> Any:
        planned = self._known(str(arguments[0]))
        path = planned.path if planned else str(arguments[0])
        version = str(arguments[1]) if len(arguments) > 1 else planned.version if planned else ""
        resource = await self._answered("GET", path, version, None)
        return resource if len(arguments) > 2 and str(arguments[2]).lower() == "full" else resource.get("properties", {})

    def _list(self, verb: str) -> Function:
        async def called(arguments: list[Any]) -> Any:
            return await self._answered("POST", f"{arguments[0]}/{verb}", str(arguments[1]), {})

        return called

    async def _copy_index(self, arguments: list[Any]) -> int:
        offset = next((argument for argument in arguments if isinstance(argument, int)), 0)
        return (self._copy[-1] if self._copy else 0) + int(offset)

    def _known(self, reference: str) -> Planned | None:
        lowered = reference.lower()
        for planned in self._planned:
            name = segments(planned.path)[-1].lower()
            if lowered in (planned.symbol.lower(), planned.path.lower(), name, f"{planned.kind}/{name}".lower()):
                return planned
        return None


_OWN = ("type", "name", "apiVersion", "dependsOn", "scope", "condition", "copy", "resources", "existing", "comments", "resourceGroup")


def _path(scope: str, kind: str, name: str) -> str:
    """An ARM id: types and names alternate; resource groups have a form of their own."""
    if kind.lower() == "microsoft.resources/resourcegroups":
        return f"{scope}/resourceGroups/{name}"
    namespace, *kinds = kind.split("/")
    names = name.split("/")
    if len(kinds) != len(names):
        raise invalid_template(f"The template resource '{name}' of type '{kind}' has incorrect segment lengths")
    return f"{scope}/providers/{namespace}/" + "/".join(f"{each}/{one}" for each, one in zip(kinds, names, strict=True))


def _ordered(planned: list[Planned]) -> list[Planned]:
    by_path = {each.path.lower(): each for each in planned}
    needs: dict[str, set[str]] = {}
    for each in planned:
        prerequisites = {other.path.lower() for other in planned for need in each.needs if _names(other, need)}
        above = {path for path in by_path if each.path.lower().startswith(f"{path}/")}
        needs[each.path.lower()] = (prerequisites | above) - {each.path.lower()}
    try:
        return [by_path[path] for path in graphlib.TopologicalSorter(needs).static_order()]
    except graphlib.CycleError:
        raise invalid_template("Circular dependency detected on resource") from None


def _names(planned: Planned, need: str) -> bool:
    name = segments(planned.path)[-1].lower()
    return need in (planned.symbol.lower(), planned.symbol.partition("[")[0].lower(), planned.path.lower(), name) or (
        need == f"{resource_type_of(planned.path)}/{name}".lower()
    )
