"""Routes of APIs as people write them: classes, libraries over Flask, FastAPI, Django REST; bodies, headers and statuses of each."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from wizard.source.api.route import ApiReading, ApiRoute
from wizard.source.api.routes import read_api


def read(folder: Path, **files: str) -> ApiReading:
    """An API of some files: ``app="…"`` is app.py, ``shop__views="…"`` is shop/views.py."""
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text))
    return read_api(folder)


def found(reading: ApiReading) -> dict[str, tuple[Any, ...]]:
    """``GET /path`` -> body and statuses."""
    return {f"{route.method} {route.path}": (route.body, route.statuses) for route in reading.routes}


def only(reading: ApiReading) -> ApiRoute:
    (route,) = reading.routes
    return route


# Classes and libraries over Flask

SMOREST = """
    from flask.views import MethodView
    from flask_smorest import Api, Blueprint
    from marshmallow import Schema, fields, validate

    class OrderSchema(Schema):
        id = fields.Int(dump_only=True)
        item = fields.Str(required=True)
        count = fields.Integer(load_default=2)
        size = fields.Str(validate=validate.OneOf(["small", "large"]))
        tags = fields.List(fields.Str())

    shops = Blueprint("shops", __name__, url_prefix="/shops")

    @shops.route("/<int:number>")
    class Shop(MethodView):
        @shops.response(200, OrderSchema)
        def get(self, number):
            return find(number)
        @shops.response(204)
        def delete(self, number):
            '''Close a shop.'''

    @shops.route("/")
    class Shops(MethodView):
        @shops.arguments(OrderSchema)
        @shops.response(201, OrderSchema)
        def post(self, data):
            return data

    def create_app():
        api = Api(app)
        api.register_blueprint(shops, url_prefix="/v1/shops")
"""


def test_flask_smorest(tmp_path: Path) -> None:
    body = {"item": "text", "count": 2, "size": "small", "tags": ["text"]}
    assert found(read(tmp_path, app=SMOREST)) == {
        "GET /v1/shops/<int:number>": (None, (200,)),
        "DELETE /v1/shops/<int:number>": (None, (204,)),
        "POST /v1/shops/": (body, (201,)),
    }


RESTX = """
    from flask import Blueprint, Flask
    from flask_restx import Api, Namespace, Resource, fields
    app = Flask(__name__)
    v1 = Blueprint("v1", __name__, url_prefix="/v1")
    api = Api(v1)
    ns = Namespace("orders", description="Orders")
    order = ns.model("Order", {
        "id": fields.Integer(readonly=True), "item": fields.String(required=True, example="tea"), "n": fields.Integer
    })

    @ns.route("/", "/all")
    class Orders(Resource):
        @ns.marshal_list_with(order)
        def get(self):
            return ORDERS
        @ns.expect(order)
        @ns.marshal_with(order, code=201)
        def post(self):
            return create(ns.payload), 201

    @ns.route("/<int:number>")
    @ns.response(404, "none")
    class Order(Resource):
        def get(self, number):
            if number > 9:
                ns.abort(404)
            return {"number": number}

    api.add_namespace(ns)
    app.register_blueprint(v1)
"""


def test_flask_restx(tmp_path: Path) -> None:
    body = {"item": "tea", "n": 1}
    assert found(read(tmp_path, app=RESTX)) == {
        "GET /v1/orders/": (None, (200,)),
        "POST /v1/orders/": (body, (201,)),
        "GET /v1/orders/all": (None, (200,)),
        "POST /v1/orders/all": (body, (201,)),
        "GET /v1/orders/<int:number>": (None, (200, 404)),
    }


RESTFUL = """
    from flask_restful import Api, Resource
    api = Api(app, prefix="/api")
    class Base(Resource):
        def get(self, number=None):
            return load(number)
    class Orders(Base):
        def post(self):
            data = request.get_json()
            return {"item": data["item"], "price": float(data["price"])}, 201
    api.add_resource(Orders, "/orders", "/orders/<int:number>")
    api.add_resource(unknown(), "/unknown")
"""


def test_flask_restful(tmp_path: Path) -> None:
    reading = read(tmp_path, app=RESTFUL)
    assert {"GET /api/orders", "POST /api/orders", "GET /api/orders/<int:number>"} <= set(found(reading))
    assert found(reading)["POST /api/orders"] == ({"item": "text", "price": 1}, (201,))
    assert reading.passed_over == ["app.py:12: api.add_resource(unknown(), '/unknown')"]


VIEWS = """
    from flask import Flask
    from flask.views import MethodView, View
    class Shop(MethodView):
        def get(self, number): return {}
        def delete(self, number): return "", 204
    class Page(View):
        methods = ["GET", "POST"]
        def dispatch_request(self): return "page"
    app = Flask(__name__)
    shop_view = Shop.as_view("shop")
    app.add_url_rule("/shops/<int:number>", view_func=shop_view)
    app.add_url_rule("/page", view_func=Page.as_view("page"))
    app.add_url_rule(PATHS[0], view_func=other)
"""


def test_flasks_own_classes_and_what_is_passed_over(tmp_path: Path) -> None:
    reading = read(tmp_path, app=VIEWS)
    assert set(found(reading)) == {"GET /shops/<int:number>", "DELETE /shops/<int:number>", "GET /page", "POST /page"}
    assert reading.passed_over == ["app.py:14: app.add_url_rule(PATHS[0], view_func=other)"]


# FastAPI

FASTAPI = """
    from fastapi import APIRouter, Depends, FastAPI, Header, HTTPException, status
    from fastapi.security import OAuth2PasswordBearer, OAuth2PasswordRequestForm
    from pydantic import BaseModel, Field
    from typing import Annotated, Literal

    class Line(BaseModel):
        item: str
        count: int = 3
    class Order(BaseModel):
        lines: list[Line]
        size: Literal["small", "large"]
        note: str | None = None

    oauth2 = OAuth2PasswordBearer(tokenUrl="token")
    def current(token: str = Depends(oauth2)):
        if not token:
            raise HTTPException(401)
        return token

    router = APIRouter(prefix="/orders")

    @router.get("")
    def orders(x_api_key: Annotated[str, Header()]):
        return ORDERS
    @router.get("/{number}")
    def order(number: int):
        if number > 9:
            raise HTTPException(status_code=404)
        return ORDERS[number]
    @router.post("", status_code=status.HTTP_201_CREATED)
    async def create(order: Order, user=Depends(current)):
        return order

    app = FastAPI()
    app.include_router(router, prefix="/api")
    @app.post("/token")
    def token(form: OAuth2PasswordRequestForm = Depends()):
        return {"access_token": "t", "token_type": "bearer"}
"""


def test_fastapi(tmp_path: Path) -> None:
    reading = read(tmp_path, main=FASTAPI)
    order = {"lines": [{"item": "text", "count": 3}], "size": "small", "note": "text"}
    assert found(reading) == {
        "GET /api/orders": (None, (200,)),
        "GET /api/orders/<int:number>": (None, (200, 404)),
        "POST /api/orders": (order, (201, 401)),
        "POST /token": (None, (200,)),
    }
    by_path = {f"{route.method} {route.path}": route for route in reading.routes}
    assert by_path["GET /api/orders"].headers == ("X-Api-Key",)
    assert by_path["POST /api/orders"].wants_token
    sign_in = by_path["POST /token"].sign_in
    assert sign_in is not None
    assert (sign_in.token, sign_in.keys, sign_in.is_form) == ("$.access_token", ("username", "password"), True)


# Django REST

DJANGO = {
    "site__urls": """
        from django.urls import include, path
        from rest_framework.routers import DefaultRouter
        from shop.views import OrderViewSet
        router = DefaultRouter()
        router.register("orders", OrderViewSet)
        urlpatterns = [path("admin/", admin.site.urls), path("api/", include(router.urls)), path("shop/", include("shop.urls"))]
    """,
    "shop__urls": """
        from django.urls import path, re_path
        from . import views
        urlpatterns = [path("items/<int:pk>/", views.item), path("health/", views.Health.as_view()), re_path(r"^(old|older)$", views.item)]
    """,
    "shop__views": """
        from rest_framework import serializers, status, viewsets
        from rest_framework.decorators import action, api_view
        from rest_framework.response import Response
        from rest_framework.views import APIView
        class OrderSerializer(serializers.ModelSerializer):
            item = serializers.CharField(max_length=50)
            count = serializers.IntegerField(min_value=2)
            made = serializers.DateTimeField(read_only=True)
        class OrderViewSet(viewsets.ModelViewSet):
            serializer_class = OrderSerializer
            @action(detail=True, methods=["post"])
            def pay(self, request, pk=None):
                return Response({}, status=status.HTTP_202_ACCEPTED)
        class Health(APIView):
            def get(self, request):
                return Response({"ok": True})
        @api_view(["GET", "DELETE"])
        def item(request, pk):
            return Response({})
    """,
}


def test_django_rest(tmp_path: Path) -> None:
    reading = read(tmp_path, **DJANGO)
    body = {"item": "text", "count": 2}
    assert found(reading) == {
        "GET /api/orders/": (None, (200,)),
        "POST /api/orders/": (body, (201,)),
        "GET /api/orders/<int:pk>/": (None, (200, 404)),
        "PUT /api/orders/<int:pk>/": (body, (200, 404)),
        "PATCH /api/orders/<int:pk>/": (body, (200, 404)),
        "DELETE /api/orders/<int:pk>/": (None, (204, 404)),
        "POST /api/orders/<int:pk>/pay/": (body, (202,)),
        "GET /shop/items/<int:pk>/": (None, ()),
        "DELETE /shop/items/<int:pk>/": (None, ()),
        "GET /shop/health/": (None, (200,)),
    }
    assert reading.passed_over == ["urls.py:4: re_path('^(old|older)$', views.item)"]


# Headers


# Statuses for who is not signed in


# Bodies
