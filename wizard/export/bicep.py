"""A setup as a Bicep file, for those who keep their infrastructure as code or may deploy nothing but templates.

A single deployment writes each resource once, and so can make neither an app whose image lies in a registry that the same file makes,
nor one whose own identity must have its roles before it is let in. The parameter ``firstRun`` says which of the two runs it is: the
first makes everything, with a placeholder where the app's own identity is needed; every other one makes the app as it should be.
"""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wizard.cloud.resource_ids import ROLES, role_assignment_name
from wizard.export.az import in_order, query
from wizard.export.bicep_files import Files, Parameter
from wizard.export.bicep_resources import Who, resources_of, word
from wizard.export.bicep_text import comment, literal, written
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.setup.secret_sources import PREFIX
from wizard.state.resources import ResourceRefs

if TYPE_CHECKING:
    from wizard.cloud.permissions.right import PermissionRequirement
    from wizard.engine.step import Outputs, Step
    from wizard.setup.answers import Answers
    from wizard.state.snapshot import Snapshot

MAIN = "main.bicep"
PARAMETERS = "main.bicepparam"
WIDTH = 110
DIGEST = "IMAGE_DIGEST"
"""The environment variable from which `PARAMETERS` takes the image."""


@dataclass(frozen=True)
class Bicep:
    """The files of an export; modules by the name of their file."""

    main: str
    parameters: str
    modules: dict[str, str]

    @property
    def files(self) -> dict[str, str]:
        return {MAIN: self.main, PARAMETERS: self.parameters, **self.modules}


def render(steps: Sequence[Step], answers: Answers, facts: Outputs, who: Who) -> Bicep:
    """The setup in Bicep.

    :param answers: resolved, with the subscription's id.
    :param facts: what the plan learned; of what Azure gives a name to, only the image's digest goes into the file, as a default.
    No secret's value is in any of the files.
    """
    ordered = list(in_order(steps))
    resources = resources_of(ordered, answers, facts, who)
    files = Files(resources, answers.project, parameters_of(answers, facts, who))
    modules = {f"{unit.name}.bicep": files.module_text(unit) for unit in files.modules}
    head = [line for text in _head(ordered, answers, facts, list(modules)) for line in comment(_wrapped(text)) or ["//"]]
    lines = [*head, "", "targetScope = 'resourceGroup'", "", *files.main_lines(), "", *_output(answers)]
    return Bicep("\n".join([*lines, ""]), "\n".join([*_parameter_file(answers, facts), ""]), modules)


async def who_has_roles(snapshot: Snapshot, steps: Sequence[Step], facts: Outputs) -> Who:
    """The names of role assignments: those that Azure holds, for a role is given only once, and else those that the wizard would give.

    What may not be read counts as not given.
    """
    from azure.core.exceptions import HttpResponseError

    you = snapshot.cloud.principal
    principals = {"you": you.object_id, "app": facts.identity_principal_id}
    if any(step.id == step_ids.PIPELINE_IDENTITY for step in steps):
        with suppress(HttpResponseError):
            identity = await snapshot.repository.identity()
            principals["pipeline"] = identity.principal_id if identity else None
    names: dict[PermissionRequirement, str] = {}
    for right in [right for step in steps for right in step.rights if right.assigns]:
        principal = principals.get(right.to)
        if principal is None:
            continue
        names[right] = role_assignment_name(right.scope, principal, right.assigns)
        try:
            held = await snapshot.role_assignments(right.scope)
        except HttpResponseError:
            continue
        for holder in held:
            same_role = str(holder.role_definition_id).lower().endswith(ROLES[right.assigns])
            if same_role and holder.principal_id == principal and str(holder.scope).lower() == right.scope.lower():
                names[right] = str(holder.name)
    return Who(you.object_id, you.kind, names)


def parameters_of(answers: Answers, facts: Outputs, who: Who) -> list[Parameter]:
    """What is given when the file is deployed."""
    first = _("true the first time, before there is an image: everything is made but your app as it should be.")
    roles = _("false when the roles are given already, perhaps by an administrator: then none is given.")
    you = _("Who may fill the key vault and the registry: the object id of a person or service principal; empty for nobody.")
    kind = _("User or ServicePrincipal: what that one is.")
    image = _("The digest of the image in the registry (sha256:...).")
    secrets = [
        Parameter(
            f"value_{word(name)}", _("The secret {name}; empty when the key vault has it already.").format(name=name), "", secure=True
        )
        for name in answers.key_vault.secrets
    ]
    return [
        Parameter("firstRun", first, False, kind="bool"),
        Parameter("imageDigest", image, facts.image_digest or ""),
        Parameter("giveRoles", roles, True, kind="bool"),
        Parameter("you", you, who.you),
        Parameter("yourKind", kind, who.kind),
        *secrets,
    ]


def address_of(answers: Answers) -> str:
    """The API's address, as an expression; empty after the first run, in which the app may not be made."""
    app = "app" if answers.app.identity == "system" else "app!"
    return f"firstRun ? '' : 'https://${{{app}.properties.configuration.ingress.fqdn}}'"


def _output(answers: Answers) -> list[str]:
    about = literal(_("Where your API answers; empty after the first run."))
    return [f"@description({about})", f"output address string = {address_of(answers)}"]


def _variable(secret: str) -> str:
    return f"{PREFIX}{secret.upper().replace('-', '_')}"


def _parameter_file(answers: Answers, facts: Outputs) -> list[str]:
    """Takes values from the environment, so that none stands in a file or on a command line."""
    parameters = {"imageDigest": (DIGEST, facts.image_digest or "")}
    parameters |= {f"value_{word(name)}": (_variable(name), "") for name in answers.key_vault.secrets}
    lines = [
        f"param {name} = readEnvironmentVariable({written(variable)}, {written(other)})" for name, (variable, other) in parameters.items()
    ]
    return [f"using {literal(MAIN)}", *lines]


def _head(steps: Sequence[Step], answers: Answers, facts: Outputs, modules: list[str]) -> list[str]:
    """What a person should know and do, one paragraph or command each."""
    deploy = ["az", "deployment", "group", "create", "--resource-group", answers.project.resource_group]
    about = _("Makes {setup} in Azure, as azwizard apply would. Written by azwizard export bicep; it holds no secret's value.")
    beside = [_("The other files belong beside it: {files}.").format(files=", ".join(modules))] if modules else []
    return [
        about.format(setup=answers.project.setup),
        *beside,
        "",
        *before_the_last(steps, answers, facts, MAIN),
        "",
        *_deployment(answers, facts, deploy),
        "",
        *_to_know(answers),
    ]


def before_the_last(steps: Sequence[Step], answers: Answers, facts: Outputs, file: str) -> list[str]:
    """What comes before the app is deployed, 1 to 3: the resource group, the first run of the template in `file`, and the image."""
    deploy = ["az", "deployment", "group", "create", "--resource-group", answers.project.resource_group]
    commands = {step.id: step.az(facts) for step in steps if step.id in (step_ids.RESOURCE_GROUP, step_ids.IMAGE)}
    group = commands.get(step_ids.RESOURCE_GROUP, [])
    own = answers.app.identity == "system"
    again = [_("Not again later: a placeholder takes your app's place, so that it has an identity to give roles to.")] if own else []
    deleted = ["az", "keyvault", answers.key_vault.deleted, "--name", answers.key_vault.name]
    return [
        _("1. Sign in and make the resource group; a file that makes what lies in a group cannot make the group.")
        if group
        else _("1. Sign in."),
        *_shown(["az", "login"], ["az", "account", "set", "--subscription", answers.sign_in.subscription], *group),
        *(["   " + _("Where a deleted key vault still has the name:"), *_shown(deleted)] if answers.key_vault.deleted != "ask" else []),
        "",
        " ".join([_("2. The first time, make what your app needs before it can run: the registry for its image, and roles."), *again]),
        *_shown([*deploy, "--template-file", file, "--parameters", "firstRun=true"]),
        "",
        *_image(answers, [line for line in commands.get(step_ids.IMAGE, []) if line[:3] == ["az", "acr", "build"]]),
    ]


def _image(answers: Answers, build: list[list[str]]) -> list[str]:
    if build:
        note = _("Unlike azwizard, az sends .env unless .dockerignore has the plain line .env (/.env or **/.env does not keep it back).")
        return [_("3. Build the image in the registry."), f"   {note}", *_shown(*build)]
    if answers.pipeline.build == "azure-devops":
        return [
            _(
                "3. Let your pipeline build the image. Its connection, its code and the pipeline itself lie in Azure DevOps, where no "
                "template reaches: azwizard apply makes them, or azwizard export pipeline writes the pipeline's file."
            )
        ]
    if answers.pipeline.build == "github":
        return [
            _(
                "3. Let a workflow on GitHub build the image. The trust in its repository and the repository's variables are made by "
                "azwizard apply; azwizard export pipeline --github writes the workflow, and how to make them by hand."
            )
        ]
    return [_("3. The image {image} must be in the registry.").format(image=answers.pipeline.image)]


def _deployment(answers: Answers, facts: Outputs, deploy: list[str]) -> list[str]:
    """The last command; values of secrets are taken from the environment, so that they are on no command line."""
    digest_query = query("image-digest", answers)
    digest = f'"$({shlex.join([*digest_query, "--output", "tsv"])})"' if digest_query[0] == "az" else shlex.quote(digest_query[0])
    if not answers.key_vault.secrets:
        run = f"{shlex.join([*deploy, '--template-file', MAIN, '--parameters'])} imageDigest={digest}"
        return [_("4. Deploy your app."), f"     {run}"]
    variables = ", ".join(_variable(name) for name in answers.key_vault.secrets)
    return [
        _("4. Deploy your app. Set {variables} before to the values of its secrets; one that the key vault has need not be set.").format(
            variables=variables
        ),
        f"     export {DIGEST}={digest}",
        *_shown([*deploy, "--parameters", PARAMETERS]),
        "   " + _("{file} is a file beside this one, which azwizard export bicep --output FOLDER writes:").format(file=PARAMETERS),
        *(f"     {line}" for line in _parameter_file(answers, facts)),
    ]


def _to_know(answers: Answers) -> list[str]:
    """How a deployment differs from `apply`, which can wait, ask and keep what others set."""
    one_writer = _(
        "A share of yours holds a SQLite database, which two versions of your app must not write at once. azwizard apply stops the running "
        "one first; before you deploy again, stop it yourself (az containerapp revision deactivate)."
    )
    command = _(
        "A template makes the job {name} and does not run it: run its command before you deploy a new version (az containerapp job start), "
        "and see that it succeeds. azwizard apply does both, and lets the old version go on where the command fails."
    )
    return [
        _("A role takes up to ten minutes to count: while Azure says that your app may not take its image or read a secret, repeat 4."),
        _(
            "Your app is written as it stands here. What others set beside it, such as a custom domain, azwizard apply would keep; here "
            "it is lost unless you add it."
        ),
        *([command.format(name=job.name)] if (job := ResourceRefs.named(answers, answers.sign_in.subscription).job) else []),
        *(
            [_("The budget is not in it: azwizard apply makes it, and azwizard export az shows the request.")]
            if answers.project.budget
            else []
        ),
        *([one_writer] if any(share.nobrl for share in answers.storage.shares) else []),
        _(
            "Azure gives someone a role only once (RoleAssignmentExists). Roles that were there when this was written are named as they "
            "are in Azure; for others put giveRoles=false last in the command, which gives none, or you='', which gives you none."
        ),
        _("It is a file for one resource group: one for the subscription could make the group too, but all else only in a second file."),
    ]


def _wrapped(text: str) -> str:
    """A paragraph in lines; what is indented is to be copied, and stays as it is."""
    return text if text.startswith(" ") else "\n".join(textwrap.wrap(text, WIDTH, subsequent_indent="   " if text[:1].isdigit() else ""))


def _shown(*commands: list[str]) -> list[str]:
    return [f"     {shlex.join(argv)}" for argv in commands]
