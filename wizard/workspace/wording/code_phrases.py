"""What was read from an API's code, in sentences."""

from __future__ import annotations

from wizard.lint.scaffold import apps_to_choose, missing_server
from wizard.platform.key_labels import SCREENS, Keys
from wizard.platform.language import N_, _
from wizard.source.code_facts import CodeFacts
from wizard.source.project_folders import FRAMEWORKS

WHICH_APP = N_("There are several APIs in this folder. Which one is started?")


def code_lines(facts: CodeFacts, keys: Keys = SCREENS) -> list[str]:
    """A few lines about the code, for someone who wants to know whether it was understood."""
    if not facts.is_there:
        return [_("There is no folder {folder}: correct the folder above.").format(folder=facts.folder)]
    if not facts.is_api:
        return _no_api(facts)
    return [_("Read from your code:"), *(f"  {line}" for line in [*open_lines(facts, keys), *_facts(facts)])]


def open_lines(facts: CodeFacts, keys: Keys = SCREENS) -> list[str]:
    """What the code still lacks, or does that cannot work in Azure."""
    if not facts.is_api:
        return []
    lines = []
    if not facts.dockerfile:
        words = _("No Dockerfile, which says how your code is packed: {key} shows one and writes it.")
        lines.append("! " + words.format(key=_(keys.files)))
    if several := apps_to_choose(facts):
        words = _("! There are several APIs here, {apps}: {key} asks which one is started.")
        lines.append(words.format(apps=", ".join(app.target for app in several), key=_(keys.files)))
    if lacking := missing_server(facts):
        words = _("! {server}, which starts your API, is not in requirements.txt: {key} shows the line and adds it.")
        lines.append(words.format(server=lacking.partition(">")[0], key=_(keys.files)))
    if facts.server == "flask":
        lines.append(_("! Flask's own server is for your computer only: use gunicorn, or your API cannot be reached."))
    if facts.problem:
        lines.append(f"! {facts.problem}")
    lines += [f"! {problem}" for problem in facts.docker.problems]
    if facts.logs:
        words = _("! It logs to {paths}: nobody sees a file in Azure. Log to standard output instead.")
        lines.append(words.format(paths=", ".join(facts.logs)))
    return lines


def _facts(facts: CodeFacts) -> list[str]:
    """What is as it should be, and what follows from it."""
    lines = []
    if facts.framework and facts.framework != "flask":
        lines.append(_("It is made with {framework}.").format(framework=FRAMEWORKS.get(facts.framework, facts.framework)))
    server = facts.server or _("no server found")
    if facts.dockerfile and facts.port:
        words = _("{file}: starts {server}, listens on port {port}")
        lines.append(words.format(file=facts.dockerfile, server=server, port=facts.port))
    elif facts.dockerfile:
        lines.append(_("{file}: starts {server}").format(file=facts.dockerfile, server=server))
    if read := [use.name for use in facts.variables if use.in_code]:
        lines.append(_("Variables it reads: {names}").format(names=", ".join(read)))
    if facts.databases:
        words = _("A SQLite database: {paths}. It will lie on a file share, or it is lost at each start.")
        lines.append(words.format(paths=", ".join(database.path or database.written for database in facts.databases)))
    if facts.stored.servers:
        words = _("It asks {servers}: the wizard makes no database server. Make one, and give your API its address as a secret.")
        lines.append(words.format(servers=", ".join(facts.stored.servers)))
    return lines


def _no_api(facts: CodeFacts) -> list[str]:
    """Said of a folder in which nothing could be put on the internet by this wizard."""
    lines = [_("There is no API in Python here that the wizard knows how to start, so it writes no Dockerfile.")]
    if facts.files:
        lines.append("  " + _("It looks for Flask, FastAPI, Django, Starlette, Litestar and others like them."))
    elif (facts.folder / "package.json").is_file():
        lines.append("  " + _("This is a project for Node.js; the wizard is made for Python."))
    if facts.dockerfile:
        lines.append("  " + _("With your own {file} it goes on all the same.").format(file=facts.dockerfile))
    return lines
