"""What ``class prepare`` brings about in a subscription: shown first, confirmed once, then made for one learner after another."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from wizard.classroom import prepare as preparation
from wizard.classroom.class_file import ClassFile, Learner
from wizard.classroom.subscription_steps import contributions
from wizard.commands.commands import planned_result, run_command
from wizard.commands.confirmation import confirm_by_name
from wizard.engine.session import CommandOptions, ExitCode
from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.engine.plan import Plan
    from wizard.engine.session import Session


async def prepare_subscription(options: CommandOptions, read: ClassFile) -> ExitCode:
    """Groups, rights, services and budgets; the first exit status that is not 0."""
    first, confirmed = ExitCode.DONE, options.yes
    for learner in read.learners:

        async def made(session: Session, learner: Learner = learner) -> ExitCode:
            from wizard.engine.carry_out import carry_out

            nonlocal confirmed
            with session.journal() as journal, journal.lock():
                plan = await _plan(session, read, learner)
                plan.report(session.reporter, session.reporter.answer)
                if plan.hindered:
                    return session.finish(replace(planned_result(plan), created=0, changed=0))
                if plan.to_make and not confirmed:
                    question = _("To do the same for everybody in the class, type {name}: ")
                    await confirm_by_name(question, read.course.project)
                    confirmed = True
                return session.finish(await carry_out(plan, session.cloud, journal, session.given_secret, session.reporter.event))

        status = await run_command(learner_options(options, read, learner), made)
        first = first if first is not ExitCode.DONE else status
        if status is ExitCode.INTERRUPTED:
            break
    return first


async def _plan(session: Session, read: ClassFile, learner: Learner) -> Plan:
    """What is to be made for one learner, looked at."""
    from wizard.engine.plan import make_plan

    return await make_plan(session.cloud, session.answers, session.given_secret, contributions(learner, read.cloud)())


def learner_options(options: CommandOptions, read: ClassFile, learner: Learner) -> CommandOptions:
    """A command's options on one learner's setup."""
    practises = options.practice or read.cloud.kind == "practice"
    return replace(options, setup=preparation.setup_of(read, learner), practice=practises, in_class=False)
