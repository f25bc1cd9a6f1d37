"""What the practice cloud answers is what the installed SDKs' own models say: a new SDK is noticed the day that it is installed.

For every resource of a deployed setup: no member is missing that the model requires, values are of its types and among its known ones,
and nothing is there that it does not have.
"""

from __future__ import annotations

import datetime
import enum
import importlib
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.steps.conftest import StartSetup
from tests.steps.deployed import APP, ENVIRONMENT, GROUP, deployed
from wizard.cloud.resource_ids import API_VERSIONS

VAULT = f"{GROUP}/providers/Microsoft.KeyVault/vaults/kv-orders-dev"
REGISTRY = f"{GROUP}/providers/Microsoft.ContainerRegistry/registries/crordersdev"
ACCOUNT = f"{GROUP}/providers/Microsoft.Storage/storageAccounts/stordersdev"
ANSWERS = [
    (GROUP, "azure.mgmt.resource.resources", "ResourceGroup"),
    (VAULT, "azure.mgmt.keyvault", "Vault"),
    (REGISTRY, "azure.mgmt.containerregistry", "Registry"),
    (ACCOUNT, "azure.mgmt.storage", "StorageAccount"),
    (f"{ACCOUNT}/fileServices/default", "azure.mgmt.storage", "FileServiceProperties"),
    (f"{ACCOUNT}/fileServices/default/shares", "azure.mgmt.storage", "FileShareItem"),
    (ENVIRONMENT, "azure.mgmt.appcontainers", "ManagedEnvironment"),
    (f"{ENVIRONMENT}/storages", "azure.mgmt.appcontainers", "ManagedEnvironmentStorage"),
    (APP, "azure.mgmt.appcontainers", "ContainerApp"),
    (f"{APP}/revisions", "azure.mgmt.appcontainers", "Revision"),
]
BEYOND = ("RunningAtMaxScale", "delegatedIdentities", "runningStateDetails", "softDeletePolicy")
"""What is answered beyond the models: recorded of real Azure, but for ``runningStateDetails`` of a revision, which is judgement."""
SINGLE: dict[Any, tuple[type, ...]] = {str: (str,), int: (int,), float: (int, float), bool: (bool,), datetime.datetime: (str, int)}


def fields(model: Any) -> Iterator[tuple[str, Any, bool]]:
    """The REST names of a model's members, each with its annotated type and whether an answer must have it."""
    model.__new__(model)  # the model learns its fields when the first of it is made
    models = importlib.import_module(model.__module__.rpartition(".")[0])
    hints = typing.get_type_hints(model, {**vars(importlib.import_module(model.__module__)), "_models": models})
    for name, field in model._attr_to_rest_field.items():
        annotation = hints.get(name, Any)
        answered = not field._visibility or "read" in field._visibility
        yield field._rest_name, annotation, answered and annotation is not Any and type(None) not in typing.get_args(annotation)


def problems(annotation: Any, value: Any, path: str) -> Iterator[str]:
    """What of an answer does not fit the annotated type of a model's member."""
    if value is None or annotation is Any:
        return
    arguments = [argument for argument in typing.get_args(annotation) if argument is not type(None)]
    origin = typing.get_origin(annotation)
    known = next((argument for argument in arguments if isinstance(argument, type) and issubclass(argument, enum.Enum)), None)
    if known is not None:
        if str(value).lower() not in {str(member.value).lower() for member in known} and value not in BEYOND:  # case aside, as the SDKs
            yield f"{path}: {value!r} is none of {known.__name__}"
    elif origin in (typing.Union, types.UnionType):
        yield from problems(arguments[0], value, path)
    elif origin is list and isinstance(value, list):
        for member in value:
            yield from problems(arguments[0], member, f"{path}[]")
    elif origin is dict and isinstance(value, dict):
        for member in value.values():
            yield from problems(arguments[1], member, f"{path}.*")
    elif hasattr(annotation, "as_dict") and isinstance(value, dict):
        yield from _of_object(annotation, value, path)
    elif not (isinstance(value, SINGLE.get(annotation, ())) and not (isinstance(value, bool) and annotation is not bool)):
        yield f"{path}: {value!r} is no {annotation}"


def _of_object(model: Any, value: dict[str, Any], path: str) -> Iterator[str]:
    declared = {name: (annotation, required) for name, annotation, required in fields(model)}
    for name, (_annotation, required) in declared.items():
        if required and value.get(name) is None:
            yield f"{path}.{name}: required, and missing"
    for name, member in value.items():
        if name in declared:
            yield from problems(declared[name][0], member, f"{path}.{name}")
        elif name not in BEYOND and not name.startswith("@odata"):
            yield f"{path}.{name}: not in {model.__name__}"


async def test_every_resource_of_a_setup_is_answered_as_the_models_say(start_setup: StartSetup, tmp_path: Path) -> None:
    setup = await deployed(start_setup, tmp_path)
    differences: list[str] = []
    for path, package, name in ANSWERS:
        namespace = path.partition("/providers/")[2].partition("/")[0]
        version = API_VERSIONS.get(namespace, "2025-04-01")
        answer = await setup.practice.call("GET", path, version=version)
        assert answer.status == 200, (path, answer.body)
        model = getattr(importlib.import_module(f"{package}.models"), name)
        items = answer.body.get("value", [answer.body])
        assert items, path
        differences += [line for item in items for line in problems(model, item, name)]
    assert not differences, "\n".join(sorted(set(differences)))


def test_a_missing_member_another_type_and_an_unknown_value_are_found() -> None:
    app = importlib.import_module("azure.mgmt.appcontainers.models").ContainerApp
    wrong = {"properties": {"configuration": {"ingress": {"targetPort": "80", "transport": "pigeon", "external": True}}}, "colour": "red"}
    assert set(problems(app, wrong, "app")) == {
        "app.location: required, and missing",
        "app.properties.configuration.ingress.targetPort: '80' is no <class 'int'>",
        "app.properties.configuration.ingress.transport: 'pigeon' is none of IngressTransportMethod",
        "app.colour: not in ContainerApp",
    }
