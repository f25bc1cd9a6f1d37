"""A face's line to the trainer: it tells the screen on which the learner is, and how runs end. Without a pass it does nothing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.classroom.door.door_pass import pass_beside

if TYPE_CHECKING:
    from wizard.classroom.door.courier import Courier
    from wizard.engine.events import Event, ResultEvent


class ClassLine:
    """The line of one wizard that a person sits at.

    :param tell: is given a sentence for the learner, from another thread.
    :param helped: is called with the screen that help leads to, from another thread.
    """

    def __init__(self, tell: Callable[[str], None], helped: Callable[[str], None]) -> None:
        self._tell, self._helped = tell, helped
        self._of: tuple[Path, bool] | None = None
        self._courier: Courier | None = None

    def came_to(self, place: str, setup: Path, *, practice: bool) -> None:
        """The learner is at a screen of a setup."""
        if (courier := self._turned_to(setup, practice)) is not None:
            from wizard.classroom.door.standings import Report

            courier.report(Report(place=place))

    def ended(self, events: list[Event], result: ResultEvent | None, trouble: str) -> None:
        """A run is over: with a result, or because of some trouble."""
        if self._courier is None:
            return
        from wizard.classroom.door.courier import harmless_error
        from wizard.classroom.door.reading_events import Trail
        from wizard.classroom.door.standings import Report

        if result is None:
            self._courier.report(Report(error=harmless_error(trouble)))
            return
        trail = Trail()
        for event in events:
            trail.hear(event)
        if (report := trail.hear(result)) is not None:
            self._courier.report(report)

    def _turned_to(self, setup: Path, practice: bool) -> Courier | None:
        """The courier of that setup, where a pass lies beside it."""
        if self._of != (setup, practice):
            if self._courier is not None:
                self._courier.leave()
            self._of, self._courier = (setup, practice), None
            if (door := pass_beside(setup)) is not None:
                from wizard.classroom.door.courier import Courier

                self._courier = Courier(door, setup, self._tell, self._helped, practice=practice)
        return self._courier
