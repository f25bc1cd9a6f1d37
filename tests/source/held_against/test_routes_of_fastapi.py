"""The requests that an API answers, held against the running app's own OpenAPI, over generated FastAPI projects."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from tests.source.held_against.running_apps import told_by_apps, unlike
from wizard.source.api.routes import read_routes
from wizard.source.health_path import health_path

pytest.importorskip("fastapi")

OPENAPI = """
import importlib, json, sys
from pathlib import Path
for folder in sorted(Path(sys.argv[1]).iterdir()):
    sys.path.insert(0, str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]
    importlib.invalidate_caches()
    app = importlib.import_module("shop.main").app
    found = [[method.upper(), path] for path, table in app.openapi()["paths"].items() for method in table]
    print(json.dumps([folder.name, found, app.openapi_url]))
    sys.path.remove(str(folder))
"""
PATHS = ("/", "/orders", "/orders/{number}", "/files/{name:path}", "/health", "/a-b/c", "/items/")
PREFIXES = ('"/api"', "settings.prefix", "get_settings().prefix", 'f"{settings.prefix}/v1"', "PREFIX", 'PREFIX + "/x"', '""')
METHODS = ("get", "post", "put", "patch", "delete")
CONFIG = """
import os
class Basics:
    prefix: str = os.getenv("GENERATED_PREFIX", "/base")
class Settings(Basics):
    debug: bool = False
def get_settings() -> Settings:
    return Settings()
settings = get_settings()
PREFIX = "/const"
"""


def _view(chosen: random.Random, owner: str, number: int) -> str:
    path = chosen.choice(PATHS) if owner == "app" or chosen.random() < 0.8 else f"/only{number}"
    names = re.findall(r"\{(\w+)", path)
    parameters = ", ".join(f"{name}: {'int' if name == 'number' else 'str'}" for name in names)
    head = f'@{owner}.{chosen.choice(METHODS)}("{path}")'
    if chosen.random() < 0.2:
        head = f'@{owner}.api_route("{path}", methods={[method.upper() for method in chosen.sample(METHODS, 2)]!r})'
    return f"{head}\n{chosen.choice(('', 'async '))}def view_{owner}_{number}({parameters}):\n    return 1\n"


def generated(seed: int) -> dict[str, str]:
    """A package with an app, a router in a file of its own, and one below that, under prefixes as people write them."""
    chosen = random.Random(seed)  # noqa: S311 - a fixed choice, no secret
    own = chosen.choice(("", 'prefix="/own"', 'tags=["x"], prefix="/own"'))
    inner = chosen.choice((', prefix="/inner"', ', prefix="/below", tags=["y"]'))
    routers = f"from fastapi import APIRouter\nrouter = APIRouter({own})\nbelow = APIRouter()\n"
    routers += "".join(_view(chosen, owner, number) for owner in ("router", "below") for number in range(chosen.randint(1, 3)))
    routers += f"router.include_router(below{inner})\n"
    made = "app = FastAPI()" if chosen.random() < 0.7 else 'app = FastAPI(openapi_url="/spec.json")'
    included = f"app.include_router(routers.router, prefix={chosen.choice(PREFIXES)})"
    main = "from fastapi import FastAPI\nfrom shop import routers\nfrom shop.config import PREFIX, get_settings, settings\n"
    main += f"{made}\n{''.join(_view(chosen, 'app', number) for number in range(chosen.randint(0, 2)))}{included}\n"
    return {"shop/__init__.py": "", "shop/config.py": CONFIG, "shop/routers.py": routers, "shop/main.py": main}


def held(tmp_path: Path, seeds: range) -> list[str]:
    """What differs between our reading and the app's own, by seed."""
    wrong: list[str] = []
    for name, found, openapi_url in told_by_apps(tmp_path, generated, seeds, OPENAPI):
        truth = {(method, path.replace("//", "/")) for method, path in found}
        ours = {(route.method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)) for route in read_routes(tmp_path / name)}
        wrong += unlike(name, ours, {(method, re.sub(r":\w+\}", "}", path)) for method, path in truth})
        asked = health_path(tmp_path / name)
        if ("GET", asked) not in truth and asked != openapi_url:
            wrong.append(f"{name}: {asked} is no path of it")
    return wrong


def test_the_routes_of_generated_apps_are_those_of_their_own_openapi(tmp_path: Path) -> None:
    assert held(tmp_path, range(12)) == []


@pytest.mark.nightly
def test_the_routes_of_300_generated_apps_are_those_of_their_own_openapi(tmp_path: Path) -> None:
    assert held(tmp_path, range(1000, 1300)) == []
