"""Your app: the container app itself, which has the identity that is let in elsewhere."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any, Literal

import msgspec

from wizard import naming
from wizard.app_differences import is_placeholder
from wizard.app_writing import delete_app, settled_app
from wizard.desired_app import HEALTH_PATH_TAG, PLACEHOLDER_IMAGE, app_tags, placeholder_app
from wizard.field import Ask
from wizard.language import N_, _
from wizard.step import Change, Look, Making, Right, Step, conflict, different, missing, same
from wizard.targets import Targets

from .section import Section

if TYPE_CHECKING:
    from azure.mgmt.appcontainers.models import ContainerApp

    from wizard.answers import Answers
    from wizard.snapshot import Snapshot
    from wizard.step import Facts


def check_cpu(cpu: float) -> str | None:
    """Quarters of a core up to 4 (reference section 5)."""
    if 0.25 <= cpu <= 4 and (cpu * 4).is_integer():
        return None
    return _("“{cpu}” cores cannot be had: use 0.25, 0.5, 0.75 and so on up to 4.").format(cpu=cpu)


def check_memory(memory: str) -> str | None:
    """A number of GiB; that it fits the cores is checked with them."""
    try:
        fits = memory.endswith("Gi") and (float(memory[:-2]) * 2).is_integer() and 0.5 <= float(memory[:-2]) <= 8
    except ValueError:
        fits = False
    return None if fits else _("“{memory}” is not an amount of memory: write it like 0.5Gi or 1.0Gi, up to 8.0Gi.").format(memory=memory)


def check_health_path(path: str) -> str | None:
    if re.fullmatch(r"(?!//)/[!-\"$-~]{0,255}", path):
        return None
    return _("“{path}” cannot be asked for: write a path that begins with one /, such as /health, without blanks, accents or #.").format(
        path=path
    )


class App(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    """The table ``[app]``, shared with the section of the first version (revision)."""

    name: Annotated[
        str,
        Ask(
            label=N_("Name of your app"),
            why=N_("It becomes the first part of your API's address."),
            derive=lambda answers: naming.container_app(answers.project.name, answers.project.environment),
            check=naming.check_container_app,
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
            check=check_memory,
        ),
    ] = ""
    health_path: Annotated[
        str,
        Ask(
            label=N_("Path to try"),
            why=N_("It is asked for once after deploying; any answer of your API counts, even 401 or 404."),
            check=check_health_path,
        ),
    ] = "/health"
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


def steps(answers: Answers) -> list[Step]:
    """With an identity of its own, the app is made first so that the identity exists; otherwise its first version makes it."""
    return [AppIdentityStep(answers)] if answers.app.identity == "system" else []


class AppIdentityStep(Step):
    """The app with a placeholder image: it gives the identity that the image and the secrets are opened to (reference 1.10 A)."""

    id = "app.identity"
    section = "container_app"
    needs = ("project.resource_group", "provider.Microsoft.App", "environment.environment")
    expected_seconds = 30.0

    def __init__(self, answers: Answers) -> None:
        targets = Targets.named(answers, answers.sign_in.subscription)
        assert targets.app and targets.environment
        self._answers = answers
        self._target = targets.app
        self.title = _("Your app {name} and its identity").format(name=self._target.name)
        self.rights = (
            Right("Microsoft.App/containerApps/write", targets.app.id, "Container Apps Contributor"),
            Right("Microsoft.App/managedEnvironments/join/action", targets.environment.id, "Container Apps Contributor"),
        )

    async def look(self, snapshot: Snapshot, facts: Facts) -> Look:
        app = await snapshot.app()
        if app is None:
            return missing(_("with a placeholder until your image may be fetched"))
        if not snapshot.is_ours(app):
            return conflict(
                _("There is an app {name} already, and this setup did not make it.").format(name=self._target.name),
                _("Choose another name under [app], or have its owner remove it."),
            )
        if app.identity is None or not app.identity.principal_id:
            return different(Change(_("identity"), _("none of its own"), _("its own (system)"), self.section))
        facts.identity_principal_id = app.identity.principal_id
        return same()

    async def make(self, making: Making) -> None:
        app = await settled_app(making, self._target)
        if app is None or not (app.identity and app.identity.principal_id):
            app = await self._write(making, there=app is not None)
        assert app.identity
        making.facts.identity_principal_id = app.identity.principal_id

    async def undo(self, making: Making) -> str | None:
        return await delete_app(making, self._target, self._answers.project.setup)

    def az(self, facts: Facts) -> list[list[str]]:
        tags = [f"{key}={value}" for key, value in app_tags(self._answers).items()]
        environment = Targets.named(self._answers, self._answers.sign_in.subscription).environment
        assert environment
        place = ["--name", self._target.name, "--resource-group", self._target.group, "--environment", environment.id]
        shape = ["--image", PLACEHOLDER_IMAGE, "--system-assigned", "--min-replicas", "0", "--max-replicas", "1"]
        return [["az", "containerapp", "create", *place, *shape, "--tags", *tags]]

    async def _write(self, making: Making, *, there: bool) -> ContainerApp:
        """The placeholder, or for an app that runs already only the identity: a PATCH leaves the rest as it is."""
        apps, place = making.cloud.apps.container_apps, (self._target.group, self._target.name)
        placeholder: Any = placeholder_app(self._answers, making.facts)
        identity: Any = {"identity": placeholder["identity"]}
        if there:
            written: ContainerApp = await making.operation(lambda **options: apps.begin_update(*place, identity, **options), "identity")
        else:
            written = await making.operation(lambda **options: apps.begin_create_or_update(*place, placeholder, **options))
        return written


async def recover(snapshot: Snapshot) -> dict[str, Any]:
    """What the app shows of its answers, its cores, memory and copies included; before its first version only its name."""
    app = await snapshot.app()
    if app is None:
        return {}
    actual = app.as_dict()
    table: dict[str, Any] = {"name": actual["name"]}
    kinds = str((actual.get("identity") or {}).get("type") or "")
    table["identity"] = "user" if snapshot.targets.identity and "UserAssigned" in kinds else "system"
    if HEALTH_PATH_TAG in (actual.get("tags") or {}):
        table["health_path"] = actual["tags"][HEALTH_PATH_TAG]
    return table if is_placeholder(actual) else table | _first_version(actual["properties"])


def _first_version(properties: dict[str, Any]) -> dict[str, Any]:
    container, scale = properties["template"]["containers"][0], properties["template"].get("scale") or {}
    ingress = (properties.get("configuration") or {}).get("ingress") or {}
    shape: dict[str, Any] = {
        "cpu": float(container["resources"]["cpu"]),
        "memory": f"{float(str(container['resources']['memory']).removesuffix('Gi')):.1f}Gi",
        "min_replicas": int(scale.get("minReplicas") or 0),
        "max_replicas": int(scale.get("maxReplicas") or 10),
    }
    return shape | ({"port": int(ingress["targetPort"])} if ingress.get("targetPort") else {})


SECTION = Section(
    name="container_app",
    title=N_("Your app"),
    azure_term="Container App",
    why=N_("The thing in Azure that runs your API's image and gives it an address."),
    key="app",
    answers=App,
    steps=steps,
    recover=recover,
)
