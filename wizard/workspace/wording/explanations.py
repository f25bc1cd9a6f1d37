"""What a section is about, at length: for the key "Why", for someone who never saw Azure."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.platform.language import N_, _
from wizard.workspace.wording.lessons import lessons_of

if TYPE_CHECKING:
    from wizard.setup.answers import Answers
    from wizard.workspace.workspace import Workspace


@dataclass(frozen=True)
class Explanation:
    """Marked with ``N_`` and translated when shown.

    :param what: what this Azure thing is.
    :param cost: what it costs.
    :param article: what the article does here.
    :param portal: where the same is done by hand in the Azure portal.
    """

    what: str
    cost: str
    article: str
    portal: str


EXPLANATIONS = {
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
    "project": Explanation(
        N_(
            "Azure keeps things that belong together in a resource group, which is like a folder. Yours is named after your"
            " project and its environment, and so is everything in it. A region is the place on earth where Azure's "
            "computers stand."
        ),
        N_("A resource group costs nothing."),
        N_(
            "Names follow Microsoft's naming guide: kv- for a key vault, cr for a registry, st for storage, cae- and capp- "
            "for Container Apps."
        ),
        N_("Portal: Resource groups › Create"),
    ),
    "sign_in": Explanation(
        N_(
            "Signing in tells Azure who you are. The subscription is the account that is billed; the tenant is the "
            "organisation it belongs to. azwizard never sees your password: Microsoft's own page, or the Azure CLI, asks "
            "for it."
        ),
        N_("Nothing."),
        N_(
            "Takes an account with the role Contributor on the subscription for granted; assigning roles takes Owner or "
            "User Access Administrator."
        ),
        N_("Portal: Subscriptions"),
    ),
    "key_vault": Explanation(
        N_(
            "A key vault is a locked store. You put each password in under a name (a secret); Azure notes who reads it. "
            "Your API gets the value when it starts. Even the owner of the subscription may fill it only with an explicit "
            "right, which is given here."
        ),
        N_("A few cents for 10,000 reads; an API like yours reads a handful each day."),
        N_("Creates kv-<project>-<environment>, gives you Key Vault Administrator, and makes each secret by hand, in kebab-case."),
        N_("Portal: Key vaults › your vault › Objects › Secrets"),
    ),
    "registry": Explanation(
        N_(
            "An image is your code packed with Python and everything it needs, ready to run. The registry stores images, "
            "like a private shop from which Azure takes what it runs."
        ),
        N_("About 5 USD a month (Basic), used or not: usually the largest fixed part."),
        N_("Takes the plan Basic, and gives you the roles to list, pull and push images."),
        N_("Portal: Container registries › your registry › Repositories"),
    ),
    "pipeline": Explanation(
        N_(
            "Building turns your folder into an image, following the Dockerfile. The registry can build it by itself: your "
            "folder is sent there, without what .dockerignore names. In a company, a pipeline in Azure DevOps often builds "
            "on every change."
        ),
        N_("The registry builds by the second: a fraction of a cent for a small API."),
        N_("Builds with a pipeline in Azure DevOps, and tags the image latest. Here the running version is also pinned to its digest."),
        N_("Portal: your registry › Services › Tasks, or dev.azure.com › Pipelines"),
    ),
    "storage": Explanation(
        N_(
            "A container forgets what it wrote when it restarts. A file share is a folder that outlives it, in a storage "
            "account. A SQLite database on a share needs the option nobrl, and only one copy of your API at a time."
        ),
        N_("About 6 cents for each GB stored a month; an empty share costs nothing."),
        N_(
            "Creates one share for the database, one for logs and one for files to edit, named "
            "fileshare-<designation>-<project>-<environment>."
        ),
        N_("Portal: Storage accounts › your account › Data storage › File shares"),
    ),
    "environment": Explanation(
        N_(
            "The place where your app runs: a network and computers that Azure looks after. Several apps can share one. It "
            "has to be told about each file share before an app can use it."
        ),
        N_("Nothing by itself: only running copies of your app are billed."),
        N_(
            "Creates it while creating the app, with the logs of Azure Monitor off, and adds each share under Azure Files "
            "as azure-files-<designation>."
        ),
        N_("Portal: Container Apps Environments › your environment › Settings › Azure Files"),
    ),
    "container_app": Explanation(
        N_(
            "The app is what the world sees: it has an address with HTTPS, takes requests on a port of your container, and "
            "runs as many copies as you allow."
        ),
        N_(
            "Billed by the second for processor and memory, with a free allowance each month. A copy that always runs costs"
            " also when nobody calls."
        ),
        N_("Accepts traffic from anywhere over HTTP, on the target port 5000."),
        N_("Portal: Container Apps › your app › Settings › Ingress"),
    ),
    "revision": Explanation(
        N_(
            "Each change of your app makes a new revision, a version of it. Azure starts the new one, and only when it "
            "answers sends the calls to it. The wizard waits until it really runs: a green tick in the portal is not "
            "enough."
        ),
        N_("Nothing extra: the old copies stop when the new ones run."),
        N_("Creates the revision with one copy, the volumes and where each is mounted; nobrl for the SQLite database."),
        N_("Portal: your app › Application › Revisions and replicas"),
    ),
    "identity": Explanation(
        N_(
            "Instead of a password, your app gets an identity of its own in Azure. It is let in by roles: AcrPull to take "
            "its image, Key Vault Secrets User to read its secrets. A role needs up to some minutes until it holds."
        ),
        N_("Nothing."),
        N_("Turns on the system-assigned identity and adds the role Key Vault Secrets User on the vault."),
        N_("Portal: your app › Settings › Identity, and the vault › Access control (IAM)"),
    ),
    "secrets": Explanation(
        N_("Your app gets a reference to each secret of the vault, never the value itself. Azure fetches the values when a copy starts."),
        N_("Nothing extra."),
        N_("Adds each secret under Secrets as a Key Vault reference with the address <vault>/secrets/<name>."),
        N_("Portal: your app › Settings › Secrets"),
    ),
    "variables": Explanation(
        N_(
            'Environment variables are how your code learns where it is: os.environ["API_KEY"]. Some stand in the open; '
            "those that hold a password take their value from a secret."
        ),
        N_("Nothing."),
        N_("Adds plain ones as manual entry and the others as reference to a secret, in a new revision."),
        N_("Portal: your app › Revisions › Create new revision › your container › Environment variables"),
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
    "review": Explanation(
        N_(
            "Nothing was made so far. This list is everything that would be made, changed or left alone, with what it "
            "costs. Enter on a line shows more, with the az command that does the same. When you type the setup's name, it "
            "begins."
        ),
        N_("Shown above the list: what a month costs at list prices, from nobody calling to every copy busy."),
        "",
        "",
    ),
}


def about(desk: Workspace, place: str) -> tuple[str, list[tuple[str, str]]]:
    """The title and the explanation of a place, with the az commands that the answers come to."""
    from wizard.engine.step import Outputs
    from wizard.sections import SECTIONS
    from wizard.steps.registry_of_steps import contributions

    section = next((item for item in SECTIONS if item.name == place), None)
    facts = desk.plan.facts if desk.plan else Outputs()
    answers = _with_a_subscription(desk)
    steps = [step for contribution in contributions() if contribution.section == place for step in contribution.steps(answers)]
    lines = [shlex.join(_from_here(word) for word in line) for step in steps for line in step.az(facts)]
    term = _("(Azure: {term})").format(term=section.azure_term) if section else ""
    title = f"{_(section.title)} {term}" if section else _("About this screen")
    return title, [(heading, text) for heading, text in parts(place, lines) if text]


def _from_here(word: str) -> str:
    """A path below the folder that the person works in, as they would type it there."""
    path = Path(word)
    return str(path.relative_to(Path.cwd())) if path.is_absolute() and path.is_relative_to(Path.cwd()) else word


def _with_a_subscription(desk: Workspace) -> Answers:
    """The answers, with a hole for the subscription while nobody is signed in."""
    from msgspec.structs import replace

    from wizard.engine.session import signed_in

    answers = desk.reading.answers
    if desk.cloud is not None:
        return signed_in(answers, desk.cloud)
    return replace(answers, sign_in=replace(answers.sign_in, subscription=answers.sign_in.subscription or "<subscription-id>"))


def parts(place: str, az_lines: list[str]) -> list[tuple[str, str]]:
    """(heading, text) of a place's explanation; places without one of their own share that of the check of everything."""
    explanation = EXPLANATIONS.get(place, EXPLANATIONS["review"])
    return [
        (_("What it is"), _(explanation.what)),
        *((_(lesson.question), _(lesson.answer)) for lesson in lessons_of(place)),
        (_("What it costs"), _(explanation.cost)),
        (_("In the article"), _(explanation.article) if explanation.article else ""),
        (_("By hand"), _(explanation.portal) if explanation.portal else ""),
        (_("The same with the Azure CLI"), "\n".join(az_lines)),
    ]
