"""Methods that ask Azure once, however many callers need the answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from wizard.cloud.lookups import T

S = TypeVar("S", bound="ReadCache")
P = ParamSpec("P")
Reader = Callable[Concatenate[S, P], Coroutine[Any, Any, T]]


class ReadCache:
    """What was read, or is being read; methods marked with `read_once` keep their answers here."""

    def __init__(self) -> None:
        self.kept: dict[tuple[Any, ...], asyncio.Task[Any]] = {}


def read_once(reader: Reader[S, P, T]) -> Reader[S, P, T]:
    """Let every asker share the one task that reads; a cancelled asker leaves it to the others."""

    @wraps(reader)
    async def shared(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (reader.__name__, *args)
        task = self.kept.get(key)
        if task is None:
            task = self.kept[key] = asyncio.ensure_future(reader(self, *args, **kwargs))
        return await asyncio.shield(task)

    return cast(Reader[S, P, T], shared)
