"""Where routes are found: prefixes and patterns, however they are spelled."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.source.api.test_frameworks import found, read
from wizard.source.api.inputs import RequestInputs

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


def test_blueprints_within_blueprints(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        app="from api import api\nPREFIX = '/v2'\napp.register_blueprint(api, url_prefix=PREFIX + '/api')\n",
        api="from flask import Blueprint\nfrom orders import bp\n"
        "api = Blueprint('api', __name__, url_prefix='/never')\napi.register_blueprint(bp)\n",
        orders="from flask import Blueprint\nbp = Blueprint('orders', __name__, url_prefix='/orders')\n"
        "@bp.get('/<int:n>')\ndef one(n): return {}\n",
    )
    assert set(found(reading)) == {"GET /v2/api/orders/<int:n>"}
