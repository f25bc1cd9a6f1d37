"""The exported requests: the real address, and what the source says the API answers."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from wizard.export.rest import render
from wizard.setup.answers import Answers
from wizard.setup.loading import load, resolve
from wizard.source.api.routes import read_routes
from wizard.testing.rest.file import parse
from wizard.testing.rest.values import names_in

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
        "health\n# expect 200\nGET {{host}}/health",
        "Change an order\n# expect 200\nPUT {{host}}/shop/orders/{{number}}\n" + json + '{\n  "item": "text",\n  "note": "text"\n}',
        "Change an order\n# expect 200\nDELETE {{host}}/shop/orders/{{number}}\n" + key,
        "create order\n# expect 200\nPOST {{host}}/orders\n" + json + '{\n  "item": "text"\n}',
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


STATUSES = {
    "a number beside the body": ("return jsonify(1), 201", (201,)),
    "a word of the standard library": ("return '', HTTPStatus.NO_CONTENT", (204,)),
    "headers beside the body": ("return {}, {'X-Page': '1'}", (200,)),
    "a response of its own": ("return Response('x', status=202)", (202,)),
    "a redirection": ("return redirect('/elsewhere')", (302,)),
    "a variable": ("answer = {'a': 1}\n    return answer", (200,)),
    "one of two": ("return ({}, 200) if request.args else ({}, 404)", (200, 404)),
    "an end before": ("if not request.args:\n        abort(404)\n    return jsonify(1)", (200, 404)),
    "an exception of werkzeug": ("if not request.args:\n        raise Conflict('twice')\n    return {}", (200, 409)),
    "an end in what it calls": ("return jsonify(order_or_not())", (200, 404)),
    "a key that the request carries": ("if not request.headers.get('X-Api-Key'):\n        abort(401)\n    return {}", (200,)),
    "what another function gives": ("return order_or_not()", ()),
    "an exception that something else catches": ("if not request.args:\n        raise TooMany()\n    return {}", ()),
    "a status that is computed": ("return {}, status()", ()),
    "nothing at all": ("pass", ()),
}


@pytest.mark.parametrize("case", STATUSES)
def test_statuses_are_expected_where_the_source_shows_all_of_them(tmp_path: Path, case: str) -> None:
    body, expected = STATUSES[case]
    helper = "def order_or_not():\n    if not request.args:\n        abort(404)\n    return 1\n"
    (route,) = read_routes(source(tmp_path, f"{helper}\n@app.get('/orders')\ndef orders():\n    {body}\n"))
    assert route.statuses == expected


@pytest.mark.parametrize(("decorator", "expected"), [("@app.errorhandler(404)", ()), ("@needs_order", (200, 404)), ("@login_required", ())])
def test_a_decorator_counts_with_what_it_does_or_hides_it(tmp_path: Path, decorator: str, expected: tuple[int, ...]) -> None:
    inner = "    def inner():\n        if not request.args:\n            abort(404)\n        return view()\n"
    needs = f"def needs_order(view):\n{inner}    return inner\n"
    (route,) = read_routes(source(tmp_path, f"{needs}\n@app.get('/orders')\n{decorator}\ndef orders():\n    return {{}}\n"))
    assert route.statuses == expected


def test_a_view_that_is_registered_by_a_call_is_a_route_too(tmp_path: Path) -> None:
    text = """
        def health(): return "ok"
        def change(number):
            if number > 9:
                abort(404)
            return "", 204
        def create_app():
            app = Flask(__name__)
            app.get("/health")(health)
            app.add_url_rule("/orders/<int:number>", "change", change, methods=["PATCH"])
            app.add_url_rule("/missing", view_func=elsewhere)
            return app
    """
    routes = read_routes(source(tmp_path, text))
    assert [(route.method, route.path, route.statuses) for route in routes] == [
        ("GET", "/health", (200,)),
        ("PATCH", "/orders/<int:number>", (204, 404)),
    ]


def test_what_is_exported_is_held_against_by_the_test(tmp_path: Path, answers: Answers) -> None:
    requests = parse(render(answers, "host", source(tmp_path))).requests
    assert [(request.method, request.path, request.expected) for request in requests] == [
        ("GET", "/health", (200,)),
        ("PUT", "/shop/orders/1", (200,)),
        ("DELETE", "/shop/orders/1", (200,)),
        ("POST", "/orders", (200,)),
    ]
    assert names_in(requests[1]) == ["host", "number", "API_KEY"]


SHOP = {
    "shop/__init__.py": "from .orders import bp\nfrom shop import items\nfrom shop.admin import bp as admin_bp\n"
    'app.register_blueprint(bp, url_prefix="/orders")\napp.register_blueprint(items.bp)\n'
    'app.register_blueprint(admin_bp, url_prefix="/admin")\n',
    "shop/orders.py": "bp = Blueprint('orders', __name__)\n@bp.get('/<int:number>')\ndef order(number): ...\n",
    "shop/items.py": "bp = Blueprint('items', __name__, url_prefix='/items')\n@bp.get('/all')\ndef items(): ...\n",
    "shop/admin/__init__.py": "bp = Blueprint('admin', __name__, url_prefix='/never')\nfrom shop.admin import users\n",
    "shop/admin/users.py": "from . import bp\n@bp.get('/users')\ndef users(): ...\n",
}


@pytest.mark.parametrize("top", ["", "src/"])
def test_blueprints_of_one_name_keep_their_own_prefixes(tmp_path: Path, top: str) -> None:
    for name, text in SHOP.items():
        (tmp_path / top / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / top / name).write_text(text)
    assert {route.path for route in read_routes(tmp_path)} == {"/orders/<int:number>", "/items/all", "/admin/users"}


def exported(tmp_path: Path, answers: Answers, text: str) -> str:
    return render(answers, "host", source(tmp_path, text))


ORDERS = """
    @app.post("/orders")
    def create():
        body = request.get_json()
        if not body.get("item"):
            return {"error": "item"}, 400
        return body, 201
"""


def test_a_body_of_ours_is_one_that_the_view_accepts_and_a_refusal_is_no_success(tmp_path: Path, answers: Answers) -> None:
    text = exported(tmp_path, answers, ORDERS)
    assert '### create\n# expect 201\nPOST {{host}}/orders\nContent-Type: application/json\n\n{\n  "item": "text"\n}' in text


def test_a_request_without_a_sign_in_may_be_refused(tmp_path: Path, answers: Answers) -> None:
    view = "@app.get('/me')\ndef me():\n    if 'user' not in session:\n        return {'error': 'sign in'}, 401\n    return {}\n"
    assert "# expect 200, 401\nGET {{host}}/me" in exported(tmp_path, answers, view)


TOKENS = """
    @app.get("/me")
    def me():
        if request.headers.get("Authorization") != "Bearer t":
            abort(401)
        return {}

    @app.post("/login")
    def login():
        body = request.get_json()
        if body["user"] != "anna" or body["password"] != os.environ["API_KEY"]:
            return {}, 401
        return {"token": "t"}
"""


def test_a_sign_in_comes_first_and_what_follows_carries_its_token(tmp_path: Path, answers: Answers) -> None:
    blocks = exported(tmp_path, answers, TOKENS).split("### ")[1:]
    assert [block.splitlines()[0] for block in blocks] == ["Does it answer?", "login", "me"]
    assert blocks[1].strip() == (
        "login\n# @name login\n# expect 200\nPOST {{host}}/login\nContent-Type: application/json\n\n"
        '{\n  "user": "anna",\n  "password": "{{$processEnv API_KEY}}"\n}'
    )
    assert blocks[2].strip() == "me\n# expect 200\nGET {{host}}/me\nAuthorization: Bearer {{login.response.body.$.token}}"


def test_what_only_the_person_knows_of_a_sign_in_is_asked_for(tmp_path: Path, answers: Answers) -> None:
    view = "@app.post('/login')\ndef login():\n    user = find(request.form['user'], request.form['password'])\n"
    view += "    session['user'] = user.id\n    return {}\n"
    text = exported(tmp_path, answers, view)
    assert "# @prompt user\n# @prompt password\n# expect 200\nPOST {{host}}/login\n" in text
    assert "Content-Type: application/x-www-form-urlencoded\n\nuser={{user}}&password={{password}}" in text


def test_what_was_not_understood_is_named_in_the_file(tmp_path: Path, answers: Answers) -> None:
    text = exported(tmp_path, answers, "app.add_url_rule(PATHS[0], view_func=other)\n")
    assert "# Not understood in the source, so not here: app.py:1: app.add_url_rule(PATHS[0], view_func=other)" in text


def test_signing_out_comes_last_since_nothing_after_it_is_signed_in(tmp_path: Path, answers: Answers) -> None:
    text = exported(tmp_path, answers, "@app.post('/logout')\ndef leave(): return {}\n@app.get('/orders')\ndef orders(): return []\n")
    assert text.index("{{host}}/orders") < text.index("{{host}}/logout")
