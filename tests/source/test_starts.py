# ruff: noqa: E501 - a table of starts reads best with each on a line, and a server listens everywhere
"""What starts an API, in the shapes people have it in: the port that is suggested is the one that the server listens on."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.base_project import APP, persons_project
from wizard.source.starting.shell_lines import shell_commands

PORT = 8111
FASTAPI = "from fastapi import FastAPI\napp = FastAPI()\n@app.get('/health')\ndef health():\n    return {}\n"
GUARD = "if __name__ == '__main__':\n"
GUNICORN = f"gunicorn -b 0.0.0.0:{PORT} app:app"
NGINX = f"events {{}}\nhttp {{ server {{ listen {PORT}; location / {{ proxy_pass http://127.0.0.1:8000; }} }} }}\n"
WITH_NGINX = "RUN apt-get update && apt-get install -y nginx\nCOPY nginx.conf /etc/nginx/nginx.conf"

Files = dict[str, str | bytes | None]
STARTS: dict[str, tuple[str, Files]] = {
    "a script that reads in another and starts a third": ('CMD ["sh", "start.sh"]',
        {"start.sh": "#!/bin/sh\n. ./settings.sh\nexec ./serve.sh\n", "settings.sh": f"export PORT={PORT}\n", "serve.sh": "#!/bin/sh\nexec gunicorn -b 0.0.0.0:${PORT} app:app\n"}),
    "a script that starts by a function of its own": ('CMD ["sh", "start.sh"]', {"start.sh": f'#!/bin/sh\nmain() {{\n  {GUNICORN}\n}}\nmain "$@"\n'}),
    "an array of a script": ('CMD ["bash", "start.sh"]', {"start.sh": f'#!/bin/bash\nARGS=(--bind 0.0.0.0:{PORT} --workers 2)\nexec gunicorn "${{ARGS[@]}}" app:app\n'}),
    "a variable that is the command": ('CMD ["bash", "start.sh"]', {"start.sh": f'#!/bin/bash\nSERVER="{GUNICORN}"\nexec $SERVER\n'}),
    "several exports in one line": ('CMD ["sh", "start.sh"]', {"start.sh": f"#!/bin/sh\nexport HOST=0.0.0.0 PORT={PORT}\nexec gunicorn -b $HOST:$PORT app:app\n"}),
    "a script among the programs of the image": ('COPY docker/start.sh /usr/local/bin/serve\nRUN chmod +x /usr/local/bin/serve\nCMD ["serve"]', {"docker/start.sh": f"#!/bin/sh\nexec {GUNICORN}\n"}),
    "a folder with a __main__.py": ('CMD ["python", "shop"]', {"app.py": None, "shop/__main__.py": f'from waitress import serve\n{APP}serve(app, port={PORT})\n', "requirements.txt": "flask\nwaitress\n"}),
    "gunicorn's file that reckons": ('CMD ["gunicorn", "app:app"]', {"gunicorn.conf.py": 'import os\nbind = f"0.0.0.0:{int(os.getenv(\'PORT\', 8100)) + 11}"\n'}),
    "gunicorn's file that names the application": ('CMD ["gunicorn", "-c", "conf/server.py"]', {"conf/server.py": f'wsgi_app = "app:app"\nbind = ":{PORT}"\n'}),
    "supervisord with its file": ('CMD ["supervisord", "-c", "/srv/supervisord.conf"]',
        {"supervisord.conf": f"[supervisord]\nnodaemon=true\n[program:worker]\ncommand=celery -A app worker\n[program:api]\ncommand={GUNICORN}\ndirectory=/srv\n"}),
    "supervisord with a folder of files": ('COPY deploy/api.conf /etc/supervisor/conf.d/api.conf\nCMD ["/usr/bin/supervisord", "-n"]',
        {"deploy/api.conf": f"[program:api]\ncommand={GUNICORN} ; the API\n"}),
    "supervisord with nginx before it": (f'{WITH_NGINX}\nCMD ["supervisord", "-n"]',
        {"nginx.conf": NGINX, "supervisord.conf": "[program:nginx]\ncommand=nginx -g 'daemon off;'\n[program:api]\ncommand=gunicorn -b unix:/tmp/api.sock app:app\n"}),
    "honcho": ('CMD ["honcho", "start"]', {"Procfile": f"web: {GUNICORN}\nworker: python worker.py\n"}),
    "honcho gives the port": ('CMD honcho start -p 8111 web', {"Procfile": "worker: python worker.py\nweb: gunicorn -b 0.0.0.0:$PORT app:app\n"}),
    "circus": ('CMD ["circusd", "circus.ini"]', {"circus.ini": f"[watcher:web]\ncmd = gunicorn\nargs = -b 0.0.0.0:{PORT} app:app\n"}),
    "s6": ('COPY services.d /etc/services.d\nENTRYPOINT ["/init"]', {"services.d/api/run": f"#!/usr/bin/execlineb -P\ncd /srv\n{GUNICORN}\n"}),
    "runit": ('COPY sv /etc/service\nCMD ["runsvdir", "/etc/service"]', {"sv/api/run": f"#!/bin/sh\nexec {GUNICORN}\n"}),
    "make": ('CMD ["make", "serve"]', {"Makefile": f"PORT ?= {PORT}\n.PHONY: serve\ntest:\n\tpytest\nserve:\n\t@gunicorn -b 0.0.0.0:$(PORT) app:app\n"}),
    "a task of Pipenv": ('CMD ["pipenv", "run", "start"]', {"Pipfile": f'[packages]\nflask = "*"\ngunicorn = "*"\n[scripts]\nstart = "{GUNICORN}"\n'}),
    "a task of Poe": ('CMD ["poe", "start"]', {"pyproject.toml": f'[tool.poe.tasks.start]\ncmd = "{GUNICORN}"\n'}),
    "cd and then": (f"CMD cd backend && {GUNICORN}", {"app.py": None, "backend/app.py": APP}),
    "cd in a script": ('CMD ["bash", "start.sh"]', {"app.py": None, "backend/app.py": APP, "start.sh": f"#!/bin/bash\nset -e\ncd /srv/backend\nexec {GUNICORN}\n"}),
    "to where the script lies": ('CMD ["sh", "backend/start.sh"]', {"app.py": None, "backend/app.py": APP, "backend/start.sh": f'cd "$(dirname "$0")"\n{GUNICORN}\n'}),
    "several letters before the text": (f'CMD ["bash", "-ceu", "cd backend; exec {GUNICORN}"]', {"app.py": None, "backend/app.py": APP}),
    "into a file as well": (f"CMD {GUNICORN} 2>&1 | tee /tmp/log", {}),
    "nginx before it": (f"{WITH_NGINX}\nCMD service nginx start && gunicorn app:app -b 127.0.0.1:8000", {"nginx.conf": NGINX}),
    "nginx after it": (f'{WITH_NGINX}\nCMD ["sh", "run.sh"]', {"nginx.conf": NGINX, "run.sh": "gunicorn app:app -b unix:/tmp/g.sock &\nnginx -g 'daemon off;'\n"}),
    "conda": (f'CMD ["conda", "run", "--no-capture-output", "-n", "shop", "gunicorn", "-b", "0.0.0.0:{PORT}", "app:app"]', {}),
    "micromamba": (f"CMD micromamba run -n base {GUNICORN}", {}),
    "hatch": (f"CMD exec hatch run {GUNICORN}", {}),
    "uvx": (f"CMD exec uvx {GUNICORN}", {}),
    "tini and a script": ('ENTRYPOINT ["/usr/bin/tini", "-g", "--", "sh", "start.sh"]', {"start.sh": f"exec {GUNICORN}\n"}),
    "another user and a script": ('CMD ["gosu", "api", "sh", "start.sh"]', {"start.sh": f"exec {GUNICORN}\n"}),
    "a script that calls a script": ('CMD ["sh", "start.sh"]', {"start.sh": "#!/bin/sh\nsh migrate.sh\nexec sh serve.sh\n", "migrate.sh": "echo\n", "serve.sh": f"exec {GUNICORN}\n"}),
    "an argument chooses": ('ENTRYPOINT ["sh", "entry.sh"]\nCMD ["web"]',
        {"entry.sh": f'case "$1" in\n  worker)\n    exec celery -A app worker\n    ;;\n  web)\n    exec {GUNICORN}\n    ;;\nesac\nexec "$@"\n'}),
    "the server's arguments come from CMD": (f'ENTRYPOINT ["sh", "entry.sh"]\nCMD ["-b", "0.0.0.0:{PORT}", "app:app"]', {"entry.sh": 'exec gunicorn "$@"\n'}),
    "for one's own computer or for others": ('CMD ["sh", "start.sh"]',
        {"start.sh": f'if [ "$MODE" = prod ]; then\n  {GUNICORN}\nelse\n  flask run --host 0.0.0.0 --port 5001\nfi\n'}),
    "a worker beside it": ('CMD ["sh", "start.sh"]', {"start.sh": f"celery -A app worker &\n{GUNICORN}\n"}),
    "a server in the background": ('CMD ["sh", "start.sh"]', {"start.sh": f"{GUNICORN} &\nwait\n"}),
    "a process of Python's": ('CMD ["python", "start.py"]', {"start.py": f"import subprocess\nsubprocess.run(['gunicorn', '-b', '0.0.0.0:{PORT}', 'app:app'], check=True)\n"}),
    "Python becomes it": ('CMD ["python", "start.py"]', {"start.py": f"import os\nPORT = {PORT}\nos.execvp('gunicorn', ['gunicorn', '-b', f'0.0.0.0:{{PORT}}', 'app:app'])\n"}),
    "a line of Python's": ('CMD ["python", "start.py"]', {"start.py": f"import os\nos.system('flask db upgrade')\nos.system('{GUNICORN}')\n"}),
    "a line before it sets the port": (f"CMD export PORT={PORT}; exec gunicorn -b 0.0.0.0:$PORT app:app", {}),
    "a minus without a colon": (f"CMD exec gunicorn -b 0.0.0.0:${{PORT-{PORT}}} app:app", {}),
    "gunicorn's file formats": ('CMD ["gunicorn", "app:app"]', {"gunicorn.conf.py": f"import os\nbind = '0.0.0.0:{{}}'.format(os.getenv('PORT', '{PORT}'))\n"}),
    "gunicorn's file puts together": ('CMD ["gunicorn", "app:app"]', {"gunicorn.conf.py": f"host = '0.0.0.0'\nport = {PORT}\nbind = '%s:%d' % (host, port)\n"}),
    "gunicorn's file chooses": ('CMD ["gunicorn", "app:app"]',
        {"gunicorn.conf.py": f"import os\nif os.getenv('PORT'):\n    bind = '0.0.0.0:' + os.getenv('PORT')\nelse:\n    bind = '0.0.0.0:{PORT}'\n"}),
    "gunicorn as a class": ('CMD ["python", "serve.py"]',
        {"serve.py": f"from gunicorn.app.base import BaseApplication\nfrom app import app\nclass Server(BaseApplication):\n    pass\n{GUARD}    Server(app, {{'bind': '0.0.0.0:{PORT}'}}).run()\n"}),
    "argparse's default": ('CMD ["python", "main.py"]',
        {"main.py": f"{FASTAPI}{GUARD}    import argparse, uvicorn\n    parser = argparse.ArgumentParser()\n    parser.add_argument('--host', default='0.0.0.0')\n    parser.add_argument('--port', type=int, default={PORT})\n    args = parser.parse_args()\n    uvicorn.run(app, host=args.host, port=args.port)\n"}),
    "argparse told": (f'CMD ["python", "main.py", "--host=0.0.0.0", "--port", "{PORT}"]',
        {"main.py": f"{FASTAPI}{GUARD}    import argparse, uvicorn\n    parser = argparse.ArgumentParser()\n    parser.add_argument('--host', default='127.0.0.1')\n    parser.add_argument('-p', '--port', type=int, default=8000)\n    args = parser.parse_args()\n    uvicorn.run(app, host=args.host, port=args.port)\n"}),
    "click": ('CMD ["python", "main.py"]',
        {"main.py": f"import click, uvicorn\n{FASTAPI}@click.command()\n@click.option('--host', default='0.0.0.0')\n@click.option('--port', default={PORT})\ndef main(host, port):\n    uvicorn.run(app, host=host, port=port)\n{GUARD}    main()\n"}),
    "uvicorn's Server": ('CMD ["python", "main.py"]',
        {"main.py": f"import asyncio, uvicorn\n{FASTAPI}async def main():\n    server = uvicorn.Server(uvicorn.Config('main:app', host='0.0.0.0', port={PORT}))\n    await server.serve()\n{GUARD}    asyncio.run(main())\n"}),
    "a dict of options": ('CMD ["python", "main.py"]', {"main.py": f"import uvicorn\n{FASTAPI}OPTIONS = {{'host': '0.0.0.0', 'port': {PORT}}}\n{GUARD}    uvicorn.run(app, **OPTIONS)\n"}),
    "granian in Python": ('CMD ["python", "main.py"]', {"main.py": f"from granian import Granian\n{FASTAPI}{GUARD}    Granian('main:app', address='0.0.0.0', port={PORT}).serve()\n"}),
    "tornado": ('CMD ["python", "serve.py"]',
        {"serve.py": f"from tornado.wsgi import WSGIContainer\nfrom tornado.httpserver import HTTPServer\nfrom app import app\nserver = HTTPServer(WSGIContainer(app))\nserver.listen({PORT})\n"}),
    "cherrypy": ('CMD ["python", "serve.py"]',
        {"serve.py": f"import cherrypy\nfrom app import app\ncherrypy.tree.graft(app, '/')\ncherrypy.config.update({{'server.socket_host': '0.0.0.0', 'server.socket_port': {PORT}}})\ncherrypy.engine.start()\n"}),
    "aiohttp": ('CMD ["python", "main.py"]', {"main.py": f"from aiohttp import web\napp = web.Application()\n{GUARD}    web.run_app(app, port={PORT})\n"}),
    "bottle": ('CMD ["python", "main.py"]', {"main.py": f"from bottle import run\nrun(host='0.0.0.0', port={PORT})\n"}),
    "sanic": (f"CMD exec sanic main.app -H 0.0.0.0 -p {PORT}", {"main.py": "from sanic import Sanic\napp = Sanic('shop')\n"}),
    "uWSGI over HTTP at its socket": ('CMD ["uwsgi", "uwsgi.ini"]', {"uwsgi.ini": f"[uwsgi]\nmodule = app:app\nsocket = :{PORT}\nprotocol = http\n"}),
}  # fmt: skip


@pytest.mark.parametrize("name", STARTS)
def test_the_port_is_the_one_that_the_start_comes_to(tmp_path: Path, name: str) -> None:
    start, files = STARTS[name]
    project = persons_project(tmp_path / "shop", {"requirements.txt": "flask\nfastapi[standard]\nsanic\ngranian\ngunicorn\n", **files})
    before, _newline, last = start.rpartition("\n")
    project.start_with(last, before)
    assert project.suggested().get("app.port") == str(PORT)
    assert [finding for finding in project.check(**project.accepted()) if finding.severity == "error"] == []


@pytest.mark.parametrize(
    ("image", "port"),
    [("tiangolo/uvicorn-gunicorn-fastapi:python3.11", 80), ("tiangolo/uwsgi-nginx-flask:python3.11", 80), ("unit:python3.12", 80)],
)
def test_a_base_image_that_starts_the_api_says_the_port(tmp_path: Path, image: str, port: int) -> None:
    project = persons_project(tmp_path / "shop", {"Dockerfile": f"FROM {image}\nCOPY . /app\n"})
    assert project.facts().port == port


@pytest.mark.parametrize(
    "command",
    [GUNICORN, f"gunicorn -b 0.0.0.0:${{PORT:-{PORT}}} app:app", f"[gunicorn, -b, '0.0.0.0:${{PORT:-${{WEB_PORT:-{PORT}}}}}', 'app:app']"],
)
def test_a_compose_file_starts_a_project_without_a_dockerfile(tmp_path: Path, command: str) -> None:
    compose = f"services:\n  worker:\n    build: .\n    command: celery -A app worker\n  web:\n    build: .\n    command: {command}\n    ports: ['80:80']\n"
    project = persons_project(tmp_path / "shop", {"Dockerfile": None, "docker-compose.yml": compose})
    assert project.facts().port == PORT


def test_an_image_whose_entry_is_python_is_told_what_to_run(tmp_path: Path) -> None:
    start = f'CMD ["-m", "gunicorn", "-b", "0.0.0.0:{PORT}", "app:app"]'
    project = persons_project(
        tmp_path / "shop", {"Dockerfile": f"FROM gcr.io/distroless/python3-debian12\nWORKDIR /srv\nCOPY . .\n{start}\n"}
    )
    assert project.facts().port == PORT


@pytest.mark.parametrize("command", ["['gunicorn', 'app:app']", '["gunicorn -b 0.0.0.0:5000 app:app"]'])
def test_a_start_that_is_written_wrong_is_not_called_unknown_too(tmp_path: Path, command: str) -> None:
    project = persons_project(tmp_path / "shop").start_with(f"CMD {command}")
    assert "start-unknown" not in project.found()


@pytest.mark.parametrize("command", ['["./serve"]', '["streamlit", "run", "app.py"]'])
def test_a_start_that_cannot_be_read_is_asked_about(tmp_path: Path, command: str) -> None:
    project = persons_project(tmp_path / "shop").start_with(f"CMD {command}")
    assert project.found(**project.accepted()) == ["start-unknown"]
    assert project.found(**project.accepted(), app={"port": 8501}) == []


def test_uwsgis_own_protocol_is_told_from_http(tmp_path: Path) -> None:
    files: Files = {"uwsgi.ini": "[uwsgi]\nmodule = app:app\nsocket = 0.0.0.0:8111\n", "requirements.txt": "flask\npyuwsgi\n"}
    project = persons_project(tmp_path / "shop", files).start_with('CMD ["uwsgi", "uwsgi.ini"]')
    assert project.found(**project.accepted()) == ["socket"]


@pytest.mark.parametrize(
    ("command", "right"),
    [
        ('["fastapi", "dev", "main.py", "--host", "0.0.0.0"]', '["fastapi", "run", "main.py", "--host", "0.0.0.0"]'),
        ('["uvicorn", "main:app", "--host", "0.0.0.0", "--reload"]', '["uvicorn", "main:app", "--host", "0.0.0.0"]'),
        ("exec uvicorn --reload main:app --host 0.0.0.0", "exec uvicorn main:app --host 0.0.0.0"),
    ],
)
def test_a_server_that_watches_its_files_is_told_not_to(tmp_path: Path, command: str, right: str) -> None:
    project = persons_project(tmp_path / "shop", {"main.py": FASTAPI, "requirements.txt": "fastapi[standard]\n"})
    project.start_with(f"CMD {command}")
    (finding,) = project.check(**project.accepted())
    assert (finding.id, finding.severity, finding.replacement) == ("dev-server", "warning", f"CMD {right}")


def test_fastapi_that_only_its_own_container_reaches_is_started_for_all(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "shop", {"main.py": FASTAPI, "requirements.txt": "fastapi[standard]\n"})
    project.start_with('CMD ["fastapi", "dev", "main.py"]')
    loopback = next(finding for finding in project.check(**project.accepted()) if finding.id == "loopback")
    assert loopback.replacement == 'CMD ["fastapi", "run", "--host", "0.0.0.0", "--port", "8000", "main.py"]'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a 'b c' \"d $E\" f\\ g", ["a", "b c", "d $E", "f g"]),
        ("a > /tmp/x 2>&1 b", ["a", "b"]),
        ("a # b\n", ["a"]),
        ("a -w $(nproc --all) \\\n  -b ${HOST:-0.0.0.0}:80", ["a", "-w", "$(nproc --all)", "-b", "${HOST:-0.0.0.0}:80"]),
        ("if true; then a b; fi", ["a", "b"]),
        ("x || a 'create_app()' &", ["a", "create_app()"]),
    ],
)
def test_the_last_command_of_a_text_has_the_words_that_a_shell_gives_it(text: str, words: list[str]) -> None:
    commands = [list(command.words) for command in shell_commands(text)]
    assert words in commands
