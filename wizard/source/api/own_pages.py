"""Pages that a framework itself gives an API, and which answer a GET to anyone: FastAPI's and django-ninja's OpenAPI, Django's sign-in."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from wizard.source.api.django_routes import django_routes
from wizard.source.api.modules import Module, SourceModules, dotted, keyword, name_of
from wizard.source.api.owners import UNKNOWN, find_owners, joined

OPENAPI = "/openapi.json"
DJANGO = ("path", "re_path", "url")


def own_pages(project: SourceModules) -> list[str]:
    """Their paths, as far as the code shows that they are on."""
    return list(dict.fromkeys(path for path in (*_of_fastapi(project), *_of_ninja(project), *_of_admin(project)) if UNKNOWN not in path))


def _calls(project: SourceModules, *names: str) -> Iterator[tuple[Module, ast.Call]]:
    for module in project.modules:
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and name_of(node.func) in names:
                yield module, node


def _openapi(module: Module, call: ast.Call) -> str:
    """Where an app describes itself; "" where it does not, or only the running code knows."""
    if any(word.arg is None for word in call.keywords):  # FastAPI(**settings)
        return ""
    given = keyword(call, "openapi_url")
    path = OPENAPI if given is None else module.text(given) or ""
    return path if path.startswith("/") else ""


def _of_fastapi(project: SourceModules) -> Iterator[str]:
    """None where several apps are made, which may lie below one another."""
    made = list(_calls(project, "FastAPI"))
    if len(made) == 1 and (path := _openapi(*made[0])):
        yield path


def _of_ninja(project: SourceModules) -> Iterator[str]:
    made = list(_calls(project, "NinjaAPI", "NinjaExtraAPI"))
    if not made:
        return
    owners = find_owners(project)
    django_routes(project, owners, [])
    for key, kind in owners.kinds.items():
        for mount in owners.mounts.get(key, []) if kind.startswith("Ninja") else []:
            if path := next((_openapi(module, call) for module, call in made if module.name == key[0]), ""):
                yield joined(mount.prefix or "", path)


def _of_admin(project: SourceModules) -> Iterator[str]:
    """The page where one signs in to Django's admin, which asks no database."""
    for module, call in _calls(project, *DJANGO):
        if len(call.args) > 1 and dotted(call.args[1]) == "admin.site.urls":
            prefix = (module.text(call.args[0]) or UNKNOWN).removeprefix("^")
            yield f"/{prefix}login/"
