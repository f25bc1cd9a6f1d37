"""What a class needs in a subscription as one shell script, for the administrator who may do what the trainer may not."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from wizard.classroom.class_file import ClassFile
from wizard.classroom.prepare import setup_of
from wizard.classroom.subscription_steps import SUBSCRIPTION_HOLE, contributions
from wizard.engine.step import Outputs, Step
from wizard.platform.language import _
from wizard.setup.loading import load, resolve

VARIABLE = "subscription"


def admin_script(read: ClassFile) -> str:
    """The script (POSIX sh) of az commands for every learner whose folder is there; it can be run again."""
    name = shlex.quote(read.cloud.subscription)
    about = (
        _("Prepares a class in Azure with the Azure CLI, as azwizard class prepare would."),
        _("Sign in first (az login), as an owner of the subscription. It can be run again."),
    )
    lines = ["#!/bin/sh", *(f"# {line}" for line in about), "set -eu", f"az account set --subscription {name}"]
    lines += [f"{VARIABLE}=$(az account show --query id --output tsv)"]
    done: set[str] = set()
    for title, argv in _commands(read):
        line = _quoted(argv)
        if line not in done:  # the services are switched on once for all
            done.add(line)
            lines += ["", f"# {' '.join(title.split())}", f"{line} --output none"]
    return "\n".join(lines) + "\n"


def _commands(read: ClassFile) -> Iterable[tuple[str, list[str]]]:
    for learner in read.learners:
        answers = resolve(load(setup_of(read, learner)))
        steps: list[Step] = [step for part in contributions(learner, read.cloud)() for step in part.steps(answers)]
        yield from ((step.title, argv) for step in steps for argv in step.az(Outputs()))


def _quoted(argv: list[str]) -> str:
    """One command for sh, with the subscription's id put in when it runs."""
    return shlex.join(argv).replace(SUBSCRIPTION_HOLE, f"'\"${VARIABLE}\"'")
