"""Kinds of projects that people publish and that were read wrongly: each an own small example, read, set up as suggested, and checked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.base_project import APP, PersonsProject, persons_project
from wizard.lint.scaffold import missing_files
from wizard.source.api.routes import read_routes

NO_CMD = "FROM python:3.12-slim\nWORKDIR /srv\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nCOPY . .\n"
FACTORY = (
    "from flask import Flask\n"
    "def create_app():\n"
    "    app = Flask(__name__)\n"
    '    app.add_url_rule("/health", view_func=lambda: "ok")\n'
    "    return app\n"
)


def proposed(project: PersonsProject, id: str) -> str:
    """The text that is proposed for the one finding of that kind."""
    return next(finding.replacement for finding in project.check(**project.accepted()) if finding.id == id)


def test_a_run_py_that_is_there_is_never_written_anew(tmp_path: Path) -> None:
    own = "from shop import create_app\napp = create_app()\nif __name__ == '__main__':\n    app.run()\n"
    files = {"app.py": None, "Dockerfile": None, "shop/__init__.py": FACTORY, "run.py": own}
    project = persons_project(tmp_path / "shop", files)
    assert "run.py" not in missing_files(project.facts())
    assert '"run:app"' in missing_files(project.facts())["Dockerfile"]


@pytest.mark.parametrize(
    ("copies", "start", "target"),
    [
        ("COPY main.py .", '["python", "main.py"]', "main:app"),
        ("COPY main.py helper.py ./", '["python", "main.py"]', "main:app"),
        ("COPY shop/ /srv/shop", '["python", "-m", "shop.main"]', "shop.main:app"),
    ],
)
def test_the_server_that_is_proposed_loads_the_app_where_files_are_copied_one_by_one(
    tmp_path: Path, copies: str, start: str, target: str
) -> None:
    code = f"{APP}if __name__ == '__main__':\n    app.run(host='0.0.0.0')\n"
    docker = f"FROM python:3.12-slim\nWORKDIR /srv\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n{copies}\nCMD {start}\n"
    files = {"app.py": None, "main.py": code, "helper.py": "", "shop/__init__.py": "", "shop/main.py": code, "Dockerfile": docker}
    assert f'"{target}"]' in proposed(persons_project(tmp_path / "shop", files), "dev-server")


def test_a_function_that_makes_the_app_is_loaded_in_quotes_by_a_shell(tmp_path: Path) -> None:
    files = {
        "app.py": None,
        "shop/__init__.py": FACTORY,
        "run.py": "import shop\n",
        "start.sh": "#!/bin/sh\nflask --app shop run -h 0.0.0.0\n",
    }
    project = persons_project(tmp_path / "shop", files).start_with('CMD ["sh", "start.sh"]')
    assert proposed(project, "dev-server") == "exec gunicorn --bind 0.0.0.0:5000 'shop:create_app()'"


def test_a_database_between_the_code_gets_no_share_that_hides_it(tmp_path: Path) -> None:
    settings = 'import os\nBASE = os.path.dirname(__file__)\nDATABASE = "sqlite:///" + os.path.join(BASE, "shop.sqlite3")\n'
    files = {"app.py": f"from shop.conf import settings\n{APP}", "shop/conf/__init__.py": "", "shop/conf/settings.py": settings}
    project = persons_project(tmp_path / "shop", files)
    assert project.suggested()["storage.shares"] == []
    assert project.found(**project.accepted()) == ["sqlite-not-kept"]
    assert "VOLUME" not in missing_files(project.write({"Dockerfile": None}).facts())["Dockerfile"]
    shares = [{"designation": "db", "mount": "/srv/shop/conf", "nobrl": True}]
    assert "share-over-code" in project.write({"Dockerfile": f'{NO_CMD}CMD ["gunicorn", "-b", ":5000", "app:app"]\n'}).found(
        storage={"shares": shares}
    )


def test_a_list_that_asks_for_the_project_itself_is_installed_after_the_code_was_copied(tmp_path: Path) -> None:
    pyproject = '[project]\nname = "shop"\nversion = "1"\ndependencies = ["flask", "gunicorn"]\n'
    for number, line in enumerate(("-e .", ".", "-rbase.txt", "-c limits.txt\nflask")):
        files = {"Dockerfile": None, "requirements.txt": f"{line}\n", "pyproject.toml": pyproject, "base.txt": "flask\n", "limits.txt": ""}
        project = persons_project(tmp_path / str(number), files)
        project.write(dict(missing_files(project.facts())))
        assert project.found(**project.accepted()) == [], line


COMPOSE = "services:\n  web:\n    build: .\n    ports: ['80:8000']\n    command: {command}\n"


def test_what_only_a_compose_file_starts_is_read_and_moved_into_the_dockerfile(tmp_path: Path) -> None:
    compose = COMPOSE.format(command="gunicorn -b :8000 app:app")
    project = persons_project(tmp_path / "shop", {"Dockerfile": NO_CMD, "docker-compose.yml": compose})
    assert project.suggested()["app.port"] == "8000"
    assert proposed(project, "not-buildable").endswith('CMD ["gunicorn", "-b", ":8000", "app:app"]')


def test_a_server_for_the_laptop_is_not_moved_out_of_a_compose_file(tmp_path: Path) -> None:
    manage = "from flask.cli import FlaskGroup\nfrom app import app\ncli = FlaskGroup(create_app=lambda: app)\ncli()\n"
    compose = COMPOSE.format(command="python manage.py run -h 0.0.0.0 -p 8000")
    project = persons_project(tmp_path / "shop", {"Dockerfile": NO_CMD, "manage.py": manage, "docker-compose.yml": compose})
    assert project.suggested()["app.port"] == "8000"
    assert proposed(project, "not-buildable").endswith('CMD ["gunicorn", "--bind", "0.0.0.0:8000", "app:app"]')


@pytest.mark.parametrize("command", ["run", "runserver"])
def test_the_command_line_of_flask_in_a_manage_py_is_no_django(tmp_path: Path, command: str) -> None:
    manage = "from flask_script import Manager\nfrom app import app\nManager(app).run()\n"
    project = persons_project(tmp_path / "shop", {"manage.py": manage})
    project.start_with(f'CMD ["python", "manage.py", "{command}", "-h", "0.0.0.0"]')
    assert project.facts().server == "flask"
    assert project.found(**project.accepted()) == ["dev-server"]


def test_a_compose_file_of_the_first_format_says_its_port(tmp_path: Path) -> None:
    old = "web:\n  build: .\n  command: python run.py runserver\n  ports:\n    - 5000:8123\ndb:\n  image: postgres\n"
    project = persons_project(tmp_path / "shop", {"Dockerfile": NO_CMD, "docker-compose.yml": old})
    assert project.suggested()["app.port"] == "8123"


def test_a_web_server_that_the_base_image_starts_is_known_by_its_port(tmp_path: Path) -> None:
    docker = "FROM httpd:2.4\nCOPY . /usr/local/apache2/htdocs\nCOPY httpd.conf /usr/local/apache2/conf/httpd.conf\n"
    project = persons_project(tmp_path / "shop", {"Dockerfile": docker, "httpd.conf": 'ServerRoot "/usr/local/apache2"\nListen 8081\n'})
    assert project.suggested()["app.port"] == "8081"


def test_a_script_that_is_only_mounted_at_home_is_missed(tmp_path: Path) -> None:
    docker = 'FROM python:3.12-slim\nRUN pip install flask gunicorn\nCMD ["sh", "/app/start.sh"]\n'
    compose = "services:\n  web:\n    build: .\n    volumes: ['.:/app']\n"
    files = {"Dockerfile": docker, "docker-compose.yml": compose, "start.sh": "gunicorn -b :8000 app:app\n"}
    findings = persons_project(tmp_path / "shop", files).check()
    assert [finding.id for finding in findings if finding.severity == "error"] == ["target-missing"]
    assert "docker-compose.yml mounts your folder there" in findings[0].sentence


@pytest.mark.parametrize(
    "docker",
    [
        'FROM python:3.12-slim\nRUN printf "exec gunicorn app:app" > /start.sh\nCMD ["sh", "/start.sh"]\n',
        'FROM python:3.12-slim\nRUN git clone https://example.org/shop /app\nCMD ["sh", "/app/start.sh"]\n',
        'FROM python:3.12-slim\nADD shop.tar.gz /app\nCMD ["sh", "/app/start.sh"]\n',
        'FROM example.org/base:1\nCMD ["sh", "/start.sh"]\n',
        'FROM python:3.12-slim AS made\nFROM python:3.12-slim\nCOPY --from=made /start.sh /\nCMD ["sh", "/start.sh"]\n',
    ],
)
def test_a_script_that_something_else_may_bring_is_asked_about_and_not_missed(tmp_path: Path, docker: str) -> None:
    found = persons_project(tmp_path / "shop", {"Dockerfile": docker}).found()
    assert "start-unknown" in found and "target-missing" not in found


def test_what_the_start_script_exports_is_not_asked_for(tmp_path: Path) -> None:
    script = "#!/bin/sh\nexport SETTINGS=/srv/settings.cfg\nPLAIN=1\nexec gunicorn -b :5000 app:app\n"
    code = f'import os\nsettings = os.environ["SETTINGS"]\nplain = os.environ["PLAIN"]\n{APP}'
    project = persons_project(tmp_path / "shop", {"app.py": code, "start.sh": script}).start_with('CMD ["sh", "start.sh"]')
    assert [finding.sentence.split()[4] for finding in project.check(**project.accepted())] == ["PLAIN,"]


def test_a_value_that_only_stands_beside_the_code_is_filled_in_and_not_left_out(tmp_path: Path) -> None:
    """The code has no default: without the variable it would start with nothing, though compose and .env.example know a value."""
    code = 'import os\nname, host = os.getenv("DB_NAME"), os.environ.get("DB_HOST")\nlevel = os.getenv("LEVEL", "info")\n'
    compose = "services:\n  web:\n    build: .\n    environment: {DB_HOST: pg, LEVEL: debug}\n  pg:\n    image: postgres\n"
    files = {"app.py": code + APP, "docker-compose.yml": compose, ".env.example": "DB_NAME=orders\n"}
    table = {line["name"]: (line["place"], line["value"]) for line in persons_project(tmp_path / "shop", files).suggested()["variables"]}
    assert table == {"DB_NAME": ("open", "orders"), "DB_HOST": ("open", ""), "LEVEL": ("out", "info")}


def test_a_create_app_that_makes_something_else_is_no_app(tmp_path: Path) -> None:
    files = {"app.py": APP, "run.py": "from tools import manager\ndef create_app():\n    return manager\ncreate_app().run()\n"}
    app = persons_project(tmp_path / "shop", files).facts().app
    assert app is not None and app.target == "app:app"


OLD_PINS = {
    "cffi==1.15.0": "3.10",
    "numpy==1.24.4": "3.11",
    "Jinja2==2.10": "3.9",
    "Pillow == 9.1.1 ; python_version > '3'": "3.10",
    "pandas>=1.0": "3.12",
    "numpy==2.1.0": "3.12",
}


@pytest.mark.parametrize(("pin", "python"), OLD_PINS.items())
def test_a_dockerfile_that_we_write_has_a_python_on_which_old_pins_install(tmp_path: Path, pin: str, python: str) -> None:
    project = persons_project(tmp_path / "shop", {"Dockerfile": None, "requirements.txt": f"flask\ngunicorn\n{pin}\n"})
    assert missing_files(project.facts())["Dockerfile"].startswith(f"FROM python:{python}-slim\n")


@pytest.mark.parametrize(("image", "found"), [("python:3.12-slim", ["python-version"]), ("python:3.11-slim", []), ("python:3.12", [])])
def test_an_old_pin_in_an_image_of_a_newer_python_is_found(tmp_path: Path, image: str, found: list[str]) -> None:
    project = persons_project(tmp_path / "shop", {"requirements.txt": "flask\ngunicorn\ngreenlet==2.0.2\n"})
    docker = (project.folder / "Dockerfile").read_text()
    project.write({"Dockerfile": docker.replace("python:3.12-slim", image)})
    assert project.found() == found
    assert not found or proposed(project, "python-version") == "FROM python:3.11-slim"


def test_a_release_that_can_be_built_nowhere_any_more_is_found(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"requirements.txt": "flask\ngunicorn\nMarkupSafe==1.0\n"})
    assert proposed(project, "requirement-not-installable") == "MarkupSafe==1.1.1"


@pytest.mark.parametrize("target", ["app:app", "wsgi:app:app"])
def test_flask_behind_hypercorn_is_told_what_becomes_of_empty_answers(tmp_path: Path, target: str) -> None:
    dockerfile = NO_CMD + f'CMD ["hypercorn", "--bind", "0.0.0.0:5000", "{target}"]\n'
    project = persons_project(tmp_path / "shop", {"Dockerfile": dockerfile, "requirements.txt": "flask\nhypercorn\n"})
    assert ["app:app" in finding.sentence for finding in project.check(**project.accepted()) if finding.id == "empty-answer"] == [True]


ANNOTATED = (
    "from flask import Flask\nfrom flask_restful import Api\n"
    "def create_shop_app(settings) -> Flask:\n"
    "    shop_app : Flask = Flask(__name__)\n"
    "    api : Api = Api(shop_app)\n"
    "    from shop.orders import Orders\n"
    '    api.add_resource(Orders, "/orders")\n'
    "    return shop_app\n"
)
RESOURCE = "from flask_restful import Resource\nclass Orders(Resource):\n    def get(self):\n        return []\n"


def test_names_with_types_and_names_that_a_star_brings_are_followed(tmp_path: Path) -> None:
    files = {
        "app.py": None,
        "shop/__init__.py": "from shop.made import *\n",
        "shop/made.py": ANNOTATED,
        "shop/orders/__init__.py": "from shop.orders.resources import *\n",
        "shop/orders/resources.py": RESOURCE,
        "server.py": "from flask import Flask\nfrom shop import create_shop_app\napp : Flask = create_shop_app(None)\n",
    }
    project = persons_project(tmp_path / "shop", files).start_with('CMD ["gunicorn", "-b", "0.0.0.0:5000", "server:app"]')
    app = project.facts().app
    assert app is not None and app.target == "server:app"
    assert [(route.method, route.path) for route in read_routes(project.folder)] == [("GET", "/orders")]


@pytest.mark.parametrize(
    "added",
    [
        "[api.add_resource(*route) for route in ROUTES]",
        "for route in ROUTES:\n    api.add_resource(*route)",
        "for resource, path in ROUTES:\n    api.add_resource(resource, path)",
        "for path, resource in PATHS.items():\n    api.add_resource(resource, path)",
    ],
)
def test_routes_that_are_added_in_a_loop_over_a_written_list_are_read(added: str, tmp_path: Path) -> None:
    files = {
        "resources.py": RESOURCE,
        "routes.py": 'from resources import Orders\nROUTES = ((Orders, "/orders"), (Orders, "/open"))\n'
        'PATHS = {"/orders": Orders, "/open": Orders}\n',
        "app.py": "from flask import Flask\nfrom flask_restful import Api\nfrom routes import PATHS, ROUTES\n"
        f"app = Flask(__name__)\napi = Api(app)\n{added}\n",
    }
    routes = read_routes(persons_project(tmp_path / "shop", files).folder)
    assert [(route.method, route.path) for route in routes] == [("GET", "/orders"), ("GET", "/open")]


def test_a_framework_without_an_application_is_not_called_no_api(tmp_path: Path) -> None:
    """Made only while it runs, in an object of a class: nothing is proposed, and that is what is said."""
    code = "from fastapi import FastAPI\nclass Shop:\n    def __init__(self, url):\n        self.serving = FastAPI()\n"
    project = persons_project(
        tmp_path / "shop", {"app.py": None, "Dockerfile": None, "shop/serving.py": code, "requirements.txt": "fastapi\n"}
    )
    [finding] = [finding for finding in project.check() if finding.id == "no-dockerfile"]
    assert "FastAPI" in finding.sentence and "no API in Python" not in finding.sentence
    assert finding.replacement == ""


@pytest.mark.parametrize(("listed", "words"), [("", "--threads"), ("gevent\n", "gevent"), ("eventlet\n", "run:app")])
def test_open_connections_get_a_server_that_holds_them(listed: str, words: str, tmp_path: Path) -> None:
    """gunicorn's usual worker holds one request, so one browser that waits for news would keep all others out."""
    code = "from flask import Flask\nfrom flask_socketio import SocketIO\napp = Flask(__name__)\nsocketio = SocketIO(app)\n"
    files = {"app.py": None, "run.py": code, "Dockerfile": None, "requirements.txt": f"flask\nflask-socketio\ngunicorn\n{listed}"}
    assert words in missing_files(persons_project(tmp_path / "shop", files).facts())["Dockerfile"].splitlines()[-1]
