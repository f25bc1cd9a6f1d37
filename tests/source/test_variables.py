# ruff: noqa: E501 - a table of code reads best with each case on a line
"""Which variables an API reads from its environment, whether they may stay empty, and which are secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.base_project import APP, persons_project

REQUIRED, OPTIONAL = True, False
READ: dict[str, tuple[str, dict[str, tuple[bool, str | None]]]] = {
    "os.environ": ('import os\nA = os.environ["A"]', {"A": (REQUIRED, None)}),
    "get": ('import os\nA = os.environ.get("A")\nB = os.getenv("B")', {"A": (OPTIONAL, None), "B": (OPTIONAL, None)}),
    "defaults": ('import os\nA = os.environ.get("A", "x")\nB = int(os.getenv("B", 15))', {"A": (OPTIONAL, "x"), "B": (OPTIONAL, "15")}),
    "or": ('import os\nA = os.environ.get("A") or "dev"', {"A": (OPTIONAL, "dev")}),
    "imported": ('from os import environ, getenv as ask\nA = environ["A"]\nB = ask("B", "b")', {"A": (REQUIRED, None), "B": (OPTIONAL, "b")}),
    "another name": ('import os as system\nE = system.environ\nA = E["A"]', {"A": (REQUIRED, None)}),
    "a constant": ('import os\nNAME = "A"\nA = os.environ[NAME]', {"A": (REQUIRED, None)}),
    "a loop": ('import os\nfor name in ("A", "B"):\n    os.environ[name]', {"A": (REQUIRED, None), "B": (REQUIRED, None)}),
    "asked and refused": ('import os\nA = os.getenv("A")\nif not A:\n    raise RuntimeError("A")', {"A": (REQUIRED, None)}),
    "asked and refused at once": ('import os\nif (a := os.getenv("A")) is None:\n    raise SystemExit("A")\nif not os.environ.get("B"):\n    raise KeyError("B")',
                                  {"A": (REQUIRED, None), "B": (REQUIRED, None)}),
    "asserted": ('import os\nassert os.getenv("A"), "A is not set"\nassert "B" in os.environ', {"A": (REQUIRED, None), "B": (REQUIRED, None)}),
    "empty and refused": ('import os, sys\nA = os.environ.get("A", "")\nif not A:\n    sys.exit("A is not set")', {"A": (REQUIRED, "")}),
    "a list of what is needed": (
        'import os\nNEEDED = ["A", "B"]\nmissing = [name for name in NEEDED if not os.getenv(name)]\nif missing:\n    raise RuntimeError(missing)',
        {"A": (REQUIRED, None), "B": (REQUIRED, None)}),
    "not there and refused": ('import os\nfor name in ("A", "B"):\n    if name not in os.environ:\n        raise RuntimeError(name)',
                              {"A": (REQUIRED, None), "B": (REQUIRED, None)}),
    "a comprehension": ('import os\nVALUES = {name: os.environ[name] for name in ("A", "B")}', {"A": (REQUIRED, None), "B": (REQUIRED, None)}),
    "only where it is there": ('import os\nif "A" in os.environ:\n    a = os.environ["A"]', {"A": (OPTIONAL, None)}),
    "caught": ('import os\ntry:\n    A = os.environ["A"]\nexcept KeyError:\n    A = "x"', {"A": (OPTIONAL, None)}),
    "caught and told": ('import os\ntry:\n    A = os.environ["A"]\nexcept KeyError as error:\n    raise RuntimeError("A") from error', {"A": (REQUIRED, None)}),
    "bytes": ('import os\nA = os.environb[b"A"]', {"A": (REQUIRED, None)}),
    "a helper": (
        'import os\ndef need(name):\n    value = os.environ.get(name)\n    if value is None:\n        raise KeyError(name)\n    return value\nA = need("A")',
        {"A": (REQUIRED, None)},
    ),
    "a helper with a default": ('import os\ndef env(name, default="d"):\n    return os.getenv(name, default)\nA = env("A")\nB = env("B", "x")',
                                {"A": (OPTIONAL, "d"), "B": (OPTIONAL, "x")}),
    "set by the code": ('import os\nos.environ.setdefault("A", "x")\nprint(os.environ["A"])', {"A": (OPTIONAL, None)}),
    "environs": ('from environs import Env\nenv = Env()\nwith env.prefixed("X_"):\n    A = env.int("A")\nB = env.str("B", "b")',
                 {"X_A": (REQUIRED, None), "B": (OPTIONAL, "b")}),
    "django-environ": ('import environ\nenv = environ.Env(DEBUG=(bool, False))\nD = env("DEBUG")\nU = env.db()\nK = env("KEY")',
                       {"DEBUG": (OPTIONAL, "False"), "DATABASE_URL": (REQUIRED, None), "KEY": (REQUIRED, None)}),
    "decouple": ('from decouple import config\nA = config("A", cast=int)\nB = config("B", default=False, cast=bool)',
                 {"A": (REQUIRED, None), "B": (OPTIONAL, "False")}),
    "starlette": ('from starlette.config import Config\nconfig = Config(".env")\nA = config("A", cast=str)\nB = config("B", default="b")',
                  {"A": (REQUIRED, None), "B": (OPTIONAL, "b")}),
    "dynaconf": ('from dynaconf import Dynaconf, Validator\nsettings = Dynaconf(envvar_prefix="APP", validators=[Validator("A", must_exist=True)])\nB = settings.B',
                 {"APP_A": (REQUIRED, None), "APP_B": (OPTIONAL, None)}),
    "pydantic-settings": (
        'from pydantic import Field, SecretStr\nfrom pydantic_settings import BaseSettings, SettingsConfigDict\n'
        'class Settings(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="APP_")\n    url: str\n    level: str = "INFO"\n'
        '    key: SecretStr\n    maybe: str | None = None\n    other: str = Field(alias="OTHER")\n    many: list[str] = Field(default_factory=list)\n',
        {"APP_URL": (REQUIRED, None), "APP_LEVEL": (OPTIONAL, "INFO"), "APP_KEY": (REQUIRED, None), "APP_MAYBE": (OPTIONAL, None), "OTHER": (REQUIRED, None),
         "APP_MANY": (OPTIONAL, None)},
    ),
    "pydantic 1": ('from pydantic import BaseSettings\nclass S(BaseSettings):\n    url: str\n    class Config:\n        env_prefix = "x_"\n', {"X_URL": (REQUIRED, None)}),
    "no environment": (
        'def middleware(environ, start_response):\n    return environ["PATH_INFO"]\ndef view():\n    return request.environ["REMOTE_USER"], request.environ.get("X")\n', {},
    ),
    "a parameter of the same name": ("from os import environ\ndef wsgi(environ, start):\n    return environ['PATH_INFO']\n", {}),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_what_the_code_reads_is_known_with_its_default(tmp_path: Path, name: str) -> None:
    code, expected = READ[name]
    facts = persons_project(tmp_path / "shop", {"settings.py": f"{code}\n"}).facts()
    assert {use.name: (use.required, use.default) for use in facts.variables} == expected


def test_files_beside_the_code_name_variables_too(tmp_path: Path) -> None:
    compose = """
        services:
          web:
            build: .
            environment:
              LOG_LEVEL: info
              API_URL: ${API_URL:-http://backend:8000}
              API_TOKEN: ${API_TOKEN}
          db:
            image: postgres:16
            environment:
              POSTGRES_PASSWORD: hidden
    """
    project = persons_project(
        tmp_path / "shop", {"docker-compose.yml": compose, ".env.example": "# comment\nMAIL_FROM=me@example.org\nKEY=<your key>\n"}
    )
    uses = {use.name: (use.default, use.in_code, use.required) for use in project.facts().variables}
    assert uses == {
        "LOG_LEVEL": ("info", False, False),
        "API_URL": ("http://backend:8000", False, False),
        "API_TOKEN": (None, False, False),
        "MAIL_FROM": ("me@example.org", False, False),
        "KEY": (None, False, False),
    }


PLACES = [
    ('os.environ.get("DATABASE_URL")', "locked"),
    ('os.getenv("DB_HOST")', "open"),
    ('os.getenv("ACCESS_TOKEN_MINUTES", "15")', "out"),
    ('os.getenv("AUTH_PORT", "8090")', "out"),
    ('os.getenv("TOKEN_IN_COOKIE", "yes")', "out"),
    ('os.getenv("TOKEN_FILE", "token.json")', "out"),
    ('os.getenv("REDIS_URL", "redis://localhost:6379/0")', "out"),
    ('os.getenv("DATABASE_URL", "sqlite:///shop.db")', "out"),
    ('os.getenv("DATABASE_URL", "postgresql://me:pw@localhost/shop")', "locked"),
    ('os.getenv("SECRET_KEY", "dev")', "locked"),
    ('os.getenv("POSTGRES_PASSWORD", "1234")', "locked"),
    ('os.environ["PGPASSWORD"]', "locked"),
    ('os.environ["GITHUB_CLIENT_ID"]', "open"),
    ('os.environ["GITHUB_CLIENT_SECRET"]', "locked"),
    ('os.environ["KEY_VAULT_NAME"]', "open"),
    ('os.environ["JWT_ALGORITHM"]', "open"),
    ('os.environ["SLACK_WEBHOOK_URL"]', "locked"),
    ('os.environ["AZURE_STORAGE_CONNECTION_STRING"]', "locked"),
    ('os.getenv("LOG_LEVEL", "INFO")', "out"),
]


@pytest.mark.parametrize(("code", "place"), PLACES)
def test_a_variable_is_locked_away_by_its_meaning_and_its_default(tmp_path: Path, code: str, place: str) -> None:
    project = persons_project(tmp_path / "shop", {"app.py": f"{APP}import os\nvalue = {code}\n"})
    (line,) = project.suggested()["variables"]
    assert line["place"] == place
    assert "pw@" not in str(line), "a password in the code is not copied"


def given(project: Any, *names: str) -> list[dict[str, str]]:
    return [line for line in project.accepted().get("variables", []) if line["name"] in names]


def test_what_has_no_value_yet_is_left_out_and_never_sent_empty(tmp_path: Path) -> None:
    code = 'import os\nclient = os.environ["GITHUB_CLIENT_ID"]\nhost = os.getenv("DB_HOST")\n'
    project = persons_project(tmp_path / "shop", {"app.py": APP + code})
    assert given(project, "GITHUB_CLIENT_ID", "DB_HOST") == []


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ('import os\nclient = os.environ["CLIENT_ID"]\n', "error"),
        ('import os\n@app.get("/x")\ndef x():\n    return os.environ["CLIENT_ID"]\n', "warning"),
        ('import os\nif os.getenv("MODE") == "x":\n    client = os.environ["CLIENT_ID"]\n', "warning"),
    ],
)
def test_a_required_variable_without_a_value_is_found(tmp_path: Path, code: str, severity: str) -> None:
    project = persons_project(tmp_path / "shop", {"app.py": APP + code})
    for tables in ({}, {"variables": [{"name": "CLIENT_ID", "value": ""}]}):
        assert [(item.id, item.severity) for item in project.check(**tables)] == [("variable-missing", severity)]
    assert project.found(variables=[{"name": "CLIENT_ID", "value": "x"}]) == []
    assert project.found(key_vault={"secrets": ["client-id"]}, variables=[{"name": "CLIENT_ID", "secret": "client-id"}]) == []


def test_a_file_that_is_not_loaded_at_the_start_blocks_nothing(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"scripts/seed.py": 'import os\nkey = os.environ["SEED_KEY"]\n'})
    assert [(item.id, item.severity) for item in project.check()] == [("variable-missing", "warning")]


def test_an_address_on_ones_own_computer_is_warned_of(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"app.py": APP + 'import os\nurl = os.getenv("REDIS_URL", "redis://localhost:6379/0")\n'})
    assert project.found() == ["local-default"]
    assert project.found(variables=[{"name": "REDIS_URL", "value": "rediss://shop.redis.cache.windows.net:6380"}]) == []
