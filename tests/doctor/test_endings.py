"""How a copy ended: by Azure after its liveness probe failed, for lack of memory, or again and again by itself."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from wizard.cloud.errors.advice import for_said
from wizard.doctor.diagnosis import _healthy
from wizard.doctor.probe_causes import api_error
from wizard.doctor.runtime_causes import _rule, _without_ending
from wizard.steps.app import revision_log
from wizard.steps.app.revision_log import TRACEBACK, LogLines, said_at_length

KILLED = "Container 'shop' was terminated with exit code '137' and reason 'Error'"
WORKER = "[2026-11-30 19:48:01 +0000] [1] [ERROR] Worker (pid:2) was sent SIGKILL! Perhaps out of memory?"
LIVENESS = "ContainerTerminated: Container shop failed liveness probe, will be restarted"
BACK_OFF = "ContainerBackOff: Back-off 10s restarting failed container 'shop'"


def rule(events: list[str]) -> str:
    """The verdict on a copy that was killed."""
    found = _rule(*(_without_ending(events, lines) for lines in ([KILLED], events, [WORKER])))
    return found.verdict if found else ""


def test_a_kill_after_a_failed_liveness_probe_is_no_lack_of_memory() -> None:
    assert rule([BACK_OFF]) == "out-of-memory"
    assert rule([LIVENESS, "ProbeFailed: Probe of Readiness failed with status code: 500"]) != "out-of-memory"


@pytest.mark.parametrize(
    "line", ["sqlite3.OperationalError: no such table: item", 'psycopg.errors.UndefinedTable: relation "item" does not exist']
)
def test_tables_that_nobody_made_are_told_by_their_name(line: str) -> None:
    verdict = api_error("/", 500, (TRACEBACK, line))
    assert "nobody has made the tables" in verdict.detail
    assert "create_all" in verdict.cure.words


@pytest.mark.parametrize(("starts", "told"), [(1, False), (2, False), (4, True)])
def test_one_that_answers_between_its_endings_is_not_called_healthy_without_a_word(starts: int, told: bool) -> None:
    app = SimpleNamespace(health_path="/health", min_replicas=1)
    evidence: Any = SimpleNamespace(
        answers=SimpleNamespace(app=app), answer=None, state=None, ingress={}, looks={}, said=LogLines(starts=starts)
    )
    assert ("started again 3 times" in _healthy(evidence).detail) is told


class UnhurriedCloud:
    """One that is asked again at once."""

    polling_interval = 0.0


async def test_a_copy_that_ends_again_and_again_is_read_until_it_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    begun = LogLines((), (BACK_OFF,), ("Booting worker with pid: 2",))
    ended = LogLines((), (BACK_OFF,), ("Booting worker with pid: 2", TRACEBACK, "ImportError: cannot import name 'x'"))
    answers = iter([begun, begun, ended])

    async def said(*_: Any) -> LogLines:
        return next(answers)

    monkeypatch.setattr(revision_log, "said_by", said)
    assert await said_at_length(UnhurriedCloud(), None, "shop--1") == ended  # type: ignore[arg-type]


def test_another_python_of_practice_is_a_limit_of_practice() -> None:
    told = for_said(
        ["NotRehearsed: practice runs this with Python 3.11, and the image has Python 3.9, which differs in what is missing here"]
    )
    assert told is not None
    assert (told.verdict, "this computer's Python" in told.what) == ("not-rehearsed", True)
