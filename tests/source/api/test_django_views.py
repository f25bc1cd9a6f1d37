"""What Django's own views, its admin and django-ninja answer, and which path is asked then."""

from pathlib import Path

import pytest

from tests.source.api.test_frameworks import found, read
from tests.support.base_project import PersonsProject
from wizard.source.api.routes import read_api
from wizard.source.health_path import health_path

URLS = """
    from django.contrib import admin
    from django.urls import path
    from shop.api import api
    urlpatterns = [path("back-office/", admin.site.urls), path("api/", api.urls)]
"""
API = """
    from ninja import NinjaAPI, Router
    from shop.orders import router

    api = NinjaAPI({options})
    api.add_router("/orders", router)
    api.add_router("items/", "shop.items.router"{auth})
"""
ORDERS = """
    from ninja import Router

    router = Router()

    @router.get("/{{int:order_id}}")
    def one(request, order_id: int):
        return order_id

    @router.post(""{auth})
    def make(request):
        return 1
"""
ITEMS = """
    from ninja import Router
    router = Router()

    @router.get("/")
    def items(request):
        return []
"""


def _project(folder: Path, options: str = "", auth: str = "", of_view: str = "") -> None:
    PersonsProject(folder).write(
        {
            "shop/settings.py": 'ROOT_URLCONF = "shop.urls"\n',
            "shop/urls.py": URLS,
            "shop/api.py": API.format(options=options, auth=auth),
            "shop/orders.py": ORDERS.format(auth=of_view),
            "shop/items.py": ITEMS,
        }
    )


def test_the_routes_of_django_ninja_stand_where_its_urls_are_put(tmp_path: Path) -> None:
    _project(tmp_path)
    reading = read_api(tmp_path)
    assert sorted((route.method, route.path) for route in reading.routes) == [
        ("GET", "/api/items/"),
        ("GET", "/api/orders/<int:order_id>"),
        ("POST", "/api/orders"),
    ]
    assert reading.passed_over == []


@pytest.mark.parametrize(
    ("options", "auth", "of_view", "wanting"),
    [
        ("", "", "", set()),
        ("auth=key", "", "", {"/api/items/", "/api/orders", "/api/orders/<int:order_id>"}),
        ("auth=key", "", ", auth=None", {"/api/items/", "/api/orders/<int:order_id>"}),
        ("", ", auth=key", "", {"/api/items/"}),
        ("", "", ", auth=key", {"/api/orders"}),
    ],
)
def test_who_may_ask_is_what_the_view_says_or_else_what_stands_above_it(
    tmp_path: Path, options: str, auth: str, of_view: str, wanting: set[str]
) -> None:
    _project(tmp_path, options, auth, of_view)
    assert {route.path for route in read_api(tmp_path).routes if route.wants_token} == wanting


@pytest.mark.parametrize(("options", "path"), [("auth=key", "/api/openapi.json"), ("auth=key, openapi_url=None", "/back-office/login/")])
def test_a_page_of_the_framework_is_asked_where_every_view_wants_a_key(tmp_path: Path, options: str, path: str) -> None:
    _project(tmp_path, options)
    assert health_path(tmp_path) == path


def test_signing_out_is_no_sign_of_health(tmp_path: Path) -> None:
    code = "from flask import Flask\napp = Flask(__name__)\n@app.get('/logout')\ndef logout():\n    return ''\n"
    PersonsProject(tmp_path).write({"app.py": code})
    assert health_path(tmp_path) == "/"


def test_an_include_of_which_nothing_can_be_read_is_told(tmp_path: Path) -> None:
    urls = 'from django.urls import include, path\nurlpatterns = [path("shop/", include("elsewhere.urls"))]\n'
    PersonsProject(tmp_path).write({"shop/urls.py": urls})
    assert [text.partition(": ")[2] for text in read_api(tmp_path).passed_over] == ["path('shop/', include('elsewhere.urls'))"]


def test_annotated_fields_of_a_model_are_taken_and_what_a_serializer_only_shows_is_not(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        shop__models="""
            from django.db import models
            class Kind(models.Model):
                name: str = models.CharField(max_length=100)
            class Book(models.Model):
                title: str = models.CharField("title", max_length=150)
                kind: Kind = models.ForeignKey(Kind, on_delete=models.CASCADE)
        """,
        shop__views="""
            from rest_framework import generics, serializers
            from .models import Book, Kind
            class BookSerializer(serializers.ModelSerializer):
                kind = KindSerializer(read_only=True)
                kind_id = serializers.PrimaryKeyRelatedField(queryset=Kind.objects.all(), source="kind", write_only=True)
                class Meta:
                    model = Book
                    fields = ["id", "title", "kind", "kind_id"]
            class Books(generics.ListCreateAPIView):
                serializer_class = BookSerializer
        """,
        shop__urls="""
            from django.urls import path
            from .views import Books
            urlpatterns = [path("books/", Books.as_view())]
        """,
    )
    assert found(reading)["POST /books/"][0] == {"title": "text", "kind_id": 1}
