# ruff: noqa: E501 - a table of code reads best with each case on a line
"""A SQLite database ends on a share that holds the path which the running API opens, or in a warning."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.base_project import APP, persons_project

FSA = APP + "from flask_sqlalchemy import SQLAlchemy\n"
WITH_FSA = "flask\ngunicorn\nflask-sqlalchemy{pin}\n"


def fsa(line: str, pin: str = "") -> dict[str, Any]:
    return {"app.py": f"{FSA}import os\n{line}\ndb = SQLAlchemy(app)\n", "requirements.txt": WITH_FSA.format(pin=pin)}


def plain(*lines: str) -> dict[str, Any]:
    return {"app.py": APP + "\n".join(["import os, sqlite3", "from pathlib import Path", *lines]) + "\n"}


URI = 'app.config["SQLALCHEMY_DATABASE_URI"] = '
OPENED = {
    "Flask-SQLAlchemy's quickstart": (fsa(URI + '"sqlite:///shop.db"'), "/srv/instance/shop.db"),
    "a folder for Flask-SQLAlchemy 3": (fsa(URI + '"sqlite:///data/shop.db"'), "/srv/instance/data/shop.db"),
    "a folder for Flask-SQLAlchemy 2": (fsa(URI + '"sqlite:///data/shop.db"', "==2.5.1"), "/srv/data/shop.db"),
    "absolute": (fsa(URI + '"sqlite:////data/shop.db"'), "/data/shop.db"),
    "by from_mapping": (fsa('app.config.from_mapping(SQLALCHEMY_DATABASE_URI="sqlite:///shop.db")'), "/srv/instance/shop.db"),
    "by a class": (fsa('class Config:\n    SQLALCHEMY_DATABASE_URI = "sqlite:///shop.db"\napp.config.from_object(Config)'), "/srv/instance/shop.db"),
    "a default of a variable": (fsa(URI + 'os.environ.get("DATABASE_URL") or "sqlite:///shop.db"'), "/srv/instance/shop.db"),
    "a default of getenv": (fsa(URI + 'os.getenv("DATABASE_URL", "sqlite:///shop.db")'), "/srv/instance/shop.db"),
    "beside the file": (
        fsa('here = os.path.abspath(os.path.dirname(__file__))\n' + URI + '"sqlite:///" + os.path.join(here, "var", "shop.db")'), "/srv/var/shop.db",
    ),
    "an f-string with Path": (fsa("from pathlib import Path\nhere = Path(__file__).parent\n" + URI + "f\"sqlite:///{here / 'db' / 'shop.db'}\""), "/srv/db/shop.db"),
    "the tutorial's instance path": (plain('DB = os.path.join(app.instance_path, "shop.sqlite")', "sqlite3.connect(DB)"), "/srv/instance/shop.sqlite"),
    "an instance path of its own": (
        {"app.py": 'import os\nfrom flask import Flask\napp = Flask(__name__, instance_path="/keep")\nDB = os.path.join(app.instance_path, "a.db")\n'}, "/keep/a.db",
    ),
    "sqlite3, relative": (plain('sqlite3.connect("data/shop.db")'), "/srv/data/shop.db"),
    "sqlite3, no ending": (plain('sqlite3.connect("data/shop")'), "/srv/data/shop"),
    "Path, resolved": (plain('DB = Path(__file__).resolve().parent / "data" / "shop.db"', "sqlite3.connect(str(DB))"), "/srv/data/shop.db"),
    "the folder it starts in": (plain('sqlite3.connect(os.path.join(os.getcwd(), "data", "shop.db"))'), "/srv/data/shop.db"),
    "format": (plain('folder = "/data"', 'url = "sqlite:///{}/shop.db".format(folder)'), "/data/shop.db"),
    "percent": (plain('sqlite3.connect("%s/shop.db" % "/data")'), "/data/shop.db"),
    "SQLAlchemy's own": (plain('engine = create_engine("sqlite:///./data/shop.db")'), "/srv/data/shop.db"),
    "async": (plain('engine = create_async_engine("sqlite+aiosqlite:///data/shop.db")'), "/srv/data/shop.db"),
    "peewee": (plain('db = SqliteDatabase("data/shop.db")'), "/srv/data/shop.db"),
    "a name that comes with all of a module": (
        {**plain("from paths import *", 'sqlite3.connect(HERE / "shop.db")'), "paths.py": "from pathlib import Path\nHERE = Path(__file__).parent / 'var'\n"},
        "/srv/var/shop.db",
    ),
    "Pony, from the file that binds": (
        {**plain("import shop.models"), "shop/__init__.py": "", "shop/models.py": 'from pony.orm import Database\ndb = Database()\ndb.bind(provider="sqlite", filename="../data/shop.db", create_db=True)\n'},
        "/srv/data/shop.db",
    ),
    "from another module": (
        {**plain("from settings import DB_FILE", "sqlite3.connect(DB_FILE)"), "settings.py": 'import os\nDB_FILE = os.path.join("/data", "shop.db")\n'}, "/data/shop.db",
    ),
    "an app in a package": (
        {"app.py": "from shop import app\n", "shop/__init__.py": fsa(URI + '"sqlite:///shop.db"')["app.py"], "requirements.txt": WITH_FSA.format(pin="")},
        "/srv/instance/shop.db",
    ),
    "Django": (
        {"app.py": None, "manage.py": "", "shop/__init__.py": "", "shop/wsgi.py": "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
         "shop/settings.py": 'from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\nDATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", '
         '"NAME": BASE_DIR / "data" / "db.sqlite3"}}\n', "requirements.txt": "django\ngunicorn\n",
         "Dockerfile": 'FROM python:3.12-slim\nWORKDIR /srv\nCOPY . .\nRUN pip install -r requirements.txt\nCMD ["gunicorn", "-b", ":5000", "shop.wsgi"]\n'},
        "/srv/data/db.sqlite3",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OPENED)
def test_the_share_that_is_suggested_holds_the_path_that_is_opened(tmp_path: Path, name: str) -> None:
    files, path = OPENED[name]
    project = persons_project(tmp_path / "shop", dict(files))
    assert [database.path for database in project.facts().databases] == [path]
    folder = path.rpartition("/")[0]
    assert [(share["mount"], share["nobrl"]) for share in project.suggested()["storage.shares"]] == [(folder, True)]
    assert "sqlite-not-kept" in project.found()
    assert not [id for id in project.found(**project.accepted()) if id.startswith("sqlite")]


BESIDE_THE_CODE = {
    "Django's own": plain('NAME = Path(__file__).parent / "db.sqlite3"'),
    "SQLAlchemy beside the code": plain('engine = create_engine("sqlite:///shop.db")'),
    "sqlite3 beside the code": plain('sqlite3.connect("shop.db")'),
    "worked out when it runs": plain('sqlite3.connect(os.path.join(somewhere(), "shop.db"))'),
}


@pytest.mark.parametrize("name", BESIDE_THE_CODE)
def test_a_database_for_which_no_share_can_be_suggested_is_warned_of(tmp_path: Path, name: str) -> None:
    project = persons_project(tmp_path / "shop", dict(BESIDE_THE_CODE[name]))
    assert project.suggested()["storage.shares"] == []
    assert project.found() == ["sqlite-not-kept"]


@pytest.mark.parametrize(
    "line", ['create_engine("sqlite://")', 'sqlite3.connect(":memory:")', 'create_engine("sqlite:///:memory:")', '"ends in .db"']
)
def test_what_is_in_memory_or_no_database_is_none(tmp_path: Path, line: str) -> None:
    project = persons_project(tmp_path / "shop", plain(line))
    assert project.facts().databases == ()
    assert project.found() == []


def test_a_database_in_the_folder_for_what_may_be_lost_gets_no_share(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"app.py": f'{APP}\nimport sqlite3\nsqlite3.connect("/tmp/cache.db")\n'})
    assert project.suggested()["storage.shares"] == []
    assert project.found(**project.accepted()) == []


def test_a_variable_that_the_setup_gives_moves_the_database(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", fsa(URI + 'os.getenv("DATABASE_URL", "sqlite:///shop.db")'))
    shares = {"shares": [{"designation": "db", "mount": "/data", "nobrl": True}]}
    assert project.found(storage=shares, variables=[{"name": "DATABASE_URL", "value": "sqlite:////data/shop.db"}]) == []
    secret = {"key_vault": {"secrets": ["database-url"]}, "variables": [{"name": "DATABASE_URL", "secret": "database-url"}]}
    assert project.found(**secret) == [], "what the vault holds is not known to be SQLite"


@pytest.mark.parametrize(
    ("lines", "variable"),
    [
        (('app.config["DB"] = os.environ["DB_FILE"]', 'sqlite3.connect(app.config["DB"])'), "DB_FILE"),
        (("app.config.from_prefixed_env()", 'sqlite3.connect(app.config["DB_FILE"])'), "FLASK_DB_FILE"),
        (('app.config.from_prefixed_env("SHOP")', 'sqlite3.connect(app.config.get("DB_FILE"))'), "SHOP_DB_FILE"),
        (("class Settings(BaseSettings):", "    db_file: str", "sqlite3.connect(Settings().db_file)"), "DB_FILE"),
        (
            (
                "class Settings(BaseSettings):",
                "    place: str = Field(alias='DB_FILE', default='a.db')",
                "sqlite3.connect(Settings().place)",
            ),
            "DB_FILE",
        ),
    ],
)
def test_a_path_that_only_a_variable_gives_is_followed_to_where_it_opens(tmp_path: Path, lines: tuple[str, ...], variable: str) -> None:
    project = persons_project(tmp_path / "shop", plain(*lines))
    findings = project.check(variables=[{"name": variable, "value": "/data/shop"}])
    assert [finding.sentence.partition(" lies on")[0] for finding in findings if finding.id == "sqlite-not-kept"] == [
        "The SQLite database /data/shop"
    ]


@pytest.mark.parametrize("name", OPENED)
def test_several_workers_and_sqlite_are_warned_of_in_every_spelling(tmp_path: Path, name: str) -> None:
    files, _path = OPENED[name]
    project = persons_project(tmp_path / "shop", dict(files))
    docker = (project.folder / "Dockerfile").read_text()
    (project.folder / "Dockerfile").write_text(docker.replace('["gunicorn", ', '["gunicorn", "-w", "4", '))
    assert "workers-and-sqlite" in project.found()


@pytest.mark.parametrize(
    ("files", "cmd"),
    [
        (
            {"gunicorn.conf.py": 'import multiprocessing\nbind = ":5000"\nworkers = multiprocessing.cpu_count() * 2 + 1\n'},
            'CMD ["gunicorn", "app:app"]',
        ),
        ({"gunicorn.conf.py": 'import os\nbind = ":5000"\nworkers = os.cpu_count()\n'}, 'CMD ["gunicorn", "app:app"]'),
        ({}, "CMD exec gunicorn -b :5000 -w $(nproc) app:app"),
    ],
)
def test_workers_by_the_processors_of_a_computer_are_warned_of(tmp_path: Path, files: dict[str, Any], cmd: str) -> None:
    project = persons_project(tmp_path / "shop", files).start_with(cmd)
    assert project.found() == ["workers-by-cpu"]
    project.write(plain('sqlite3.connect("/srv/data/shop.db")'))
    assert sorted(project.found()) == ["sqlite-not-kept", "workers-and-sqlite"]


def test_a_share_that_hides_files_of_the_image_is_warned_of(tmp_path: Path) -> None:
    project = persons_project(
        tmp_path / "shop", {**plain('sqlite3.connect("data/shop.db")'), "data/shop.db": b"SQLite format 3\0", "data/.gitkeep": ""}
    )
    assert project.found(**project.accepted()) == ["share-hides-files"]
    (finding,) = project.check(**project.accepted())
    assert "data/shop.db" in finding.sentence
    project.write({".dockerignore": "data/*.db\n"})
    assert project.found(**project.accepted()) == []


@pytest.mark.parametrize("mount", ["/srv", "/srv/"])
def test_a_share_over_the_code_is_refused(tmp_path: Path, mount: str) -> None:
    project = persons_project(tmp_path / "shop")
    (finding,) = project.check(storage={"shares": [{"designation": "all", "mount": mount}]})
    assert (finding.id, finding.severity, finding.replacement) == ("share-over-code", "error", 'mount = "/srv/all"')
    assert project.found(storage={"shares": [{"designation": "all", "mount": "/srv/all"}]}) == []


def test_write_ahead_logging_on_a_share_is_warned_of(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", plain('c = sqlite3.connect("data/shop.db")', 'c.execute("PRAGMA journal_mode=WAL")'))
    assert project.found(**project.accepted()) == ["sqlite-wal"]
    project.write(plain('c = sqlite3.connect("data/shop.db")', 'c.execute("PRAGMA journal_mode = TRUNCATE")'))
    assert project.found(**project.accepted()) == []


@pytest.mark.parametrize("line", ['basicConfig(filename="books.log")', 'RotatingFileHandler("books.log")', 'FILE = "books.log"'])
def test_a_log_that_nobody_would_see_is_remarked(tmp_path: Path, line: str) -> None:
    project = persons_project(tmp_path / "shop", plain(f"from logging import *\n{line}"))
    assert [(item.id, item.severity) for item in project.check()] == [("log-to-file", "info")]
