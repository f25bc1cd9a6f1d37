# ruff: noqa: E501 - a table of code reads best with each case on a line
"""The requests that an API answers, held against the url_map of the running Flask, over generated APIs."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from wizard.source.api.routes import read_routes
from wizard.source.health_path import health_path

URL_MAPS = """
import importlib, json, sys
from pathlib import Path
for folder in sorted(Path(sys.argv[1]).iterdir()):
    sys.path.insert(0, str(folder))
    for name in [name for name in sys.modules if name.partition(".")[0] in ("app", "views", "shop")]:
        del sys.modules[name]
    importlib.invalidate_caches()
    module = importlib.import_module("app")
    app = module.app if hasattr(module, "app") else module.create_app()
    rules = [[method, rule.rule] for rule in app.url_map.iter_rules() if rule.endpoint != "static" for method in rule.methods]
    answers = app.test_client().get(sys.argv[2 + int(folder.name)]).status_code if len(sys.argv) > 2 else 0
    print(json.dumps([folder.name, rules, answers]))
    sys.path.remove(str(folder))
"""
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}
PATHS = ("/", "/orders", "/orders/<int:number>", "/<path:name>", "/health", "/a-b/c", "/users/<user_id>/", "/v1/items")


def view(chosen: random.Random, owner: str, number: int) -> str:
    """One view in one of the ways to register it."""
    path = chosen.choice(PATHS) if owner == "app" or chosen.random() < 0.8 else "/x"
    parameters = "**values"
    match chosen.randint(0, 4):
        case 0:
            head = f'@{owner}.route("{path}")'
        case 1:
            head = f'@{owner}.route("{path}", methods={chosen.sample(sorted(METHODS), 2)!r})'
        case 2:
            head = f'@{owner}.{chosen.choice(("get", "post", "delete"))}("{path}")'
        case 3:
            return f'def view_{number}({parameters}):\n    return "ok"\n{owner}.add_url_rule("{path}", view_func=view_{number}, methods=["PUT"])\n'
        case _:
            return (
                f"class Shown{number}(MethodView):\n    def get(self, {parameters}):\n        return 'ok'\n    def post(self, {parameters}):\n        return 'ok'\n"
                f'{owner}.add_url_rule("{path}", view_func=Shown{number}.as_view("shown_{number}"))\n'
            )
    return f'{head}\ndef view_{number}({parameters}):\n    return "ok"\n'


def generated(seed: int) -> dict[str, str]:
    """The files of one API: an app or a function that makes it, with views of its own and of a blueprint."""
    chosen = random.Random(seed)  # noqa: S311 - a fixed choice, no secret
    prefix = chosen.choice(("", ', url_prefix="/api"'))
    further = chosen.choice(("", ', url_prefix="/v2"'))
    head = "from flask import Blueprint, Flask\nfrom flask.views import MethodView\n"
    blueprint = f"{head}shop = Blueprint('shop', __name__{prefix})\n" + "".join(view(chosen, "shop", number) for number in range(3))
    own = "".join(view(chosen, "app", number) for number in range(chosen.randint(1, 3)))
    registered = f"app.register_blueprint(shop{further})\n"
    if chosen.random() < 0.5:
        inside = "".join(f"    {line}\n" for line in f"app = Flask(__name__)\n{own}{registered}return app".splitlines())
        return {"views.py": blueprint, "app.py": f"{head}from views import shop\ndef create_app():\n{inside}"}
    return {"views.py": blueprint, "app.py": f"{head}from views import shop\napp = Flask(__name__)\n{own}{registered}"}


def held(folder: Path, seeds: range) -> None:
    """Both name the same requests, and the path that Azure will ask answers."""
    for place, seed in enumerate(seeds):
        (folder / str(place)).mkdir()
        for name, text in generated(seed).items():
            (folder / str(place) / name).write_text(text)
    paths = [health_path(folder / str(place)) for place in range(len(seeds))]
    told = subprocess.run([sys.executable, "-c", URL_MAPS, str(folder), *paths], capture_output=True, text=True, check=True, timeout=200)
    for line in told.stdout.splitlines():
        name, rules, status = json.loads(line)
        ours = {(route.method, route.path) for route in read_routes(folder / name)}
        theirs = {(method, path) for method, path in rules if method in METHODS}
        assert ours == theirs, generated(seeds[int(name)])
        answers_without_words = any(method == "GET" and "<" not in path for method, path in theirs)
        assert status < 400 or not answers_without_words, (paths[int(name)], generated(seeds[int(name)]))


def test_flask_knows_the_same_requests(tmp_path: Path) -> None:
    held(tmp_path, range(15))


@pytest.mark.nightly
def test_flask_knows_the_same_requests_of_four_hundred_apis(tmp_path: Path) -> None:
    held(tmp_path, range(15, 415))
