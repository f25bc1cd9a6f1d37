"""What was read from an API's code, in sentences."""

from __future__ import annotations

from wizard.lint.scaffold import missing_server
from wizard.platform.key_labels import SCREENS, Keys
from wizard.platform.language import _
from wizard.source.code_facts import CodeFacts


def code_lines(facts: CodeFacts, keys: Keys = SCREENS) -> list[str]:
    """A few lines about the code, for someone who wants to know whether it was understood."""
    if not facts.folder.is_dir():
        return [_("There is no folder {folder}: correct the folder above.").format(folder=facts.folder)]
    lines = [_("Read from your code:")]
    server = facts.server or _("no server found")
    if facts.dockerfile and facts.port:
        lines.append(
            "  " + _("{file}: starts {server}, listens on port {port}").format(file=facts.dockerfile, server=server, port=facts.port)
        )
    elif facts.dockerfile:
        lines.append("  " + _("{file}: starts {server}").format(file=facts.dockerfile, server=server))
    else:
        words = _("No Dockerfile, which says how your code is packed: {key} shows one and writes it.")
        lines.append("  " + words.format(key=_(keys.files)))
    if server := missing_server(facts):
        words = _("! {server}, which starts your API, is not in requirements.txt: {key} shows the line and adds it.")
        lines.append("  " + words.format(server=server.partition(">")[0], key=_(keys.files)))
    if facts.server == "flask":
        lines.append("  " + _("! Flask's own server is for your computer only: use gunicorn, or your API cannot be reached."))
    if facts.problem:
        lines.append(f"  ! {facts.problem}")
    lines += [f"  ! {problem}" for problem in facts.docker.problems]
    if facts.variables:
        lines.append("  " + _("Variables it reads: {names}").format(names=", ".join(use.name for use in facts.variables)))
    if facts.databases:
        lines.append(
            "  "
            + _("A SQLite database: {paths}. It will lie on a file share, or it is lost at each start.").format(
                paths=", ".join(it.path or it.written for it in facts.databases)
            )
        )
    return lines
