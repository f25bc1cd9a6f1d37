"""Answers held against each other: what each alone cannot show to be wrong."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from wizard.platform.language import _
from wizard.sections import name_rules, naming
from wizard.setup.introspection import questions
from wizard.setup.problems import Problem, nearest, place
from wizard.setup.scale_checks import scale_rules

if TYPE_CHECKING:
    from wizard.setup.answers import Answers

Finding = tuple[str, str]  # where, sentence


def disagreements(answers: Answers, skip: Collection[str] = ()) -> list[Problem]:
    """Everything that is wrong between answers, and derived names that Azure does not take.

    :param answers: with every derived value filled in.
    :param skip: places that are known to be wrong already; what depends on them is not told twice.
    """
    findings = list(_empty(answers))
    skip = [*skip, *(where for where, _sentence in findings)]
    for needed, check in CHECKS:
        if not any(_within(place, key) or _within(key, place) for place in skip for key in needed):
            findings += check(answers)
    return [Problem(where, f"{place(where)}: {sentence}") for where, sentence in dict.fromkeys(findings)]


def _within(place: str, whole: str) -> bool:
    return place == whole or place.startswith((f"{whole}.", f"{whole}["))


def warnings(answers: Answers) -> dict[str, str]:
    """What is allowed and may still hurt: the id of the finding, and a sentence. `answers` are resolved."""
    sentences = {}
    if answers.app.max_replicas > 1 and any(share.nobrl for share in answers.storage.shares):
        sentences["several-copies"] = _(
            "max_replicas in [app] is {count}, and a share has nobrl: copies of your API do not see each other's locks there, "
            "so that two may write to one SQLite database at once and damage it. Write max_replicas = 1."
        ).format(count=answers.app.max_replicas)
    if answers.app.before_deploy and answers.pipeline.deploy:
        sentences["pushed-without-command"] = _(
            "before_deploy in [app] runs when azwizard deploys; what a push deploys (deploy = true in [pipeline]) goes out without it. "
            "Run the command in your workflow too, or write deploy = false."
        )
    return sentences


def _empty(answers: Answers) -> Iterator[Finding]:
    """Answers that were given as nothing, where nothing is no answer: names, and what has another default."""
    shares = {f"storage.shares[{number}]": share for number, share in enumerate(answers.storage.shares)}
    variables = {f"variables[{number}]": variable for number, variable in enumerate(answers.variables)}
    tables = {name: getattr(answers, name) for name in WITH_TEXTS}
    for where, values in (tables | shares | variables).items():
        for question in questions(values.__class__):
            may_be_empty = question.ask.derive is not None or question.default == ""
            if question.ask.check and not may_be_empty and getattr(values, question.key) == "":
                yield f"{where}.{question.key}", _("it is empty. {why}").format(why=_(question.ask.why))


def _names(answers: Answers) -> Iterator[Finding]:
    """Names that were derived, as far as they could be; those that were given have been checked when they were read."""
    for table in WITH_TEXTS:
        values = getattr(answers, table)
        for question in questions(values.__class__):
            value = getattr(values, question.key)
            if value and question.ask.derive and question.ask.check and (sentence := question.ask.check(value)):
                yield f"{table}.{question.key}", sentence
    if answers.app.identity == "user":
        name = naming.identity(answers.project.name, answers.project.environment)
        if sentence := name_rules.IDENTITY(name):
            yield "project.name", sentence
    if answers.app.before_deploy and (sentence := name_rules.CONTAINER_APP(naming.job(answers.project.name, answers.project.environment))):
        yield "project.name", sentence


def _share_names(answers: Answers) -> Iterator[Finding]:
    project = answers.project
    for number, share in enumerate(answers.storage.shares):
        where = f"storage.shares[{number}].designation"
        sentences = (
            name_rules.FILE_SHARE(naming.file_share(share.designation, project.name, project.environment)),
            name_rules.ENVIRONMENT_STORAGE(
                naming.environment_storage(share.designation, project.name, shared=answers.environment.existing)
            ),
        )
        yield from ((where, sentence) for sentence in sentences if sentence)


def _shares_differ(answers: Answers) -> Iterator[Finding]:
    shares = answers.storage.shares
    for number in _repeated(share.designation for share in shares):
        yield (
            f"storage.shares[{number}].designation",
            _("another share is called “{name}” already: give this one another word.").format(name=shares[number].designation),
        )
    for number in _repeated(posixpath.normpath(share.mount) for share in shares):
        yield (
            f"storage.shares[{number}].mount",
            _("another share is mounted at {path} already: choose another folder.").format(path=shares[number].mount),
        )


def _variables(answers: Answers) -> Iterator[Finding]:
    secrets = answers.key_vault.secrets
    for name in secrets if not answers.key_vault.existing else ():
        if sentence := name_rules.SECRET(name):  # one that azwizard makes; a vault that is there may hold others
            yield "key_vault.secrets", sentence
    for number, variable in enumerate(answers.variables):
        where = f"variables[{number}]"
        if (variable.value is None) == (variable.secret is None):
            both = variable.value is not None
            sentence = (
                _("{name} has a value and a secret: keep one of them.")
                if both
                else _("{name} has neither a value nor a secret: give it one.")
            )
            yield where, sentence.format(name=variable.name)
        elif variable.secret is not None and variable.secret not in secrets:
            sentence = _("“{secret}” is not among the secrets in [key_vault]: add it there, or correct it here.").format(
                secret=variable.secret
            )
            yield f"{where}.secret", sentence + nearest(variable.secret, secrets)
    for number in _repeated(variable.name for variable in answers.variables):
        name = answers.variables[number].name
        yield f"variables[{number}].name", _("{name} stands there twice: keep one of them.").format(name=name)


def _resources(answers: Answers) -> Iterator[Finding]:
    app = answers.app
    if float(app.memory.removesuffix("Gi")) != app.cpu * 2:
        yield (
            "app.memory",
            _('{memory} does not go with {cpu} cores: Azure gives 2 GiB for each core, so write memory = "{right:.1f}Gi".').format(
                memory=app.memory, cpu=app.cpu, right=app.cpu * 2
            ),
        )


def _replicas(answers: Answers) -> Iterator[Finding]:
    app = answers.app
    if app.min_replicas > app.max_replicas:
        yield (
            "app.min_replicas",
            _("{least} is more than max_replicas, which is {most}: make it smaller.").format(least=app.min_replicas, most=app.max_replicas),
        )


def _repository(answers: Answers) -> Iterator[Finding]:
    """A repository's name, for which each service has rules of its own."""
    rule = {"azure-devops": name_rules.DEVOPS_REPOSITORY, "github": name_rules.GITHUB_REPOSITORY}.get(answers.pipeline.build)
    if rule and answers.pipeline.repository and (sentence := rule(answers.pipeline.repository)):
        yield "pipeline.repository", sentence


def _budget(answers: Answers) -> Iterator[Finding]:
    if answers.project.budget and not answers.project.budget_email:
        yield "project.budget_email", _("a budget tells nobody by itself: write the e-mail address that hears of it.")


def _before_deploy(answers: Answers) -> Iterator[Finding]:
    """A job cannot have an identity that is the app's own; the one made apart may belong to both (learn: Managed identities)."""
    if answers.app.before_deploy and answers.app.identity == "system":
        yield (
            "app.before_deploy",
            _('the command runs apart from your app, and cannot have the app\'s own identity: write identity = "user" beside it.'),
        )


def _groups(answers: Answers) -> Iterator[Finding]:
    """A resource group of its own is for what exists already: what is made lies in the setup's own group."""
    for table in ("key_vault", "registry", "storage", "environment"):
        values: Any = getattr(answers, table)
        if not values.existing and values.resource_group.lower() != answers.project.resource_group.lower():
            yield (
                f"{table}.resource_group",
                _("what is made here lies in {group}: add existing = true, or remove resource_group.").format(
                    group=answers.project.resource_group
                ),
            )


def _repeated(values: Iterable[str]) -> Iterator[int]:
    """The positions of values that stood earlier already."""
    seen: set[str] = set()
    for number, value in enumerate(values):
        if value in seen:
            yield number
        seen.add(value)


WITH_TEXTS = ("project", "key_vault", "registry", "pipeline", "storage", "environment", "app")
NAMES = ("project", "key_vault.name", "registry.name", "pipeline.image", "storage.account", "environment.name", "app.name")
SCALE = ("app", "storage.shares")
GROUPS = ("project", "key_vault", "registry", "storage", "environment")

CHECKS: tuple[tuple[tuple[str, ...], Callable[[Answers], Iterable[Finding]]], ...] = (
    (NAMES, _names),
    (("project", "storage.shares", "environment.existing"), _share_names),
    (("storage.shares",), _shares_differ),
    (("key_vault.secrets", "key_vault.existing", "variables"), _variables),
    (("app.cpu", "app.memory"), _resources),
    (("app.min_replicas", "app.max_replicas"), _replicas),
    (SCALE, scale_rules),
    (("app.before_deploy", "app.identity"), _before_deploy),
    (("pipeline.build", "pipeline.repository"), _repository),
    (("project.budget", "project.budget_email"), _budget),
    (GROUPS, _groups),
)
"""The answers that a check depends on, and the check."""
