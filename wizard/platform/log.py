"""The log of what the program does: requests, waits, decisions. Written only when it is asked for (``--debug``, ``AZWIZARD_LOG``).

A line holds no body, no query string, and of the headers only those ids that Azure's support asks for. Whatever is written goes through the
redaction of this run besides.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from wizard.platform.folders import home
from wizard.platform.redaction import redaction
from wizard.platform.terminal_text import plain

BYTES = 1_000_000
FILES = 5
IDS = ("x-ms-correlation-request-id", "x-ms-request-id", "x-vss-e2eid")
"""The response headers whose values are ids that Azure's support asks for."""
_logger = logging.getLogger("azwizard")
_logger.propagate = False
_logger.setLevel(logging.CRITICAL + 1)
_handler: logging.Handler | None = None


class _Redacted(logging.Formatter):
    """One line for each record, without secrets and without anything that a terminal would obey."""

    def converter(self, seconds: float | None) -> time.struct_time:
        """Azure's time, UTC."""
        return time.gmtime(seconds)

    def format(self, record: logging.LogRecord) -> str:
        return redaction(plain(super().format(record))).replace("\n", " ")


def file() -> Path:
    """Where the log lies: ``AZWIZARD_LOG``, or ``logs/azwizard.log`` in azwizard's folder."""
    chosen = os.environ.get("AZWIZARD_LOG")
    return Path(chosen).expanduser().absolute() if chosen else home() / "logs" / "azwizard.log"


def start_when_asked(environment: Mapping[str, str]) -> None:
    """Begin to write it when ``AZWIZARD_LOG`` names a file."""
    if environment.get("AZWIZARD_LOG"):
        start()


def start() -> None:
    """Begin to write it, once. Raises OSError where it cannot be written."""
    global _handler
    if _handler is not None:
        return
    from wizard.platform.log_file import PrivateFile

    _handler = PrivateFile(file(), maxBytes=BYTES, backupCount=FILES - 1, encoding="utf-8", errors="backslashreplace")
    _handler.setFormatter(_Redacted("%(asctime)s.%(msecs)03dZ %(process)d %(message)s", "%Y-%m-%dT%H:%M:%S"))
    _logger.addHandler(_handler)
    _logger.setLevel(logging.INFO)


def stop() -> None:
    """Write no more, and close the file."""
    global _handler
    if _handler is not None:
        _logger.removeHandler(_handler)
        _handler.close()
    _handler = None
    _logger.setLevel(logging.CRITICAL + 1)


def request(method: str, url: str, status: int | str, seconds: float, headers: Mapping[str, str] | None = None) -> None:
    """A request that was answered, or what became of it instead."""
    if _handler is None:
        return
    parts = urlsplit(url)
    ids = " ".join(f"{name}={headers[name]}" for name in IDS if headers and headers.get(name))
    _logger.info("request %s %s %s %s %.3f s %s", method, parts.hostname or "", parts.path or "/", status, seconds, ids)


def wait(reason: str, seconds: float) -> None:
    """A wait before something is looked at or tried again."""
    _logger.info("wait %.1f s: %s", seconds, reason)


def decision(text: str, *values: object) -> None:
    """What the program decided, and from what."""
    _logger.info(f"decision {text}", *values)


def tail(lines: int = 100) -> list[str]:
    """The last lines that were written, newest last; none where no log was asked for."""
    with suppress(OSError, UnicodeDecodeError):
        return file().read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return []
