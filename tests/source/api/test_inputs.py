"""What exported requests carry so that a view accepts them: held once against the real frameworks, which accepted every one of these."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.source.api.test_frameworks import found, read
from wizard.export.rest import render
from wizard.setup.loading import load, resolve
from wizard.source.api.inputs import RequestInputs
from wizard.testing.rest.file import parse

# Where routes are found


PREFIXES = {
    "an f-string": 'V = "v1"\nbp = Blueprint("b", __name__, url_prefix=f"/api/{V}")\napp.register_blueprint(bp)\n',
    "a sum": 'V = "/api"\nbp = Blueprint("b", __name__, url_prefix=V + "/v1")\napp.register_blueprint(bp)\n',
    "percent": 'V = "v1"\nbp = Blueprint("b", __name__, url_prefix="/api/%s" % V)\napp.register_blueprint(bp)\n',
    "format": 'V = 1\nbp = Blueprint("b", __name__, url_prefix="/api/v{}".format(V))\napp.register_blueprint(bp)\n',
    "another file": 'import config\nbp = Blueprint("b", __name__, url_prefix=config.PREFIX)\napp.register_blueprint(bp)\n',
    "a name of another file": 'from config import PREFIX\nbp = Blueprint("b", __name__, url_prefix=PREFIX)\napp.register_blueprint(bp)\n',
    "a class of another file": "from config import Settings\nbp = Blueprint('b', __name__)\n"
    "app.register_blueprint(bp, url_prefix=Settings.PREFIX)\n",
    "a loop": 'bp = Blueprint("b", __name__)\nfor each in (bp,):\n    app.register_blueprint(each, url_prefix="/api/v1")\n',
    "a loop over pairs": 'bp = Blueprint("b", __name__)\nALL = [(bp, "/api/v1")]\n'
    "for each, at in ALL:\n    app.register_blueprint(each, url_prefix=at)\n",
    "a parent": 'bp = Blueprint("b", __name__, url_prefix="/v1")\nup = Blueprint("u", __name__, url_prefix="/api")\n'
    "up.register_blueprint(bp)\napp.register_blueprint(up)\n",
    "a keyword": 'bp = Blueprint("b", __name__, url_prefix="/never")\napp.register_blueprint(blueprint=bp, url_prefix="/api/v1")\n',
}  # fmt: skip


@pytest.mark.parametrize("case", PREFIXES)
def test_a_prefix_is_read_however_it_is_spelled(tmp_path: Path, case: str) -> None:
    config = 'PREFIX = "/api/v1"\nclass Settings:\n    PREFIX = "/api/v1"\n'
    head = "from flask import Blueprint, Flask\napp = Flask(__name__)\n"
    reading = read(tmp_path, app=head + PREFIXES[case] + '@bp.get("/x")\ndef x(): return {}\n', config=config)
    assert [route.path for route in reading.routes] == ["/api/v1/x"]


def test_blueprints_of_a_list_in_another_file_keep_their_own_prefixes(tmp_path: Path) -> None:
    views = """
        from flask import Blueprint
        a = Blueprint("a", __name__)
        b = Blueprint("b", __name__)
        @a.get("/x")
        def ax(): return {}
        @b.get("/x")
        def bx(): return {}
        BLUEPRINTS = [(a, "/a"), (b, "/b")]
    """
    app = """
        from flask import Flask
        from views import BLUEPRINTS
        app = Flask(__name__)
        for blueprint, prefix in BLUEPRINTS:
            app.register_blueprint(blueprint, url_prefix=prefix)
    """
    assert {route.path for route in read(tmp_path, app=app, views=views).routes} == {"/a/x", "/b/x"}


def test_fastapi_from_a_template_of_many_projects(tmp_path: Path) -> None:
    main = """
        from fastapi import FastAPI
        from items import router
        from core import settings
        app = FastAPI()
        app.include_router(router, prefix=settings.API_V1_STR)
    """
    core = """
        from typing import Annotated
        from fastapi import Depends
        class Settings:
            API_V1_STR: str = "/api/v1"
        settings = Settings()
        def session(): ...
        SessionDep = Annotated[object, Depends(session)]
    """
    items = """
        from typing import List, Union
        from fastapi import APIRouter, Depends, Security
        from fastapi.security import APIKeyHeader
        from pydantic import BaseModel, Field
        from core import SessionDep
        router = APIRouter(prefix="/items")
        api_key = APIKeyHeader(name="X-Shop-Key")
        class Item(BaseModel):
            price: Union[int, float] = Field(..., gt=0)
        def keyed(key: str = Security(api_key)): ...
        @router.post("/", status_code=201)
        def make(*, session: SessionDep, item: Item): ...
        @router.patch("/tags", dependencies=[Depends(keyed)])
        def tags(session: SessionDep, tags: List[str]): ...
    """
    make, tags = read(tmp_path, main=main, core=core, items=items).routes
    assert (make.path, make.inputs) == ("/api/v1/items/", RequestInputs({"price": 1}))
    assert (tags.path, tags.inputs, tags.headers) == ("/api/v1/items/tags", RequestInputs(["text"]), ("X-Shop-Key",))


@pytest.mark.parametrize(
    ("pattern", "path"),
    [
        (r"^legacy/(?P<year>[0-9]{4})/$", "/legacy/<int(min=1000):year>/"),
        (r"orders/(?P<number>\d+)$", "/orders/<int:number>"),
        (r"^by/(?P<slug>[-\w]+)/$", "/by/<slug>/"),
        (r"^(a|b)/$", None),
    ],
)
def test_a_simple_pattern_of_django_is_a_path(tmp_path: Path, pattern: str, path: str | None) -> None:
    urls = f"from django.urls import re_path\nfrom views import old\nurlpatterns = [re_path(r'{pattern}', old)]\n"
    reading = read(tmp_path, urls=urls, views="def old(request, **more): ...\n")
    assert [route.path for route in reading.routes] == ([path] if path else [])
    assert len(reading.passed_over) == (0 if path else 1)


def test_a_router_without_a_last_slash_and_choices_of_an_enum(tmp_path: Path) -> None:
    urls = """
        from django.urls import include, path
        from rest_framework import routers
        from views import Tags
        router = routers.DefaultRouter(trailing_slash=False)
        router.register("tags", Tags)
        urlpatterns = [path("api/", include(router.urls))]
    """
    views = """
        from rest_framework import mixins, serializers, viewsets
        from models import Tag
        class TagSerializer(serializers.ModelSerializer):
            class Meta:
                model = Tag
                fields = "__all__"
        class Tags(mixins.CreateModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
            serializer_class = TagSerializer
    """
    models = """
        from django.db import models
        class Tag(models.Model):
            class Kind(models.TextChoices):
                A = "a", "The letter"
            kind = models.CharField(max_length=1, choices=Kind.choices)
    """
    routes = found(read(tmp_path, urls=urls, views=views, models=models))
    assert set(routes) == {"POST /api/tags", "GET /api/tags/<int:pk>"}
    assert routes["POST /api/tags"][0] == {"kind": "a"}


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


FASTAPI = """
    from datetime import date
    from enum import Enum
    from typing import Annotated, Literal
    from fastapi import APIRouter, Body, Depends, FastAPI, Form, Header, Query, UploadFile
    from pydantic import BaseModel, Field, conint
    app = FastAPI()
    class Kind(str, Enum):
        tea = "tea"
        cake = "cake"
    class Line(BaseModel):
        sku: str = Field(min_length=5)
        qty: Annotated[int, Field(ge=2)]
    class Order(BaseModel):
        kind: Kind
        size: Literal["s", "m"]
        due: date
        lines: list[Line]
        count: conint(gt=3)
        code: str = Field(pattern="^[A-Z]{3}$", examples=["ABC"])
    def key(x_key: Annotated[str, Header()], tenant: str): ...
    @app.post("/orders", status_code=201)
    def make(order: Order): ...
    @app.put("/embedded")
    def embedded(line: Annotated[Line, Body(embed=True)], force: bool = False): ...
    @app.post("/two")
    def two(one: Line, other: Line, n: int = Body(3)): ...
    @app.post("/many")
    def many(lines: list[Line]): ...
    @app.post("/form")
    def form(name: Annotated[str, Form()], photo: UploadFile): ...
    @app.get("/search")
    def search(q: str, near: Annotated[str, Query(min_length=6, alias="near-to")], limit: int = 10): ...
    @app.get("/kinds/{kind}/{number}")
    def kinds(kind: Kind, number: int): ...
    router = APIRouter(prefix="/shop")
    @router.get("/items")
    def items(): ...
    app.include_router(router, prefix="/v1", dependencies=[Depends(key)])
"""
LINE = {"sku": "textt", "qty": 2}


def test_a_view_of_fastapi_gets_what_its_parameters_say(tmp_path: Path) -> None:
    reading = read(tmp_path, main=FASTAPI)
    inputs = {route.path: route.inputs for route in reading.routes}
    order: dict[str, Any] = {"kind": "tea", "size": "s", "due": "2026-01-31", "lines": [LINE], "count": 4, "code": "ABC"}
    assert inputs["/orders"].body == order
    assert inputs["/embedded"].body == {"line": LINE}
    assert inputs["/two"].body == {"one": LINE, "other": LINE, "n": 3}
    assert inputs["/many"].body == [LINE]
    assert (inputs["/form"].form, inputs["/form"].files) == ({"name": "text"}, ("photo",))
    assert inputs["/search"].query == {"q": "text", "near-to": "textte"}
    assert "/kinds/<any(tea,cake):kind>/<int:number>" in inputs
    assert inputs["/v1/shop/items"].query == {"tenant": "text"}
    assert next(route.headers for route in reading.routes if route.path == "/v1/shop/items") == ("X-Key",)


DJANGO = {
    "shop__models": """
        from django.db import models
        KINDS = [("tea", "Tea"), ("cake", "Cake")]
        class Order(models.Model):
            item = models.CharField(max_length=3)
            count = models.PositiveIntegerField(default=2)
            kind = models.CharField(max_length=9, choices=KINDS)
            at = models.DateTimeField(auto_now_add=True)
            secret = models.CharField(max_length=9)
    """,
    "shop__views": """
        from rest_framework import generics, serializers
        from .models import Order
        class OrderSerializer(serializers.ModelSerializer):
            class Meta:
                model = Order
                exclude = ["secret"]
        class LineSerializer(serializers.Serializer):
            qty = serializers.IntegerField(min_value=2)
            size = serializers.ChoiceField(choices=[("s", "Small")])
        class Orders(generics.ListCreateAPIView):
            serializer_class = OrderSerializer
        class Lines(generics.CreateAPIView):
            serializer_class = LineSerializer
    """,
    "shop__urls": """
        from django.urls import path
        from .views import Lines, Orders
        urlpatterns = [path("orders/", Orders.as_view()), path("lines/", Lines.as_view())]
    """,
    "urls": """
        from django.urls import include, path
        urlpatterns = [path("api/", include(("shop.urls", "shop"), namespace="v1"))]
    """,
}


def test_a_serializer_of_django_takes_the_fields_of_its_model(tmp_path: Path) -> None:
    routes = found(read(tmp_path, **DJANGO))
    assert routes["POST /api/orders/"][0] == {"item": "tex", "count": 2, "kind": "tea"}
    assert routes["POST /api/lines/"][0] == {"qty": 2, "size": "s"}


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
