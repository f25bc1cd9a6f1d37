"""A setup as a shell script of az commands, for those who want to read or run it without the wizard."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Sequence
from dataclasses import replace
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wizard.export import devops
from wizard.platform.language import _
from wizard.sections import naming
from wizard.setup.secret_sources import PREFIX
from wizard.source.git.workflow_file import workflow_path
from wizard.source.ignored_folders import LEFT_OUT_ANYWHERE

if TYPE_CHECKING:
    from wizard.engine.step import Outputs, Step
    from wizard.setup.answers import Answers

HOLE = re.compile(
    r"<(your-id|storage-key|vault-uri|pipeline-principal-id|pipeline-client-id|login-server|image-digest|principal-id|fqdn|tenant-id|"
    r"subscription-id|github-subject|environment-domain)>"
)
SERVICE_PRINCIPAL = "az account show --query user.name --output tsv"
"""Who signed in where nobody did: in automation Azure's directory knows no signed-in user."""

FUNCTIONS = r"""
# Runs a command until Azure accepts it: a role given a moment ago takes up to ten minutes to count.
retry() {
    left=40
    until "$@"; do
        left=$((left - 1))
        [ "$left" -gt 0 ] || return 1
        echo "Not yet; trying again in 15 seconds." >&2
        sleep 15
    done
}

# Asks for a secret's value, without showing it, when the environment variable has none.
secret() {
    eval "value=\${$2-}"
    if [ -z "$value" ]; then
        printf '%s: ' "$1" >/dev/tty
        stty -echo </dev/tty
        IFS= read -r value </dev/tty || :
        stty echo </dev/tty
        printf '\n' >/dev/tty
    fi
}

# Runs a command that reads the secret's value from its standard input, never from an argument.
with_value() { printf '%s' "$value" | "$@"; }
"""

NEVER_BUILT = r"\( -name .env -o -name '.env.*' \) ! -name .env.example ! -name .env.sample ! -name .env.template"
"""For find, what `wizard.source.build_context.SECRET_FILE` is for azwizard itself."""


def render(steps: Sequence[Step], answers: Answers, facts: Outputs) -> str:
    """The script (POSIX sh), each step after those it needs. What Azure gives a name to on the way is asked for on the way.

    :param answers: resolved.
    :param facts: what is known already; ids of what the script itself makes are asked for again all the same.
    No secret's value is in it: ``AZWIZARD_SECRET_<NAME>`` or a question gives it.
    """
    facts = replace(facts, vault_uri=None, login_server=None, image_digest=None, identity_principal_id=None, fqdn=None)
    facts = replace(facts, environment_domain=None)
    lines = _header(answers)
    known: set[str] = set()
    for step in in_order(steps):
        in_devops = devops.part(step.id, answers)
        commands = [] if in_devops else step.az(facts)
        if commands or in_devops:
            lines += ["", f"# {' '.join(step.title.split())}", *in_devops]
        for number, argv in enumerate(commands):
            lines += _command(argv, commands[number + 1 :], known, answers)
    app = ["--name", answers.app.name, "--resource-group", answers.project.resource_group]
    result = ["az", "containerapp", "show", *app, "--query", "properties.{state:provisioningState,address:configuration.ingress.fqdn}"]
    heading = _("How it stands, and where your API answers")
    return "\n".join([*lines, "", f"# {heading}", shlex.join(result), ""])


def _header(answers: Answers) -> list[str]:
    about = (
        _("Makes {setup} in Azure with the Azure CLI, as azwizard apply would. Written by azwizard export az.").format(
            setup=answers.project.setup
        ),
        _("Sign in first (az login). It can be run again: what is there already is kept or written the same again."),
        _("It holds no secret: a value comes from {variable}, or is asked for.").format(variable=f"{PREFIX}<NAME>"),
    )
    subscription = answers.sign_in.subscription
    choose = ["", shlex.join(["az", "account", "set", "--subscription", subscription])] if subscription else []
    functions = [*FUNCTIONS.rstrip().split("\n"), *devops.functions(answers)]
    return ["#!/bin/sh", *(f"# {line}" for line in about), "set -eu", *functions, *choose]


def in_order(steps: Sequence[Step]) -> Iterable[Step]:
    """The steps, each after those it needs."""
    by_id = {step.id: step for step in steps}
    graph = {step.id: [need for need in step.needs if need in by_id] for step in steps}
    return [by_id[name] for name in TopologicalSorter(graph).static_order()]


def _command(argv: list[str], following: list[list[str]], known: set[str], answers: Answers) -> list[str]:
    """One command with what must be asked for before it. A query that only shows what a later hole stands for is left to that hole."""
    if "--query" in argv:
        asked_for_later = any(query(hole, answers) == argv for later in following for hole in _holes(later))
        return [] if asked_for_later else [_quoted(argv)]
    new = [hole for hole in _holes(argv) if hole not in known]
    known.update(new)
    return [*(_assignment(hole, query(hole, answers)) for hole in new), *_run(argv, answers)]


def _run(argv: list[str], answers: Answers) -> list[str]:
    """The lines that run one command, so that the whole script can be run again."""
    line = f"{_quoted(argv)} --output none"
    match argv[:4]:
        case ["az", "keyvault", "secret", "set"]:
            return _set_secret(argv)
        case ["az", "keyvault" | "containerapp", "create", *_]:
            show = ["az", argv[1], "show", *_option(argv, "--name"), *_option(argv, "--resource-group"), "--output", "none"]
            return [f"{_quoted(show)} 2>/dev/null || {line}"]
        case ["az", "acr", "build", *_]:
            return [*_copy(answers), f'{_quoted(argv[:-1])} "$work/code" --output none']
        case ["az", "rest", *_]:
            app = urlsplit(_option(argv, "--url")[1]).path
            return [f"retry {line}", _quoted(["az", "resource", "wait", "--updated", "--ids", app])]
        case ["az", *_]:
            return [line]
        case ["gh", "workflow", "run", file, *_]:
            return [_quoted(argv), "sleep 5", *_followed(file, _option(argv, "--repo"))]
        case ["gh", "variable", "set", *_]:
            return _set_variable(argv)
        case ["gh", *_]:
            return [_quoted(argv)]
        case ["git", "push", *_] if answers.pipeline.build == "github":
            note = _("Keep what azwizard export pipeline --github prints as {file} in your repository, committed: it is pushed here.")
            return [f"# {note.format(file=workflow_path(answers.project.setup))}", _quoted(argv)]
    return [f"{_quoted(argv)} || :"]


def _set_variable(argv: list[str]) -> list[str]:
    """Change a variable of a repository on GitHub, or make it: by REST, since Debian's ``gh`` is older than ``gh variable``."""
    name, place = argv[3], f"repos/{_option(argv, '--repo')[1]}/actions/variables"
    fields = ["-f", f"name={name}", "-f", f"value={_option(argv, '--body')[1]}", "--silent"]
    change = _quoted(["gh", "api", "--method", "PATCH", f"{place}/{name}", *fields])
    return [f"{change} 2>/dev/null || {_quoted(['gh', 'api', '--method', 'POST', place, *fields])}"]


def _followed(file: str, repository: list[str]) -> list[str]:
    """The lines that wait for the newest run of a workflow on GitHub, and fail with it."""
    newest = ["gh", "run", "list", "--workflow", file, "--limit", "1", "--json", "databaseId", "--jq", ".[0].databaseId", *repository]
    return [f'gh run watch "$({shlex.join(newest)})" --exit-status {shlex.join(repository)}']


def _copy(answers: Answers) -> list[str]:
    """The lines that lay the code without secret files where az finds it.

    azure-cli 2.91 packs the ``.env`` at the top in spite of ``/.env``, ``./.env``, ``**/.env`` and ``**/*.env`` in ``.dockerignore``, which
    keep it back in Docker.
    """
    source = answers.source_folder
    left_out = [f"--exclude={name}" for name in sorted(LEFT_OUT_ANYWHERE)]
    never = [f"code/{file.relative_to(source).as_posix()}" for file in answers.never_sent if file.is_relative_to(source)]
    note = _("az sends .env in spite of some lines of .dockerignore that keep it back in Docker: it builds from a copy without such files.")
    return [
        f"# {note}",
        "work=$(mktemp -d)",
        "trap 'rm -rf \"$work\"' EXIT",
        'mkdir "$work/code"',
        f'{shlex.join(["tar", "-C", str(source), *left_out, "-cf"])} "$work/code.tar" .',
        'tar -C "$work/code" -xf "$work/code.tar"',
        f'find "$work/code" {NEVER_BUILT} -exec rm -rf {{}} +',
        *(f'(cd "$work" && {shlex.join(["rm", "-rf", "--", name])})' for name in never),
    ]


def _option(argv: list[str], name: str) -> list[str]:
    """An option of a command with its value."""
    where = argv.index(name)
    return argv[where : where + 2]


def _set_secret(argv: list[str]) -> list[str]:
    """Sets a secret's value from standard input in place of the file that the step names."""
    name = _option(argv, "--name")[1]
    where = argv.index("--file")
    command = [*argv[:where], *argv[where + 2 :], "--file", "/dev/stdin", "--encoding", "utf-8", "--output", "none"]
    variable = f"{PREFIX}{name.upper().replace('-', '_')}"
    return [f"secret {shlex.quote(name)} {variable}", f"retry with_value {_quoted(command)}"]


def _holes(argv: list[str]) -> list[str]:
    return list(dict.fromkeys(hole for argument in argv for hole in HOLE.findall(argument)))


def _variable(hole: str) -> str:
    return hole.upper().replace("-", "_")


def _assignment(hole: str, query: list[str]) -> str:
    if query[0] == "gh":
        return f"{_variable(hole)}=$({shlex.join(query)})"
    if query[0] != "az":
        return f"{_variable(hole)}={shlex.quote(query[0])}"
    ask = shlex.join([*query, "--output", "tsv"])
    if hole == "your-id":
        ask = f"{ask} 2>/dev/null || {SERVICE_PRINCIPAL}"
    line = f"{_variable(hole)}=$({ask})"
    return f"{line}\nVAULT_URI=${{VAULT_URI%/}}" if hole == "vault-uri" else line  # a reference has one slash after the host


def _quoted(argv: list[str]) -> str:
    return " ".join(_argument(argument) for argument in argv)


def _argument(text: str) -> str:
    """An argument for sh: everything is literal but the holes, which are variables."""
    parts = HOLE.split(text)  # literal, hole, literal, ..., literal
    return "".join(
        f'"${_variable(part)}"' if number % 2 else shlex.quote(part) if part or len(parts) == 1 else "" for number, part in enumerate(parts)
    )


def _show(kind: str, name: str, group: str, query: str) -> list[str]:
    return ["az", *kind.split(), "show", "--name", name, "--resource-group", group, "--query", query]


def query(hole: str, answers: Answers) -> list[str]:
    """The az command that gives what a hole stands for, or the value alone when the answers have it."""
    environment = answers.environment
    vault, registry, storage, app, pipeline = answers.key_vault, answers.registry, answers.storage, answers.app, answers.pipeline
    group = answers.project.resource_group
    if hole == "image-digest" and pipeline.build == "existing" and pipeline.tag.startswith("sha256:"):
        return [pipeline.tag]
    image = f"{pipeline.image}:{pipeline.tag if pipeline.build == 'existing' else 'latest'}"
    identity = naming.identity(answers.project.name, answers.project.environment)
    of_app = _show("containerapp", app.name, group, "identity.principalId")
    queries = {
        "your-id": ["az", "ad", "signed-in-user", "show", "--query", "id"],
        "vault-uri": _show("keyvault", vault.name, vault.resource_group, "properties.vaultUri"),
        "login-server": _show("acr", registry.name, registry.resource_group, "loginServer"),
        "image-digest": ["az", "acr", "repository", "show", "--name", registry.name, "--image", image, "--query", "digest"],
        "principal-id": of_app if app.identity == "system" else _show("identity", identity, group, "principalId"),
        "pipeline-principal-id": _show("identity", f"{identity}-pipeline", group, "principalId"),
        "pipeline-client-id": _show("identity", f"{identity}-pipeline", group, "clientId"),
        "tenant-id": ["az", "account", "show", "--query", "tenantId"],
        "subscription-id": ["az", "account", "show", "--query", "id"],
        "github-subject": [
            *["gh", "api", f"repos/{pipeline.owner}/{pipeline.repository}/actions/oidc/customization/sub"],
            *["--jq", ".sub_claim_prefix"],
        ],
        "environment-domain": _show("containerapp env", environment.name, environment.resource_group, "properties.defaultDomain"),
        "fqdn": _show("containerapp", app.name, group, "properties.configuration.ingress.fqdn"),
        "storage-key": [
            *["az", "storage", "account", "keys", "list", "--account-name", storage.account],
            *["--resource-group", storage.resource_group, "--query", "[0].value"],
        ],
    }
    return queries[hole]
