"""The part of the exported script that is done in Azure DevOps: with az's own REST command, which needs no extension, and with Git."""

from __future__ import annotations

import json
import re
import shlex
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from wizard.cloud.resource_ids import ROLES, resource_id
from wizard.cloud.services.devops import HOST, SCOPE, VERSION
from wizard.export.pipeline import azure_pipelines
from wizard.platform.language import _
from wizard.sections import naming, step_ids
from wizard.source.git.desired_pipeline import FILE, connection_name
from wizard.source.git.pipeline_file import pipeline_file
from wizard.state.repository.devops_state import CREDENTIAL
from wizard.state.repository.repository_state import identity_name
from wizard.state.resources import REGISTRY

if TYPE_CHECKING:
    from wizard.setup.answers import Answers

RESOURCE = SCOPE.partition("/")[0]
FOLDER = "\\azwizard"
VARIABLES = ("TENANT_ID", "SUBSCRIPTION_NAME", "PROJECT_ID", "PIPELINE_CLIENT_ID", "REPOSITORY")

FUNCTIONS = r"""
# Asks Azure DevOps: a method, a path below the organisation, and options of az rest.
devops() {
    method=$1 path=$2
    shift 2
    az rest --resource <resource> --method "$method" --url "<address>/$path" --headers Content-Type=application/json "$@"
}

# Git, signed in as you are; the token is no argument, so that no list of processes shows it.
signed_in_git() {
    token=$(az account get-access-token --resource <resource> --query accessToken --output tsv)
    GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=http.extraHeader GIT_CONFIG_VALUE_0="Authorization: Bearer $token" git "$@"
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"""

CONNECTION = r"""
PROJECT_ID=$(devops get "_apis/projects/<project>?api-version=<version>" --query id --output tsv)
connections="<project>/_apis/serviceendpoint/endpoints?endpointNames=<connection>&api-version=<version>"
CONNECTION_ID=$(devops get "$connections" --query "value[0].id" --output tsv)
if [ -z "$CONNECTION_ID" ]; then
    cat >"$work/connection.json" <<JSON
<body>
JSON
    connections="_apis/serviceendpoint/endpoints?api-version=<version>"
    CONNECTION_ID=$(devops post "$connections" --body "@$work/connection.json" --query id --output tsv)
fi
connection() { devops get "<project>/_apis/serviceendpoint/endpoints/$CONNECTION_ID?api-version=<version>" --query "$1" --output tsv; }
is_ready() { [ "$(connection isReady | tr TF tf)" = true ]; }
retry is_ready
"""

TRUST = r"""
trust=authorization.parameters.workloadIdentityFederation
az identity federated-credential create <credential> --audiences api://AzureADTokenExchange \
    --issuer "$(connection "${trust}Issuer")" --subject "$(connection "${trust}Subject")" --output none
"""

CODE = r"""
REPOSITORY=$(devops get "<project>/_apis/git/repositories/<repository>?api-version=<version>" --query id --output tsv)
signed_in_git -c init.defaultBranch=main clone --quiet "<address>/<project>/_git/<repository>" "$work/code"
BRANCH=$(git -C "$work/code" symbolic-ref --short HEAD)
mkdir -p "$work/code/<folder>"
git init --quiet "$work/list"
cat >>"$work/list/.git/info/exclude" <<'EXCLUDE'
<never>
EXCLUDE
git --git-dir="$work/list/.git" --work-tree=<source> -C <source> ls-files --others --exclude-standard -z >"$work/files"
tar -C <source> --null -T "$work/files" -cf "$work/code.tar"
tar -C "$work/code/<folder>" -xf "$work/code.tar"
<written>cat >"$work/code/<file>" <<'YAML'
<yaml>
YAML
git -C "$work/code" add --all
# What others changed last is not overwritten without a pull request.
theirs() {
    git -C "$work/code" diff --cached --name-only --diff-filter=M | while IFS= read -r name; do
        git -C "$work/code" log -1 --format=%B -- "$name" | grep -qx <mark> || printf '%s\n' "$name"
    done
}
if ! git -C "$work/code" diff --cached --quiet; then
    foreign=$(theirs)
    git -C "$work/code" -c <name> -c <address_of_mail> commit --quiet -m <title> -m <mark>
    if [ -n "$foreign" ] || ! signed_in_git -C "$work/code" push --quiet origin "HEAD:refs/heads/$BRANCH"; then
        BRANCH=azwizard/<setup>
        signed_in_git -C "$work/code" push --quiet --force origin "HEAD:refs/heads/$BRANCH"
        echo <pull_request>
    fi
fi
COMMIT=$(git -C "$work/code" rev-parse HEAD)
"""

PIPELINE = r"""
pipelines="<project>/_apis/build/definitions?repositoryId=$REPOSITORY&repositoryType=TfsGit&yamlFilename=<file_quoted>&api-version=<version>"
PIPELINE=$(devops get "$pipelines" --query "value[0].id" --output tsv)
if [ -z "$PIPELINE" ]; then
    cat >"$work/pipeline.json" <<JSON
<body>
JSON
    PIPELINE=$(devops post "<project>/_apis/pipelines?api-version=<version>" --body "@$work/pipeline.json" --query id --output tsv)
fi
permits="<project>/_apis/pipelines/pipelinepermissions/endpoint/$CONNECTION_ID?api-version=7.1-preview.1"
devops patch "$permits" --body "{\"pipelines\": [{\"id\": $PIPELINE, \"authorized\": true}]}" --output none
"""

RUN = r"""
runs="<project>/_apis/build/builds?definitions=$PIPELINE&api-version=<version>"
RUN=$(devops get "$runs" --query "value[?sourceVersion=='$COMMIT' && result=='succeeded'] | [0].id" --output tsv)
run_pipeline() {
    body="{\"resources\": {\"repositories\": {\"self\": {\"refName\": \"refs/heads/$BRANCH\"}}}}"
    RUN=$(devops post "<project>/_apis/pipelines/$PIPELINE/runs?api-version=<version>" --body "$body" --query id --output tsv)
    build="<project>/_apis/build/builds/$RUN?api-version=<version>"
    until [ "$(devops get "$build" --query status --output tsv)" = completed ]; do sleep 5; done
    [ "$(devops get "$build" --query result --output tsv)" = succeeded ] && return
    devops get "<project>/_apis/build/builds/$RUN/timeline?api-version=<version>" --query "records[].issues[].message" --output tsv >&2
    return 1
}
[ -n "$RUN" ] || run_pipeline || { echo <again> >&2; sleep 60; run_pipeline; }
"""


def functions(answers: Answers) -> list[str]:
    """What the part needs, once, at the script's beginning."""
    return _filled(FUNCTIONS, answers).rstrip().split("\n") if answers.pipeline.build == "azure-devops" else []


def part(step: str, answers: Answers) -> list[str]:
    """The lines of one of the steps in Azure DevOps; [] for any other step.

    They can be run again: what is there is kept, and a commit that was built well is not built again. Raises UnreadablePipeline.
    """
    if answers.pipeline.build != "azure-devops":
        return []
    federated = answers.pipeline.connection == "identity"
    texts = {
        step_ids.PIPELINE_CONNECTION: lambda: _connection(answers) + (_filled(TRUST, answers) if federated else ""),
        step_ids.PIPELINE_CODE: lambda: _code(answers),
        step_ids.PIPELINE: lambda: _filled(PIPELINE, answers, body=_pipeline_body(answers)),
        step_ids.IMAGE: lambda: _filled(
            RUN, answers, again=shlex.quote(_("The run failed; once more in a minute, when its right may count."))
        ),
    }
    return texts[step]().strip().split("\n") if step in texts else []


def _connection(answers: Answers) -> str:
    federated = answers.pipeline.connection == "identity"
    server = answers.registry.server
    registry = resource_id(answers.sign_in.subscription, answers.registry.resource_group, REGISTRY, answers.registry.name)
    name, mark = connection_name(answers.project.setup), f"{naming.SETUP_TAG}: {answers.project.setup}"
    who = {"tenantId": "$TENANT_ID", "serviceprincipalid": "$PIPELINE_CLIENT_ID" if federated else ""}
    to = {"loginServer": server, "scope": registry, "role": ROLES["AcrPush"]}
    mode = "Manual" if federated else "Automatic"
    about = {"subscriptionId": answers.sign_in.subscription, "subscriptionName": "$SUBSCRIPTION_NAME"}
    body = {
        "name": name,
        "type": "dockerregistry",
        "url": f"https://{server}",
        "description": mark,
        "authorization": {"scheme": "WorkloadIdentityFederation", "parameters": who | to},
        "data": {"registryId": registry, "registrytype": "ACR", "creationMode": mode, **about},
        "isShared": False,
        "serviceEndpointProjectReferences": [
            {"projectReference": {"id": "$PROJECT_ID", "name": answers.pipeline.project}, "name": name, "description": mark}
        ],
    }
    ask = ["TENANT_ID=$(az account show --query tenantId --output tsv)", "SUBSCRIPTION_NAME=$(az account show --query name --output tsv)"]
    if federated:
        place = ["--name", identity_name(answers), "--resource-group", answers.project.resource_group]
        ask.append(f"PIPELINE_CLIENT_ID=$({shlex.join(['az', 'identity', 'show', *place, '--query', 'clientId', '--output', 'tsv'])})")
    return "\n".join([*ask, _filled(CONNECTION, answers, body=_json(body)).strip(), ""])


def _code(answers: Answers) -> str:
    """The source folder without what Git ignores and without secret files; a pipeline that the repository has stays as it is."""
    source, file = answers.source_folder, pipeline_file(answers)
    inside = [item for item in answers.never_sent if item.is_relative_to(source)]
    never = [
        ".env",
        ".env.*",
        "!.env.example",
        "!.env.sample",
        "!.env.template",
        *(f"/{item.relative_to(source).as_posix()}" for item in inside),
    ]
    title = _("Deploy {setup} to Azure").format(setup=answers.project.setup)
    return _filled(
        CODE,
        answers,
        source=shlex.quote(str(source)),
        never="\n".join([*never, ".venv", "__pycache__"]),
        written="" if (source / FILE).is_file() else f'[ -f "$work/code/{_inside(file)}" ] || ',
        yaml=azure_pipelines(answers).rstrip("\n"),
        name=shlex.quote("user.name=azwizard export az"),
        address_of_mail="user.email=azwizard@localhost",
        title=shlex.quote(f"{title} [skip ci]"),
        mark=shlex.quote(f"{naming.SETUP_TAG}: {answers.project.setup}"),
        pull_request='"' + _inside(_("The branch takes no direct push: open a pull request from")) + ' $BRANCH"',
    )


def _pipeline_body(answers: Answers) -> str:
    repository = {"id": "$REPOSITORY", "name": answers.pipeline.repository, "type": "azureReposGit"}
    configuration = {"type": "yaml", "path": f"/{pipeline_file(answers)}", "repository": repository}
    return _json({"name": answers.project.setup, "folder": FOLDER, "configuration": configuration})


def _json(body: dict[str, Any]) -> str:
    """JSON for a text in which the shell fills in the script's own variables, and nothing else."""
    text = json.dumps(body, indent=2).replace("\\", "\\\\").replace("`", "\\`")
    return re.sub(rf"\$(?!({'|'.join(VARIABLES)})\b)", r"\\$", text)


def _inside(text: str) -> str:
    """A text for use between double quotes of a shell."""
    return "".join(f"\\{character}" if character in '"$`\\' else character for character in text)


def _filled(template: str, answers: Answers, **more: str) -> str:
    pipeline = answers.pipeline
    place = ["--name", CREDENTIAL, "--identity-name", identity_name(answers), "--resource-group", answers.project.resource_group]
    values = {
        "resource": RESOURCE,
        "address": f"{HOST}/{quote(pipeline.organization)}",
        "project": quote(pipeline.project),
        "repository": quote(pipeline.repository),
        "connection": quote(connection_name(answers.project.setup)),
        "version": VERSION,
        "setup": answers.project.setup,
        "folder": _inside(pipeline.folder),
        "file": _inside(pipeline_file(answers)),
        "file_quoted": quote(pipeline_file(answers)),
        "credential": shlex.join(place),
        **more,
    }
    for name, value in values.items():
        template = template.replace(f"<{name}>", value)
    return template
