"""Routes in lists, controllers and resources, as each framework's own table of the same app has them; and what is not read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.source.api.test_frameworks import read

APPS: dict[str, dict[str, str]] = {
    "aiohttp": {
        "main": """
from aiohttp import web
routes = web.RouteTableDef()
@routes.get("/")
async def index(request): return web.json_response({})
@routes.post("/orders/{number:\\\\d+}")
async def create(request):
    body = await request.json()
    return web.json_response({"item": body["item"]}, status=201)
@routes.view("/things/{name}")
class Things(web.View):
    async def get(self): return web.json_response({})
    async def delete(self): raise web.HTTPNotFound()
async def health(request): return web.Response(text="ok")
class Many(web.View):
    async def get(self): return web.json_response([])
    async def post(self):
        data = await self.request.json()
        return web.json_response({"n": data["name"]})
def make_sub():
    return sub
sub = web.Application()
sub.add_routes([web.get("/inner", health), web.put("/inner/{id}", health)])
app = web.Application()
app.add_routes(routes)
extra = [web.get("/health", health), web.view("/many", Many)]
app.add_routes(extra + [web.route("PATCH", "/p", health), web.static("/static", ".")])
app.router.add_get("/added", health)
app.router.add_route("POST", "/added2", health)
app.router.add_delete("/added3/{x}", health)
app.add_subapp("/sub/", sub)
""",
    },
    "Falcon": {
        "main": """
import falcon
from res import Things, Other
class Orders:
    def on_get(self, req, resp): resp.media = []
    def on_post(self, req, resp):
        data = req.media
        resp.media = {"n": data["item"]}
        resp.status = falcon.HTTP_201
    def on_get_one(self, req, resp, number): resp.media = {}
    def on_delete_one(self, req, resp, number): raise falcon.HTTPNotFound()
app = falcon.App()
orders = Orders()
app.add_route("/orders", orders)
app.add_route("/orders/{number:int}", orders, suffix="one")
app.add_route("/things/{key:uuid}", Things())
app.add_route("/other", Other())
""",
        "res": """
class Base:
    def on_get(self, req, resp, **k): resp.media = {}
class Things(Base):
    def on_put(self, req, resp, key): resp.media = req.get_media()
class Other(Base): pass
""",
    },
    "Sanic": {
        "main": """
from sanic import Sanic, Blueprint
from sanic.response import json, text
from sanic.views import HTTPMethodView
app = Sanic("shop")
bp = Blueprint("orders", url_prefix="/orders", version=1)
items = Blueprint("items", url_prefix="/items")
deep = Blueprint("deep", url_prefix="/deep")
group = Blueprint.group(items, deep, url_prefix="/api", version=2)
@app.get("/health")
async def health(request): return text("ok")
@bp.post("/<number:int>")
async def create(request, number):
    return json({"item": request.json["item"]}, status=201)
@bp.get("/")
async def every(request): return json([])
@items.route("/<name:str>/x", methods=["GET", "PUT"])
async def item(request, name): return json({})
@deep.delete("/<key:uuid>")
async def gone(request, key): return json({})
@app.get("/ver", version=3)
async def ver(request): return json({})
class Many(HTTPMethodView):
    async def get(self, request): return json([])
    async def post(self, request): return json({})
app.add_route(Many.as_view(), "/many")
app.add_route(health, "/added", methods=["POST"])
app.blueprint(bp)
app.blueprint(group)
""",
    },
    "Quart": {
        "main": """
from quart import Quart, Blueprint, request
from quart.views import MethodView
app = Quart(__name__)
bp = Blueprint("o", __name__, url_prefix="/o")
inner = Blueprint("i", __name__, url_prefix="/i")
@app.get("/health")
async def health(): return "ok"
@bp.route("/<int:n>", methods=["PUT", "DELETE"])
async def one(n):
    data = await request.get_json()
    return {"x": data["item"]}
@inner.post("/x")
async def x():
    data = await request.json
    return {"a": data["name"]}, 201
class V(MethodView):
    async def get(self): return []
    async def post(self): return {}
app.add_url_rule("/v", view_func=V.as_view("v"))
bp.register_blueprint(inner)
app.register_blueprint(bp, url_prefix="/other")
""",
    },
    "Bottle": {
        "views": """
from bottle import get, post as adds
@get("/health")
def health(): return {}
@adds("/orders")
def add(): return {"id": request.json["item"]}
""",
        "main": """
import bottle
from bottle import Bottle, delete, request, route
@route("/orders/<id:int>", method=["GET", "PUT"])
def one(id): return {}
@delete("/orders/<id:re:[0-9]+>")
def gone(id): return {}
@bottle.route("/form", method="POST")
def form(): return {"name": request.forms.get("name")}
sub = Bottle()
@sub.get("/inner/<p:path>")
def inner(p): return {}
bottle.default_app().mount("/api", sub)
""",
    },
    "django-ninja-extra": {
        "controllers": """
from ninja import Schema
from ninja_extra import api_controller, http_get, http_post, route, ControllerBase
from ninja.security import HttpBearer
class Auth(HttpBearer):
    def authenticate(self, request, token): return token
class UserIn(Schema):
    name: str
    age: int
@api_controller("/users", tags=["u"])
class UserController(ControllerBase):
    @http_get("/")
    def every(self): return []
    @http_post("", response={201: dict})
    def create(self, data: UserIn): return 201, {}
    @route.get("/{int:user_id}/items")
    def items(self, user_id: int, q: str): return []
@api_controller("items", auth=Auth())
class ItemController:
    @route.delete("/{item_id}")
    def gone(self, item_id: int): return {}
    @route.generic("/both", methods=["GET", "PUT"])
    def both(self): return {}
""",
        "urls": """
from django.urls import path
from ninja_extra import NinjaExtraAPI
from controllers import UserController, ItemController
api = NinjaExtraAPI(title="x")
@api.get("/hello")
def hello(request): return {}
api.register_controllers(UserController, ItemController)
urlpatterns = [path("api/v1/", api.urls)]
""",
    },
}
TABLES = {
    "aiohttp": [
        "DELETE /added3/<x>",
        "DELETE /things/<name>",
        "GET /",
        "GET /added",
        "GET /health",
        "GET /many",
        "GET /sub/inner",
        "GET /things/<name>",
        "PATCH /p",
        "POST /added2",
        "POST /many",
        "POST /orders/<int:number>",
        "PUT /sub/inner/<id>",
    ],
    "Falcon": [
        "DELETE /orders/<int:number>",
        "GET /orders",
        "GET /orders/<int:number>",
        "GET /other",
        "GET /things/<uuid:key>",
        "POST /orders",
        "PUT /things/<uuid:key>",
    ],
    "Sanic": [
        "DELETE /v2/api/deep/<uuid:key>",
        "GET /health",
        "GET /many",
        "GET /v1/orders/",
        "GET /v2/api/items/<name>/x",
        "GET /v3/ver",
        "POST /added",
        "POST /many",
        "POST /v1/orders/<int:number>",
        "PUT /v2/api/items/<name>/x",
    ],
    "Bottle": [
        "DELETE /orders/<id>",
        "GET /api/inner/<path:p>",
        "GET /health",
        "GET /orders/<int:id>",
        "POST /form",
        "POST /orders",
        "PUT /orders/<int:id>",
    ],
    "Quart": ["DELETE /other/<int:n>", "GET /health", "GET /v", "POST /other/i/x", "POST /v", "PUT /other/<int:n>"],
    "django-ninja-extra": [
        "DELETE /api/v1/items/<int:item_id>",
        "GET /api/v1/hello",
        "GET /api/v1/items/both",
        "GET /api/v1/users/",
        "GET /api/v1/users/<int:user_id>/items",
        "POST /api/v1/users",
        "PUT /api/v1/items/both",
    ],
}
"""What the running apps' own tables hold (aiohttp 3.14, Falcon 4.4, Sanic 25.12, Quart 0.22, Bottle 0.13, django-ninja-extra 0.31)."""


@pytest.mark.parametrize("framework", APPS)
def test_the_routes_are_those_of_the_apps_own_table(tmp_path: Path, framework: str) -> None:
    reading = read(tmp_path, **APPS[framework])
    assert sorted(f"{route.method} {route.path}" for route in reading.routes) == TABLES[framework]
    assert reading.passed_over == []


@pytest.mark.parametrize(
    ("framework", "path", "body"),
    [
        ("aiohttp", "POST /orders/<int:number>", {"item": "text"}),
        ("aiohttp", "POST /many", {"name": "text"}),
        ("Falcon", "POST /orders", {"item": "text"}),
        ("Sanic", "POST /v1/orders/<int:number>", {"item": "text"}),
        ("Quart", "POST /other/i/x", {"name": "text"}),
        ("Bottle", "POST /orders", {"item": "text"}),
        ("django-ninja-extra", "POST /api/v1/users", {"name": "text", "age": 1}),
    ],
)
def test_bodies_are_read_from_what_the_view_takes(tmp_path: Path, framework: str, path: str, body: object) -> None:
    bodies = {f"{route.method} {route.path}": route.body for route in read(tmp_path, **APPS[framework]).routes}
    assert bodies[path] == body


def test_a_view_of_ninja_takes_its_query_and_not_the_request_itself(tmp_path: Path) -> None:
    queries = {route.path: route.inputs.query for route in read(tmp_path, **APPS["django-ninja-extra"]).routes}
    assert queries["/api/v1/hello"] == {}
    assert queries["/api/v1/users/<int:user_id>/items"] == {"q": "text"}


def test_a_framework_that_is_not_read_is_said_rather_than_shown_without_routes(tmp_path: Path) -> None:
    text = "import tornado.web\nclass Index(tornado.web.RequestHandler):\n    def get(self): self.write('ok')\n"
    text += "app = tornado.web.Application([(r'/', Index)])\n"
    reading = read(tmp_path, app=text)
    assert reading.routes == []
    assert reading.passed_over == ["the routes of Tornado (app.py)"]


def test_handlers_that_cannot_be_followed_are_named(tmp_path: Path) -> None:
    reading = read(tmp_path, app="from litestar import Litestar\nfrom elsewhere import handlers\napp = Litestar(route_handlers=handlers)\n")
    assert reading.passed_over == ["app.py:3: handlers"]


def test_what_a_plugin_of_litestar_adds_one_by_one_is_a_route(tmp_path: Path) -> None:
    text = (
        "from litestar import Litestar, get\nfrom litestar.plugins import InitPlugin\n"
        "@get('/plugged')\nasync def plugged() -> dict: return {}\n"
        "class Ours(InitPlugin):\n    def on_app_init(self, config):\n"
        "        config.route_handlers.append(plugged)\n        return config\n"
        "app = Litestar([], plugins=[Ours()])\n"
    )
    assert [f"{route.method} {route.path}" for route in read(tmp_path, app=text).routes] == ["GET /plugged"]
