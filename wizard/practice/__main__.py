"""``python -m wizard.practice``: one practice cloud in the foreground, until it is stopped or nobody needs it."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import sqlite3
import sys
from collections.abc import Sequence
from pathlib import Path

from filelock import Timeout

from wizard.containers.discovery import CHOICES
from wizard.practice.kernel import faults, seeds
from wizard.practice.kernel.clock import SCALE
from wizard.practice.server import NoEngine, Server
from wizard.practice.server_options import ServerOptions

REFUSED = 3  # known before anything was made (design.md section 5)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run until SIGTERM, SIGINT, POST /stop or idleness; the exit status is 0, or 3 for options that cannot be."""
    given = _parser().parse_args(arguments)
    os.umask(0o077)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    try:
        for text in given.fault:
            faults.parse(text)
        options = ServerOptions(
            home=given.home.resolve(),
            port=given.port,
            speed=given.speed,
            har=given.har.resolve() if given.har else None,
            faults=tuple(given.fault),
            seeds=tuple(seeds.parse(given.seed).items()),
            idle_minutes=given.idle_minutes,
            engine=given.engine,
            environments=given.environments.resolve() if given.environments else None,
            wheels=given.wheels.resolve() if given.wheels else None,
            unconfined=given.unconfined,
        )
        asyncio.run(_serve(options))
    except (faults.UnknownFault, seeds.UnknownSeed, CannotStart) as refusal:
        print(refusal, file=sys.stderr)
        return REFUSED
    return 0


class CannotStart(Exception):
    """The port or the folder cannot be used; the text is a sentence for a person."""


async def _serve(options: ServerOptions) -> None:
    try:
        server = Server(options)
    except Timeout as held:
        raise CannotStart(f"A practice cloud runs in {options.home} already.") from held
    except sqlite3.DatabaseError as error:
        sentence = (
            "The practice cloud's state in {home} cannot be read: {why}. Update azwizard, or forget that state: azwizard practice reset"
        )
        raise CannotStart(sentence.format(home=options.home, why=error)) from error
    except OSError as error:
        raise CannotStart(f"The practice cloud cannot write to {options.home}: {error.strerror or error}.") from error
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, server.stop)
        except NotImplementedError:  # Windows
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(server.stop))
    try:
        await _start(server)
        print(f"The practice cloud is ready: {server.file}", flush=True)
        await server.stopped()
    finally:
        await server.close()


async def _start(server: Server) -> None:
    try:
        await server.start()
    except NoEngine as missing:
        raise CannotStart(f"No {str(missing).capitalize()} answers on this computer: start it, or leave --engine out.") from missing
    except OSError as error:
        port = server.options.port
        raise CannotStart(f"The practice cloud cannot listen on port {port} of 127.0.0.1: {error.strerror or error}.") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m wizard.practice", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="where state, certificates, shares and practice.json lie")
    parser.add_argument("--port", type=int, default=0, help="the TLS port on loopback (default: any free one)")
    parser.add_argument("--speed", choices=sorted(SCALE), default="fast", help="how long things take: as in Azure, a tenth, or nothing")
    parser.add_argument("--har", type=Path, help="record the traffic, without secret values")
    parser.add_argument("--engine", choices=CHOICES, help="what builds and runs images (default: an engine that answers, else processes)")
    parser.add_argument("--fault", action="append", default=[], metavar="NAME[:VALUE]", help="something that goes wrong on purpose")
    parser.add_argument("--seed", action="append", default=[], metavar="NAME:N", help="fill a list: subscriptions:2000")
    parser.add_argument("--idle-minutes", type=float, default=60.0, help="stop after so many minutes without a request")
    parser.add_argument("--environments", type=Path, help="where Python environments lie (default: in HOME)")
    parser.add_argument("--wheels", type=Path, metavar="DIR", help="install requirements from these wheels, without a package index")
    parser.add_argument("--unconfined", action="store_true", help="run containers also where they cannot be kept apart from this computer")
    return parser


if __name__ == "__main__":
    sys.exit(main())
