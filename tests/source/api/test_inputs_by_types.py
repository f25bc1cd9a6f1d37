"""Bodies by the types that a view declares: FastAPI's parameters, Django's serializers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.source.api.test_frameworks import found, read

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
