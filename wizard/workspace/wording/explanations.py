"""What a section is about, at length: for the key "Why", for someone who never saw Azure."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.platform.language import N_, _
from wizard.sections import SECTIONS
from wizard.sections.section import Explanation
from wizard.workspace.wording.lessons import lessons_of

if TYPE_CHECKING:
    from wizard.setup.answers import Answers
    from wizard.workspace.workspace import Workspace


OTHER_PLACES = {
    "home": Explanation(
        N_(
            "Azure is Microsoft's cloud: computers you rent by the second. This wizard puts your Flask API on them, in "
            "twelve short steps. The practice cloud is a small imitation of Azure on this computer: rehearse there as often"
            " as you like, without an account."
        ),
        N_("Looking around, practising and answering questions cost nothing. What the real thing costs is shown before anything is made."),
        N_("Follows “Déployer une API REST Python sur Microsoft Azure”, from the key vault to the test of the deployed API."),
        N_("https://portal.azure.com shows everything that is made here."),
    ),
    "standing": Explanation(
        N_(
            "How your API stands now, asked anew each time: whether it answers, which version runs, and whether your code has changed "
            "since. Every deployment that came to run is a version, and any of them can run again: nothing is rebuilt for that. Pausing "
            "stops your API and deletes nothing; deleting everything takes all of it away, with the data in it."
        ),
        N_("Looking costs nothing. A paused API has no copies to pay for; the image store and the files cost what they did."),
        N_("Shows a new revision in the portal, and ends there."),
        N_("Portal: your app › Overview, and Application › Revisions and replicas"),
    ),
    "exercises": Explanation(
        N_(
            "Each exercise writes its files into a folder of its own, here where azwizard was started, and brings about what is wrong. "
            "Hints say more and more. You solve it as you would in Azure: with the screens, or with commands in its folder."
        ),
        N_("Exercises take place in the practice cloud and cost nothing."),
        "",
        "",
    ),
    "try_it": Explanation(
        N_(
            "Your API is on the internet now. The requests come from the .rest file beside your code, or from your code itself; "
            "a line # expect 201 above a request says which answer is the right one. Keys are taken from the vault."
        ),
        N_("A request costs next to nothing."),
        N_("Tests the deployed API by hand with VS Code's REST Client."),
        N_("Portal: your app › Overview › Application Url"),
    ),
    "repair": Explanation(
        N_(
            "The doctor waits until Azure itself has decided about the newest version, reads what it and your API say, sends one "
            "request, and names the one cause that explains the rest. Nothing is changed before you have seen the difference."
        ),
        N_("Looking costs nothing. The fix says what it makes."),
        N_("Looks for error 111 in the log: a server that listens on 127.0.0.1 only, which gunicorn on 0.0.0.0 mends."),
        N_("Portal: your app › Monitoring › Log stream, and Application › Revisions and replicas"),
    ),
    "all_steps": Explanation(
        N_(
            "All sections of the way, and how each one stands: what is answered, what was found in Azure, what is still to be done. "
            "Enter opens one; nothing has to be done in this order."
        ),
        N_("Looking and going about cost nothing."),
        "",
        "",
    ),
    "progress": Explanation(
        N_(
            "What you confirmed is being made, each thing as soon as what it needs is there. You may look around or leave: Azure ends what "
            "it has begun, and azwizard goes on from there. Whatever fails is told with its reason, and what was made stays."
        ),
        N_("What is made costs from now on what the check showed, until it is deleted."),
        "",
        N_("Portal: your resource group › Activity log"),
    ),
    "review": Explanation(
        N_(
            "Looking at this makes nothing. The list is everything that would be made, changed or left alone, with what it "
            "costs. Enter on a line shows more, with the az command that does the same. When you type the setup's name, it "
            "begins."
        ),
        N_("Shown above the list: what a month costs at list prices, from nobody calling to every copy busy."),
        "",
        "",
    ),
}
"""The explanations of the screens that are no section's. A section declares its own."""
EXPLANATIONS = {section.name: section.explanation for section in SECTIONS} | OTHER_PLACES


def about(workspace: Workspace, place: str) -> tuple[str, list[tuple[str, str]]]:
    """The title and the explanation of a place, with the az commands that the answers come to."""
    from wizard.engine.step import Outputs
    from wizard.steps.registry_of_steps import contributions

    section = next((item for item in SECTIONS if item.name == place), None)
    facts = workspace.plan.facts if workspace.plan else Outputs()
    answers = _with_a_subscription(workspace)
    steps = [step for contribution in contributions() if contribution.section == place for step in contribution.steps(answers)]
    lines = [shlex.join(_from_here(word) for word in line) for step in steps for line in step.az(facts)]
    term = _("(Azure: {term})").format(term=section.azure_term) if section else ""
    title = f"{_(section.title)} {term}" if section else _("About this screen")
    return title, [(heading, text) for heading, text in parts(place, lines) if text]


def _from_here(word: str) -> str:
    """A path below the folder that the person works in, as they would type it there."""
    path = Path(word)
    return str(path.relative_to(Path.cwd())) if path.is_absolute() and path.is_relative_to(Path.cwd()) else word


def _with_a_subscription(workspace: Workspace) -> Answers:
    """The answers, with a hole for the subscription while nobody is signed in."""
    from msgspec.structs import replace

    from wizard.engine.session import signed_in

    answers = workspace.reading.answers
    if workspace.cloud is not None:
        return signed_in(answers, workspace.cloud)
    return replace(answers, sign_in=replace(answers.sign_in, subscription=answers.sign_in.subscription or "<subscription-id>"))


def parts(place: str, az_lines: list[str]) -> list[tuple[str, str]]:
    """(heading, text) of a place's explanation."""
    explanation = EXPLANATIONS[place]
    return [
        (_("What it is"), _(explanation.what)),
        *((_(lesson.question), _(lesson.answer)) for lesson in lessons_of(place)),
        (_("What it costs"), _(explanation.cost)),
        (_("In the article"), _(explanation.article) if explanation.article else ""),
        (_("By hand"), _(explanation.portal) if explanation.portal else ""),
        (_("The same with the Azure CLI"), "\n".join(az_lines)),
    ]
