"""Azure's built-in role definitions, as far as this path meets them."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

PARTS = ("actions", "notActions", "dataActions", "notDataActions")

Permission = dict[str, list[str]]


@functools.cache
def definitions() -> dict[str, dict[str, Any]]:
    """Role definition properties by role id (a GUID): ``{"roleName", "type", "description", "assignableScopes", "permissions", ...}``."""
    roles = tomllib.loads(Path(__file__).with_name("roles.toml").read_text(encoding="utf-8"))["role"]
    return {role["name"]: _properties(role) for role in roles}


def _properties(role: dict[str, Any]) -> dict[str, Any]:
    return {
        "roleName": role["roleName"],
        "type": "BuiltInRole",
        "description": role["description"],
        "assignableScopes": ["/"],
        "permissions": [{part: role[part] for part in PARTS}],
        "createdOn": "2015-02-02T21:55:09.8806423Z",
        "updatedOn": "2021-11-11T20:13:45.8978856Z",
        "createdBy": None,
        "updatedBy": None,
    }


def role_id(name: str) -> str:
    """The id of the role with that name; KeyError for an unknown one."""
    for identifier, properties in definitions().items():
        if properties["roleName"] == name:
            return identifier
    raise KeyError(name)


def guid_of(role_definition_id: str) -> str:
    """The GUID that a role definition's ARM id ends with, in lower case."""
    return role_definition_id.rstrip("/").rsplit("/", 1)[-1].lower()


def permissions(role_definition_id: str) -> list[Permission]:
    """What that role grants; [] for an unknown role."""
    properties = definitions().get(guid_of(role_definition_id))
    return properties["permissions"] if properties else []
