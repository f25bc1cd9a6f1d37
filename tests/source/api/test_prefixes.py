"""Prefixes that stand in settings, who may ask, and the path that is asked whether an API is well."""

from pathlib import Path

import pytest

from tests.support.base_project import PersonsProject
from wizard.source.api.routes import read_api
from wizard.source.health_path import answers_plainly, health_path

MAIN = """
    from fastapi import APIRouter, Depends, FastAPI
    from shop.config import {imported}
    {made}
    router = APIRouter()

    @router.get("/items")
    def items():
        return []

    app = FastAPI()
    app.include_router(router, prefix={prefix})
"""
SETTINGS = """
    import os
    from functools import lru_cache
    from pydantic import Field
    from pydantic_settings import BaseSettings

    class Basics(BaseSettings):
        api_prefix: str = {default}

    class Settings(Basics):
        debug: bool = False

    {rest}
"""


@pytest.mark.parametrize(
    ("imported", "made", "prefix", "default", "rest"),
    [
        ("settings", "", "settings.api_prefix", '"/api"', "settings = Settings()"),
        ("get_settings", "settings = get_settings()", "settings.api_prefix", '"/api"', "def get_settings() -> Settings: return chosen()"),
        ("get_settings", "settings = get_settings()", "settings.api_prefix", 'Field("/api")', "def get_settings(): return Settings()"),
        ("Settings", "", "Settings.api_prefix", 'os.getenv("API_PREFIX", "/api")', ""),
        ("settings", "", 'f"{settings.api_prefix}"', 'Field(default="/api", alias="PREFIX")', "settings = Settings()"),
    ],
)  # fmt: skip
def test_a_prefix_in_settings_stands_before_the_routes(
    tmp_path: Path, imported: str, made: str, prefix: str, default: str, rest: str
) -> None:
    PersonsProject(tmp_path).write(
        {
            "shop/main.py": MAIN.format(imported=imported, made=made, prefix=prefix),
            "shop/config.py": SETTINGS.format(default=default, rest=rest),
        }
    )
    assert [route.path for route in read_api(tmp_path).routes] == ["/api/items"]


def test_a_prefix_that_only_the_running_code_knows_makes_no_wrong_routes(tmp_path: Path) -> None:
    settings = "import yaml\nclass Settings:\n    pass\nsettings = Settings.parse_obj(yaml.safe_load(open('settings.yml')))\n"
    PersonsProject(tmp_path).write(
        {"shop/main.py": MAIN.format(imported="settings", made="", prefix="settings.api_prefix"), "shop/config.py": settings}
    )
    reading = read_api(tmp_path)
    assert reading.routes == []
    assert [text.partition(": ")[2] for text in reading.passed_over] == ["GET /items"]


GUARDED = """
    from fastapi import Depends, FastAPI, HTTPException, Security
    from fastapi.security import APIKeyHeader, HTTPBearer

    class JWTBearer(HTTPBearer):
        pass

    class Key(APIKeyHeader):
        pass

    def key(value: str = Security(Key(name="Authorization"))):
        return value

    def somebody(required=True):
        return key if required else None

    app = FastAPI({options})

    @app.get("/mine")
    def mine(user=Depends({guard})):
        return user
"""


@pytest.mark.parametrize("guard", ["JWTBearer()", "somebody()", "key"])
def test_a_path_that_wants_a_token_is_no_health_path_and_the_frameworks_own_page_is(tmp_path: Path, guard: str) -> None:
    PersonsProject(tmp_path).write({"main.py": GUARDED.format(guard=guard, options="")})
    assert [route.wants_token for route in read_api(tmp_path).routes] == [True]
    assert health_path(tmp_path) == "/openapi.json"
    assert answers_plainly(tmp_path, "/openapi.json")


@pytest.mark.parametrize(
    ("options", "path"), [('openapi_url="/api/spec.json"', "/api/spec.json"), ("openapi_url=None", "/"), ("**options", "/")]
)
def test_the_own_page_counts_where_the_code_says_that_it_is_on(tmp_path: Path, options: str, path: str) -> None:
    PersonsProject(tmp_path).write({"main.py": GUARDED.format(guard="key", options=options)})
    assert health_path(tmp_path) == path
    assert answers_plainly(tmp_path, path) is (path != "/")
