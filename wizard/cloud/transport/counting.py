"""How many requests one of several commands sent that share a connection."""

from __future__ import annotations

from contextvars import ContextVar, Token
from types import TracebackType

_HERE: ContextVar[RequestCount | None] = ContextVar("requests", default=None)


class RequestCount:
    """Counts what is sent within it, in whatever tasks begin there::

    with RequestCount():
        ...
    """

    def __init__(self) -> None:
        self.requests = 0
        self._token: Token[RequestCount | None] | None = None

    def __enter__(self) -> RequestCount:
        self._token = _HERE.set(self)
        return self

    def __exit__(self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None) -> None:
        if self._token is not None:
            _HERE.reset(self._token)


def count_here() -> None:
    """One request was sent."""
    if (count := _HERE.get()) is not None:
        count.requests += 1


def counted_here() -> int | None:
    """How many were sent within the innermost count; None outside of any."""
    count = _HERE.get()
    return None if count is None else count.requests
