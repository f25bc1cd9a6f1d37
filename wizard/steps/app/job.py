"""The job that runs the command before each new version: one ARM payload beside the app's, with the same image, values and folders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wizard.steps.app.payload import desired_app

if TYPE_CHECKING:
    from wizard.engine.step import Outputs
    from wizard.setup.answers import Answers

ARM = dict[str, Any]
SHELL = ("/bin/sh", "-c")
"""As the shell form of CMD runs it, so that several commands and variables are understood as in a Dockerfile."""
LONGEST = 1800
"""Seconds that the command may take."""


def desired_job(answers: Answers, facts: Outputs) -> ARM:
    """The job that the answers ask for; it runs once each time that it is started, and is not tried again by itself.

    :param facts: as for `desired_app`.
    """
    app = desired_app(answers, facts)
    properties = app["properties"]
    container = {key: value for key, value in properties["template"]["containers"][0].items() if key != "probes"}
    return {
        "location": app["location"],
        "tags": answers.project.resource_tags("revision"),
        "identity": app["identity"],
        "properties": {
            "environmentId": properties["environmentId"],
            "workloadProfileName": properties["workloadProfileName"],
            "configuration": {
                "triggerType": "Manual",
                "replicaTimeout": LONGEST,
                "replicaRetryLimit": 0,
                "manualTriggerConfig": {"parallelism": 1, "replicaCompletionCount": 1},
                "registries": properties["configuration"]["registries"],
                "secrets": properties["configuration"]["secrets"],
            },
            "template": {
                "containers": [{**container, "command": [*SHELL, answers.app.before_deploy]}],
                "volumes": properties["template"]["volumes"],
            },
        },
    }


def command_of(job: ARM) -> str:
    """The command that a job of ours runs, as the answers hold it; "" where it runs anything else."""
    containers = job["properties"].get("template", {}).get("containers") or [{}]
    command = containers[0].get("command") or []
    return str(command[2]) if len(command) == 3 and tuple(command[:2]) == SHELL else ""
