"""The machine of one job: the steps that are carried out, by the names of their actions and commands, and what their logs say."""

from __future__ import annotations

import asyncio
import re
import shlex
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from wizard.practice.access.federation import AUDIENCE, AssertionRefused, check_assertion
from wizard.practice.access.tokens import ARM, TokenRefused
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.git import docker
from wizard.practice.github.tokens import ISSUER
from wizard.practice.kernel.errors import AzureError
from wizard.practice.kernel.requests import ENDPOINT, Request, within
from wizard.practice.kernel.store import Document
from wizard.practice.registry import images
from wizard.practice.registry.building.dockerfiles import BuildError

Log = Callable[[str], None]
APPS_VERSION = "2025-01-01"
README = "Refer to https://github.com/Azure/login#readme for more information."
NO_OPENID_REQUEST = (  # as the library of actions says it (actions/toolkit, oidc-utils)
    "Unable to get ACTIONS_ID_TOKEN_REQUEST_URL env variable. Please make sure to give write permissions to id-token in the workflow."
)


class WorkflowStepFailed(Exception):
    """Why a step ends its job, as its log's ``##[error]`` says."""


class Machine:
    """A hosted runner with Git, Docker and the Azure CLI, as far as our own workflows use them.

    :param token: makes the run's OpenID token for an audience; None where the job may not ask for one.
    """

    def __init__(self, cloud: PracticeCloud, sources: Path, token: Callable[[str], str] | None) -> None:
        self._cloud = cloud
        self._sources = sources
        self._token = token
        self._principal: Document | None = None
        self._registries: set[str] = set()  # those that Docker is signed in to

    def check_out(self, check: Callable[[Path], None], commit: str, say: Log) -> None:
        """Write the sources of a commit."""
        check(self._sources)
        say(f"HEAD is now at {commit[:7]}")

    def login(self, inputs: Mapping[str, str], say: Log) -> None:
        """``azure/login`` with the run's own token."""
        client_id, tenant = inputs.get("client-id", ""), inputs.get("tenant-id", "")
        if not client_id or not tenant:
            raise WorkflowStepFailed(
                "Login failed with Error: Using auth-type: SERVICE_PRINCIPAL. Not all values are present. Ensure 'client-id' and "
                f"'tenant-id' are supplied.. Double check if the 'auth-type' is correct. {README}"
            )
        if self._token is None:
            raise WorkflowStepFailed(f"Login failed with Error: {NO_OPENID_REQUEST}. {README}")
        say("Running Azure CLI Login.")
        assertion = self._token(inputs.get("audience") or AUDIENCE)
        say(f"Federated token details:\n issuer - {ISSUER}")
        self._principal = self._signed_in(client_id, tenant, assertion, say)
        subscription = inputs.get("subscription-id", "")
        if inputs.get("allow-no-subscriptions", "").lower() != "true" and not self._sees(subscription):
            self._principal = None
            say(f"Error: No subscriptions found for {client_id}.")
            raise WorkflowStepFailed(f"Login failed with Error: The process '/usr/bin/az' failed with exit code 1. {README}")
        say("Azure CLI login succeeds by using OIDC.")

    def _signed_in(self, client_id: str, tenant: str, assertion: str, say: Log) -> Document:
        """Who the run is in the directory. Raises WorkflowStepFailed in Microsoft Entra's words."""
        principal = self._cloud.directory.by_client_id(client_id)
        refused = ""
        if tenant.lower() != self._cloud.tenant_id:
            refused = f"AADSTS90002: Tenant '{tenant}' not found. Check to make sure you have the correct tenant ID."
        elif principal is None:
            refused = f"AADSTS700016: Application with identifier '{client_id}' was not found in the directory 'Practice'."
        else:
            try:
                check_assertion(assertion, principal, self._cloud.store, self._cloud.issuers)
            except AssertionRefused as error:
                refused = f"AADSTS{error.number}: {error.message}"
        if refused or principal is None:
            say(f"Error: {refused}")
            raise WorkflowStepFailed(f"Login failed with Error: The process '/usr/bin/az' failed with exit code 1. {README}")
        return principal

    def _sees(self, subscription: str) -> bool:
        """Whether the identity holds a role that counts by now, anywhere in the subscription."""
        assert self._principal is not None
        scope, mine = f"/subscriptions/{subscription}", self._principal["object_id"]
        held = (item["properties"] for item in self._cloud.access.assignments())
        scopes = [item["scope"] for item in held if item["principalId"] == mine and within(item["scope"], scope)]
        return any(next(self._cloud.access.reaching(mine, place), None) is not None for place in scopes)

    async def build_and_push(self, inputs: Mapping[str, str], say: Log) -> dict[str, str]:
        """``docker/build-push-action``; its outputs."""
        context = self._inside(inputs.get("context") or ".", "context")
        dockerfile = self._inside(inputs.get("file") or f"{inputs.get('context') or '.'}/Dockerfile", "file")
        if not dockerfile.is_file():
            place = dockerfile.relative_to(self._sources).as_posix()
            raise WorkflowStepFailed(
                f"buildx failed with: ERROR: failed to solve: failed to read dockerfile: open {place}: no such file or directory"
            )
        tags = [tag.strip() for line in inputs.get("tags", "").splitlines() for tag in line.split(",") if tag.strip()]
        try:
            image = await docker.build(self._cloud, self._sources, context, dockerfile, say)
        except BuildError as error:
            raise WorkflowStepFailed(f"buildx failed with: ERROR: failed to solve: {error}") from error
        if inputs.get("push", "").lower() != "true":
            return {}
        digest = ""
        for name in dict.fromkeys(tag.rpartition(":")[0] for tag in tags):
            digest = self._push(name, [tag.rpartition(":")[2] for tag in tags if tag.rpartition(":")[0] == name], image, say)
        return {"digest": digest, "imageid": digest}

    def _push(self, name: str, tags: list[str], image: docker.UnpushedImage, say: Log) -> str:
        server, _slash, repository = name.partition("/")
        if wrong := next((tag for tag in tags if not images.NAME.fullmatch(f"{repository}:{tag}")), None):
            raise WorkflowStepFailed(f'buildx failed with: ERROR: invalid tag "{name}:{wrong}": invalid reference format')
        may = (
            self._principal is not None
            and server in self._registries
            and images.may_push(self._cloud, server, self._principal["object_id"])
        )
        if not may:
            words = f"failed to push {name}:{tags[0]}: denied: requested access to the resource is denied"
            raise WorkflowStepFailed(f"buildx failed with: ERROR: failed to solve: {words}")
        return str(docker.push(self._cloud, server, repository, tags, image, say)["digest"])

    def _inside(self, path: str, what: str) -> Path:
        place = (self._sources / path).resolve()
        if not place.is_relative_to(self._sources):
            raise WorkflowStepFailed(f"buildx failed with: ERROR: {what} {path} leads out of the workspace")
        return place

    async def run(self, script: str, env: Mapping[str, str], say: Log) -> bool:
        """Carry out a script of which every command is known; False, and nothing done, for any other."""
        commands = [
            _words(line, env) for line in re.sub(r"\\\n", " ", script).splitlines() if line.strip() and not line.lstrip().startswith("#")
        ]
        known = [(command, _of_azure(command)) for command in commands]
        if not all(name for _command, name in known):
            return False
        for command, name in known:
            say(f"{' '.join(command)}")
            options = _options(command)
            if name == "acr login":
                self._acr_login(options)
            else:
                await self._update_app(options)
        return True

    def _acr_login(self, options: Mapping[str, str]) -> None:
        """The registry gives any account of the directory a token; what that may do shows only later."""
        self._signed_in_to_az()
        server = f"{options.get('--name', '').lower()}{images.SUFFIX}"
        if images.registry(self._cloud, server) is None:
            raise WorkflowStepFailed(
                f"ERROR: Could not connect to the registry login server '{server}'. Please verify that the registry exists and the URL "
                f"'https://{server}/v2/' is reachable from your environment."
            )
        self._registries.add(server)

    async def _update_app(self, options: Mapping[str, str]) -> None:
        """``az containerapp update --image``: reads the app, and patches the image of its container."""
        principal = self._signed_in_to_az()
        token = self._cloud.tokens.issue(principal, ARM, client_id=principal["client_id"])
        group = f"/subscriptions/{self._cloud.subscription_id}/resourceGroups/{options.get('--resource-group', '')}"
        path = f"{group}/providers/Microsoft.App/containerApps/{options.get('--name', '')}"
        try:
            caller = self._cloud.tokens.caller(f"Bearer {token.token}", ARM)

            async def call(method: str, body: Any = None) -> Any:
                query = {"api-version": APPS_VERSION}
                return (await self._cloud.part_of_deployment(Request(method, path, query, {"Host": ENDPOINT}, body, caller))).body

            app = await call("GET")
            template = dict(app["properties"]["template"])
            template["containers"] = [{**container, "image": options.get("--image", "")} for container in template["containers"]]
            template.pop("revisionSuffix", None)
            await call("PATCH", {"properties": {"template": template}})
        except (AzureError, TokenRefused) as refused:
            raise WorkflowStepFailed(f"ERROR: ({refused.code}) {refused.message}") from refused
        await self._settled(path)

    async def _settled(self, path: str) -> None:
        """As the command does, wait until the change is made."""
        while (operation := self._cloud.operations.running_on(path)) is not None:
            await self._cloud.operations.finished(operation["id"])
            await asyncio.sleep(0)

    def _signed_in_to_az(self) -> Document:
        if self._principal is None:
            raise WorkflowStepFailed("ERROR: Please run 'az login' to setup account.")
        return self._principal


def _words(line: str, env: Mapping[str, str]) -> list[str]:
    """A command's words, with the variables that stand in it; quotes keep blanks together, and nothing is split again."""
    try:
        words = shlex.split(line)
    except ValueError:
        return [line]
    return [re.sub(r"\$\{?([A-Za-z_]\w*)\}?", lambda name: env.get(name[1], ""), word) for word in words]


def _of_azure(command: list[str]) -> str:
    """Which of the Azure CLI's commands it is, among those that are carried out; "" for none."""
    name = " ".join(command[1:3]) if command[:1] == ["az"] else ""
    fits = name == "acr login" or (name == "containerapp update" and "--image" in command)
    return name if fits else ""


def _options(command: list[str]) -> dict[str, str]:
    """``--name value`` and ``-n value``."""
    short = {"-n": "--name", "-g": "--resource-group", "-i": "--image"}
    words = iter(command[3:])
    return {short.get(word, word): next(words, "") for word in words if word.startswith("-")}
