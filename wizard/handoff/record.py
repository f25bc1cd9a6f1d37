"""What an administrator was asked for, and how much of it was given; kept in the setup's journal."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.platform.language import N_, _, plural

if TYPE_CHECKING:
    from wizard.cloud.permissions.right import PermissionRequirement
    from wizard.engine.journal import Journal

PLACE, KEY = "handoff", "asked"
DAYS = (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"))
WEEK = 6 * 86400


@dataclass(frozen=True)
class HandoffRecord:
    """When it was asked, for which rights, and how many of them the person has by now."""

    at: float
    count: int
    given: int

    @property
    def sentence(self) -> str:
        """``Asked on Tuesday: 2 of 3 given.``"""
        return _("Asked on {day}: {given} of {count} given.").format(day=_day(self.at), given=self.given, count=self.count)


def remember(journal: Journal, rights: Iterable[PermissionRequirement]) -> None:
    """Keep what is asked for now."""
    journal.remember(PLACE, KEY, json.dumps({"at": time.time(), "rights": sorted(map(_key, rights))}))


def recall(journal: Journal, lacking: Iterable[PermissionRequirement]) -> HandoffRecord | None:
    """What was asked for, held against what is lacking now; None when nobody was asked. All given, it is told for the last time."""
    record = journal.recall(PLACE, KEY)
    if record is None:
        return None
    request = json.loads(record)
    missing = set(map(_key, lacking))
    granted = [right for right in request["rights"] if right not in missing]
    if len(granted) == len(request["rights"]):
        journal.forget(PLACE, KEY)
    return HandoffRecord(request["at"], len(request["rights"]), len(granted))


def asked_on(journal: Journal) -> str:
    """``asked for 3 rights on Tuesday``, without asking Azure how many are given by now; "" when nobody was asked."""
    record = journal.recall(PLACE, KEY)
    if record is None:
        return ""
    request = json.loads(record)
    count = len(request["rights"])
    return plural("asked for {count} right on {day}", "asked for {count} rights on {day}", count).format(
        count=count, day=_day(request["at"])
    )


def _day(at: float) -> str:
    """The name of the day, or its date when that is longer ago."""
    when = time.localtime(at)
    return _(DAYS[when.tm_wday]) if time.time() - at < WEEK else time.strftime("%Y-%m-%d", when)


def _key(right: PermissionRequirement) -> str:
    return f"{right.action}|{right.scope}|{right.assigns}".lower()
