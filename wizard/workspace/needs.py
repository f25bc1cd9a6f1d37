"""What a deployment takes, told before anything is asked: a project, an account, rights, tools, time, money."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.engine.cost import DAYS, list_prices
from wizard.platform.language import _, plural
from wizard.platform.phrases import with_detail
from wizard.workspace import machine

if TYPE_CHECKING:
    from wizard.workspace.workspace import Workspace

ANSWERING_MINUTES = 10
MAKING_MINUTES = 5
"""Of the reference setup at Azure's own pace: three and a half minutes, and a build."""


@dataclass(frozen=True)
class Need:
    """One thing that is needed.

    :param detail: what of it there is, or where it comes from, in a sentence or two.
    :param met: None where it cannot be seen yet, or only the person knows.
    """

    title: str
    detail: str
    met: bool | None

    @property
    def line(self) -> str:
        """Both in one line, after a sign: ``✓`` is there, ``!`` is missing, ``·`` comes later."""
        sign = {True: "✓", False: "!", None: "·"}[self.met]
        return f"{sign} {with_detail(self.title, self.detail)}"


def needs(workspace: Workspace) -> Iterator[Need]:
    """Everything that is needed, in the order in which it is come across. Azure is not asked."""
    yield _project(workspace)
    yield _account(workspace)
    yield _rights(workspace)
    yield from _computer()
    yield Need(
        _("Programs"),
        _(
            "none but azwizard: neither Docker nor the Azure CLI nor Git. "
            "On Azure's free trial Docker or Podman builds your image, since Azure does not."
        ),
        True,
    )
    yield _time(workspace)
    yield _money(workspace)


def _project(workspace: Workspace) -> Need:
    title = _("Your API's code")
    folders = [f"{folder.name}/" for folder in workspace.projects]
    if folders:
        return Need(title, _("here in {folders}").format(folders=", ".join(folders)), True)
    return Need(title, _("a folder with Flask, FastAPI or Django in it. None was found here: start azwizard in it."), False)


def _account(workspace: Workspace) -> Need:
    title = _("An account at Azure")
    if workspace.practice:
        return Need(title, _("not for practice, which has accounts of its own."), True)
    if workspace.cloud is not None:
        return Need(title, _("signed in, with the subscription {name}.").format(name=workspace.cloud.subscription_name), True)
    return Need(
        title,
        _("with a subscription, which is what is billed. A free one: azure.microsoft.com/free. The screen Sign in asks for it."),
        None,
    )


def _rights(workspace: Workspace) -> Need:
    title = _("Rights there")
    if workspace.plan is None:
        words = _(
            "Owner, or Contributor with User Access Administrator, of a resource group. Whoever lacks them gets "
            "a message for the administrator."
        )
        return Need(title, words, None)
    lacking = len(workspace.plan.passport.lacking)
    if not lacking:
        return Need(title, _("all that this setup takes."), True)
    words = plural(
        "{count} is missing: the check of everything says whom to ask.",
        "{count} are missing: the check of everything says whom to ask.",
        lacking,
    )
    return Need(title, words.format(count=lacking), False)


def _computer() -> Iterator[Need]:
    """What this computer must have; the rest is in ``azwizard check --machine``."""
    checks = (machine.python(), machine.room(), machine.ports(), machine.trust())
    missing = [check for check in checks if check.state == "missing"]
    for check in missing:
        yield Need(_("This computer"), f"{check.detail}. {check.remedy}", False)
    if not missing:
        yield Need(_("This computer"), _("fit for it"), True)


def _time(workspace: Workspace) -> Need:
    if workspace.practice:
        words = _("about {answering} minutes of questions; making it then takes about a minute.")
    else:
        words = _("about {answering} minutes of questions, and about {making} minutes in which Azure makes it. You can leave at any time.")
    return Need(_("Time"), words.format(answering=ANSWERING_MINUTES, making=MAKING_MINUTES), None)


def _money(workspace: Workspace) -> Need:
    if workspace.practice:
        return Need(_("Money"), _("none: practice costs nothing."), True)
    registry = list_prices()["registry_basic"].price * DAYS
    words = _(
        "about {price:.0f} USD a month for the image store, and what your API uses. The check of everything says it before you agree."
    )
    return Need(_("Money"), words.format(price=registry), None)
