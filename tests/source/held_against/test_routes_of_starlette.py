"""The requests that an API answers, held against the running app's own table of routes, over generated Starlette projects."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from tests.source.held_against.running_apps import told_by_apps, unlike
from wizard.source.api.routes import read_routes

pytest.importorskip("starlette")

TABLE = """
import importlib, json, sys
from pathlib import Path
from starlette.routing import Host, Mount, Route

def leaves(routes, before):
    for route in routes:
        if isinstance(route, Mount | Host):
            yield from leaves(route.routes, before + getattr(route, "path", ""))
        elif isinstance(route, Route):
            own = route.methods or {name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(route.endpoint, name)}
            yield from ((method, before + route.path) for method in own - {"HEAD", "OPTIONS"})

for folder in sorted(Path(sys.argv[1]).iterdir()):
    sys.path.insert(0, str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    app = importlib.import_module("shop.main").app
    print(json.dumps([folder.name, list(leaves(app.routes, ""))]))
    sys.path.remove(str(folder))
"""
PATHS = ("/", "/orders", "/orders/{number:int}", "/files/{name:path}", "/health", "/a-b/{slug}", "/items/", "/by/{key:uuid}")
METHODS = ("", '["POST"]', '["GET", "PUT"]', '["DELETE"]', '("PATCH",)')
ANGLED = {"{number:int}": "<int:number>", "{name:path}": "<path:name>", "{slug}": "<slug>", "{key:uuid}": "<uuid:key>"}


def _function(name: str) -> str:
    return f"async def {name}(request):\n    return JSONResponse({{}})\n"


def _endpoint(name: str, chosen: random.Random) -> str:
    methods = chosen.sample(("get", "post", "put", "delete"), 2)
    return f"class {name}(HTTPEndpoint):\n" + "".join(
        f"    async def {method}(self, request):\n        return JSONResponse({{}})\n" for method in methods
    )


def _route(chosen: random.Random, views: str) -> str:
    path = f"PREFIX + {chosen.choice(PATHS)!r}" if chosen.random() < 0.15 else json.dumps(chosen.choice(PATHS))
    if chosen.random() < 0.3:
        return f"Route({path}, {views}.Endpoint)"
    methods = chosen.choice(METHODS)
    view = chosen.choice((f"{views}.view", f"endpoint={views}.other", f"functools.partial({views}.view)"))
    return f"Route({path}, {view}{f', methods={methods}' if methods else ''})"


def generated(seed: int) -> dict[str, str]:
    """A package whose app has routes, mounts, a list of another file, a router of its own, and routes that are added later."""
    chosen = random.Random(seed)  # noqa: S311 - a fixed choice, no secret
    heads = "from starlette.routing import Host, Mount, Route, Router\nfrom starlette.applications import Starlette\n"
    heads += "import functools\nfrom shop import views\n"
    views = "from starlette.responses import JSONResponse\nfrom starlette.endpoints import HTTPEndpoint\n"
    views += _function("view") + _function("other") + _endpoint("Endpoint", chosen)
    listing = ", ".join(_route(chosen, "views") for _number in range(chosen.randint(1, 3)))
    below = f'{heads}PREFIX = "/pre"\nroutes = [{listing}]\n'
    if chosen.random() < 0.5:
        below += f"routes += [{_route(chosen, 'views')}]\nroutes.append({_route(chosen, 'views')})\n"
    below += f"router = Router([{_route(chosen, 'views')}])\ndef made():\n    return [{_route(chosen, 'views')}]\n"
    items = [_route(chosen, "views") for _number in range(chosen.randint(0, 2))]
    items.append(chosen.choice(('Mount("/api", routes=below.routes)', "*below.routes", 'Mount("/in/", routes=below.made())')))
    items.append(
        chosen.choice(('Mount("/router", app=below.router)', 'Mount("/router", below.router)', 'Host("api.example", app=below.router)'))
    )
    items.append(f'Mount("/deep", routes=[Mount("/er", routes=[{_route(chosen, "views")}]), {_route(chosen, "views")}])')
    main = f'{heads}from shop import below\nPREFIX = "/const"\n'
    made = chosen.choice(
        (
            "app = Starlette(routes=[{0}])\n",
            "every = [{0}]\napp = Starlette(debug=True, routes=every)\n",
            "def create():\n    return Starlette(routes=[{0}])\napp = create()\n",
        )
    )
    main += made.format(", ".join(items))
    if chosen.random() < 0.5:
        main += (
            f'app.add_route("/later", views.view, methods=["POST"])\napp.mount("/late", Starlette(routes=[{_route(chosen, "views")}]))\n'
        )
    return {"shop/__init__.py": "", "shop/views.py": views, "shop/below.py": below, "shop/main.py": main}


def held(tmp_path: Path, seeds: range) -> list[str]:
    """What differs between our reading and the app's own table, by seed."""
    wrong: list[str] = []
    for name, found in told_by_apps(tmp_path, generated, seeds, TABLE):
        truth = {(method, _angled(path)) for method, path in found}
        ours = {(route.method, route.path) for route in read_routes(tmp_path / name)}
        wrong += unlike(name, ours, truth)
    return wrong


def _angled(path: str) -> str:
    for braces, angles in ANGLED.items():
        path = path.replace(braces, angles)
    return path


def test_the_routes_of_generated_apps_are_those_of_their_own_table(tmp_path: Path) -> None:
    assert held(tmp_path, range(20)) == []


@pytest.mark.nightly
def test_the_routes_of_300_generated_apps_are_those_of_their_own_table(tmp_path: Path) -> None:
    assert held(tmp_path, range(1000, 1300)) == []
