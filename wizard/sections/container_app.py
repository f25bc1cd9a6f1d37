"""Your app: the container app itself, which has the identity that is let in elsewhere."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec

from wizard.platform.language import N_, _
from wizard.sections import name_rules, naming
from wizard.sections.name_rules import NameRule
from wizard.sections.question import Ask
from wizard.sections.section import Explanation, Section


def check_cpu(cpu: float) -> str | None:
    """Quarters of a core up to 4 (reference section 5)."""
    if 0.25 <= cpu <= 4 and (cpu * 4).is_integer():
        return None
    return _("“{cpu}” cores cannot be had: use 0.25, 0.5, 0.75 and so on up to 4.").format(cpu=cpu)


def check_command(command: str) -> str | None:
    """One line for the shell of the image: a line break would be seen nowhere that the command is shown."""
    if command.isprintable():
        return None
    return _("The command must stand in one line: put && between several commands, or name a script of your code.")


MEMORY = NameRule(
    r"0\.50?Gi|[1-7](\.[05]0?)?Gi|8(\.00?)?Gi",
    N_("“{name}” is not an amount of memory: write it like 0.5Gi or 1.0Gi, up to 8.0Gi."),
)
HEALTH_PATH = NameRule(
    r'(?!//)/[!-"$-~]{0,255}',
    N_("“{name}” cannot be asked for: write a path that begins with one /, such as /health, without blanks, accents or #."),
)


HOUR = NameRule(r"([01][0-9]|2[0-3]):[0-5][0-9]", N_("“{name}” is not a time of day: write it like 08:00 or 17:30."))


def check_timezone(name: str) -> str | None:
    """A name of the IANA list, such as ``Europe/Paris``."""
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):  # unknown, a path out of the list, or a folder of it
        return _("“{name}” is no time zone: write the region and the town, such as Europe/Paris, or UTC.").format(name=name)
    return None


def may_scale(answers: Any) -> bool:
    """Whether more than one copy may run (`answers`: `wizard.setup.answers.Answers`, a room above)."""
    return bool(answers.app.max_replicas > 1)


def may_follow_hours(answers: Any) -> bool:
    """Whether hours would change anything: more copies then, or one that sleeps else."""
    return answers.app.min_replicas < answers.app.max_replicas or follows_hours(answers)


def follows_hours(answers: Any) -> bool:
    """Whether copies are asked for by the hour."""
    return bool(answers.app.scale_days != "never")


class App(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The table ``[app]``, shared with the section of the first version (revision)."""

    name: Annotated[
        str,
        Ask(
            label=N_("Name of your app"),
            why=N_("It becomes the first part of your API's address."),
            derive=lambda answers: naming.container_app(answers.project.name, answers.project.environment),
            check=name_rules.CONTAINER_APP,
        ),
    ] = ""
    port: Annotated[
        int,
        msgspec.Meta(ge=1, le=65535),
        Ask(label=N_("Port"), why=N_("Where your API listens inside the container, as in gunicorn --bind 0.0.0.0:5000.")),
    ] = 5000
    identity: Annotated[
        Literal["system", "user"],
        Ask(
            label=N_("Whose identity your app has"),
            why=N_(
                "Its own (system), made with the app as in the article; or one made before it (user), which others can let in beforehand."
            ),
            choices=("system", "user"),
        ),
    ] = "system"
    cpu: Annotated[
        float,
        Ask(label=N_("Processor cores"), why=N_("A quarter of a core is enough for most APIs; more costs more."), check=check_cpu),
    ] = 0.25
    memory: Annotated[
        str,
        Ask(
            label=N_("Memory"),
            why=N_("Azure gives 2 GiB for each core, no more and no less."),
            derive=lambda answers: f"{answers.app.cpu * 2:.1f}Gi",
            check=MEMORY,
        ),
    ] = ""
    health_path: Annotated[
        str,
        Ask(
            label=N_("Path to try"),
            why=N_("It is asked for after deploying; any answer of your API counts, even 401 or 404."),
            check=HEALTH_PATH,
        ),
    ] = "/health"
    probes: Annotated[
        bool,
        Ask(
            label=N_("Azure asks for that path"),
            why=N_("A new version gets requests only once it answers there; asked where your code shows that it answers without a key."),
        ),
    ] = True
    before_deploy: Annotated[
        str,
        msgspec.Meta(max_length=1000),
        Ask(
            label=N_("Command before each new version"),
            why=N_(
                "It runs once with the new code before that gets requests, like python manage.py migrate; if it fails, the old one stays."
            ),
            check=check_command,
        ),
    ] = ""
    min_replicas: Annotated[
        int,
        msgspec.Meta(ge=0, le=1000),
        Ask(label=N_("Copies that always run"), why=N_("With 0 it sleeps when nobody calls, costs nothing then, and wakes up slowly.")),
    ] = 1
    max_replicas: Annotated[
        int,
        msgspec.Meta(ge=1, le=1000),
        Ask(label=N_("Most copies at once"), why=N_("How many copies may run when many call; with SQLite it must be 1.")),
    ] = 1
    scale_requests: Annotated[
        int,
        msgspec.Meta(ge=0, le=10_000),
        Ask(
            label=N_("Calls at once for each copy"),
            why=N_("With more calls at once than this for each copy, another one starts; 0 leaves it to Azure, which takes 10."),
            shown_when=lambda answers: may_scale(answers) or answers.app.scale_requests > 0,
        ),
    ] = 0
    scale_cpu: Annotated[
        int,
        msgspec.Meta(ge=0, le=100),
        Ask(
            label=N_("Processor use to start one (%)"),
            why=N_("When the copies use more of their processor than this, another one starts; with 0 that starts none."),
            shown_when=lambda answers: may_scale(answers) or answers.app.scale_cpu > 0,
        ),
    ] = 0
    scale_days: Annotated[
        Literal["never", "weekdays", "every-day"],
        Ask(
            label=N_("Copies at fixed hours"),
            why=N_("More copies at the hours when you expect more calls, whether they come or not."),
            choices=("never", "weekdays", "every-day"),
            shown_when=may_follow_hours,
        ),
    ] = "never"
    scale_from: Annotated[
        str,
        Ask(label=N_("From"), why=N_("The time of day when those copies start, such as 08:00."), check=HOUR, shown_when=follows_hours),
    ] = "08:00"
    scale_until: Annotated[
        str,
        Ask(
            label=N_("Until"),
            why=N_("When they may stop; an earlier time than the one before means the next day."),
            check=HOUR,
            shown_when=follows_hours,
        ),
    ] = "18:00"
    scale_timezone: Annotated[
        str,
        Ask(
            label=N_("Time zone of these hours"),
            why=N_("The region and the town whose clock is meant, such as Europe/Paris."),
            check=check_timezone,
            shown_when=follows_hours,
        ),
    ] = "UTC"
    scale_copies: Annotated[
        int,
        msgspec.Meta(ge=1, le=1000),
        Ask(label=N_("Copies at these hours"), why=N_("At least so many run then."), shown_when=follows_hours),
    ] = 1


SECTION = Section(
    name="container_app",
    title=N_("Your app"),
    azure_term="Container App",
    why=N_("The thing in Azure that runs your API's image and gives it an address."),
    explanation=Explanation(
        what=N_(
            "The app is what the world sees: it has an address with HTTPS, takes requests on a port of your container, and "
            "runs as many copies as you allow."
        ),
        cost=N_(
            "Billed by the second for processor and memory, with a free allowance each month. A copy that always runs costs"
            " also when nobody calls."
        ),
        article=N_("Accepts traffic from anywhere over HTTP, on the target port 5000."),
        portal=N_("Portal: Container Apps › your app › Settings › Ingress"),
    ),
    key="app",
    answers=App,
)
