"""What goes wrong with a container engine."""

from __future__ import annotations


class EngineError(Exception):
    """What an engine refused, in its own words; `status` is HTTP's, 0 for none."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class BuildFailed(EngineError):
    """A build that began and failed; `code` is the exit code of the RUN line that did, None where no RUN line failed."""

    def __init__(self, message: str, code: int | None) -> None:
        super().__init__(message)
        self.code = code
