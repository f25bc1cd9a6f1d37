"""What learners ask: eight questions answered where they come up, and the words of Azure in a glossary."""

from __future__ import annotations

from dataclasses import dataclass

from wizard.platform.language import N_


@dataclass(frozen=True)
class Lesson:
    """A question that comes up on a screen, and its answer in two sentences; both marked with ``N_``.

    :param places: the screens where it comes up, the first one first.
    """

    places: tuple[str, ...]
    question: str
    answer: str


LESSONS = (
    Lesson(
        ("container_app", "identity", "registry"),
        N_("What is a managed identity, and why AcrPull?"),
        N_(
            "A managed identity is an account that Azure makes for your app and signs in by itself, so no password exists that could leak. "
            "AcrPull is the role that lets that account take images from your registry, and nothing else; without it your API cannot start."
        ),
    ),
    Lesson(
        ("key_vault", "secrets", "variables"),
        N_("Where does the secret live?"),
        N_(
            "Its value lies in the key vault only: not in your code, not in azwizard.toml, not in the image. "
            "Your app holds a reference to it, and Azure puts the value into an environment variable when a copy starts."
        ),
    ),
    Lesson(
        ("storage",),
        N_("What does nobrl do?"),
        N_(
            "With nobrl, requests to lock a range of bytes in a file are not sent to the server of the share; they hold only on the "
            "computer that mounts it. SQLite locks its database in that way, and the server's answer makes it report a locked database "
            "although nobody else writes."
        ),
    ),
    Lesson(
        ("storage", "container_app"),
        N_("Why one copy only?"),
        N_(
            "With nobrl two copies of your API do not see each other's locks, and two that write at once destroy the SQLite file. "
            "So at most one copy may run (“Most copies at once” is 1); for more of them, use a database server."
        ),
    ),
    Lesson(
        ("container_app", "review"),
        N_("What does it cost when nobody calls?"),
        N_(
            "The registry costs about 5 USD a month in any case, and a copy that always runs about 4 more. "
            "With 0 for “Copies that always run” it costs nothing while nobody calls, and the first call after a pause waits some seconds."
        ),
    ),
    Lesson(
        ("home", "review", "progress", "try_it"),
        N_("How do I undo everything?"),
        N_(
            "Delete everything (Ctrl+D where you see how your API stands; azwizard destroy as a command) lists what goes, and asks for the "
            "setup's name before it begins. It deletes only what this setup made, with the data in it; a deleted key vault can be "
            "brought back for some days."
        ),
    ),
    Lesson(
        ("revision",),
        N_("What happens to the old version?"),
        N_(
            "It answers until the new one runs, then its copies stop; only with a nobrl share it stops first, and is put back where the "
            "new one fails. Its image stays in the registry: Version before (Ctrl+R where you see how your API stands) runs it again."
        ),
    ),
    Lesson(
        ("storage", "project", "try_it"),
        N_("Where do logs go that are written to a file?"),
        N_(
            "Into the container: Azure does not show them, and they are lost when it restarts, unless the file lies on a share. "
            "Log to standard output instead, as logging does without a filename: Log (Ctrl+L), azwizard logs and the portal show that."
        ),
    ),
    Lesson(
        ("environment",),
        N_("What is an Express environment, and why not for this API?"),
        N_(
            "A newer kind of place to run (a preview of 2026) that is there at once and starts an app within a second. It has no file "
            "shares, no identity of the app's own and no secrets from a key vault, so an API that needs any of them cannot run there."
        ),
    ),
)


TERMS = (
    ("AcrPull, AcrPush", N_("The roles that let someone take images from a registry, and put images into it.")),
    (
        "Container",
        N_("A program that runs from an image, kept apart from everything else on its computer; what it writes is lost at its end."),
    ),
    ("Container App", N_("What runs your image in Azure and gives it an address with HTTPS.")),
    ("Container Apps environment", N_("The place in which apps run: they share its network, and the file shares that it was told about.")),
    ("Container registry", N_("A private store of images.")),
    ("Dockerfile", N_("The recipe by which your folder becomes an image.")),
    ("Environment variable", N_("A value that a program is given when it starts, which Python reads with os.environ.")),
    ("File share", N_("A folder that outlives containers; an app mounts it at a path.")),
    ("Image", N_("Your code packed with Python and all it needs; it does not change once it is built, and its digest names it exactly.")),
    ("Ingress", N_("The way in: which port of the container Azure calls, and from where calls are let in.")),
    ("Key Vault", N_("A locked store for secrets, which notes who reads them.")),
    ("Managed identity", N_("An account that Azure makes for an app and signs in by itself, without a password.")),
    ("nobrl", N_("A mount option: locks on ranges of bytes are not sent to the server, so that SQLite works on a share.")),
    ("Probe", N_("A request by which Azure finds out whether a copy of your API is ready.")),
    ("Region", N_("A place in the world where Azure's computers stand.")),
    ("Replica", N_("One running copy of a version of your app.")),
    ("Resource group", N_("A folder in Azure for what belongs together; deleting it deletes everything in it.")),
    ("Revision", N_("A version of your app; each change makes a new one.")),
    ("Role", N_("A list of what someone may do; assigned to a person or an identity, at one resource or above it.")),
    ("Secret", N_("A value such as a password, which nobody should read in your code or settings.")),
    ("Subscription", N_("The account that is billed.")),
    (
        "Tag",
        N_("A name for an image in a registry, such as latest, which can be moved to another image; or a label on a resource in Azure."),
    ),
    ("Tenant", N_("The organization in whose directory you sign in.")),
)
"""Azure's word -> what it is, in one sentence; the words stay English, as Azure's documentation has them."""


def lessons_of(place: str) -> list[Lesson]:
    """The questions that come up on a screen."""
    return [lesson for lesson in LESSONS if place in lesson.places]
