"""What is added to an ``azure-pipelines.yml`` that does not build the image yet: a step of ours, in a stage or job of its own."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, MutableMapping
from typing import Any

from wizard.source.git.pipeline_variables import expanded, known_variables

NAME = "AzwizardImage"
HOSTED = {"vmImage": "ubuntu-latest"}
NOT_LINUX = re.compile(r"windows|macos|vs20\d\d", re.IGNORECASE)
OF_A_JOB = re.compile(r"\$\{\{(?!\s*(?:parameters|variables)[.\[])|\$\(")
"""A value that only stands inside the job or the loop where it is written: ``${{ name }}`` of an each, ``$(os)`` of a matrix."""


def add_step(content: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A step that builds, in a stage, job or list of steps of its own after the person's; the step, still without its inputs."""
    from ruamel.yaml.comments import CommentedMap

    step = CommentedMap(task="Docker@2", displayName="Build the image and push it", inputs=CommentedMap(command="buildAndPush"))
    job = CommentedMap(job=_free_name(content), **_pool(content), steps=[step])
    if isinstance(content.get("stages"), list):
        content["stages"].append(CommentedMap(stage=_free_name(content), displayName="Build and push", jobs=[job]))
    elif isinstance(content.get("jobs"), list):
        content["jobs"].append(job)
    else:
        if "container" in content:
            step["target"] = "host"  # the container that the other steps run in has no Docker
        if not isinstance(content.get("steps"), list):
            content["steps"] = []
        content["steps"].append(step)
    return step


def runs_elsewhere(content: Mapping[str, Any]) -> str:
    """The machines of a file that has steps alone, where these build no images for Linux: ``windows-latest``; "" otherwise."""
    image = str(_image(content.get("pool"), known_variables(content.get("variables"))))
    has_jobs = isinstance(content.get("stages"), list) or isinstance(content.get("jobs"), list)
    return image if not has_jobs and NOT_LINUX.search(image) else ""


def _free_name(content: Mapping[str, Any]) -> str:
    taken = {str(value).lower() for value in _values(content, ("stage", "job", "deployment"))}
    names = (f"{NAME}{number or ''}" for number in range(len(taken) + 2) if number != 1)
    return next(name for name in names if name.lower() not in taken)


def _pool(content: Mapping[str, Any]) -> dict[str, Any]:
    """The machines of an added job: the file's own, which it takes over, or those of the person's last job; else Microsoft's.

    People who have their own agents usually have none of Microsoft's (hosted parallelism). Machines on which no image for Linux can be
    built, and those that only the job knows, are passed over.
    """
    variables = known_variables(content.get("variables"))
    if "pool" in content:
        return {"pool": dict(HOSTED)} if _is_unfit(content["pool"], variables) else {}
    fit = [pool for pool in _values(content, ("pool",)) if isinstance(pool, str | Mapping) and not _is_unfit(pool, variables)]
    return {"pool": copy.deepcopy(fit[-1]) if fit else dict(HOSTED)}


def _is_unfit(pool: Any, variables: Mapping[str, str]) -> bool:
    text = expanded("\n".join(map(str, pool.values())) if isinstance(pool, Mapping) else pool, variables)
    return text == "server" or OF_A_JOB.search(text) is not None or NOT_LINUX.search(str(_image(pool, variables))) is not None


def _image(pool: Any, variables: Mapping[str, str]) -> str:
    """The hosted machine that a pool names; "" for a pool of the person's own, whatever that is called."""
    return expanded(pool.get("vmImage", ""), variables) if isinstance(pool, Mapping) and "name" not in pool else ""


def _values(node: Any, keys: tuple[str, ...]) -> Iterator[Any]:
    """What stands under these keys anywhere, in the order of the file."""
    for item in node if isinstance(node, list) else []:
        yield from _values(item, keys)
    for key, value in node.items() if isinstance(node, Mapping) else ():
        if key in keys:
            yield value
        elif isinstance(value, Mapping | list):
            yield from _values(value, keys)
