"""A section's questions, one line each, from the same declarations as the screens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.language import _
from wizard.questions import Question, questions
from wizard.words import choice, yes_no

if TYPE_CHECKING:
    from wizard.desk import Desk
    from wizard.plain.lines import Lines
    from wizard.sections.section import Section


async def ask_section(lines: Lines, desk: Desk, section: Section) -> None:
    """Ask everything that applies. Raises GoTo, Leave."""
    if section.key is None or not isinstance(section.answers, type) or (section.name == "sign_in" and desk.practice):
        return
    for question in questions(section.answers):
        shown_when = question.ask.shown_when
        if question.kind is tuple or (shown_when and not shown_when(desk.reading.answers)):
            continue
        where = f"{section.key}.{question.key}"
        await ask_question(lines, desk, where, question)


async def ask_question(lines: Lines, desk: Desk, where: str, question: Question) -> None:
    """Ask until the answer is right; going back is free with a wrong one."""
    while True:
        shown = desk.draft.shown(where, question, desk.reading.answers)
        answer = await answer_to(lines, question, where, shown)
        if answer != shown:
            desk.put(where, answer)
        problem = desk.reading.problems.get(where)
        if problem is None:
            return
        lines.say(_("Not yet: {problem}").format(problem=problem))


async def answer_to(lines: Lines, question: Question, where: str, shown: Any) -> Any:
    """What was answered, or what stood there when nothing was; ``?`` explains and asks again. Raises GoTo, Leave."""
    while (answer := await _answer(lines, question, where, shown)) is None:
        lines.say(_(question.ask.why))
    return answer


async def _answer(lines: Lines, question: Question, where: str, shown: Any) -> Any:
    """What was answered, what stood there when nothing was, None when the person wants to know why."""
    label = _(question.ask.label)
    if question.kind is bool:
        text = await lines.ask(_("{label}, yes or no? [{now}]:").format(label=label, now=yes_no(bool(shown))))
        if text == "?":
            return None
        return shown if not text else text.casefold() in ("y", "yes", "j", "o", "oui", _("yes").casefold())
    if question.choices:
        lines.say(*(f"{number}. {choice(where, it)}" for number, it in enumerate(question.choices, 1)))
        text = await lines.ask(_("{label}, a number [{now}]:").format(label=label, now=question.choices.index(str(shown)) + 1))
        if text.isdecimal() and 1 <= int(text) <= len(question.choices):
            return question.choices[int(text) - 1]
        return None if text == "?" else text or shown
    asked = _("{label} [{now}]:").format(label=label, now=shown) if shown != "" else _("{title}:").format(title=label)
    text = await lines.ask(asked)
    return None if text == "?" else text or shown
