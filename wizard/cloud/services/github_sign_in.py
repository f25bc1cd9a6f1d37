"""The token for GitHub: one that is at hand, or that a code gives which the person types in a browser (OAuth's device flow).

It stays in memory.

Facts: docs.github.com, "Authorizing OAuth apps", device flow: the code holds for 15 minutes, is asked for every `interval` seconds, and an
application is named by its client id alone. azwizard has no application at GitHub of its own: whoever has one names it.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from wizard.cloud.errors.cloud_error import CloudError, ErrorKind
from wizard.cloud.services.github import find_token
from wizard.cloud.services.github_errors import by_hand, refusal, token_remedy
from wizard.platform.device_code import DeviceCode
from wizard.platform.language import _
from wizard.platform.secret import Secret

if TYPE_CHECKING:
    from azure.core.pipeline import AsyncPipeline

WEB = "https://github.com"
SCOPES = ("repo", "workflow")
"""What the token may: write code, variables and pull requests, and files of workflows (docs.github.com, "Scopes for OAuth apps")."""
CLIENT_VARIABLE = "AZWIZARD_GITHUB_CLIENT_ID"
PRACTICE_CLIENT = "Ov23liPracticeClient"
GRANT = "urn:ietf:params:oauth:grant-type:device_code"
SLOWER = 5  # seconds that GitHub wants more between questions after slow_down
CODE = "github-sign-in"

Show = Callable[[DeviceCode], None]


class GitHubToken:
    """The token that a connection speaks to GitHub with: looked for once, or given by a code.

    :param tempo: tells how long to wait for a code, as a share of what GitHub says.
    """

    def __init__(self, pipeline: AsyncPipeline[Any, Any], *, is_practice: bool, tempo: Callable[[], float]) -> None:
        self._pipeline = pipeline
        self._is_practice = is_practice
        self._tempo = tempo
        self._token: asyncio.Future[Secret | None] | None = None
        self.show_code: Show | None = None
        """Shows the code by which a person signs in; None where nobody could type it unasked."""

    @property
    def is_lacking(self) -> bool:
        """Whether a token was looked for, and none was there."""
        token = self._token
        return token is not None and token.done() and (token.cancelled() or token.exception() is not None or token.result() is None)

    @property
    def can_be_had_by_code(self) -> bool:
        """Whether there is an application at GitHub to sign in to."""
        return bool(client_of(is_practice=self._is_practice))

    async def get(self) -> Secret | None:
        """The token; None when there is none. Raises CloudError where a code came to nothing."""
        if self._token is None:
            self._token = asyncio.ensure_future(self._find())
        return await asyncio.shield(self._token)

    async def sign_in(self, show: Show) -> None:
        """Show a code, wait until it was typed, and keep what it gives in place of what there was. Raises CloudError."""
        token = await self._by_code(show)
        self._token = asyncio.get_running_loop().create_future()
        self._token.set_result(token)

    async def _find(self) -> Secret | None:
        """A person's own token is no use, and not sent, in practice."""
        token = practice_token() if self._is_practice else await find_token()
        if token is None and self.show_code is not None and self.can_be_had_by_code:
            return await self._by_code(self.show_code)
        return token

    async def _by_code(self, show: Show) -> Secret:
        return await sign_in_by_code(self._pipeline, client_of(is_practice=self._is_practice), show, self._tempo())


def client_of(*, is_practice: bool) -> str:
    """The client id of the application to sign in to; "" where none is named."""
    return os.environ.get(CLIENT_VARIABLE, "").strip() or (PRACTICE_CLIENT if is_practice else "")


def practice_token() -> Secret | None:
    """The token of the practice cloud's account; None where a fault takes it away."""
    from wizard.cloud.transport.practice_process import read

    info = read()
    return None if info is None or "github-token:none" in info.faults else Secret(info.client_secret)


async def sign_in_by_code(pipeline: AsyncPipeline[Any, Any], client: str, show: Show, tempo: float = 1.0) -> Secret:
    """Show a code, and wait until it was typed. Raises CloudError where it was refused or too late.

    :param tempo: how long to wait, as a share of what GitHub says.
    """
    begun = await _post(pipeline, f"{WEB}/login/device/code", {"client_id": client, "scope": " ".join(SCOPES)})
    if "device_code" not in begun:
        raise _refused(begun)
    expires = datetime.now(UTC) + timedelta(seconds=int(begun["expires_in"]))
    show(DeviceCode(str(begun["verification_uri"]), str(begun["user_code"]), expires))
    interval = float(begun.get("interval", 5))
    question = {"client_id": client, "device_code": str(begun["device_code"]), "grant_type": GRANT}
    while True:
        await asyncio.sleep(interval * tempo)
        answer = await _post(pipeline, f"{WEB}/login/oauth/access_token", question)
        if token := answer.get("access_token"):
            return Secret(str(token))
        if answer.get("error") == "slow_down":
            interval = float(answer.get("interval", interval + SLOWER))
        elif answer.get("error") != "authorization_pending":
            raise _refused(answer)


async def _post(pipeline: AsyncPipeline[Any, Any], url: str, form: dict[str, str]) -> dict[str, Any]:
    from azure.core.exceptions import AzureError
    from azure.core.rest import HttpRequest

    from wizard.cloud.errors.translation import translate

    try:
        request = HttpRequest("POST", url, data=form, headers={"Accept": "application/json"})
        response = (await pipeline.run(request, permit_redirects=False)).http_response
    except AzureError as error:
        raise translate(error) from error
    if response.status_code >= 300:
        raise refusal(response)
    return dict(json.loads(response.text()))


def _refused(answer: dict[str, Any]) -> CloudError:
    """What an answer without a token means."""
    sentences = {
        "access_denied": _("You declined to sign in to GitHub."),
        "expired_token": _("The code for GitHub was not typed in time."),
        "device_flow_disabled": _("The application at GitHub takes no sign-in by a code (device flow)."),
        "incorrect_client_credentials": _("GitHub knows no application of that client id ({variable}).").format(variable=CLIENT_VARIABLE),
    }
    error = str(answer.get("error") or "")
    words = str(answer.get("error_description") or error)
    sentence = sentences.get(error) or _("GitHub refused: {words}").format(words=words)
    return CloudError(ErrorKind.SIGN_IN, sentence, f"{token_remedy()} {by_hand()}", code=CODE, message=words)
