"""What a command without screens needs: answers, secret values, a cloud, a journal, and a way to tell."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from enum import IntEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.platform.language import _
from wizard.platform.streams import may_ask

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.engine.contribution import Contribution
    from wizard.engine.events import ResultEvent
    from wizard.engine.journal import Journal
    from wizard.engine.plan import Plan
    from wizard.engine.reporting.reporter import Reporter
    from wizard.platform.device_code import DeviceCode
    from wizard.platform.secret import Secret
    from wizard.setup.answers import Answers
    from wizard.setup.secret_sources import SecretValues


class ExitCode(IntEnum):
    """The exit statuses of the contract."""

    DONE = 0
    FAILED = 1
    USAGE = 2
    NOT_READY = 3
    LOCKED = 4
    CHANGES = 5
    INTERRUPTED = 130


OUTCOME_EXITS = {
    "succeeded": ExitCode.DONE,
    "unchanged": ExitCode.DONE,
    "met": ExitCode.DONE,
    "changes": ExitCode.CHANGES,
    "failed": ExitCode.FAILED,
    "blocked": ExitCode.NOT_READY,
    "missing": ExitCode.NOT_READY,
    "interrupted": ExitCode.INTERRUPTED,
    "usage": ExitCode.USAGE,
}


@dataclass(frozen=True)
class CommandOptions:
    """What the command line says, the same for every command.

    :param in_class: whether a trainer's board is told, where there is one; not of what the trainer does.
    :param unattended: nothing is asked, also where there is a terminal: several setups cannot all ask on it.
    :param timeline: where a picture of the run goes.
    :param stage: the stage of the setup file; "" for its top.
    :param has_preflight: whether a plan asks what Azure would refuse.
    """

    setup: Path = Path("azwizard.toml")
    practice: bool = False
    overrides: tuple[str, ...] = ()
    env_file: Path | None = None
    yes: bool = False
    json: bool = False
    plain: bool = False
    partial: bool = False
    wheels: Path | None = None
    in_class: bool = True
    unattended: bool = False
    timeline: Path | None = None
    stage: str = ""
    has_preflight: bool = True


class CommandError(Exception):
    """A command ends here, known before anything was made: problems to tell, and the exit status.

    :param problems: (what, sentence) pairs, told as unmet checks.
    :param code: Azure's code, where its refusal is the reason.
    """

    def __init__(self, problems: list[tuple[str, str]], status: ExitCode = ExitCode.NOT_READY, code: str = "") -> None:
        super().__init__("; ".join(sentence for _what, sentence in problems))
        self.problems = problems
        self.status = status
        self.code = code


@dataclass
class Session:
    """One command's hold on a setup.

    :param contributions: gives what every section contributes to a plan; a function, since most commands need no plan.
    """

    options: CommandOptions
    reporter: Reporter
    answers: Answers
    secrets: SecretValues
    cloud: Cloud
    contributions: Callable[[], Sequence[Contribution]]
    began: float = field(default_factory=time.monotonic)

    def journal(self) -> Journal:
        """The journal of this setup on this cloud."""
        from wizard.engine.carry_out import journal_of

        return journal_of(self.cloud, self.answers.project.setup)

    def given_secret(self, name: str) -> Secret | None:
        """The value given for a secret so far, without asking for it."""
        return self.secrets(name) if self.secrets.given(name) else None

    async def plan(self) -> Plan:
        """Every step of the setup, looked at. Raises CloudError when Azure cannot be reached."""
        from wizard.engine.plan import make_plan

        has_preflight = self.options.has_preflight
        return await make_plan(self.cloud, self.answers, self.given_secret, self.contributions(), has_preflight=has_preflight)

    def finish(self, result: ResultEvent) -> ExitCode:
        """Tell the result, with what it took, and give its exit status."""
        result.requests = self.cloud.requests
        result.seconds = round(time.monotonic() - self.began, 1)
        self.reporter.event(result)
        return OUTCOME_EXITS[result.outcome]


def reporter_for(options: CommandOptions) -> Reporter:
    """JSON lines or plain lines, as asked."""
    from wizard.engine.reporting.reporter import JsonReporter, TextReporter

    return JsonReporter() if options.json else TextReporter()


def tell_stop(stop: CommandError, reporter: Reporter) -> ExitCode:
    """Tell why a command ended before anything was made."""
    from wizard.engine.events import CheckEvent, ResultEvent

    for what, sentence in stop.problems:
        reporter.event(CheckEvent(what, "missing", sentence))
    outcome = "failed" if stop.status is ExitCode.FAILED else "blocked"
    reporter.event(ResultEvent(outcome, blocked=len(stop.problems)))
    return stop.status


def read_answers(options: CommandOptions) -> Answers:
    """The setup file with the ``--set`` values over it, every derived value filled in. Raises Stop with everything that is wrong."""
    from wizard.setup.loading import load, override, resolve
    from wizard.setup.problems import AnswersError

    try:
        return resolve(override(load(options.setup, options.stage), options.overrides))
    except AnswersError as error:
        raise CommandError([(f"answers:{problem.where}", problem.sentence) for problem in error.problems]) from None


def read_secrets(options: CommandOptions, answers: Answers) -> SecretValues:
    """Where the values of the setup's secrets come from in this run. Raises Stop when the file cannot be read."""
    from wizard.setup.secret_sources import SecretFileError, SecretValues

    try:
        return SecretValues(answers.key_vault.secrets, options.env_file)
    except SecretFileError as error:
        raise CommandError([("env-file", str(error))]) from None


def signed_in(answers: Answers, cloud: Cloud, values_file: Path | None = None) -> Answers:
    """The answers with the subscription and the tenant by id, as ARM ids need them; a setup file may name them.

    :param values_file: the file with the values of the secrets, which no build gets.
    """
    from msgspec.structs import replace

    sign_in = replace(answers.sign_in, subscription=cloud.subscription_id, tenant=cloud.tenant_id)
    return replace(answers, sign_in=sign_in, values_file=values_file)


async def open_cloud(options: CommandOptions, answers: Answers) -> Cloud:
    """Sign in to Azure, or start the practice cloud and sign in to that. Raises Stop when neither can be done."""
    from wizard.cloud import connect, connect_practice
    from wizard.cloud.errors.cloud_error import SUBSCRIPTION_DISABLED, CloudError
    from wizard.engine.preflight.obstacle import Preflight

    try:
        return await (connect_practice(wheels=options.wheels) if options.practice else connect(answers.sign_in))
    except CloudError as error:
        problem = f"{error.sentence} {error.remedy}".strip()
        what = Preflight.SUBSCRIPTION_STATE.check if error.code == SUBSCRIPTION_DISABLED else f"sign-in:{error.kind}"
        raise CommandError([(what, problem)], code=error.code) from None


def _tell_code(reporter: Reporter, code: DeviceCode) -> None:
    sentence = _("Sign in to GitHub: open {url} and type {code}. It asks for the scopes repo and workflow; azwizard waits.")
    reporter.say(sentence.format(url=code.url, code=code.code))


@asynccontextmanager
async def open_session(
    options: CommandOptions,
    reporter: Reporter,
    contributions: Callable[[], Sequence[Contribution]],
    shared: Callable[[CommandOptions, Answers], Awaitable[Cloud]] | None = None,
) -> AsyncIterator[Session]:
    """Everything a command needs, closed again afterwards.

    :param shared: gives a connection that others use too, and that stays open.
    """
    from wizard.platform.daemon_thread import in_daemon_thread  # asyncio is not loaded for ``--version``

    answers = read_answers(options)
    secrets = await in_daemon_thread(lambda: read_secrets(options, answers))
    cloud = await (shared or open_cloud)(options, answers)
    async with nullcontext() if shared else cloud:
        session = Session(options, reporter, signed_in(answers, cloud, options.env_file), secrets, cloud, contributions)
        if may_ask() and not options.unattended and shared is None:
            cloud.github_token.show_code = partial(_tell_code, reporter)
        for remark in secrets.remarks:
            reporter.say(remark.sentence)
        if secrets.others:
            reporter.say(_("Left alone, because no secret of this setup has that name: {names}").format(names=", ".join(secrets.others)))
        if secrets.short:
            sentence = _("So short that it is not hidden where it is printed, since it would be found inside ordinary words: {names}")
            reporter.say(sentence.format(names=", ".join(secrets.short)))
        yield session
