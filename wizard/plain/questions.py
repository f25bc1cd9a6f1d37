"""A section's questions, one line each, from the same declarations as the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.engine.crash_record import describe_error
from wizard.plain.lines import numbered
from wizard.platform.language import _
from wizard.platform.phrases import choice, yes_no
from wizard.setup.introspection import Question, questions
from wizard.state.choices import LIVE, matching
from wizard.workspace.wording.azure_notes import asked_now

if TYPE_CHECKING:
    from wizard.plain.lines import Lines
    from wizard.sections.section import Section
    from wizard.workspace.workspace import Workspace

SHOWN = 20  # choices said at once; words narrow the rest


async def ask_section(lines: Lines, workspace: Workspace, section: Section) -> None:
    """Ask everything that applies, from where the person was. Raises GoTo, Leave."""
    asked = _questions(workspace, section)
    left_at = next((number for number, (where, _question) in enumerate(asked) if where == workspace.draft.focus), 0)
    for where, question in asked[left_at:]:
        shown_when = question.ask.shown_when
        if not shown_when or shown_when(workspace.reading.answers) or where in asked_now(workspace.found.get(section.name, [])):
            await ask_question(lines, workspace, where, question)
    workspace.draft.focus = ""


def _questions(workspace: Workspace, section: Section) -> list[tuple[str, Question]]:
    if section.key is None or not isinstance(section.answers, type) or (section.name == "sign_in" and workspace.practice):
        return []
    return [(f"{section.key}.{question.key}", question) for question in questions(section.answers) if question.kind is not tuple]


async def ask_place(lines: Lines, workspace: Workspace, section: Section, where: str) -> None:
    """Ask the one question of a place. Raises GoTo, Leave."""
    await ask_question(lines, workspace, where, dict(_questions(workspace, section))[where])


async def ask_question(lines: Lines, workspace: Workspace, where: str, question: Question) -> None:
    """Ask until the answer is right; going back is free with a wrong one."""
    workspace.remember(focus=where)
    while True:
        shown = workspace.draft.shown(where, question, workspace.reading.answers)
        has_list = where in LIVE and workspace.cloud is not None
        answer = await answer_to(lines, question, where, shown, has_list=has_list)
        if has_list and isinstance(answer, str) and answer.startswith("/"):
            if not await take_from_list(lines, workspace, where, answer[1:]):
                continue
        elif answer != shown:
            workspace.put(where, answer)
        problem = workspace.reading.problems.get(where)
        if problem is None:
            return
        lines.say(_("Not yet: {problem}").format(problem=problem))


async def take_from_list(lines: Lines, workspace: Workspace, where: str, text: str = "") -> bool:
    """Choose from what Azure has; False when nothing was chosen, which leaves the answer as it was. Raises GoTo, Leave."""
    try:
        choices = workspace.lists.get(where) or await workspace.read_list(where)
    except Exception as error:
        lines.say(describe_error(error))
        return False
    while True:
        matches = matching(choices, text)
        lines.say(*(f"{number}. {match.words}" for number, match in enumerate(matches[:SHOWN], 1)))
        lines.say(
            _("{shown} of {count}.").format(shown=min(len(matches), SHOWN), count=len(matches)) if matches else _("None has these words.")
        )
        text = await lines.ask(_("A number chooses, words narrow the list, Enter leaves it:"))
        number = numbered(text, matches[:SHOWN])
        if number is not None:
            workspace.take(where, matches[number])
            return True
        if not text:
            return False


async def answer_to(lines: Lines, question: Question, where: str, shown: Any, *, has_list: bool = False) -> Any:
    """What was answered, or what stood there when nothing was; ``?`` explains and asks again. Raises GoTo, Leave."""
    label, why = _(question.ask.label), _(question.ask.why)
    if question.kind is bool:
        return await yes(lines, label, usual=bool(shown), why=why)
    if question.choices:
        return await _choice(lines, question, where, str(shown), why)
    label = _("{label} (/ lists what there is)").format(label=label) if has_list else label
    prompt = _("{label} [{now}]:").format(label=label, now=shown) if shown != "" else _("{title}:").format(title=label)
    return await lines.ask(prompt, why) or shown


async def yes(lines: Lines, question: str, *, usual: bool = False, why: str = "") -> bool:
    """Whether a question was answered with yes; Enter takes the `usual` answer. Raises GoTo, Leave."""
    question = _("{label}, yes or no? [{now}]:").format(label=question, now=yes_no(usual))
    while True:
        text = (await lines.ask(question, why)).casefold()
        if not text:
            return usual
        if text in ("y", "yes", "o", "oui", "n", "no", "non"):
            return text[0] in "yo"
        lines.say(_("Answer {yes} or {no}.").format(yes=yes_no(True), no=yes_no(False)))


async def _choice(lines: Lines, question: Question, where: str, shown: str, why: str) -> str:
    lines.say(*(f"{number}. {choice(where, value)}" for number, value in enumerate(question.choices, 1)))
    now = question.choices.index(shown) + 1 if shown in question.choices else 1
    while True:
        text = await lines.ask(_("{label}, a number [{now}]:").format(label=_(question.ask.label), now=now), why)
        number = numbered(text or str(now), question.choices)
        if number is not None:
            return question.choices[number]
        lines.say(_("Type a number from 1 to {count}.").format(count=len(question.choices)))
