"""What certainly breaks, or may hurt, in an API's code once it runs in Azure: looked for before anything is built (reference section 9)."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from wizard.lint.classic_builder import not_buildable
from wizard.lint.copy_rules import check_copy, secret_files, secrets_in_dockerfile
from wizard.lint.django_rules import check_django
from wizard.lint.expectations.compose_target import check_compose_target
from wizard.lint.expectations.config_file_rules import check_config_files
from wizard.lint.expectations.host_rules import check_trusted_hosts
from wizard.lint.expectations.import_rules import check_imports, check_own_modules
from wizard.lint.expectations.local_servers import check_local_servers
from wizard.lint.expectations.table_rules import check_tables
from wizard.lint.expectations.tool_environments import check_tool_environment
from wizard.lint.finding import Finding, Severity
from wizard.lint.project import CodeProject
from wizard.lint.requirement_rules import check_requirements
from wizard.lint.scaffold import app_to_start, apps_to_choose
from wizard.lint.scaffold_dockerfile import dockerfile
from wizard.lint.script_rules import check_start
from wizard.lint.server_rules import server
from wizard.lint.share_rules import check_kept_files, check_logs, check_shares
from wizard.lint.variable_rules import check_servers, check_variables
from wizard.lint.volume_rules import check_wal, check_workers, databases, volumes
from wizard.platform.language import _
from wizard.source.code_facts import read_code
from wizard.source.dockerfile import DockerfileError
from wizard.source.dockerfile_place import dockerfiles
from wizard.source.project_folders import FRAMEWORKS

if TYPE_CHECKING:
    from wizard.setup.answers import Answers
    from wizard.source.build_context import BuildContext

WINDOWS = re.compile(
    r"(?:[\w.]+/)*windows(/|$)|.*[:-](windowsservercore|nanoserver)[\w.-]*|.*/(nanoserver|servercore)([:@].*)?", re.IGNORECASE
)
OTHER_PROCESSOR = re.compile(r"(?:[\w.]+/)?(arm32v\d|arm64v8|i386|ppc64le|s390x)/")


def check_code(answers: Answers, source: BuildContext | None = None) -> list[Finding]:
    """Everything found, the worst first, then by file and line.

    :param answers: resolved.
    :param source: the source folder as a build gets it, where it was read already.
    Nothing of the code is run. Without a source folder nothing is found: that is told elsewhere.
    """
    folder = answers.source_folder
    if not folder.is_dir():
        return []
    if not os.path.lexists(folder / answers.pipeline.dockerfile):
        return [] if answers.pipeline.build == "existing" else [_no_dockerfile(answers)]
    try:
        project = CodeProject.read(answers, source)
    except DockerfileError as error:
        name = answers.pipeline.dockerfile
        return [Finding("dockerfile-unreadable", Severity.ERROR, folder / name, name, error.line, str(error))]
    findings = [finding for check in CHECKS for finding in check(project)]
    order = list(Severity)
    return sorted(dict.fromkeys(findings), key=lambda item: (order.index(item.severity), item.file, item.line))


def errors(findings: list[Finding]) -> list[Finding]:
    """Those that certainly break."""
    return [finding for finding in findings if finding.severity is Severity.ERROR]


def _no_dockerfile(answers: Answers) -> Finding:
    folder, name = answers.source_folder, answers.pipeline.dockerfile
    sentence = _("There is no Dockerfile, which says how your code becomes an image.")
    if others := dockerfiles(folder):
        sentence = _("There is no {name}, but {others}: say which one packs this API, as dockerfile under [pipeline].")
        return Finding("no-dockerfile", Severity.ERROR, folder / name, name, 0, sentence.format(name=name, others=", ".join(others)))
    facts = read_code(folder)
    app = app_to_start(facts) if facts.is_api else None
    if app is None and facts.is_api and facts.framework:
        sentence += " " + _(
            "Your code uses {framework}, but it does not show what a server would load, so none is proposed: make the application at the "
            "top of a module, such as app in main.py."
        ).format(framework=FRAMEWORKS.get(facts.framework, facts.framework))
    elif app is None:
        sentence += " " + _("{folder} shows no API in Python, so none is proposed.").format(folder=folder.name or folder)
    elif several := apps_to_choose(facts):
        sentence += " " + _("There are several APIs here ({apps}): the proposed one starts {app}; name another in its last line.").format(
            apps=", ".join(one.target for one in several), app=app.target
        )
    return Finding("no-dockerfile", Severity.ERROR, folder / name, name, 0, sentence, dockerfile(facts, app) if app else "")


def _exposed(project: CodeProject) -> Iterator[Finding]:
    """EXPOSE says the port that requests are sent to; Azure does not read it, but people do."""
    port, expose = project.answers.app.port, project.docker.last("EXPOSE")
    listens = project.start.port
    if expose and project.docker.ports and port not in project.docker.ports and (listens is None or listens == port):
        sentence = _("EXPOSE says {exposed}, and requests are sent to port {port}.").format(
            exposed=", ".join(map(str, project.docker.ports)), port=port
        )
        yield project.of_line("expose-port", Severity.WARNING, expose, sentence, f"EXPOSE {port}")


def _processor(project: CodeProject) -> Iterator[Finding]:
    for stage in project.docker.stages:
        if stage.parent is None and WINDOWS.match(stage.image):
            begin = stage.own[0]
            sentence = _("The base image {image} is made for Windows; Azure Container Apps runs Linux only: build on python:3.12-slim.")
            yield project.of_line("wrong-processor", Severity.ERROR, begin, sentence.format(image=stage.image))
        if stage.parent is None and OTHER_PROCESSOR.match(stage.image):
            begin = stage.own[0]
            sentence = _("The base image {image} is made for another kind of processor; Azure runs linux/amd64.").format(image=stage.image)
            plain = f"FROM {OTHER_PROCESSOR.sub('', stage.image)}" + (f" AS {begin.words[2]}" if len(begin.words) > 2 else "")
            yield project.of_line("wrong-processor", Severity.ERROR, begin, sentence, plain)


def _user(project: CodeProject) -> Iterator[Finding]:
    """Files on a share belong to root unless the mount says otherwise."""
    user = project.docker.last("USER")
    if user and user.words and user.words[0].partition(":")[0] not in ("root", "0") and project.answers.storage.shares:
        sentence = _(
            "The API runs as {user}, and files on a share belong to root: writing works, changing their owner or mode (chown) does not."
        ).format(user=user.words[0])
        yield project.of_line("user-and-shares", Severity.INFO, user, sentence)


CHECKS: tuple[Callable[[CodeProject], Iterator[Finding]], ...] = (
    not_buildable,
    check_copy,
    _processor,
    check_start,
    server,
    _exposed,
    check_requirements,
    check_imports,
    check_own_modules,
    check_tool_environment,
    check_variables,
    check_shares,
    volumes,
    databases,
    check_wal,
    check_workers,
    check_logs,
    check_kept_files,
    check_servers,
    check_local_servers,
    check_tables,
    check_config_files,
    check_compose_target,
    check_django,
    check_trusted_hosts,
    _user,
    secret_files,
    secrets_in_dockerfile,
)
