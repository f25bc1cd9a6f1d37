"""A verdict and its cure."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from wizard.engine.events import VerdictEvent
from wizard.engine.step import Status
from wizard.platform.language import _
from wizard.platform.shown import Shown
from wizard.sections import step_ids

if TYPE_CHECKING:
    from wizard.doctor.evidence import Evidence

HEALTHY = "healthy"
Follow = Literal["", "apply", "doctor", "start"]
"""The command of azwizard that follows when a person has done their part; a screen names the key that does the same."""

START = (step_ids.REVISION, step_ids.RUNNING)
"""The steps that start the app again."""


@dataclass(frozen=True)
class Fix:
    """What helps, told without a command or a key of setup files, which `sentence` adds and screens have other words for.

    :param words: a sentence for what only a person can do; "" where the command alone helps.
    :param then: the command that follows, and `options` what it is given.
    :param fields: where the setup asks for what is to be different: ``app.health_path``, or a table such as ``variables``.
    :param files: the files to write first, with their whole new content.
    :param applies: whether the wizard can do it: by writing the files, then applying the setup.
    :param again: ids of steps that are made again although they look as they should (a key that cannot be compared).
    :param secrets: names of deleted secrets to take back.
    :param starts: whether the app was stopped as a whole, and is started.
    """

    words: str = ""
    then: Follow = ""
    options: str = ""
    fields: tuple[str, ...] = ()
    files: dict[Path, str] = field(default_factory=dict)
    applies: bool = False
    again: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    starts: bool = False

    @property
    def command(self) -> str:
        """The command that follows, as one types it."""
        return f"azwizard {self.then} {self.options}".strip() if self.then else ""

    @property
    def sentence(self) -> str:
        """All of it for someone at a command line."""
        if not self.words:
            return self.command
        table, keys = self.fields[0].partition(".")[0] if self.fields else "", [field.partition(".")[2] for field in self.fields]
        where = _("In azwizard.toml: {keys} under [{table}].").format(keys=", ".join(keys), table=table) if table and all(keys) else ""
        then = _("Then: {command}").format(command=self.command) if self.command else ""
        return " ".join(filter(None, [self.words, where, then]))


@dataclass(frozen=True)
class Verdict(Shown):
    """One verdict of docs/doctor.md, in at most two sentences.

    :param variable: the environment variable that the API stops for, where that is what is wrong.
    """

    id: str
    detail: str
    evidence: tuple[str, ...] = ()
    cure: Fix | None = None
    variable: str = ""

    @property
    def healthy(self) -> bool:
        return self.id == HEALTHY

    def event(self) -> VerdictEvent:
        """As the command tells it."""
        return VerdictEvent(self.id, self.detail, self.evidence, self.cure.sentence if self.cure else "")


def apply_again(
    evidence: Evidence, *again: str, files: dict[Path, str] | None = None, secrets: tuple[str, ...] = (), starts: bool = False
) -> Fix:
    """Apply the setup again; with something that apply alone would not do, the doctor's own command."""
    practice = " --practice" if evidence.cloud.kind == "practice" else ""
    more = again or files or secrets or starts
    options = f"{evidence.answers.file}{practice}{' --fix' if more else ''}"
    return Fix(
        then="doctor" if more else "apply",
        options=options,
        files=files or {},
        applies=True,
        again=again,
        secrets=secrets,
        starts=starts,
    )


def asked_for(evidence: Evidence, step: str) -> Fix | None:
    """What a person is asked for by the look at a step that the wizard may not make; None where it may."""
    look = evidence.looks.get(step)
    if look is None or look.found not in (Status.CONFLICT, Status.BLOCKED):
        return None
    return Fix(f"{look.detail} {look.remedy}", then="apply", options=apply_again(evidence).options)


def start_unless_running(evidence: Evidence) -> tuple[str, ...]:
    """What is to be started again once the cause is gone; nothing while it still runs."""
    return () if evidence.runs else START


def later(evidence: Evidence) -> str:
    """What is added while the app still runs with what it read when it was started."""
    return " " + _("It still runs with what it read before; its next start would fail.") if evidence.runs else ""
