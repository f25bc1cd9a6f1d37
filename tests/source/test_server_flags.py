"""Command lines of servers as people write them; which options take no value is held against the parsers of those that are installed."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from tests.support.base_project import persons_project
from wizard.source.starting.server_flags import FLAGS

ASGI = {
    "main.py": "from fastapi import FastAPI\napp = FastAPI()\n",
    "requirements.txt": "fastapi[standard]\nhypercorn\ngranian\n",
    "app.py": None,
}


@pytest.mark.parametrize(
    "command",
    [
        'CMD ["fastapi", "run", "main.py", "--proxy-headers", "--port", "8111"]',
        'CMD ["uvicorn", "--proxy-headers", "--no-access-log", "--port", "8111", "main:app", "--host", "0.0.0.0"]',
        'CMD ["uvicorn", "main:app", "--some-new-switch", "--port=8111", "--host=0.0.0.0"]',
        'CMD ["hypercorn", "--config", "hypercorn.toml", "main:app"]',
        'CMD ["hypercorn", "-c", "file:hypercorn_config.py", "main:app"]',
        'CMD ["granian", "--interface", "asgi", "--access-log", "main:app", "--port", "8111", "--host", "0.0.0.0"]',
        'ENTRYPOINT ["/usr/bin/tini", "--"]\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8111"]',
        'ENTRYPOINT ["tini", "-g", "--", "/docker-entrypoint.sh"]\nCMD ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8111"]',
        'CMD ["newrelic-admin", "run-program", "uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8111"]',
        "CMD gosu api uvicorn main:app --host 0.0.0.0 --port 8111",
        "CMD ./wait-for-it.sh db:5432 -t 30 -- uvicorn main:app --host 0.0.0.0 --port 8111",
    ],
)
def test_the_port_is_read_whatever_stands_before_it(tmp_path: Path, command: str) -> None:
    files = {**ASGI, "hypercorn.toml": 'bind = ["0.0.0.0:8111"]\n', "hypercorn_config.py": 'bind = "0.0.0.0:8111"\n'}
    project = persons_project(tmp_path / "api", files)
    before, _newline, last = command.rpartition("\n")
    project.start_with(last, before)
    assert int(project.suggested()["app.port"]) == 8111
    assert project.found(**project.accepted()) == []


def test_a_command_that_only_names_a_server_starts_none(tmp_path: Path) -> None:
    project = persons_project(tmp_path / "api")
    project.start_with('CMD ["pkill", "gunicorn"]')
    assert project.facts().start.server == ""


@pytest.mark.parametrize("server", ["flask", "uvicorn", "granian", "quart", "litestar"])
def test_the_flags_are_those_of_the_servers_parser(server: str) -> None:
    module = pytest.importorskip({"uvicorn": "uvicorn.main", "litestar": "litestar.cli.main"}.get(server, f"{server}.cli"))
    command = {"uvicorn": "main", "litestar": "litestar_group"}.get(server, "cli")
    group = getattr(module, command)
    commands = [group, *([group.commands["run"]] if isinstance(group, click.Group) else [])]
    options = [
        option for each in commands for option in each.params if isinstance(option, click.Option) and (option.is_flag or option.count)
    ]
    assert {name for option in options for name in (*option.opts, *option.secondary_opts)} - {"--help"} <= FLAGS[server]


def test_gunicorns_flags_are_those_of_its_parser() -> None:
    from gunicorn.config import Config

    flags = {name for action in Config().parser()._actions if action.nargs == 0 for name in action.option_strings}
    assert flags <= FLAGS["gunicorn"]
