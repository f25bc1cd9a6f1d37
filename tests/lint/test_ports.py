# ruff: noqa: E501 - a table of code reads best with each case on a line
"""Every way in which a start names its address is read by suggestion and check alike; the project's port wins over the usual one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.base_project import persons_project

SERVED = "from waitress import serve\nfrom app import app\nserve(app{more})\n"
STARTS = {
    "gunicorn.conf.py": ({"gunicorn.conf.py": 'bind = "0.0.0.0:8080"\n'}, 'CMD ["gunicorn", "app:app"]', "", 8080),
    "gunicorn.conf.py by name": ({"conf/g.py": "port = 8081\nbind = f'0.0.0.0:{port}'\n"}, 'CMD ["gunicorn", "-c", "conf/g.py", "app:app"]', "", 8081),
    "PORT in ENV": ({}, "CMD exec gunicorn -b :$PORT app:app", "ENV PORT=8000", 8000),
    "PORT in ENV by ARG": ({}, "CMD gunicorn -b 0.0.0.0:${PORT} app:app", "ARG P=8123\nENV PORT=$P", 8123),
    "a default in the shell": ({}, 'CMD ["sh", "-c", "gunicorn -b 0.0.0.0:${PORT:-9000} app:app"]', "", 9000),
    "a script": ({"start.sh": "exec gunicorn -b 0.0.0.0:80 app:app\n"}, 'CMD ["sh", "start.sh"]', "", 80),
    "a script that sets PORT": ({"start.sh": "#!/bin/sh\nPORT=${PORT:-8001}\ngunicorn -b :$PORT app:app\n"}, 'CMD ["./start.sh"]', "", 8001),
    "a script with more after it": ({"run.sh": "#!/bin/sh\nif true; then\n  exec gunicorn -b :7000 app:app\nfi\n"}, 'ENTRYPOINT ["/srv/run.sh"]', "", 7000),
    "an entry that hands on": ({"entry.sh": '#!/bin/sh\nset -e\nexec "$@"\n'}, 'ENTRYPOINT ["./entry.sh"]\nCMD ["gunicorn", "-b", ":6000", "app:app"]', "", 6000),
    "GUNICORN_CMD_ARGS": ({}, 'CMD ["gunicorn", "app:app"]', 'ENV GUNICORN_CMD_ARGS="--bind=0.0.0.0:8765"', 8765),
    "uvicorn": ({}, 'CMD ["uvicorn", "app:app", "--host", "0.0.0.0", "--port", "8000", "--interface", "wsgi"]', "", 8000),
    "uvicorn's variables": ({}, 'CMD ["uvicorn", "app:app", "--interface", "wsgi"]', "ENV UVICORN_HOST=0.0.0.0 UVICORN_PORT=8005", 8005),
    "hypercorn": ({}, 'CMD ["hypercorn", "--bind", "0.0.0.0:8500", "app:app"]', "", 8500),
    "granian": ({}, 'CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8600", "app:app"]', "", 8600),
    "waitress-serve": ({}, 'CMD ["waitress-serve", "app:app"]', "", 8080),
    "waitress-serve at a port": ({}, 'CMD ["waitress-serve", "--port=8042", "app:app"]', "", 8042),
    "uwsgi": ({}, 'CMD ["uwsgi", "--http", "0.0.0.0:9090", "--module", "app:app"]', "", 9090),
    "uwsgi.ini": ({"uwsgi.ini": "[uwsgi]\nhttp-socket = :9091\nmodule = app:app\n"}, 'CMD ["uwsgi", "--ini", "uwsgi.ini"]', "", 9091),
    "waitress in code": ({"run.py": SERVED.format(more="")}, 'CMD ["python", "run.py"]', "", 8080),
    "waitress in code, listen": ({"run.py": SERVED.format(more=', listen="*:8077"')}, 'CMD ["python", "-u", "run.py"]', "", 8077),
    "waitress in code, a variable": (
        {"run.py": "import os\n" + SERVED.format(more=', port=int(os.environ.get("PORT", 8088))')}, 'CMD ["python3", "run.py"]', "", 8088,
    ),
    "uvicorn in code": (
        {"main.py": 'import uvicorn\nif __name__ == "__main__":\n    uvicorn.run("app:app", host="0.0.0.0", port=8100, interface="wsgi")\n'},
        'CMD ["python", "main.py"]', "", 8100,
    ),
    "socketio in code": (
        {"run.py": 'from flask_socketio import SocketIO\nfrom app import app\nsocketio = SocketIO(app)\nsocketio.run(app, host="0.0.0.0", port=5050)\n'},
        'CMD ["python", "run.py"]', "", 5050,
    ),
    "gevent in code": (
        {"run.py": 'from gevent.pywsgi import WSGIServer\nfrom app import app\nWSGIServer(("0.0.0.0", 5151), app).serve_forever()\n'},
        'CMD ["python", "run.py"]', "", 5151,
    ),
    "a function called under main": (
        {"run.py": 'from waitress import serve\nfrom app import app\ndef main():\n    serve(app, port=8123)\nif __name__ == "__main__":\n    main()\n'},
        'CMD ["python", "run.py"]', "", 8123,
    ),
    "a script of pyproject.toml": (
        {"pyproject.toml": '[project]\nname = "shop"\nversion = "1"\n[project.scripts]\nshop = "cli:main"\n',
         "cli.py": "from waitress import serve\nfrom app import app\ndef main():\n    serve(app, port=8222)\n"},
        'CMD ["shop"]', "", 8222,
    ),
    "python -m": ({"shop/__init__.py": "", "shop/__main__.py": SERVED.format(more=", port=8333")}, 'CMD ["python", "-m", "shop"]', "", 8333),
}  # fmt: skip


@pytest.mark.parametrize("name", STARTS)
def test_the_port_of_a_start_is_suggested_as_the_check_reads_it(tmp_path: Path, name: str) -> None:
    files, cmd, before, port = STARTS[name]
    project = persons_project(tmp_path / "shop", dict(files)).start_with(cmd, before)
    assert project.suggested()["app.port"] == str(port)
    finding = next(item for item in project.check() if item.id == "wrong-port")
    assert (finding.file, finding.replacement.splitlines()[-1]) == ("azwizard.toml", f"port = {port}"), "the person's file stays as it is"
    assert "wrong-port" not in project.found(app={"port": port})


LOOPBACKS = {
    "socketio": "from flask_socketio import SocketIO\nfrom app import app\nsocketio = SocketIO(app)\nsocketio.run(app)\n",
    "uvicorn": 'import uvicorn\nuvicorn.run("app:app", interface="wsgi")\n',
    "waitress": 'from waitress import serve\nfrom app import app\nserve(app, host="127.0.0.1", port=5000)\n',
}


@pytest.mark.parametrize("name", LOOPBACKS)
def test_a_server_in_code_that_listens_to_the_container_alone_is_found(tmp_path: Path, name: str) -> None:
    project = persons_project(tmp_path / "shop", {"run.py": LOOPBACKS[name]}).start_with('CMD ["python", "run.py"]')
    (finding,) = (item for item in project.check() if item.id == "loopback")
    assert finding.severity == "error"
    assert finding.file == "run.py"
    assert 'host="0.0.0.0"' in finding.replacement


@pytest.mark.parametrize("cmd", ["CMD exec gunicorn --bind :$PORT app:app", 'CMD ["sh", "-c", "gunicorn -b 0.0.0.0:${PORT} app:app"]'])
def test_a_port_that_nothing_sets_is_an_error_before_anything_is_made(tmp_path: Path, cmd: str) -> None:
    project = persons_project(tmp_path / "shop").start_with(cmd)
    (finding,) = (item for item in project.check() if item.severity == "error")
    assert (finding.id, finding.replacement) == ("variable-not-set", "ENV PORT=5000")
    assert project.found(variables=[{"name": "PORT", "value": "5000"}]) == []


def test_a_port_that_was_chosen_is_not_taken_back(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop").start_with('CMD ["gunicorn", "-b", "0.0.0.0:8080", "app:app"]')
    (finding,) = (item for item in project.check(app={"port": 9000}) if item.id == "wrong-port")
    assert finding.file == "Dockerfile"
