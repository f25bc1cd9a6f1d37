"""A setup's requests for VS Code's REST Client: the real address, and what the API's source says it answers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from wizard.platform.language import _
from wizard.source.routes import ApiRoute, read_routes

if TYPE_CHECKING:
    from wizard.setup.answers import Answers

PARAMETER = re.compile(r"<(?:(?P<kind>\w+)(?:\([^)]*\))?:)?(?P<name>\w+)>")
EXAMPLES = {"int": "1", "float": "1.0", "uuid": "00000000-0000-0000-0000-000000000000"}


def render(answers: Answers, fqdn: str | None, source_folder: Path) -> str:
    """The text of a ``.rest`` file.

    :param answers: resolved.
    :param fqdn: the app's host name; None before it was created, then the address has holes to fill in.
    A secret is never written: its header names the environment variable that holds it. ``# expect`` says with which statuses a request may
    be answered, where the source shows them; ``azwizard test`` holds the answers against it.
    """
    routes = read_routes(source_folder)
    if answers.app.health_path not in {route.path for route in routes if route.method == "GET"}:
        routes.insert(0, ApiRoute("GET", answers.app.health_path, _("Does it answer?")))
    host = fqdn or f"{answers.app.name}.ENVIRONMENT.{answers.project.region}.azurecontainerapps.io"
    lines = [
        _("# The requests that {setup} answers. Open this file in VS Code with the extension REST Client.").format(
            setup=answers.project.setup
        )
    ]
    if fqdn is None:
        lines.append(_("# The address is known once the app is created: azwizard status shows it."))
    lines += [f"@host = https://{host}", *_parameters(routes), ""]
    for route in routes:
        lines += [*_request(route, answers), ""]
    return "\n".join(lines)


def _parameters(routes: list[ApiRoute]) -> list[str]:
    """A variable of the file for each parameter in a path."""
    found = {match["name"]: EXAMPLES.get(match["kind"] or "", "example") for route in routes for match in PARAMETER.finditer(route.path)}
    return [f"@{name} = {value}" for name, value in found.items()]


def _request(route: ApiRoute, answers: Answers) -> list[str]:
    path = PARAMETER.sub(lambda match: f"{{{{{match['name']}}}}}", route.path)
    expected = [f"# expect {', '.join(map(str, route.statuses))}"] if route.statuses else []
    lines = [f"### {route.title}", *expected, f"{route.method} {{{{host}}}}{path}"]
    lines += [f"{header}: {_value(header, answers)}" for header in route.headers]
    if route.method in ("POST", "PUT", "PATCH") and route.keys is not None:
        body = json.dumps(dict.fromkeys(route.keys, ""), indent=2, ensure_ascii=False)
        lines += ["Content-Type: application/json", "", body]
    return lines


def _value(header: str, answers: Answers) -> str:
    """The environment variable of the person's own computer that holds what a header wants, as REST Client reads it."""
    wanted = header.upper().replace("-", "_")
    secret = [variable.name for variable in answers.variables if variable.secret]
    name = next((name for name in secret if name in (wanted, wanted.removeprefix("X_"))), None)
    if header.lower() == "authorization":
        return f"Bearer {{{{$processEnv {name or 'TOKEN'}}}}}"
    return f"{{{{$processEnv {name or wanted.removeprefix('X_')}}}}}"
