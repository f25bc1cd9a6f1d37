"""Calling the deployed API, as its users will."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wizard.cloud.errors.translation import translate

if TYPE_CHECKING:
    import aiohttp

LARGEST_BODY = 1 << 20
LARGEST_STREAM = 1 << 18


@dataclass(frozen=True)
class AppAnswer:
    """What an API answered: any status is an answer.

    :param body: cut at 1 MiB.
    :param headers: with lower-case names; of ``Set-Cookie`` each line is in `set_cookies`.
    """

    status: int
    body: bytes
    headers: Mapping[str, str]
    set_cookies: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The body as text; bytes that are no UTF-8 are replaced."""
        return self.body.decode("utf-8", "replace")


async def call_app(
    session: aiohttp.ClientSession,
    fqdn: str,
    path: str,
    *,
    method: str,
    headers: Mapping[str, str] | None,
    body: Any,
    seconds: float,
    digest: tuple[str, str] | None = None,
) -> AppAnswer:
    """One HTTPS request to an API; bytes are sent as they are, any other `body` as JSON. Raises CloudError when nothing answered.

    :param path: as it is sent, with its query, encoded already.
    :param digest: user and password for a server that challenges with Digest (RFC 7616).
    """
    import aiohttp
    from yarl import URL

    from wizard.cloud.transport.transport import UNCOUNTED

    try:
        async with session.request(
            method,
            URL(f"https://{fqdn}{path if path.startswith('/') else f'/{path}'}", encoded=True),
            headers={"Accept-Encoding": "identity", **(headers or {})},
            **({"data": body, "skip_auto_headers": ("Content-Type",)} if isinstance(body, bytes) else {"json": body}),
            allow_redirects=False,
            auto_decompress=True,
            middlewares=(aiohttp.DigestAuthMiddleware(*digest),) if digest else None,
            timeout=aiohttp.ClientTimeout(total=seconds),
            trace_request_ctx=UNCOUNTED,
        ) as answer:
            content = await answer.content.read(LARGEST_BODY)
            while len(content) < LARGEST_BODY and (more := await answer.content.read(LARGEST_BODY - len(content))):
                content += more
            received = {name.lower(): value for name, value in answer.headers.items()}
            return AppAnswer(answer.status, content, received, tuple(answer.headers.getall("Set-Cookie", ())))
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise translate(error) from error


async def read_stream(session: aiohttp.ClientSession, url: str, token: str, seconds: float) -> list[str]:
    """The lines that a log or event stream of Container Apps holds now (reference.md 1.12); it is not followed.

    :param token: from ``getAuthToken`` of the app; an ARM token is not accepted, and is never sent there.
    Raises CloudError when the stream cannot be read.
    """
    import aiohttp

    try:
        async with session.get(
            url,
            headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"},
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(total=seconds),
        ) as answer:
            answer.raise_for_status()
            content = b""
            while len(content) < LARGEST_STREAM and (more := await answer.content.read(LARGEST_STREAM - len(content))):
                content += more
            return content.decode("utf-8", "replace").splitlines()
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise translate(error) from error


async def follow_stream(session: aiohttp.ClientSession, url: str, token: str) -> AsyncIterator[str]:
    """The lines of such a stream as they come, until it ends: Azure ends it about every ten minutes. Raises CloudError."""
    import aiohttp

    headers = {"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"}
    try:
        async with session.get(url, headers=headers, allow_redirects=False, timeout=aiohttp.ClientTimeout(total=None)) as answer:
            answer.raise_for_status()
            async for line in answer.content:
                yield line.decode("utf-8", "replace").rstrip("\r\n")
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise translate(error) from error
