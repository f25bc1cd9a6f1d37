"""What exported requests carry so that a view accepts them: held once against the real frameworks, which accepted every one of these."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from tests.source.api.test_frameworks import found, only, read
from tests.source.api.test_inputs_by_types import FASTAPI
from wizard.export.rest import render
from wizard.setup.loading import load, resolve
from wizard.source.api.inputs import RequestInputs
from wizard.testing.rest.file import parse

# Where routes are found


# Bodies that Flask's views accept


VIEWS: dict[str, tuple[str, RequestInputs]] = {
    "keys that must be there": (
        """
        REQUIRED = ["name", "age"]
        @app.post("/x")
        def x():
            data = request.get_json()
            missing = [key for key in REQUIRED if key not in data]
            if missing: return {}, 400
            return data, 201
        """,
        RequestInputs({"name": "text", "age": 1}),
    ),
    "a set of keys": (
        """
        @app.put("/x")
        def x():
            if not {"name", "price"} <= request.json.keys(): return {}, 400
            return {"price": float(request.json["price"])}
        """,
        RequestInputs({"price": 1, "name": "text"}),
    ),
    "a function that checks": (
        """
        @app.post("/x")
        def x():
            return checked(request.get_json()), 201
        def checked(data):
            if not data.get("item") or data.get("count", 1) < 1: abort(400)
            return data
        """,
        RequestInputs({"item": "text", "count": 1}),
    ),
    "an object in it": (
        """
        @app.post("/x")
        def x():
            body = request.get_json()
            address = body["address"]
            return {"city": address["city"], "first": body["name"]["first"]}, 201
        """,
        RequestInputs({"address": {"city": "text"}, "name": {"first": "text"}}),
    ),
    "a list": (
        """
        @app.post("/x")
        def x():
            rows = request.get_json()
            if not isinstance(rows, list): return {}, 400
            return {"n": sum(int(row["count"]) for row in rows)}
        """,
        RequestInputs([{"count": 1}]),
    ),
    "a day": (
        """
        @app.post("/x")
        def x():
            return {"due": date.fromisoformat(request.get_json()["until"]).isoformat()}, 201
        """,
        RequestInputs({"until": "2026-01-31"}),
    ),
    "a form": (
        """
        @app.post("/x")
        def x():
            return {"name": request.form["name"], "n": request.form.get("n", type=int)}, 201
        """,
        RequestInputs(form={"name": "text", "n": 1}),
    ),
    "a file": (
        """
        @app.post("/x")
        def x():
            request.files["photo"].save("x")
            return {"title": request.form.get("title")}, 201
        """,
        RequestInputs(form={"title": "text"}, files=("photo",)),
    ),
    "a query": (
        """
        @app.get("/x")
        def x():
            term = request.args.get("term")
            if not term: return {}, 400
            return {"term": term, "day": request.args["day"], "page": request.args.get("page", 1, type=int), "q": request.args.get("q")}
        """,
        RequestInputs(query={"term": "text", "day": "text"}),
    ),
    "a parser of flask-restful": (
        """
        parser = reqparse.RequestParser()
        parser.add_argument("task", type=str, required=True, location="json")
        parser.add_argument("kind", choices=("home", "work"))
        parser.add_argument("n", type=int, location="form")
        @app.post("/x")
        def x():
            return parser.parse_args(), 201
        """,
        RequestInputs({"task": "text", "kind": "home"}, {"n": 1}),
    ),
}


@pytest.mark.parametrize("case", VIEWS)
def test_what_a_view_of_flask_reads_is_what_is_sent(tmp_path: Path, case: str) -> None:
    source, expected = VIEWS[case]
    (route,) = read(tmp_path, app="from flask import Flask\napp = Flask(__name__)\n" + textwrap.dedent(source)).routes
    assert route.inputs == expected


# Schemas keep to their limits


LIMITED = """
    import marshmallow as ma
    from marshmallow import validate
    class PetSchema(ma.Schema):
        name = ma.fields.String(required=True, validate=validate.Length(min=1, max=3))
        code = ma.fields.String(validate=validate.Length(6, 8))
        kind = ma.fields.String(validate=validate.OneOf(["cat", "dog"]))
        age = ma.fields.Int(validate=validate.Range(min=3, max=9))
        mail = ma.fields.Email()
        tags = ma.fields.List(ma.fields.Str(validate=validate.Length(max=2)), validate=validate.Length(min=2))
    blp = Blueprint("pets", __name__)
    @blp.post("/pets")
    @blp.arguments(PetSchema)
    @blp.response(201, PetSchema)
    def make(new): return new
"""


def test_examples_keep_to_the_limits_of_marshmallow(tmp_path: Path) -> None:
    body, statuses = found(read(tmp_path, app=LIMITED))["POST /pets"]
    assert body == {"name": "tex", "code": "textte", "kind": "cat", "age": 3, "mail": "anna@example.com", "tags": ["te", "te"]}
    assert statuses == (201,)


NAMED = """
    class LineSchema(Schema):
        sku = fields.Str(required=True)
    class OrderSchema(Schema):
        line = fields.Nested("LineSchema")
    class Page(Schema):
        page = fields.Int(load_default=1)
        shop = fields.Str(required=True)
    base = ns.model("Base", {"item": fields.String})
    order = ns.inherit("Order", base, {"price": fields.Float})
    class Item(BaseModel):
        n: int
    @app.put("/validated")
    def validated():
        if OrderSchema().validate(request.json): return {}, 400
        return {}
    @app.get("/paged")
    @app.input(Page, location="query")
    def paged(query): return {}
    @app.post("/inherited")
    @ns.expect([order])
    def inherited(): return {}
    @app.post("/raw")
    def raw():
        return Item.model_validate_json(request.data).model_dump(), 201
    @app.get("/code/<string(length=2):code>/<int(min=5):n>")
    def code(code, n): return {}
"""


def test_schemas_are_found_however_they_are_named(tmp_path: Path) -> None:
    inputs = {
        route.path: route.inputs
        for route in read(tmp_path, app="from flask import Flask\napp = Flask(__name__)\n" + textwrap.dedent(NAMED)).routes
    }
    assert inputs["/validated"].body == {"line": {"sku": "text"}}
    assert inputs["/paged"].query == {"shop": "text"}
    assert inputs["/inherited"].body == [{"item": "text", "price": 1}]
    assert inputs["/raw"].body == {"n": 1}


def test_forms_files_queries_and_choices_are_written_and_read_again(tmp_path: Path) -> None:
    (tmp_path / "azwizard.toml").write_text('[project]\nname = "orders"\n')
    folder = tmp_path / "api"
    folder.mkdir()
    (folder / "main.py").write_text(textwrap.dedent(FASTAPI))
    text = render(resolve(load(tmp_path / "azwizard.toml")), "host", folder)
    requests = {request.path: request for request in parse(text).requests}
    assert "@kind = tea" in text and "/kinds/tea/1" in requests
    assert "/search?q=text&near-to=textte" in requests
    form = requests["/form"].text
    assert 'name="photo"; filename="example.txt"' in form and form.count("--azwizard-form") == 3
    assert all(not request.trouble for request in requests.values())


def test_a_text_of_which_only_its_keys_name_is_known_has_the_form_that_the_name_says(tmp_path: Path) -> None:
    app = """
        from fastapi import FastAPI
        from pydantic import BaseModel, ConfigDict
        app = FastAPI()
        class Person(BaseModel):
            model_config = ConfigDict(extra="forbid")
            contactEmail: str
            date_of_birth: str
            password: str
            links: list[str]
            mailbox: str
        @app.post("/people")
        def add(person: Person): ...
    """
    assert only(read(tmp_path, app=app)).body == {
        "contactEmail": "anna@example.com",
        "date_of_birth": "2026-01-31",
        "password": "Example-passw0rd",
        "links": ["text"],
        "mailbox": "text",
    }
