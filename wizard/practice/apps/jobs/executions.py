"""Executions of jobs: a container is started, watched until it ends, and started again as often as the job allows."""

from __future__ import annotations

import asyncio
import random
import string
from collections import deque
from typing import Any

from wizard.practice.apps import not_rehearsed
from wizard.practice.apps.logs import Console
from wizard.practice.apps.recipes import StartFailure, recipe_of
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.kernel.store import Document
from wizard.practice.kernel.tasks import spawn
from wizard.practice.runtime.interface import ReplicaRunner
from wizard.practice.runtime.launch import StartFailed
from wizard.practice.runtime.launch_recipes import Recipe
from wizard.practice.runtime.packages.installing import InstallFailed

START_SECONDS = 15.0  # from the request to the container, in Azure
LAST_WORDS = 200  # lines of a container that are looked at when it ends badly
SHORTEST_TIMEOUT = 30.0  # seconds that a container gets at least: this computer may be slower than Azure
EXECUTIONS = "Microsoft.App/jobs/executions"
RUNNING = "Running"
_CHARACTERS = string.ascii_lowercase + string.digits
_TOLD = ("name", "image", "command", "args", "env", "resources")


class Executions:
    """The executions of one practice cloud's jobs; one that runs while it stops begins anew with the next."""

    def __init__(self, cloud: PracticeCloud, runner: ReplicaRunner) -> None:
        self._cloud, self._runner = cloud, runner
        self._documents = cloud.store.collection("job_executions")
        self._consoles: dict[str, Console] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def resume(self) -> None:
        """Run again what ran when the practice cloud stopped."""
        for execution in list(self._documents.values()):
            if execution["properties"]["status"] == RUNNING:
                self._begin(execution)

    def start(self, job: Document, template: dict[str, Any]) -> Document:
        """Begin an execution of `job` with that template."""
        name = f"{job['name']}-{_letters(7)}"
        execution: Document = {
            "id": f"{job['id']}/executions/{name}",
            "name": name,
            "type": EXECUTIONS,
            "job": job["id"],
            "replica": f"{name}-{_letters(5)}",
            "template": template,
            "properties": {"status": RUNNING, "startTime": self._cloud.clock.timestamp(), "template": _told(template)},
        }
        self._documents[execution["id"]] = execution
        self._begin(execution)
        return execution

    def of(self, job_id: str) -> list[Document]:
        """The executions of a job, the newest first."""
        mine = [execution for execution in self._documents.values() if execution["job"].lower() == job_id.lower()]
        return mine[::-1]

    def find(self, job_id: str, name: str) -> Document | None:
        """One execution of a job, None where there is none of that name."""
        return next((execution for execution in self.of(job_id) if execution["name"].lower() == name.lower()), None)

    def console(self, job_id: str, name: str, replica: str) -> Console | None:
        """What an execution's replica printed; it is gone when the practice cloud was started anew since."""
        execution = self.find(job_id, name)
        return self._consoles.get(execution["id"]) if execution and execution["replica"] == replica else None

    async def stop(self, execution: Document) -> None:
        """End an execution that runs."""
        if task := self._tasks.get(execution["id"]):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        if execution["properties"]["status"] == RUNNING:
            self._end(execution, "Stopped")

    async def remove(self, job_id: str) -> None:
        """Forget the executions of a job, and end what runs of them."""
        for execution in self.of(job_id):
            await self.stop(execution)
            del self._documents[execution["id"]]
            self._consoles.pop(execution["id"], None)

    async def close(self) -> None:
        """End every container; what runs begins anew with the next practice cloud."""
        for task in list(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        for console in self._consoles.values():
            console.close()

    def _begin(self, execution: Document) -> None:
        self._consoles[execution["id"]] = Console()
        task = self._tasks[execution["id"]] = spawn(self._run(execution))
        task.add_done_callback(lambda _: self._tasks.pop(execution["id"], None))

    async def _run(self, execution: Document) -> None:
        """Run its container until it ends well, or has failed as often as the job allows."""
        await asyncio.sleep(self._cloud.clock.lasts(START_SECONDS))
        configuration = self._cloud.store.resources[execution["job"]]["properties"]["configuration"]
        for _attempt in range(1 + configuration["replicaRetryLimit"]):
            if await self._attempt(execution, configuration["replicaTimeout"]) == 0:
                self._end(execution, "Succeeded")
                return
        self._end(execution, "Failed")

    async def _attempt(self, execution: Document, seconds: float) -> int:
        """Run the container once; its exit status, and 1 for one that cannot be started or takes too long."""
        console = self._consoles[execution["id"]]
        last_words: deque[str] = deque(maxlen=LAST_WORDS)

        def say(line: str) -> None:
            last_words.append(line)
            console.say(line)

        try:
            recipe = self._recipe(execution)
            container = await self._runner.start(recipe, say)
        except InstallFailed as failed:
            for line in failed.output.splitlines():
                console.say(line)
            console.say(f"{failed.state}: {failed.line}")
            return 1
        except (StartFailure, StartFailed, OSError) as failed:
            console.say(str(failed))
            return 1
        try:
            code = await asyncio.wait_for(asyncio.shield(container.exited), max(SHORTEST_TIMEOUT, self._cloud.clock.lasts(seconds)))
            base = "" if recipe.image is not None else recipe.base.name
            if code and (reason := not_rehearsed.reason_to_end(code, last_words, recipe.passed_over, base)):
                console.say(f"{not_rehearsed.STATE}: {reason}")
            return code
        except TimeoutError:
            console.say("DeadlineExceeded: Job was active longer than specified deadline")
            return 1
        finally:
            await container.stop()

    def _recipe(self, execution: Document) -> Recipe:
        job = self._cloud.store.resources[execution["job"]]
        own = {"CONTAINER_APP_JOB_NAME": job["name"], "CONTAINER_APP_JOB_EXECUTION_NAME": execution["name"]}
        own["CONTAINER_APP_REPLICA_NAME"] = execution["replica"]
        return recipe_of(self._cloud, job, execution["template"], execution["replica"], own)

    def _end(self, execution: Document, status: str) -> None:
        execution["properties"] |= {"status": status, "endTime": self._cloud.clock.timestamp()}
        self._documents[execution["id"]] = execution
        self._consoles[execution["id"]].close()


def _told(template: dict[str, Any]) -> dict[str, Any]:
    """What an execution tells of its template: its containers, without mounts and probes (JobExecutionContainer)."""
    containers = [{member: container[member] for member in _TOLD if container.get(member)} for container in template["containers"]]
    return {"containers": containers}


def _letters(count: int) -> str:
    return "".join(random.choices(_CHARACTERS, k=count))  # noqa: S311
