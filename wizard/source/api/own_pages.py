"""Pages that a framework itself gives an API, and which answer a GET to anyone: FastAPI's and django-ninja's OpenAPI, Django's sign-in."""

from __future__ import annotations

import ast

from wizard.source.api.modules import SourceModules, keyword, name_of

OPENAPI = "/openapi.json"


def own_pages(project: SourceModules) -> list[str]:
    """Their paths, as far as the code shows that they are on; none where it makes several apps, which may lie below one another."""
    made = [
        (module, node) for module in project.modules for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and name_of(node.func) == "FastAPI"
    ]  # fmt: skip
    if len(made) != 1:
        return []
    module, call = made[0]
    if any(word.arg is None for word in call.keywords):  # FastAPI(**settings)
        return []
    given = keyword(call, "openapi_url")
    path = OPENAPI if given is None else module.text(given)
    return [path] if path and path.startswith("/") else []
