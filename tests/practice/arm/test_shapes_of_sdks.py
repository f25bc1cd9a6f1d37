"""The shapes of bodies hold every member that the installed SDKs can send, of the same kind: a new SDK is noticed at once."""

from __future__ import annotations

import datetime
import importlib
import typing
from collections.abc import Iterator
from typing import Any

import pytest

from wizard.practice.apps.shapes import APP
from wizard.practice.environments.shapes import ENVIRONMENT, STORAGE
from wizard.practice.kernel.shapes import Each, Kind, OneOf
from wizard.practice.registry.shapes import IMPORT, REGISTRY, RUN
from wizard.practice.storage.shapes import ACCOUNT, FILE_SERVICE, SHARE
from wizard.practice.vault.shapes import ARM_SECRET, VAULT

SENT = [
    ("azure.mgmt.appcontainers.models", "ContainerApp", APP),
    ("azure.mgmt.appcontainers.models", "ManagedEnvironment", ENVIRONMENT),
    ("azure.mgmt.appcontainers.models", "ManagedEnvironmentStorage", STORAGE),
    ("azure.mgmt.keyvault.models", "VaultCreateOrUpdateParameters", VAULT),
    ("azure.mgmt.keyvault.models", "SecretCreateOrUpdateParameters", ARM_SECRET),
    ("azure.mgmt.storage.models", "StorageAccountCreateParameters", ACCOUNT),
    ("azure.mgmt.storage.models", "FileServiceProperties", FILE_SERVICE),
    ("azure.mgmt.storage.models", "FileShare", SHARE),
    ("azure.mgmt.containerregistry.models", "Registry", REGISTRY),
    ("azure.mgmt.containerregistry.models", "ImportImageParameters", IMPORT),
    ("azure.mgmt.containerregistrytasks.models", "DockerBuildRequest", RUN),
]
KINDS = {str: (Kind.TEXT, OneOf), int: (Kind.WHOLE, Kind.LONG), float: (Kind.NUMBER,), bool: (Kind.FLAG,)}
READ_ONLY = "read"


def members(model: Any) -> Iterator[tuple[str, Any]]:
    """The REST names of what a model lets one write, with the annotated type of each."""
    model.__new__(model)  # the model learns its fields when the first of it is made
    models = importlib.import_module(model.__module__.rpartition(".")[0])
    hints = typing.get_type_hints(model, {**vars(importlib.import_module(model.__module__)), "_models": models})
    for name, field in model._attr_to_rest_field.items():
        if field._visibility != [READ_ONLY]:
            yield field._rest_name, hints.get(name, Any)


def differences(annotation: Any, shape: Any, path: str, seen: tuple[Any, ...] = ()) -> Iterator[str]:
    arguments = [argument for argument in typing.get_args(annotation) if argument is not type(None)]
    origin = typing.get_origin(annotation)
    if origin is typing.Union or type(annotation).__name__ == "UnionType":
        plain = [argument for argument in arguments if not (isinstance(argument, type) and hasattr(argument, "__members__"))]
        words = [member.value for argument in arguments if argument not in plain for member in argument]
        if isinstance(shape, OneOf) and (unknown := {word.lower() for word in words} - {value.lower() for value in shape.values}):
            yield f"{path}: lacks {', '.join(sorted(unknown))}"
        yield from differences(plain[0] if plain else str, shape, path, seen)
    elif origin is list:
        if not isinstance(shape, list):
            yield f"{path}: a list"
        else:
            yield from differences(arguments[0], shape[0], f"{path}[]", seen)
    elif origin is dict:
        if not isinstance(shape, Each):
            yield f"{path}: an object of names"
    elif isinstance(annotation, type) and hasattr(annotation, "as_dict"):
        if annotation in seen:
            return
        if not isinstance(shape, dict):
            yield f"{path}: an object"
            return
        for name, inner in members(annotation):
            if name not in shape:
                yield f"{path}.{name}: not declared"
            else:
                yield from differences(inner, shape[name], f"{path}.{name}", (*seen, annotation))
    elif annotation in KINDS or annotation is datetime.datetime:
        expected = KINDS.get(annotation, (Kind.TEXT, Kind.LONG))
        if shape not in expected and not isinstance(
            shape, tuple(kind for kind in expected if isinstance(kind, type) and kind is OneOf) or ()
        ):
            yield f"{path}: {annotation.__name__}"


@pytest.mark.parametrize(("module", "name", "shape"), SENT, ids=[name for _, name, _ in SENT])
def test_a_shape_has_every_member_that_the_installed_sdk_can_send(module: str, name: str, shape: Any) -> None:
    model = getattr(importlib.import_module(module), name)
    ours = ("id", "name", "type", "systemData", "etag", "provisioningState", "eTag")
    records = [line for line in differences(model, shape, name) if line.split(":")[0].rsplit(".", 1)[-1] not in ours]
    assert records == []


def test_a_member_that_a_shape_does_not_have_is_found() -> None:
    model = importlib.import_module("azure.mgmt.appcontainers.models").ContainerApp
    without = {**APP, "properties": {**APP["properties"], "configuration": {}}, "tags": APP["location"]}
    matches = set(differences(model, without, "app"))
    assert {"app.properties.configuration.ingress: not declared", "app.tags: an object of names"} <= matches


def test_a_word_that_a_shape_does_not_know_is_found() -> None:
    model = importlib.import_module("azure.mgmt.storage.models").StorageAccountCreateParameters
    older = {**ACCOUNT, "properties": {**ACCOUNT["properties"], "minimumTlsVersion": OneOf(("TLS1_0", "TLS1_1", "TLS1_2"))}}
    assert "account.properties.minimumTlsVersion: lacks tls1_3" in set(differences(model, older, "account"))
