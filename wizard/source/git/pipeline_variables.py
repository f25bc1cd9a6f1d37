"""The variables of ``azure-pipelines.yml``: what they hold, who takes them, and how one is set."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

MACRO = re.compile(r"\$\(([A-Za-z_][\w.]*)\)")


def known_variables(variables: Any) -> dict[str, str]:
    """Name, in small letters since Azure DevOps minds no capitals, -> value of either form of the file's ``variables``."""
    if isinstance(variables, Mapping):
        return {str(name).lower(): str(value) for name, value in variables.items()}
    listed = variables if isinstance(variables, list) else []
    return {str(it["name"]).lower(): str(it.get("value", "")) for it in listed if isinstance(it, Mapping) and "name" in it}


def expanded(text: Any, variables: Mapping[str, str]) -> str:
    """``$(name)`` replaced by the file's own variables, also within their values; Azure's own names stay."""
    found = str(text)
    for _round in range(len(variables) + 1):
        found = MACRO.sub(lambda match: variables.get(match[1].lower(), match[0]), found)
    return found


def is_used_elsewhere(content: Any, inputs: Mapping[str, Any], variable: str) -> bool:
    """Whether other steps of the person's take the variable too, and so must go on to find in it what they put there."""
    use = re.compile(rf"(?:\$\(|variables\.|variables\[')\s*{re.escape(variable)}\b", re.IGNORECASE)
    return len(use.findall(_texts(content))) > len(use.findall(_texts(inputs)))


def set_variable(content: MutableMapping[str, Any], name: str, value: str) -> None:
    """In the form the file has: a mapping, or a list of names and values."""
    from ruamel.yaml.comments import CommentedMap

    variables = content.get("variables")
    if isinstance(variables, list):
        entry = next((it for it in variables if isinstance(it, MutableMapping) and str(it.get("name")).lower() == name.lower()), None)
        if entry is None:
            variables.append(CommentedMap(name=name, value=value))
        else:
            entry["value"] = value
        return
    if not isinstance(variables, MutableMapping):
        position = list(content).index("stages") if "stages" in content else len(content)
        variables = CommentedMap()
        if isinstance(content, CommentedMap):
            content.insert(position, "variables", variables)
        else:
            content["variables"] = variables
    variables[next((it for it in variables if str(it).lower() == name.lower()), name)] = value


def _texts(content: Any) -> str:
    """Every value in it, one below the other."""
    if isinstance(content, Mapping):
        return "\n".join(map(_texts, content.values()))
    return "\n".join(map(_texts, content)) if isinstance(content, list) else str(content)
