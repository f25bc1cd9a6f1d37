"""Lists that are being read from Azure, page by page: each is read once, whoever asks, and shown as it comes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wizard.state.choices import Choice


class Listing:
    """What was read of one list so far. Who stops following leaves the reading to the others.

    :param pages: what Azure answers, a page at a time.
    :param ended: told once nothing more comes.
    """

    def __init__(self, pages: AsyncIterator[Sequence[Choice]], ended: Callable[[Listing], None]) -> None:
        self.choices: list[Choice] = []
        self.is_over = False
        self.problem: BaseException | None = None
        self._news = asyncio.Event()
        self._ended = ended
        self._task = asyncio.ensure_future(self._read(pages))

    async def follow(self) -> AsyncIterator[list[Choice]]:
        """What was read so far, then each page when it comes. Raises what the reading raised, CancelledError when it was given up."""
        published = 0
        while True:
            if published < len(self.choices):
                page = self.choices[published:]
                published += len(page)
                yield page
            elif not self.is_over:
                await self._news.wait()
            elif self.problem is not None:
                raise self.problem
            else:
                return

    async def whole(self) -> list[Choice]:
        """All of it, in the order in which the pages came. Raises as `follow`."""
        async for _page in self.follow():
            pass
        return self.choices

    def give_up(self) -> None:
        """Read no further."""
        self._task.cancel()

    async def _read(self, pages: AsyncIterator[Sequence[Choice]]) -> None:
        try:
            async for page in pages:
                self.choices += page
                self._tell()
        except (Exception, asyncio.CancelledError) as problem:  # whoever follows is told; nobody awaits this task
            self.problem = problem
        finally:
            self.is_over = True
            self._ended(self)
            self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._news = asyncio.Event()


class Listings:
    """The lists that are being read.

    :param kept: place -> the whole list, put there once it was read.
    """

    def __init__(self, choices: dict[str, list[Choice]]) -> None:
        self._kept = choices
        self._under_way: dict[str, Listing] = {}

    def read(self, where: str, begin: Callable[[], AsyncIterator[Sequence[Choice]]]) -> Listing:
        """The reading of a list that is under way, or one that is begun now."""

        def ended(listing: Listing) -> None:
            if self._under_way.get(where) is listing:
                del self._under_way[where]
                if listing.problem is None:
                    self._kept[where] = in_order(where, listing.choices)

        from wizard.state.choices import in_order

        if where not in self._under_way:
            self._under_way[where] = Listing(begin(), ended)
        return self._under_way[where]

    def forget(self, places: Sequence[str]) -> None:
        """What these lists are about is another thing now: neither keep them nor read on."""
        for where in places:
            self._kept.pop(where, None)
            if (listing := self._under_way.pop(where, None)) is not None:
                listing.give_up()

    def forget_all(self) -> None:
        """Nobody is signed in any more."""
        self.forget([*self._kept, *self._under_way])
