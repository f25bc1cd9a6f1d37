"""``azwizard serve``: the screens in a browser, behind addresses that only this command tells."""

from __future__ import annotations

import asyncio
import secrets
import shlex
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import aiohttp_jinja2
from aiohttp import web
from textual_serve.server import Server

from wizard.commands.serving.page_process import command_of
from wizard.engine.session import CommandError, ExitCode, reporter_for, tell_stop
from wizard.platform import language
from wizard.platform.language import _

if TYPE_CHECKING:
    from ssl import SSLContext

    from wizard.commands.serving.seats import Seat
    from wizard.engine.session import CommandOptions

LOOPBACK = "127.0.0.1"
POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self' ws: wss:; frame-ancestors 'none'"
)
"""What the page may load: nothing from elsewhere."""
TEMPLATES = Path(__file__).with_name("templates")
"""The page, in place of textual-serve's own: that asks Google for a font, is in English, and hears no key before a click into it."""
DARK_GROUND, LIGHT_GROUND = "#101418", "#fbfbf8"  # as the themes of the screens
LARGE = 26
"""Pixels of a letter that is read from the last row of a room; textual-serve's own are 16."""


class BrowserScreens(Server):
    """textual-serve with a token in front of every path, and without words of its own. Each page that is opened is a wizard of its own.

    :param projector: with large letters on a light ground.
    """

    def __init__(self, command: Sequence[str], *, projector: bool = False) -> None:
        line = subprocess.list2cmdline(command) if sys.platform == "win32" else shlex.join(command)
        super().__init__(line, host=LOOPBACK, port=0, title="azwizard", templates_path=TEMPLATES)
        self.token = secrets.token_urlsafe(32)
        self._projector = projector

    @property
    def address(self) -> str:
        """What opens it: whoever has it may use the wizard as the person for whom it was made."""
        return f"{self.public_url}/{self.token}/" + (f"?fontsize={LARGE}" if self._projector else "")

    async def pages(self) -> web.Application:
        """The page, its files and its socket."""
        app = await self._make_app()
        ground = LIGHT_GROUND if self._projector else DARK_GROUND
        aiohttp_jinja2.get_env(app).globals.update(ground=ground, language=language.current(), again=_("Ended. Begin again"))
        return app

    async def on_startup(self, app: web.Application) -> None:
        """Print nothing: the command tells the address."""


async def application(served: Sequence[BrowserScreens]) -> web.Application:
    """Everything below each token, and a refusal for everything else."""
    whole = web.Application(middlewares=[_closed_to_others])
    for screens in served:
        whole.add_subapp(f"/{screens.token}/", await screens.pages())
    whole.router.add_route("*", "/{path:.*}", _refuse)
    return whole


@web.middleware
async def _closed_to_others(request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> web.StreamResponse:
    """Keep the token out of what the browser tells others, and others out of the page."""
    response = await handler(request)
    if not response.prepared:
        response.headers.update({"Referrer-Policy": "no-referrer", "Content-Security-Policy": POLICY, "Cache-Control": "no-store"})
    return response


async def _refuse(_request: web.Request) -> web.Response:
    return web.Response(status=403, text=_("This address lacks its token: open the whole address that azwizard serve printed.") + "\n")


async def serve(options: CommandOptions, port: int, *, seats: int = 0, listen: str = LOOPBACK, projector: bool = False) -> ExitCode:
    """Serve the wizard until it is stopped: to the person at this computer, or at so many seats.

    :param port: 0 for any that is free.
    :param listen: the address of this computer; another than loopback only with seats, and with TLS.
    :param projector: with large letters on a light ground.
    """
    reporter = reporter_for(options)
    colours = "light" if projector else ""
    try:
        places, context = await asyncio.to_thread(_prepared, options, seats, listen)
    except CommandError as stop:
        return tell_stop(stop, reporter)
    commands = [_seat_command(options, seat, colours) for seat in places] or [command_of(_wizard_arguments(options), colours=colours)]
    served = [BrowserScreens(command, projector=projector) for command in commands]
    runner = web.AppRunner(await application(served), access_log=None)  # a log of requests would hold the tokens
    await runner.setup()
    try:
        await web.TCPSite(runner, listen, port, ssl_context=context).start()
        for screens in served:
            screens.public_url = f"http{'s' if context else ''}://{f'[{listen}]' if ':' in listen else listen}:{runner.addresses[0][1]}"
        reporter.say(_seats_words(listen) if places else _own_words())
        for number, screens in enumerate(served):
            reporter.show(f"{places[number].name}: {screens.address}" if places else screens.address)
        await asyncio.Event().wait()
    except OSError as error:
        sentence = _("Port {port} cannot be used: {reason}").format(port=port, reason=error.strerror or error)
        return tell_stop(CommandError([("port", sentence)]), reporter)
    finally:
        await runner.cleanup()
    return ExitCode.DONE


def _prepared(options: CommandOptions, count: int, listen: str) -> tuple[list[Seat], SSLContext | None]:
    """The seats, and what their connections are protected with where another computer reaches them. Raises CommandError."""
    if not count:
        return [], None
    from wizard.classroom.door.certificate import server_context
    from wizard.classroom.door.trainer import Trainer
    from wizard.commands.serving.seats import class_in, seats_for
    from wizard.setup.problems import AnswersError

    folder = options.setup.absolute().parent
    try:
        seats = seats_for(folder, count)
        file, _certificate = Trainer(class_in(folder, count)).certificate(listen)
    except AnswersError as error:
        raise CommandError([(problem.where, problem.sentence) for problem in error.problems]) from None
    except OSError as error:
        raise CommandError([("seats", f"{error.filename}: {error.strerror}")]) from None
    return seats, server_context(file) if file else None


def _own_words() -> str:
    return _("Open this address in a browser on this computer. Whoever has it may use the wizard as you; Ctrl+C ends it.")


def _seats_words(listen: str) -> str:
    return _(
        "One address for each seat, to be opened on a computer that reaches {address}. Whoever has it sits there. The wizards run on this "
        "computer under your account; Ctrl+C ends them."
    ).format(address=listen)


def _seat_command(options: CommandOptions, seat: Seat, colours: str) -> list[str]:
    practice = ["--practice"] if seat.practice or options.practice else []
    return command_of(["azwizard.toml", *practice], folder=seat.folder, home=seat.home, colours=colours)


def _wizard_arguments(options: CommandOptions) -> list[str]:
    """What the served wizard is started with: the options of this command."""
    words = [str(options.setup.absolute())]
    words += ["--practice"] if options.practice else []
    words += [word for override in options.overrides for word in ("--set", override)]
    words += ["--env-file", str(options.env_file.absolute())] if options.env_file else []
    return words
