"""The requests that an API answers, held against the running app's own OpenAPI, over generated Litestar projects."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from tests.source.held_against.running_apps import told_by_apps, unlike
from wizard.source.api.routes import read_routes

pytest.importorskip("litestar")

OPENAPI = """
import importlib, json, sys
from pathlib import Path
for folder in sorted(Path(sys.argv[1]).iterdir()):
    sys.path.insert(0, str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    paths = importlib.import_module("shop.main").app.openapi_schema.to_schema()["paths"]
    found = [
        [method.upper(), path, sorted(int(code) for code in table["responses"] if code < "400"),
         sorted(each["name"] for each in table.get("parameters", []) if each["in"] == "query" and each.get("required"))]
        for path, operations in paths.items() for method, table in operations.items()
    ]
    print(json.dumps([folder.name, found]))
    sys.path.remove(str(folder))
"""
PATHS = (
    "",
    '"/"',
    '"/orders"',
    '"/orders/{number:int}"',
    '"/by/{key:uuid}/x"',
    'path="/named"',
    '["/one", "/two/"]',
    "PREFIX",
    'PREFIX + "/p"',
)
QUERIES = ("", ", wanted: str", ", wanted: int = 1", ", wanted: str | None = None", ', wanted: Annotated[str, Parameter(query="w")]')
HEAD = """
from typing import Annotated
from uuid import UUID
from litestar import Controller, Litestar, Router, delete, get, patch, post, put, route
from litestar.params import Parameter
PREFIX = "/const"
"""


def _handler(chosen: random.Random, name: str, *, in_class: bool = False) -> str:
    method, path = chosen.choice(("get", "post", "put", "patch", "delete")), chosen.choice(PATHS)
    written = f"{path}, " if path else ""
    if chosen.random() < 0.2:
        written += "status_code=202, "
    parameters = ", number: int" if "number" in path else ", key: UUID" if "key" in path else ""
    parameters += chosen.choice(QUERIES)
    result = "None" if method == "delete" and "status" not in written else "dict[str, str]"
    body = "pass" if result == "None" else "return {}"
    inner = f"self{parameters}" if in_class else parameters.lstrip(", ")
    indent = "    " if in_class else ""
    return f"{indent}@{method}({written.rstrip(', ')})\n{indent}async def {name}({inner}) -> {result}:\n{indent}    {body}\n"


def generated(seed: int) -> dict[str, str]:
    """A package with handlers, a controller below a base, routers within routers, and an app that takes them."""
    chosen = random.Random(seed)  # noqa: S311 - a fixed choice, no secret
    views = HEAD + _handler(chosen, "first") + _handler(chosen, "second")
    views += f"class Base(Controller):\n    path = {chosen.choice(('PREFIX', chr(34) + '/base' + chr(34)))}\n"
    views += f'class Orders(Base):\n    path = "/{chosen.choice(("orders", "o/", ""))}"\n' + _handler(chosen, "one", in_class=True)
    views += f"class Items(Base):\n    tags = ['x']\n{_handler(chosen, 'many', in_class=True)}"
    views += f'inner = Router(path="/{chosen.choice(("inner", "in/ner/", ""))}", route_handlers=[Orders])\n'
    views += 'def made():\n    return Router("/made", route_handlers=[inner, second])\n'
    taken = [chosen.choice(("views.made()", "*views_list")), chosen.choice(("first", "views.first"))]
    main = HEAD + "from shop import views\nfrom shop.views import first\nviews_list = [views.made(), views.Items]\n"
    main += chosen.choice(
        (
            "app = Litestar([{0}])\n",
            'app = Litestar(route_handlers=[{0}], path="/root")\n',
            "def create_app() -> Litestar:\n    return Litestar(route_handlers=[{0}])\napp = create_app()\n",
            "every = [{0}]\napp = Litestar(route_handlers=every)\napp.register(views.Items)\n",
        )
    ).format(", ".join(taken))
    if "register" in main:
        main = main.replace("*views_list", "views.made()")
    return {"shop/__init__.py": "", "shop/views.py": views, "shop/main.py": main}


def held(tmp_path: Path, seeds: range) -> list[str]:
    """What differs between our reading and the app's own, by seed."""
    wrong: list[str] = []
    for name, found in told_by_apps(tmp_path, generated, seeds, OPENAPI):
        truth = {(method, path, tuple(statuses), tuple(query)) for method, path, statuses, query in found}
        ours = {
            (route.method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path), route.statuses, tuple(sorted(route.inputs.query)))
            for route in read_routes(tmp_path / name)
        }
        wrong += unlike(name, ours, truth)
    return wrong


def test_the_routes_of_generated_apps_are_those_of_their_own_openapi(tmp_path: Path) -> None:
    assert held(tmp_path, range(12)) == []


@pytest.mark.nightly
def test_the_routes_of_300_generated_apps_are_those_of_their_own_openapi(tmp_path: Path) -> None:
    assert held(tmp_path, range(1000, 1300)) == []
