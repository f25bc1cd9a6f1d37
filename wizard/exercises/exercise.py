"""What an exercise is: a goal, what is wrong, three hints, and the check that it is solved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wizard.cloud.errors.cloud_error import CloudError
from wizard.state.snapshot import Snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from wizard.cloud import AppAnswer
    from wizard.engine.session import Session

Change = tuple[str, str, str]
"""A file of the exercise, a text that stands in it, and what stands there instead; an empty text stands at the end of the file."""


class Scene:
    """The practice cloud as it is now, below the setup of one exercise.

    :param folder: where the exercise's files lie.
    """

    def __init__(self, session: Session, folder: Path) -> None:
        self.session = session
        self.cloud = session.cloud
        self.folder = folder
        self.snapshot = Snapshot(session.cloud, session.answers, session.given_secret)

    async def app(self) -> Mapping[str, Any]:
        """The app's ARM document; empty when there is none."""
        app = await self.snapshot.app()
        return app.as_dict() if app else {}

    async def template(self) -> Mapping[str, Any]:
        """What the app runs: its containers, volumes and scale."""
        template: Mapping[str, Any] = ((await self.app()).get("properties") or {}).get("template") or {}
        return template

    async def answer(self, path: str) -> AppAnswer | None:
        """What the deployed API answers; None when nothing does."""
        ingress = (((await self.app()).get("properties") or {}).get("configuration") or {}).get("ingress") or {}
        if not ingress.get("fqdn"):
            return None
        try:
            return await self.cloud.call_app(str(ingress["fqdn"]), path)
        except CloudError:
            return None


Check = Callable[[Scene], Awaitable[str]]
"""Looks at what the practice cloud holds: "" when it is as it should be, else a sentence that says what is not."""


@dataclass(frozen=True, kw_only=True)
class Exercise:
    """One exercise. Every text is marked with ``N_`` and translated when shown.

    :param name: its word on the command line.
    :param goal: what to bring about.
    :param hints: three, each saying more than the one before.
    :param changes: how its files differ from the starter's.
    :param faults: of the practice cloud, in force from the beginning.
    :param deployed: whether it is deployed as it is written, before anything goes wrong.
    :param later: what changes in its files after that.
    :param trouble: makes it go wrong, after all of that.
    :param redeployed: whether the later files are deployed too.
    :param checks: all of them hold when it is solved; told in this order.
    """

    name: str
    title: str
    goal: str
    hints: tuple[str, str, str]
    checks: tuple[Check, ...]
    changes: tuple[Change, ...] = ()
    faults: tuple[str, ...] = ()
    deployed: bool = False
    later: tuple[Change, ...] = ()
    redeployed: bool = False
    trouble: Callable[[Scene], Awaitable[None]] | None = None
