"""Exported files looked at as the compiler looks at them, and worked out as a deployment would, beside what apply sent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.export.bicep_reader import BicepReading, Declared, Evaluation, plain, read, used_names
from tests.steps.conftest import Setup
from tests.steps.deployed import SERVER
from wizard.export.bicep import MAIN, PARAMETERS, Bicep

Place = tuple[str, str]
"""A resource's path and the API version it is written with."""


def whole(bicep: Bicep) -> dict[str, BicepReading]:
    """The files, after a look at each: every name is declared once and used, nothing is made out of reach, nothing waits in a circle."""
    files = {name: read(text) for name, text in bicep.files.items() if name != PARAMETERS}
    main = files[MAIN]
    for file in files.values():
        declared = [*file.resources.values(), *file.modules.values()]
        names = [*file.parameters, *file.variables, *file.resources, *file.modules]
        used = {name for item in declared for name in item.names}
        assert len(names) == len(set(names))
        assert used <= set(names)
        assert {*file.parameters, *file.variables} <= used | {"firstRun"}  # which an output uses too
        assert not any(used_names(value) for value in file.variables.values())
        for resource in file.resources.values():
            if not resource.existing:  # what lies in another group can be referred to, and nothing can be made in it
                assert not any("scope" in above.parts for above in around(resource, file) if above.existing)
        assert_no_circle(declared)
    for module in main.modules.values():
        assigned = module.parts["params"].named_children if "params" in module.parts else []
        assert {plain(node.named_children[0]) for node in assigned} == set(files[module.type].parameters)
    assert {module.type for module in main.modules.values()} == set(bicep.modules)
    return files


def around(resource: Declared, file: BicepReading) -> list[Declared]:
    """What a resource is part of or set upon, and what that is part of."""
    above = [resource.parts[key] for key in ("parent", "scope") if key in resource.parts and resource.parts[key].type == "identifier"]
    records = [file.resources[plain(node)] for node in above]
    return records + [further for match in records for further in around(match, file)]


def assert_no_circle(declared: list[Declared]) -> None:
    left = {item.name: item.names & {other.name for other in declared} for item in declared}
    while left:
        free = {name for name, needs in left.items() if not needs & set(left)}
        assert free, f"a circle: {left}"
        left = {name: needs for name, needs in left.items() if name not in free}


async def sent(setup: Setup, file: BicepReading, **parameters: Any) -> dict[Place, Any]:
    """What a deployment of the main file would write, where all is in the setup's own group: place -> body."""
    known = await answered(setup)
    evaluate = Evaluation(known)
    for name, default in file.parameters.items():
        known[name] = parameters[name] if name in parameters else default and evaluate(default)
    known |= {name: evaluate(value) for name, value in file.variables.items()}
    group = f"/subscriptions/{setup.cloud.subscription_id}/resourceGroups/{setup.answers.project.resource_group}"
    paths: dict[str, str] = {}
    for item in sorted(
        file.resources.values(), key=lambda item: (item.type.startswith("Microsoft.Authorization"), len(around(item, file)))
    ):
        kind = item.type.partition("@")[0]
        above = {key: paths[plain(item.parts[key])] for key in ("parent", "scope") if key in item.parts}
        place = f"{above['parent']}/{kind.rpartition('/')[2]}" if "parent" in above else f"{above.get('scope', group)}/providers/{kind}"
        paths[item.name] = known[f"{item.name}.id"] = f"{place}/{evaluate(item.parts['name'])}"
    return {
        (paths[resource.name], resource.type.partition("@")[2]): {
            key: evaluate(node) for key, node in resource.parts.items() if key not in ("parent", "scope", "name", "dependsOn")
        }
        for resource in file.resources.values()
        if not resource.existing and (resource.condition is None or evaluate(resource.condition))
    }


async def answered(setup: Setup) -> dict[str, Any]:
    """What Azure answers, by the expression that asks for it."""
    cloud, group = setup.cloud, setup.answers.project.resource_group
    if setup.answers.app.identity == "user":
        identity = await cloud.identities.user_assigned_identities.get(group, "id-orders-dev")
        principal = {"identity.properties.principalId": identity.principal_id}
    else:
        app = await cloud.apps.container_apps.get(group, setup.answers.app.name)
        principal = {"app.identity.principalId": app.identity.principal_id}
    return principal | {
        "subscription().id": f"/subscriptions/{cloud.subscription_id}",
        "tenant().tenantId": cloud.tenant_id,
        "vault.name": setup.answers.key_vault.name,
        "environment().suffixes.keyvaultDns": ".vault.azure.net",
        "registry.properties.loginServer": SERVER,
        "storage.listKeys().keys[0].value": "***",  # as the traffic's record has it
    }


def written_by_apply(har: Path, host: str) -> list[tuple[Place, Any]]:
    """Every PUT to a host that was accepted, in order: (place, body)."""
    entries = [json.loads(line) for line in har.with_name(f"{har.name}.part").read_text().splitlines()]
    puts = [entry for entry in entries if entry["request"]["method"] == "PUT" and entry["response"]["status"] < 300]
    parts = [(urlsplit(put["request"]["url"]), json.loads(put["request"]["postData"]["text"])) for put in puts]
    return [((url.path, parse_qs(url.query)["api-version"][0]), body) for url, body in parts if url.hostname == host]


def contained(ours: Any, theirs: Any) -> bool:
    """Whether all of ours is in theirs."""
    if isinstance(ours, dict):
        return isinstance(theirs, dict) and all(key in theirs and contained(item, theirs[key]) for key, item in ours.items())
    if isinstance(ours, list):
        return isinstance(theirs, list) and len(ours) == len(theirs) and all(map(contained, ours, theirs))
    return bool(ours == theirs)
