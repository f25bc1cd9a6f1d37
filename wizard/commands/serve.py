"""``azwizard serve``: the screens in a browser on this computer, behind an address that only this command tells."""

from __future__ import annotations

import asyncio
import secrets
import shlex
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from aiohttp import web
from textual_serve.server import Server

from wizard.engine.session import CommandError, ExitCode, reporter_for, tell_stop
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.engine.session import CommandOptions

LOOPBACK = "127.0.0.1"
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws:; frame-ancestors 'none'"
)
"""What the page may load: nothing from elsewhere. textual-serve's own page asks Google for a font, which a browser then leaves out."""


class BrowserScreens(Server):
    """textual-serve with a token in front of every path, and without words of its own. Each page that is opened is a wizard of its own."""

    def __init__(self, command: str) -> None:
        super().__init__(command, host=LOOPBACK, port=0, title="azwizard")
        self.token = secrets.token_urlsafe(32)

    @property
    def address(self) -> str:
        """What opens it: whoever has it may use the wizard as the person who started it."""
        return f"{self.public_url}/{self.token}/"

    async def application(self) -> web.Application:
        """Everything below the token, and a refusal for everything else."""
        whole = web.Application(middlewares=[_closed_to_others])
        whole.add_subapp(f"/{self.token}/", await self._make_app())
        whole.router.add_route("*", "/{path:.*}", _refuse)
        return whole

    async def on_startup(self, app: web.Application) -> None:
        """Print nothing: the command tells the address."""


@web.middleware
async def _closed_to_others(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
    """Keep the token out of what the browser tells others, and others out of the page."""
    response = await handler(request)
    if not response.prepared:
        response.headers.update({"Referrer-Policy": "no-referrer", "Content-Security-Policy": POLICY, "Cache-Control": "no-store"})
    return response


async def _refuse(_request: web.Request) -> web.Response:
    return web.Response(status=403, text=_("This address lacks its token: open the whole address that azwizard serve printed.") + "\n")


async def serve(options: CommandOptions, port: int) -> ExitCode:
    """Serve the wizard on loopback until it is stopped.

    :param port: 0 for any that is free.
    """
    reporter = reporter_for(options)
    screens = BrowserScreens(_wizard_command(options))
    runner = web.AppRunner(await screens.application(), access_log=None)  # a log of requests would hold the token
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, port).start()
        screens.public_url = f"http://{LOOPBACK}:{runner.addresses[0][1]}"
        reporter.say(_("Open this address in a browser on this computer. Whoever has it may use the wizard as you; Ctrl+C ends it."))
        reporter.show(screens.address)
        await asyncio.Event().wait()
    except OSError as error:
        sentence = _("Port {port} cannot be used: {reason}").format(port=port, reason=error.strerror or error)
        return tell_stop(CommandError([("port", sentence)]), reporter)
    finally:
        await runner.cleanup()
    return ExitCode.DONE


def _wizard_command(options: CommandOptions) -> str:
    """The command line of a wizard with the same options, for the shell that textual-serve starts it with."""
    words = [sys.executable, "-m", "wizard", str(options.setup.absolute())]
    words += ["--practice"] if options.practice else []
    words += [word for override in options.overrides for word in ("--set", override)]
    words += ["--env-file", str(options.env_file.absolute())] if options.env_file else []
    return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)
