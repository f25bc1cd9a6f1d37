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
    "there in one branch of an expression": ('import os\nA = os.environ["A"] if "A" in os.environ else "x"', {"A": (OPTIONAL, None)}),
    "there after an and": ('import os\nA = os.getenv("A") and os.environ["A"]', {"A": (OPTIONAL, None)}),
    "there where it was asked for": ('import os\nif os.environ.get("A"):\n    a = os.environ["A"]', {"A": (OPTIONAL, None)}),
    "there where it is not none": ('import os\nif os.getenv("A") is not None:\n    a = os.environ["A"]', {"A": (OPTIONAL, None)}),
    "there in the other branch": ('import os\nif not os.getenv("A"):\n    a = "x"\nelse:\n    a = os.environ["A"]', {"A": (OPTIONAL, None)}),
    "not there in this branch": ('import os\na = "x" if "A" in os.environ else os.environ["A"]', {"A": (REQUIRED, None)}),
    "a product": ('import os\nA = int(os.getenv("A", 60 * 24))', {"A": (OPTIONAL, "1440")}),
    "a helper that is told": (
        'import os\ndef ask(key, default=None, required=False):\n    value = os.environ.get(key, default)\n    return value\nA = ask("A", required=True)\nB = ask("B")',
        {"A": (REQUIRED, None), "B": (OPTIONAL, None)},
    ),
    "Flask's prefix": (
        'from flask import Flask\napp = Flask(__name__)\napp.config.from_prefixed_env()\nk = app.config["SECRET_KEY"]\nt = app.config["TIMEOUT"]\nm = app.config.get("MAIL")',
        {"FLASK_SECRET_KEY": (OPTIONAL, None), "FLASK_TIMEOUT": (REQUIRED, None), "FLASK_MAIL": (OPTIONAL, None)},
    ),
    "a prefix of one's own, and a value": (
        'from flask import Flask\napp = Flask(__name__)\napp.config.from_mapping(PAGE=20)\napp.config.from_prefixed_env("SHOP")\np = app.config["PAGE"]',
        {"SHOP_PAGE": (OPTIONAL, None)},
    ),
    "a file that a variable names": (
        'from flask import Flask\napp = Flask(__name__)\napp.config.from_envvar("A")\napp.config.from_envvar("B", silent=True)',
        {"A": (REQUIRED, None), "B": (OPTIONAL, None)},
    ),
    "the module decouple": ('import decouple\nA = decouple.config("A")\nB = decouple.config("B", default=1)', {"A": (REQUIRED, None), "B": (OPTIONAL, "1")}),
    "dj-database-url": (
        'import dj_database_url\nA = dj_database_url.config(default="sqlite:///db.sqlite3")\nB = dj_database_url.config(env="B")',
        {"DATABASE_URL": (OPTIONAL, "sqlite:///db.sqlite3"), "B": (OPTIONAL, None)},
    ),
    "all that dynaconf has": (
        'from dynaconf import Dynaconf\nsettings = Dynaconf(envvar_prefix="X")\na = settings.db.password\nb = settings["B"]\nc = settings.get("C", 30)',
        {"X_DB__PASSWORD": (OPTIONAL, None), "X_B": (OPTIONAL, None), "X_C": (OPTIONAL, "30")},
    ),
    "dynaconf without a prefix": ('from dynaconf import Dynaconf\nsettings = Dynaconf(envvar_prefix=False)\na = settings.A', {"A": (OPTIONAL, None)}),
    "environ-config": (
        'import environ\n@environ.config(prefix="X")\nclass Settings:\n    host = environ.var("h")\n    key = environ.var()\n',
        {"X_HOST": (OPTIONAL, "h"), "X_KEY": (REQUIRED, None)},
    ),
    "pydantic in the class line": ('from pydantic_settings import BaseSettings\nclass S(BaseSettings, env_prefix="X_"):\n    url: str\n', {"X_URL": (REQUIRED, None)}),
    "pydantic by the letter": (
        'from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    model_config = {"case_sensitive": True}\n    url: str\n    n: int = 2 * 30\n',
        {"url": (REQUIRED, None), "n": (OPTIONAL, "60")},
    ),
    "pydantic's lists": ('from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    hosts: list[str] = ["a", "b"]\n', {"HOSTS": (OPTIONAL, '["a", "b"]')}),
    "pydantic 1 by its fields": (
        'from pydantic import BaseSettings\nfrom typing import Optional\nclass S(BaseSettings):\n    a: Optional[str]\n    b: str\n    class Config:\n'
        '        fields = {"b": {"env": "THE_B"}}\n',
        {"A": (OPTIONAL, None), "THE_B": (REQUIRED, None)},
    ),
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
              PAGE_URL: ${PAGE_URL:-http://${PAGE_HOST:-pages}:8000}
              API_TOKEN: ${API_TOKEN}
          db:
            image: postgres:16
            environment:
              POSTGRES_PASSWORD: hidden
    """
    project = persons_project(
        tmp_path / "shop", {"docker-compose.yml": compose, ".env.example": "# comment\nMAIL_FROM=me@example.org\nKEY=<your key>\n"}
    )
    uses = {use.name: (use.example, use.in_code, use.required) for use in project.facts().variables}
    assert uses == {
        "LOG_LEVEL": ("info", False, False),
        "API_URL": ("http://backend:8000", False, False),
        "PAGE_URL": ("http://pages:8000", False, False),
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
    ('os.getenv("SECRET_SANTA_DATE", "2024-12-24")', "out"),
    ('os.getenv("PRIMARY_KEY_COLUMN", "id")', "out"),
    ('os.getenv("STRIPE_PUBLISHABLE_KEY")', "open"),
    ('os.getenv("SLACK_WEBHOOK")', "locked"),
    ('os.environ.get("DATABASE_URL") or "sqlite:///" + os.path.join("data", "shop.db")', "out"),
    ('os.environ.get("DATABASE_URL", f"sqlite:///{__file__}.db")', "out"),
]


@pytest.mark.parametrize(("code", "place"), PLACES)
def test_a_variable_is_locked_away_by_its_meaning_and_its_default(tmp_path: Path, code: str, place: str) -> None:
    project = persons_project(tmp_path / "shop", {"app.py": f"{APP}import os\nvalue = {code}\n"})
    (line,) = project.suggested()["variables"]
    assert line["place"] == place
    assert "pw@" not in str(line), "a password in the code is not copied"


def test_a_compose_file_and_the_files_it_names_are_those_of_the_service_that_answers(tmp_path: Path) -> None:
    compose = """
        services:
          worker:
            build: .
            command: celery -A app worker
            environment: {QUEUE: fast}
          web:
            build: .
            env_file: [./web.env, .env]
            ports: ["8000:8000"]
    """
    files = {"docker-compose.yml": compose, "web.env": "PAGE_SIZE=20\n", ".env": "HIDDEN=1\n"}
    uses = persons_project(tmp_path / "shop", files).facts().variables
    assert {use.name: use.example for use in uses} == {"PAGE_SIZE": "20"}


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


@pytest.mark.parametrize(
    ("name", "default", "said"),
    [
        ("ALLOWED_HOSTS", "localhost,127.0.0.1", "lets in localhost,127.0.0.1 alone"),
        ("SECURITY__ALLOWED_HOSTS", "localhost", "lets in localhost alone"),
        ("BACKEND_CORS_ORIGINS", "http://localhost:3000", "lets in http://localhost:3000 alone"),
        ("MODEL_FOLDER", "/Users/ada/models", "looks in /Users/ada/models, a folder of one computer"),
        ("REDIS_HOST", "localhost", "asks localhost, which in Azure is the container itself"),
    ],
)
def test_what_a_default_of_ones_own_computer_means_in_azure_is_said_by_its_kind(tmp_path: Path, name: str, default: str, said: str) -> None:
    project = persons_project(tmp_path / "shop", {"app.py": f'import os\nvalue = os.getenv("{name}", "{default}")\n{APP}'})
    findings = [finding for finding in project.check() if finding.id == "local-default"]
    assert [said in finding.sentence for finding in findings] == [True]


def test_the_place_where_a_server_listens_is_told_once_and_not_as_another_servers_address(tmp_path: Path) -> None:
    files = {"app.py": f'import os\nhost = os.getenv("APP_HOST", "127.0.0.1")\n{APP}'}
    assert "local-default" not in persons_project(tmp_path / "shop", files).found()


def test_what_the_image_of_python_sets_itself_is_no_variable_of_the_setup(tmp_path: Path) -> None:
    files = {"app.py": f'import os\nnames = [os.environ["PYTHON_VERSION"], os.environ["HOME"], os.environ["PYTHON_THREADS"]]\n{APP}'}
    assert [use.name for use in persons_project(tmp_path / "shop", files).facts().variables] == ["PYTHON_THREADS"]
