"""A deployed API whose code changes, as a person's would, with someone who calls it all the time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from tests.practice.apps import DOCKERFILE, RUN, write_api
from tests.steps.conftest import Setup, StartSetup
from tests.steps.deployed import SERVER, app, begin, make
from wizard.cloud import CloudError
from wizard.engine.events import Event, ResultEvent
from wizard.engine.session import CommandOptions, Session, read_answers, read_secrets, signed_in
from wizard.practice.registry.building import preload
from wizard.releases.going import Prepared, go, prepare_deploy, prepare_rollback
from wizard.releases.history import History, read_history
from wizard.setup.loading import write
from wizard.state.snapshot import Snapshot
from wizard.steps.registry_of_steps import contributions

LOADED_FIRST = DOCKERFILE.replace('"gunicorn", ', '"gunicorn", "--preload", ')
"""Nothing listens before the code was loaded, so that Azure sees that a broken version is not ready."""
BROKEN = "import os\nos.environ['SMTP_HOST']\n"
LISTENS_FIRST = """
import http.server, sys, threading

class Loading(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        threading.Event().wait()

server = http.server.ThreadingHTTPServer(("0.0.0.0", 5000), Loading)
threading.Thread(target=server.serve_forever, daemon=True).start()
threading.Event().wait(LOADING)
import this_package_is_missing
"""
STARTED_BY_PYTHON = DOCKERFILE.replace('"gunicorn", "--bind", "0.0.0.0:5000", "run:app"', '"python", "run.py"')
SILENT = "import sys\nsys.exit('gunicorn listens, and starts one worker after the other')\n"


class Silent:
    """A reporter that keeps what is told."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    def event(self, event: Event) -> None:
        self.events.append(event)

    answer = event

    def say(self, sentence: str) -> None:
        """Nobody listens."""

    show = say


class DeployedApi:
    """The API of a setup, deployed once; a version is a tag in its registry."""

    def __init__(self, setup: Setup, folder: Path) -> None:
        self.setup, self._folder = setup, folder
        self.file = setup.folder / "azwizard.toml"
        self.told = Silent()

    def keep_code(self, run: str = RUN) -> None:
        """The code beside the setup file, which shows that the health path answers."""
        write_api(self.setup.folder, run=run)

    async def change_code(self, tag: str, run: str, dockerfile: str = DOCKERFILE) -> None:
        """Other code, as another image that the setup file asks for."""
        await preload.preload(
            self.setup.practice.cloud, SERVER, "orders-api", [tag], write_api(self._folder / tag, run=run, dockerfile=dockerfile)
        )
        self.setup.tables["pipeline"] = {**self.setup.tables["pipeline"], "tag": tag}
        write(self.file, self.setup.tables)

    def session(self) -> Session:
        """A command's hold on the setup file as it is now."""
        options = CommandOptions(setup=self.file, yes=True)
        answers = read_answers(options)
        return Session(
            options, self.told, signed_in(answers, self.setup.cloud), read_secrets(options, answers), self.setup.cloud, contributions
        )

    async def deploy(self) -> ResultEvent:
        session = self.session()
        return await self._go(session, await prepare_deploy(session))

    async def roll_back(self, number: int | None = None) -> ResultEvent:
        session = self.session()
        return await self._go(session, await prepare_rollback(session, number))

    async def _go(self, session: Session, prepared: Prepared) -> ResultEvent:
        with session.journal() as journal, journal.lock():
            return await go(session, prepared, journal, self.told.event)

    async def history(self) -> History:
        history = await read_history(Snapshot(self.setup.cloud, self.session().answers, self.setup.secret))
        assert history is not None
        return history

    async def running(self) -> int | None:
        """The number of the release that serves."""
        running = (await self.history()).running
        return running.number if running else None

    async def changes(self) -> dict[str, str]:
        """What the plan would make: step id -> what it says."""
        return {item.step.id: item.look.detail for item in (await self.session().plan()).to_make}

    @asynccontextmanager
    async def called_all_the_time(self) -> AsyncIterator[list[int]]:
        """The statuses of the requests that were not answered with 200 while it goes on; 0 for no answer."""
        fqdn = (await app(self.setup))["properties"]["configuration"]["ingress"]["fqdn"]
        failed: list[int] = []
        ended = asyncio.Event()

        async def call() -> None:
            while not ended.is_set():
                try:
                    answer = await self.setup.cloud.call_app(fqdn, "/health", seconds=5)
                    failed.extend([answer.status] if answer.status != 200 else [])
                except CloudError:
                    failed.append(0)
                with suppress(TimeoutError):
                    await asyncio.wait_for(ended.wait(), 0.01)

        calling = asyncio.create_task(call())
        try:
            yield failed
        finally:
            ended.set()
            await calling


async def deployed_api(start_setup: StartSetup, tmp_path: Path, *, nobrl: bool = False, probed: bool = False, **tables: Any) -> DeployedApi:
    """Deployed once, as release 1. Without `nobrl` two versions may run at once; `probed` keeps its code beside the setup file."""
    shares = [{"designation": "db", "mount": "/project-container/databases", "nobrl": nobrl}]
    setup = await begin(start_setup, tmp_path, **{"storage": {"shares": shares}, **tables})
    api = DeployedApi(setup, tmp_path / "versions")
    if probed:
        api.keep_code()
    result = await make(setup)
    assert result.outcome == "succeeded", setup.events[-8:]
    return api
