"""The hand-off's words: the message to the administrator, and what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from wizard.platform.language import _

if TYPE_CHECKING:
    from wizard.cloud import Cloud
    from wizard.handoff.request import HandoffRequest
    from wizard.setup.answers import Answers

SCRIPT, MESSAGE, ANSWER = "give-rights.sh", "message.txt", "answer.txt"


def message(request: HandoffRequest, answers: Answers, cloud: Cloud, owners: Sequence[str]) -> str:
    """The message, ready to be sent with the script."""
    person = cloud.principal
    to = [_("To: {owners} (owners of the subscription)").format(owners=", ".join(owners)), ""] if owners else []
    lines = [
        *to,
        _("Hello,"),
        "",
        _("I am setting up the API {setup} in the Azure subscription {subscription} ({id}).").format(
            setup=answers.project.setup, subscription=cloud.subscription_name, id=cloud.subscription_id
        ),
        _("I am {name} (object id {id}). These steps of it need a right that I do not have:").format(name=person.name, id=person.object_id),
        "",
        *(f"- {title}" for title in request.titles),
        "",
        _("Could you please do this, or run the script {script} that is with this message? It does exactly this:").format(script=SCRIPT),
        "",
        *(f"- {line}" for line in request.words),
        "",
        _("To run it: sign in with “az login” as an owner, then “sh {script}”. It can be run twice, and it asks for nothing.").format(
            script=SCRIPT
        ),
        _("Nothing in it is secret."),
        *([] if answers.project.existing_group else [_("No role reaches further than the resources of this API.")]),
        "",
        _("Please answer with one of the lines in {answer}.").format(answer=ANSWER),
        _("Thank you."),
    ]
    return "\n".join([*lines, ""])


def answer(request: HandoffRequest, answers: Answers) -> str:
    """What the administrator may answer, one line to choose."""
    lines = [
        _("{setup}: done, with the script.").format(setup=answers.project.setup),
        _("{setup}: done by hand, all of it.").format(setup=answers.project.setup),
        _("{setup}: done in part. Not done, and why: ...").format(setup=answers.project.setup),
        _("{setup}: not possible here, because: ...").format(setup=answers.project.setup),
    ]
    return "\n".join([*lines, ""])
