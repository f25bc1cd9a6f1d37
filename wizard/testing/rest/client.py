"""Messages sent to the deployed API as REST Client would: cookies kept for the run, redirects followed on the app's own host."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from wizard.platform.language import _
from wizard.testing.rest.message import Message, Unsent
from wizard.testing.rest.urls import target_of

if TYPE_CHECKING:
    import aiohttp

    from wizard.cloud import AppAnswer, Cloud

REDIRECTS = frozenset({300, 301, 302, 303, 307, 308})
MOST_REDIRECTS = 10


class RestClient:
    """The client of one run against one host, with the cookies that it was given so far."""

    def __init__(self, cloud: Cloud, host: str) -> None:
        self._cloud, self._host = cloud, host
        self._jar: aiohttp.CookieJar | None = None

    async def send(self, message: Message, *, follows: bool = True, keeps_cookies: bool = True, wanted: Collection[int] = ()) -> AppAnswer:
        """Send one message and give its last answer. Raises CloudError where nothing answers, Unsent for redirects without end.

        :param follows: whether answers that redirect are followed, as got 11 does: only 303 turns the method into GET.
        :param wanted: statuses that are an end in themselves, redirections too.
        """
        for _redirect in range(MOST_REDIRECTS + 1):
            answer = await self._exchange(message, keeps_cookies)
            location = answer.headers.get("location", "")
            if not follows or not location or answer.status not in REDIRECTS or answer.status in wanted:
                return answer
            url = urljoin(f"https://{self._host}{message.target}", location)
            if (urlsplit(url).hostname or "").lower() != self._host.lower():
                return answer  # another host than the app's is never asked
            message = replace(message, target=target_of(url))
            if answer.status == 303 and message.method not in ("GET", "HEAD"):
                message = replace(message, method="GET", body=None)
        raise Unsent(_("it was redirected more than {count} times").format(count=MOST_REDIRECTS))

    async def _exchange(self, message: Message, keeps_cookies: bool) -> AppAnswer:
        from yarl import URL

        url = URL(f"https://{self._host}{message.target}", encoded=True)
        headers = dict(message.headers)
        if keeps_cookies and (cookies := self._cookies.filter_cookies(url)):
            own = message.header("Cookie")
            named = {part.partition("=")[0].strip() for part in own.split(";")}
            more = [f"{cookie.key}={cookie.coded_value}" for cookie in cookies.values() if cookie.key not in named]
            headers = {name: value for name, value in headers.items() if name.lower() != "cookie"}
            headers["Cookie"] = "; ".join(filter(None, [own.strip().rstrip(";"), *more]))
        answer = await self._cloud.call_app(
            self._host, message.target, method=message.method, headers=headers, body=message.body, digest=message.digest
        )
        if keeps_cookies:
            self._cookies.update_cookies_from_headers(answer.set_cookies, url)
        return answer

    @property
    def _cookies(self) -> aiohttp.CookieJar:
        import aiohttp

        if self._jar is None:
            self._jar = aiohttp.CookieJar()
        return self._jar
