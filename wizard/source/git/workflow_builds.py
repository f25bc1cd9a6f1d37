"""Whether a workflow of GitHub Actions that others wrote builds and pushes the setup's image already, or may do so."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from wizard.platform.language import _
from wizard.source.git.image_builds import OPEN_VALUE, OwnImage, any_may_be, disclaims, script_may_build
from wizard.source.git.pipeline_file import DoubtfulBuild
from wizard.source.git.workflow_file import FOLDER

EXPRESSION = re.compile(r"\$\{\{\s*(?P<kind>env|inputs|steps|vars)\.(?P<name>[\w.-]+)\s*\}\}")
BUILDS = re.compile(r"docker|kaniko|image|container|(?<![a-z])acr(?![a-z])|buildpack|buildah|build-push|build-and-push", re.IGNORECASE)
BUILDS_NOTHING = re.compile(
    r"docker/(?:login|setup-|metadata|scout)|azure/docker-login|/(?:trivy|grype|scan|hadolint|cosign|cleanup|delete)[\w-]*|login|setup-|scan|lint|description",
    re.IGNORECASE,
)
"""Actions whose name speaks of images, and which push none."""
IN_CONTAINER = "docker://"
"""What begins the image that a step runs in: that it builds one, only its arguments say."""
NAMES = re.compile(r"image|tag|repo|name|target", re.IGNORECASE)
HOST_IN = re.compile(r"(?<![\w.-])((?:[\w-]+\.)+[a-z]{2,}|localhost)(?::\d+)?/")

Inputs = Mapping[str, str]


def refuse_second_build(workflows: Mapping[str, str], image: OwnImage) -> None:
    """Raise DoubtfulBuild for the first of these workflows that seems to build the image; those that azwizard wrote for others are known.

    :param workflows: path -> text.
    """
    for path, text in sorted(workflows.items()):
        if not path.startswith(f"{FOLDER}/azwizard-") and (line := building_line(text, image)):
            sentence = _(
                "There seems to be a build of this image in line {line} of {file}, so no workflow is added beside it. If it is that build, "
                'take it out, or keep it and write build = "existing" under [pipeline]; if it is not, write the comment # not {image} '
                "behind that line."
            )
            raise DoubtfulBuild(sentence.format(line=line, file=path, image=image.name))


def workflows_in(folder: Path) -> dict[str, str]:
    """The workflows of the repository in which a folder lies, path -> text."""
    top = next((path for path in (folder.absolute(), *folder.absolute().parents) if (path / ".git").exists()), folder.absolute())
    files = sorted(path for path in (top / FOLDER).glob("*") if path.suffix in (".yml", ".yaml") and path.is_file())
    return {path.relative_to(top).as_posix(): path.read_text("utf-8", "replace") for path in files}


def building_line(text: str, image: OwnImage) -> int:
    """The line, counted from 1, of the first step or job that builds the image or may do so; 0 where none does, or it is no workflow."""
    from ruamel.yaml.error import YAMLError

    from wizard.source.git.yaml_layout import PreservedYaml, too_much

    try:
        file = None if too_much(text) else PreservedYaml(text)
    except YAMLError:
        return 0
    jobs = file.content.get("jobs") if file and isinstance(file.content, Mapping) else None
    if file is None or not isinstance(jobs, Mapping):
        return 0
    lines = text.splitlines()
    for node, may_build in _parts(file.content, jobs, image):
        line = int(node.lc.line) + 1 + file.first_line
        if may_build and not disclaims(lines[line - 1], image):
            return line
    return 0


def _parts(workflow: Mapping[str, Any], jobs: Mapping[str, Any], image: OwnImage) -> Iterator[tuple[Any, bool]]:
    """Every step, and every job that is another workflow, with whether it may build the image."""
    values = _defaults(workflow) | _named(workflow.get("env"), "env.", {})
    for job in jobs.values():
        if not isinstance(job, Mapping):
            continue
        seen = values | _named(job.get("env"), "env.", values)
        if "uses" in job and not str(job["uses"]).startswith(f"./{FOLDER}/"):  # those are read by themselves
            yield job, _action_may_build(str(job["uses"]), _inputs(job, seen), image)
        for step in job.get("steps") or []:
            if isinstance(step, Mapping):
                own = seen | _named(step.get("env"), "env.", seen)
                yield step, _step_may_build(step, own, image)
                seen |= _outputs(step, own)


def _step_may_build(step: Mapping[str, Any], values: Mapping[str, str], image: OwnImage) -> bool:
    environment = {name.removeprefix("env."): value for name, value in values.items() if name.startswith("env.")}
    if "run" in step:
        return script_may_build(_filled(step["run"], values), image, environment)
    action, inputs = str(step.get("uses", "")), _inputs(step, values)
    if action.startswith(IN_CONTAINER):
        return script_may_build(f"{action.removeprefix(IN_CONTAINER).partition(':')[0]} {inputs.get('args', '')}", image, environment)
    name = action.partition("@")[0].lower()
    script = "\n".join(inputs.get(key, "") for key in ("inlinescript", "script", "run"))
    if name in ACTIONS:
        return ACTIONS[name](inputs, image)
    return script_may_build(script, image, environment) if script.strip() else _action_may_build(action, inputs, image)


def _build_push(inputs: Inputs, image: OwnImage) -> bool:
    outputs = inputs.get("outputs", "")
    if inputs.get("push", "false").lower() == "false" and "registry" not in outputs and "push=true" not in outputs:
        return False
    names = re.findall(r"name=([^,\s]+)", outputs)
    return any_may_be([inputs.get("tags", ""), *names], image)


def _bake(inputs: Inputs, _image: OwnImage) -> bool:
    return inputs.get("push", "false").lower() != "false" or "type=registry" in inputs.get("set", "")


def _push_to_registry(inputs: Inputs, image: OwnImage) -> bool:
    registry = inputs.get("registry", "").partition("/")[0]
    return any_may_be([inputs.get("image", ""), *inputs.get("tags", "").split()], image, registry)


def _deploy_to_container_apps(inputs: Inputs, image: OwnImage) -> bool:
    if not inputs.get("appsourcepath"):
        return False
    named = inputs.get("imagetobuild")
    return image.may_be(named) if named else image.may_be("${{}}", inputs.get("acrname", ""))


ACTIONS: Mapping[str, Callable[[Inputs, OwnImage], bool]] = {
    "docker/build-push-action": _build_push,
    "docker/bake-action": _bake,
    "redhat-actions/buildah-build": lambda _inputs, _image: False,  # it stays on the machine until it is pushed
    "redhat-actions/push-to-registry": _push_to_registry,
    "azure/container-apps-deploy-action": _deploy_to_container_apps,
}


def _action_may_build(action: str, inputs: Inputs, image: OwnImage) -> bool:
    """Of an action or a workflow of others, about which only its name and what it is given say anything."""
    path = action.partition("@")[0]
    given = "\n".join(inputs.values())
    if not path or BUILDS_NOTHING.search(path):
        return False
    named = [value for key, value in inputs.items() if NAMES.search(key)]
    if path.startswith("./") and any(re.fullmatch(rf"(?:\S*/)?{re.escape(image.name)}(?::\S+)?", value) for value in named):
        return True  # an action of their own that is told the image
    if BUILDS.search(path):
        hosts = {host.lower() for host in HOST_IN.findall(given)}
        is_elsewhere = bool(hosts) and image.server.lower() not in hosts
        return not is_elsewhere and (not named or any_may_be(named, image) or any(OPEN_VALUE.search(value) for value in named))
    return image.server in given and image.name in given


def _inputs(node: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str]:
    given = node.get("with")
    return {str(name).lower(): _filled(value, values) for name, value in given.items()} if isinstance(given, Mapping) else {}


def _named(table: Any, prefix: str, values: Mapping[str, str]) -> dict[str, str]:
    return {f"{prefix}{name}": _filled(value, values) for name, value in table.items()} if isinstance(table, Mapping) else {}


def _outputs(step: Mapping[str, Any], values: Mapping[str, str]) -> dict[str, str]:
    """What docker/metadata-action gives to the steps after it: tags of the images that it is told."""
    if "id" not in step or not str(step.get("uses", "")).lower().startswith("docker/metadata-action"):
        return {}
    images = _inputs(step, values).get("images", "")
    names = re.sub(r"(?m)^\s*name=|,(?:enable|name)=\S*", "", images)
    return {f"steps.{step['id']}.outputs.tags": names}


def _defaults(workflow: Mapping[str, Any]) -> dict[str, str]:
    """The defaults of inputs that a workflow is started or called with."""
    triggers = workflow.get("on")
    tables = [triggers.get(kind) for kind in ("workflow_dispatch", "workflow_call")] if isinstance(triggers, Mapping) else []
    defaults: dict[str, str] = {}
    for table in tables:
        inputs = table.get("inputs") if isinstance(table, Mapping) else None
        for name, about in inputs.items() if isinstance(inputs, Mapping) else ():
            if isinstance(about, Mapping) and about.get("default") is not None:
                defaults[f"inputs.{name}"] = str(about["default"])
    return defaults


def _filled(text: Any, values: Mapping[str, str]) -> str:
    """A text with the values that are known put in; ``true`` and ``false`` as YAML writes them."""
    written = str(text).lower() if isinstance(text, bool) else str(text)
    for _depth in range(4):
        written = EXPRESSION.sub(lambda match: values.get(f"{match['kind']}.{match['name']}", match[0]), written)
    return written
