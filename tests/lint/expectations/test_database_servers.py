"""Servers whose address stands in the code, and tables that nobody makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.base_project import APP, persons_project

ASKED = {
    "a URL": (
        'from sqlalchemy import create_engine\nengine = create_engine("postgresql://me:pw@localhost/shop")\n',
        "PostgreSQL at localhost",
    ),
    "a name of compose": ('URI = "mongodb://mongo:27017/shop"\n', "MongoDB at “mongo”"),
    "a client that is told a host": ('import redis\nr = redis.Redis(host="127.0.0.1", port=6379)\n', "Redis at 127.0.0.1"),
    "a client that is told nothing": ("from pymongo import MongoClient\nclient = MongoClient()\n", "MongoDB at localhost"),
    "a connection": ('import psycopg2\nc = psycopg2.connect(host="localhost", dbname="shop")\n', "PostgreSQL at localhost"),
    "Flask's configuration": ('from app import app\napp.config["MYSQL_HOST"] = "localhost"\n', "a database at localhost"),
    "a text put together": ('pw = open("x").read()\nURI = f"mongodb://me:{pw}@mongo/shop"\n', "MongoDB at “mongo”"),
    "texts added up": ('pw = open("x").read()\nURI = "postgresql://me:" + pw + "@localhost:5432/shop"\n', "PostgreSQL at localhost"),
    "Django's": ('DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "HOST": "db"}}\n', "a database at “db”"),
}


@pytest.mark.parametrize("case", ASKED)
def test_a_server_on_this_computer_or_in_a_compose_file_is_named(case: str, tmp_path: Path) -> None:
    code, said = ASKED[case]
    [finding] = persons_project(tmp_path / "shop", {"store.py": code}).check()
    assert (finding.id, finding.severity, finding.file) == ("local-server", "warning", "store.py")
    assert said in finding.sentence


@pytest.mark.parametrize(
    "code",
    [
        'URI = "postgresql://me@shop.postgres.database.azure.com/shop"\n',
        'import os\npw = os.environ.get("PW")\nURI = f"mongodb+srv://me:{pw}@shop.abcde.mongodb.net/?w=majority"\n',
        'import os\npw = os.environ.get("PW")\nURI = "mongodb+srv://me:" + str(pw) + "@shop.abcde.mongodb.net/"\n',
        'import os\nhost = os.environ.get("HOST")\nURI = f"mysql://me@{host}/shop"\n',
        'import redis\nr = redis.Redis.from_url("rediss://shop.redis.cache.windows.net")\n',
        'import os\nimport redis\nr = redis.Redis(host=os.environ.get("REDIS_HOST", "shop.redis.cache.windows.net"))\n',
        'import requests\nrequests.get("http://localhost:5000/health")\n',
    ],
)
def test_a_server_elsewhere_is_none_of_it(code: str, tmp_path: Path) -> None:
    assert "local-server" not in persons_project(tmp_path / "shop", {"store.py": code}).found()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ('import os\nHOST = os.getenv("POSTGRES_HOST", "postgres")\n', "a name that only a compose file knows"),
        ('import os\nURL = os.getenv("BROKER", "redis://queue:6379/0")\n', "a name that only a compose file knows"),
        ('import os\nURL = os.getenv("BROKER", "redis://localhost:6379/0")\n', "the container itself"),
    ],
)
def test_a_default_of_a_compose_file_is_told_once(code: str, said: str, tmp_path: Path) -> None:
    [finding] = persons_project(tmp_path / "shop", {"store.py": code}).check()
    assert finding.id == "local-default"
    assert said in finding.sentence


MODELS = (
    "from flask import Flask\nfrom flask_sqlalchemy import SQLAlchemy\napp = Flask(__name__)\n"
    'app.config["SQLALCHEMY_DATABASE_URI"] = "sqlite:////data/shop.db"\ndb = SQLAlchemy(app)\n'
    "class Item(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n"
)
MAKING = "    with app.app_context():\n        db.create_all()\n"
SHARE = {"shares": [{"designation": "data", "mount": "/data", "nobrl": True}]}
LISTED = "flask\ngunicorn\nflask-sqlalchemy\n"


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (f'{MODELS}if __name__ == "__main__":\n{MAKING}    app.run()\n', 10),
        (f'{MODELS}def prepare():\n{MAKING}if __name__ == "__main__":\n    prepare()\n    app.run()\n', 10),
        (MODELS, 6),
    ],
)
def test_tables_that_no_server_makes_are_told(code: str, line: int, tmp_path: Path) -> None:
    [finding] = persons_project(tmp_path / "shop", {"app.py": code, "requirements.txt": LISTED}).check(storage=SHARE)
    assert (finding.id, finding.line) == ("tables-not-made", line)


@pytest.mark.parametrize(
    "files",
    [
        {"app.py": f"{MODELS}with app.app_context():\n    db.create_all()\n"},
        {"app.py": f"{MODELS}def prepare():\n{MAKING}prepare()\n"},
        {"app.py": f'{MODELS}@app.cli.command("prepare")\ndef prepare():\n{MAKING}'},
        {"app.py": MODELS, "migrations/env.py": "", "requirements.txt": f"{LISTED}flask-migrate\n"},
        {"app.py": MODELS, "schema.sql": "CREATE TABLE item (id INTEGER);\n"},
        {"app.py": APP},
    ],
)
def test_tables_that_somebody_may_make_are_not(files: dict[str, str], tmp_path: Path) -> None:
    assert "tables-not-made" not in persons_project(tmp_path / "shop", {"requirements.txt": LISTED, **files}).found(storage=SHARE)
