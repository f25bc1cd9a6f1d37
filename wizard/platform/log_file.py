"""The file of the log, which is loaded only when one is written: what it needs takes a while at the start."""

from __future__ import annotations

import logging
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from wizard.platform.folders import home, private_file, private_file_only


class PrivateFile(RotatingFileHandler):
    """A file that only its owner can read, and so the next one once it is full. A full disk costs lines of the log, nothing else."""

    def _open(self) -> TextIOWrapper:
        path = Path(self.baseFilename)
        if path.parent.exists() and home() not in path.parents:
            private_file_only(path)
        else:
            private_file(path)
        return super()._open()

    def handleError(self, record: logging.LogRecord) -> None:
        """Say nothing: a traceback for each line would go to the terminal."""
