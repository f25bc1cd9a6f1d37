"""The HTTP pipelines under every SDK client: own policies, so that no client writes anything it was not asked to.

The clients' default pipeline registers resource providers by itself when Azure answers ``MissingSubscriptionRegistration``, and waits
for them without a limit (reference.md 0). Here registration is a step of its own, so that policy is left out.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from azure.core.pipeline import AsyncPipeline
from azure.core.pipeline.policies import (
    AsyncRedirectPolicy,
    AsyncRetryPolicy,
    ContentDecodePolicy,
    CustomHookPolicy,
    HeadersPolicy,
    RequestIdPolicy,
    SansIOHTTPPolicy,
    SensitiveHeaderCleanupPolicy,
    UserAgentPolicy,
)
from azure.mgmt.core.policies import AsyncARMChallengeAuthenticationPolicy

from wizard import __version__
from wizard.cloud.errors.cloud_error import ErrorKind
from wizard.cloud.errors.translation import translate
from wizard.cloud.transport.pace import ArmPace
from wizard.cloud.transport.pauses import next_pause
from wizard.platform import log

if TYPE_CHECKING:
    from azure.core.credentials_async import AsyncTokenCredential
    from azure.core.pipeline import PipelineRequest, PipelineResponse
    from azure.core.pipeline.transport import AsyncHttpTransport

RETRIES = {"retry_total": 8, "retry_connect": 3, "retry_read": 5, "retry_status": 8, "retry_backoff_factor": 0.4, "retry_backoff_max": 8}
SILENCES = 2  # answers that never come, before a call is given up
TOO_MANY_REQUESTS = 429
PRACTICE_FAULT = "x-azwizard-practice-fault"  # a bug of the practice cloud, which no retry mends
OPERATION = re.compile(r"operation(s|status|statuses|result|results)/", re.IGNORECASE)
"""What Azure's addresses of operations hold (behaviour.md); other reads are not paced."""
Throttled = Callable[[float], None]


class HopefulRetries(AsyncRetryPolicy[Any, Any]):
    """Retries, but not where the same would come again: a certificate that is not trusted, a proxy that refuses.

    Silence is waited out twice only: each time takes minutes, in which nobody could say why nothing happens.
    """

    def increment(self, settings: dict[str, Any], response: Any = None, error: Any = None) -> bool:
        """Count one failure and say whether to try again: never after a certificate, a proxy or our own fault, less often after silence."""
        # After an error the library hands the request over as `response`.
        if error is None and response is not None and PRACTICE_FAULT in response.http_response.headers:
            return False
        kind = None if error is None else translate(error).kind
        if kind in (ErrorKind.CERTIFICATE, ErrorKind.PROXY):
            return False
        if kind is ErrorKind.TIMEOUT:
            settings["read"] = min(settings["read"], SILENCES)
        return bool(super().increment(settings, response, error))


class Retries(HopefulRetries):
    """A few retries that honour Retry-After and say when Azure asks to slow down.

    Every call but these may be repeated when its answer was lost, POST and PATCH too: they read (listKeys), register, check, or set the
    same again. Scheduling a build or the run of a pipeline or workflow begins a second one each time, so it is only repeated when
    certainly refused; a piece of an upload would be added twice, so who sends it looks first how far the upload is; and each PUT of a
    secret makes another version of it, so who writes one looks first whether the value has arrived.
    """

    def __init__(self, throttled: Throttled | None) -> None:
        super().__init__(**RETRIES)
        self._throttled = throttled

    def _is_method_retryable(self, settings: dict[str, Any], request: Any, response: Any = None) -> bool:
        path = str(request.url).partition("?")[0].lower()
        if request.method == "PUT" and path.partition("://")[2].partition("/")[2].startswith("secrets/"):
            return response is not None and response.status_code == TOO_MANY_REQUESTS
        if request.method == "PATCH":
            return "/blobs/uploads/" not in path
        return request.method != "POST" or not path.endswith(("/schedulerun", "/runs", "/dispatches", "/rerun"))

    async def _sleep_for_retry(self, response: PipelineResponse[Any, Any], transport: AsyncHttpTransport[Any, Any]) -> bool:
        if self._throttled is not None and response.http_response.status_code == TOO_MANY_REQUESTS:
            self._throttled(self.get_retry_after(response) or 0.0)
        log.wait(f"retry after {response.http_response.status_code}", self.get_retry_after(response) or 0.0)
        return await super()._sleep_for_retry(response, transport)


class PollSoon(SansIOHTTPPolicy[Any, Any]):
    """Sets the Retry-After of answers that are no refusals, so that an operation is asked after at the client's own pace.

    Azure answers up to 17 s there (behaviour.md, storage accounts), and a step must be shown done within 5 s of Azure having done it.
    What has taken long is asked after more rarely.
    """

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._asked_first: dict[str, float] = {}  # address of an operation -> when

    def on_response(self, request: PipelineRequest[Any], response: PipelineResponse[Any, Any]) -> None:
        """Set the wait before the next look at an operation by how long it goes on already, whatever Retry-After says."""
        answer, address = response.http_response, str(request.http_request.url)
        if answer.status_code >= 400:
            return
        if request.http_request.method == "GET" and OPERATION.search(address):
            waited = time.monotonic() - self._asked_first.setdefault(address, time.monotonic())
            answer.headers["Retry-After"] = f"{next_pause(waited, self._interval):.2f}"
        elif answer.headers.get("Retry-After", "").isdigit() and int(answer.headers["Retry-After"]) > self._interval:
            del answer.headers["Retry-After"]


def user_agent() -> str:
    """How the wizard names itself to Azure."""
    return f"azwizard/{__version__}"


def arm_pipeline(
    transport: AsyncHttpTransport[Any, Any],
    credential: AsyncTokenCredential,
    scope: str,
    polling_interval: float,
    throttled: Throttled | None,
) -> AsyncPipeline[Any, Any]:
    """What every management client sends through: one token, one retry policy, one transport."""
    return AsyncPipeline(
        transport,
        [
            RequestIdPolicy(),
            HeadersPolicy(),
            UserAgentPolicy(base_user_agent=user_agent()),
            ContentDecodePolicy(),
            AsyncRedirectPolicy(),
            Retries(throttled),
            ArmPace(),
            AsyncARMChallengeAuthenticationPolicy(credential, scope),
            PollSoon(polling_interval),
            CustomHookPolicy(),
            SensitiveHeaderCleanupPolicy(),
        ],
    )


def plain_pipeline(transport: AsyncHttpTransport[Any, Any], throttled: Throttled | None) -> AsyncPipeline[Any, Any]:
    """For what takes no ARM token: signed URLs, and the registry, which has tokens of its own."""
    return AsyncPipeline(
        transport, [RequestIdPolicy(), UserAgentPolicy(base_user_agent=user_agent()), AsyncRedirectPolicy(), Retries(throttled)]
    )
