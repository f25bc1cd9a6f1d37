"""The variables of ``azure-pipelines.yml``: what they hold, who takes them, and how one is set."""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

DEEPEST, LONGEST = 20, 10_000  # how often references are followed, and how long a text may become by it
MACRO = re.compile(
    r"\$\((?P<macro>[A-Za-z_][\w.]*)\)"
    r"|\$(?:\{\{|\[)\s*(?P<kind>variables|parameters)(?:\.(?P<dotted>[\w.]+)|\['(?P<quoted>[^']+)'\])\s*(?:\}\}|\])"
)
"""``$(name)``, ``${{ variables.name }}``, ``${{ parameters.name }}`` and ``$[variables['name']]``."""


def known_variables(variables: Any) -> dict[str, str]:
    """Name, in small letters since Azure DevOps minds no capitals, -> value of either form of the file's ``variables``.

    What stands below a template expression counts too: which branch holds is known only when the pipeline runs.
    """
    known: dict[str, str] = {}
    for name, value in variables.items() if isinstance(variables, Mapping) else ():
        if str(name).lstrip().startswith("${{"):
            known = {**known_variables(value), **known}
        elif not isinstance(value, Mapping | list):
            known[str(name).lower()] = str(value)
    for entry in variables if isinstance(variables, list) else ():
        if isinstance(entry, Mapping) and "name" in entry:
            known[str(entry["name"]).lower()] = str(entry.get("value", ""))
        elif isinstance(entry, Mapping) and not {"group", "template"} & set(map(str, entry)):
            known = {**known_variables(entry), **known}
    return known


def expanded(text: Any, variables: Mapping[str, str]) -> str:
    """References to variables, and to parameters that have a default, replaced, also within values; Azure's own names stay.

    :param variables: by name in small letters; a parameter stands there as ``parameters.name``.
    """

    def value(match: re.Match[str]) -> str:
        name = (match["macro"] or match["dotted"] or match["quoted"]).lower()
        return variables.get(f"parameters.{name}" if match["kind"] == "parameters" else name, match[0])

    result = str(text)
    for _round in range(min(len(variables), DEEPEST) + 1):
        replaced = MACRO.sub(value, result)
        if replaced == result or len(replaced) > LONGEST:
            break
        result = replaced
    return result


def is_used_elsewhere(content: Any, inputs: Mapping[str, Any], variable: str) -> bool:
    """Whether other steps of the person's take the variable too, and so must go on to find in it what they put there."""
    use = re.compile(rf"(?:\$\(|variables\.|variables\[')\s*{re.escape(variable)}\b", re.IGNORECASE)
    return len(use.findall(_texts(content))) > len(use.findall(_texts(inputs)))


def set_variable(content: MutableMapping[str, Any], name: str, value: str) -> None:
    """In the form the file has: a mapping, or a list of names and values."""
    from ruamel.yaml.comments import CommentedMap

    variables = content.get("variables")
    if isinstance(variables, list):
        entry = next(
            (
                variable
                for variable in variables
                if isinstance(variable, MutableMapping) and str(variable.get("name")).lower() == name.lower()
            ),
            None,
        )
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
    variables[next((variable for variable in variables if str(variable).lower() == name.lower()), name)] = value


def _texts(content: Any) -> str:
    """Every value in it, one below the other."""
    if isinstance(content, Mapping):
        return "\n".join(map(_texts, content.values()))
    return "\n".join(map(_texts, content)) if isinstance(content, list) else str(content)
