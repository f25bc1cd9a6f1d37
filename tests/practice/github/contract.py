"""GitHub's own description of its REST interface, cut down to what the wizard calls: what bodies and queries it takes, what it answers.

``contract.json`` is made from ``@octokit/openapi`` (npm; github.com/github/rest-api-description):
``python -m tests.practice.github.contract node_modules/@octokit/openapi/generated/api.github.com.json``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("contract.json")
OPERATIONS = (
    *("GET /user/repos", "GET /repos/{owner}/{repo}", "GET /repos/{owner}/{repo}/branches/{branch}"),
    *(
        "GET /repos/{owner}/{repo}/git/matching-refs/{ref}",
        "GET /repos/{owner}/{repo}/git/ref/{ref}",
        "POST /repos/{owner}/{repo}/git/refs",
    ),
    *(
        "PATCH /repos/{owner}/{repo}/git/refs/{ref}",
        "GET /repos/{owner}/{repo}/git/trees/{tree_sha}",
        "POST /repos/{owner}/{repo}/git/trees",
    ),
    *(
        "POST /repos/{owner}/{repo}/git/blobs",
        "POST /repos/{owner}/{repo}/git/commits",
        "GET /repos/{owner}/{repo}/git/commits/{commit_sha}",
    ),
    *("GET /repos/{owner}/{repo}/commits", "GET /repos/{owner}/{repo}/commits/{ref}", "GET /repos/{owner}/{repo}/contents/{path}"),
    *("PUT /repos/{owner}/{repo}/contents/{path}", "GET /repos/{owner}/{repo}/pulls", "POST /repos/{owner}/{repo}/pulls"),
    *("GET /repos/{owner}/{repo}/actions/variables", "POST /repos/{owner}/{repo}/actions/variables"),
    *("PATCH /repos/{owner}/{repo}/actions/variables/{name}", "DELETE /repos/{owner}/{repo}/actions/variables/{name}"),
    *("GET /repos/{owner}/{repo}/actions/oidc/customization/sub", "GET /repos/{owner}/{repo}/actions/workflows/{workflow_id}/runs"),
    *("GET /repos/{owner}/{repo}/actions/runs/{run_id}", "GET /repos/{owner}/{repo}/actions/runs/{run_id}/jobs"),
    *("GET /repos/{owner}/{repo}/actions/jobs/{job_id}/logs", "POST /repos/{owner}/{repo}/actions/runs/{run_id}/rerun"),
    "POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches",
)
KEPT = ("type", "enum", "items", "properties", "required", "oneOf", "anyOf", "allOf", "additionalProperties", "nullable")
DEEPEST = 3  # names within names of an answer
LATER = {"422": ("status",)}
"""What GitHub answers and the description does not have: every refusal names its status (docs.github.com, "Troubleshooting")."""


def problems(method: str, path: str, query: dict[str, str], body: Any, status: int, answer: Any) -> Iterator[str]:
    """What of one exchange GitHub's description does not know."""
    from jsonschema import Draft202012Validator

    name, operation = _operation(method, path)
    if operation is None:
        yield f"{method} {path}: no such operation"
        return
    yield from (f"{name}: no parameter {key}" for key in query if key not in operation["query"])
    if body is not None and status < 400:
        schema = operation["request"] or {"maxProperties": 0}
        yield from (f"{name}: {error.json_path} {error.message}" for error in Draft202012Validator(schema).iter_errors(body))
        yield from (f"{name}: it takes no {key}" for key in _unknown(_names_of(schema), body))
    names = operation["responses"].get(str(status))
    if names is None and status not in (401, 403, 404):
        yield f"{name}: never answers {status}"
    elif names is not None and answer is not None:
        yield from (f"{name} {status}: no {key}" for key in _unknown(names, answer) if key not in LATER.get(str(status), ()))


def _operation(method: str, path: str) -> tuple[str, dict[str, Any] | None]:
    contract: dict[str, Any] = json.loads(FILE.read_text())
    for name in sorted(contract, key=lambda each: (each.count("{"), -len(each))):
        verb, template = name.split(" ")
        pattern = re.sub(r"\{(\w+)\}", lambda hole: ".+" if hole[1] in ("ref", "path") else "[^/]+", template)
        if verb == method and re.fullmatch(pattern, path):
            return name, contract[name]
    return path, None


def _unknown(names: Any, value: Any, before: str = "") -> Iterator[str]:
    """The names in a value that are not among those of a description, of which None stands for any."""
    if isinstance(value, list):
        for item in value[:5]:
            yield from _unknown(names, item, before)
    elif isinstance(value, dict) and isinstance(names, dict):
        for key, inner in value.items():
            if key not in names:
                yield f"{before}{key}"
            else:
                yield from _unknown(names[key], inner, f"{before}{key}.")


def _names_of(schema: dict[str, Any], depth: int = 0) -> dict[str, Any] | None:
    """Property -> the same of what it holds; None where a schema says nothing about names, or they are too deep."""
    parts = [schema, *(part for word in ("oneOf", "anyOf", "allOf") for part in schema.get(word, []))]
    parts += [schema["items"]] if "items" in schema else []
    names: dict[str, Any] = {}
    for part in parts:
        inner = part.get("properties") if part is schema else _names_of(part, depth)
        for key, below in (inner or {}).items():
            names[key] = (_names_of(below, depth + 1) if depth < DEEPEST else None) if part is schema else below
    return names or None


def _distilled(description: dict[str, Any]) -> dict[str, Any]:
    contract: dict[str, Any] = {}
    for name in OPERATIONS:
        method, path = name.split(" ")
        item = description["paths"][path]
        operation = item[method.lower()]
        parameters = [_whole(description, part) for part in (*operation.get("parameters", []), *item.get("parameters", []))]
        request = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
        responses: dict[str, Any] = {}
        for status, response in operation["responses"].items():
            schema = _whole(description, response).get("content", {}).get("application/json", {}).get("schema")
            responses[status] = _names_of(_resolved(description, schema)) if schema else None
        contract[name] = {
            "query": sorted(part["name"] for part in parameters if part["in"] == "query"),
            "request": _resolved(description, request) if request else None,
            "responses": {status: names or {} for status, names in responses.items()},
        }
    return contract


def _whole(description: dict[str, Any], node: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in node:
        place: Any = description
        for part in node["$ref"].split("/")[1:]:
            place = place[part]
        node = place
    return node


def _resolved(description: dict[str, Any], node: Any, depth: int = 0) -> Any:
    """A schema with its references put in and its words taken out; JSON Schema's null in place of ``nullable``."""
    if isinstance(node, list):
        return [_resolved(description, item, depth) for item in node]
    if not isinstance(node, dict) or depth > 2 * DEEPEST + 2:
        return node if not isinstance(node, dict) else {}
    node = _whole(description, node)
    result: dict[str, Any] = {}
    for key in (key for key in KEPT if key in node and key != "nullable"):
        if key == "properties":
            result[key] = {name: _resolved(description, value, depth + 1) for name, value in node[key].items()}
        else:
            result[key] = _resolved(description, node[key], depth + 1)
    if node.get("nullable") and isinstance(result.get("type"), str):
        result["type"] = [result["type"], "null"]
    return result


if __name__ == "__main__":
    FILE.write_text(json.dumps(_distilled(json.loads(Path(sys.argv[1]).read_text())), separators=(",", ":"), sort_keys=True) + "\n")
