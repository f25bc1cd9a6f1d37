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


Kept = dict[tuple[Any, ...], "asyncio.Task[Any]"]


class ReadCache:
    """What was read, or is being read; methods marked with `read_once` keep their answers here."""

    def __init__(self) -> None:
        self.kept: Kept = {}

    def kept_for_all(self) -> Kept:
        """Where the answers lie that hold for every setup of the subscription."""
        return self.kept


def read_once(reader: Reader[S, P, T]) -> Reader[S, P, T]:
    """Let every asker share the one task that reads; a cancelled asker leaves it to the others."""
    return _shared(reader, lambda cache: cache.kept)


def read_once_for_all(reader: Reader[S, P, T]) -> Reader[S, P, T]:
    """The same for what is the same for all setups of a subscription, where several are worked on at once."""
    return _shared(reader, lambda cache: cache.kept_for_all())


def _shared(reader: Reader[S, P, T], kept_in: Callable[[S], Kept]) -> Reader[S, P, T]:
    @wraps(reader)
    async def shared(self: S, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key, kept = (reader.__name__, *args), kept_in(self)
        task = kept.get(key)
        if task is None:
            task = kept[key] = asyncio.ensure_future(reader(self, *args, **kwargs))
        return await asyncio.shield(task)

    return cast(Reader[S, P, T], shared)
