"""The exported requests: the real address, and what the source says the API answers."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from wizard.answers import Answers, load, resolve
from wizard.export.rest import render
from wizard.routes import read_routes

APP = '''
from flask import Flask, Blueprint, request, abort
app = Flask(__name__)
shop = Blueprint("shop", __name__, url_prefix="/shop")
app.register_blueprint(shop)

@app.before_request
def guard():
    if request.path != "/health" and request.headers.get("X-Api-Key") != "k":
        abort(401)

@app.get("/health")
def health():
    return "ok"

@shop.route("/orders/<int:number>", methods=["PUT", "DELETE"])
def order(number):
    """Change an order

    or remove it."""
    body = request.get_json()
    return {"item": body["item"], "note": body.get("note")}

@app.post("/orders")
def create_order():
    return {"item": (request.get_json(silent=True) or {}).get("item")}
'''


@pytest.fixture
def answers(tmp_path: Path) -> Answers:
    text = '[project]\nname = "orders"\n[key_vault]\nsecrets = ["api-key"]\n[[variables]]\nname = "API_KEY"\nsecret = "api-key"\n'
    (tmp_path / "azwizard.toml").write_text(text)
    return resolve(load(tmp_path / "azwizard.toml"))


def source(folder: Path, text: str = APP) -> Path:
    (folder / "api").mkdir()
    (folder / "api" / "app.py").write_text(textwrap.dedent(text))
    return folder / "api"


def test_every_route_is_a_request_with_its_key_named_and_not_written(tmp_path: Path, answers: Answers) -> None:
    blocks = render(answers, "capp-orders-dev.calm.westeurope.azurecontainerapps.io", source(tmp_path)).split("###")
    assert "@host = https://capp-orders-dev.calm.westeurope.azurecontainerapps.io\n@number = 1" in blocks[0]
    key = "X-Api-Key: {{$processEnv API_KEY}}"
    json = f"{key}\nContent-Type: application/json\n\n"
    assert [block.strip() for block in blocks[1:]] == [
        "health\nGET {{host}}/health",
        "Change an order\nPUT {{host}}/shop/orders/{{number}}\n" + json + '{\n  "item": "",\n  "note": ""\n}',
        "Change an order\nDELETE {{host}}/shop/orders/{{number}}\n" + key,
        "create order\nPOST {{host}}/orders\n" + json + '{\n  "item": ""\n}',
    ]


def test_without_a_header_in_the_source_none_is_sent(tmp_path: Path, answers: Answers) -> None:
    folder = source(tmp_path, '@app.route("/things")\ndef things():\n    return request.headers["Accept"]\n')
    text = render(answers, "host", folder)
    assert "GET {{host}}/things" in text
    assert "processEnv" not in text


def test_the_health_path_is_asked_for_even_when_the_source_does_not_show_it(tmp_path: Path, answers: Answers) -> None:
    text = render(answers, None, source(tmp_path, "this is not Python ("))
    assert "GET {{host}}/health" in text
    assert "azwizard status shows it" in text


def test_tests_and_environments_are_not_read(tmp_path: Path) -> None:
    folder = source(tmp_path)
    for name in ("tests", ".venv", "__pycache__"):
        (folder / name).mkdir()
        (folder / name / "x.py").write_text('@app.get("/no")\ndef no(): pass\n')
    assert {route.path for route in read_routes(folder)} == {"/health", "/shop/orders/<int:number>", "/orders"}
