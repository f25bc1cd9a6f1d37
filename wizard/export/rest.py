"""A setup's requests for VS Code's REST Client: the real address, and what the API's source says it answers."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, urlencode

from wizard.platform.language import _
from wizard.source.api.route import WANTS_SIGN_IN, ApiRoute
from wizard.source.api.routes import read_api

if TYPE_CHECKING:
    from wizard.setup.answers import Answers
    from wizard.source.api.view_facts import SignInView

PARAMETER = re.compile(r"<(?:(?P<kind>\w+)(?:\((?P<of>[^)]*)\))?:)?(?P<name>\w+)>")
SIGN_OUT_PATH = re.compile(r"/(?:log|sign)[-_]?out(?:/|$)", re.IGNORECASE)
EXAMPLES = {"int": "1", "float": "1.0", "uuid": "00000000-0000-0000-0000-000000000000"}
REFUSES_A_BODY = (400, 415, 422)
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "azwizard-form"


def render(answers: Answers, fqdn: str | None, source_folder: Path) -> str:
    """The text of a ``.rest`` file.

    :param answers: resolved.
    :param fqdn: the app's host name; None where it is not known, then the address has holes to fill in.
    A secret is never written: its header names the environment variable that holds it. ``# expect`` says with which statuses a request may
    be answered, where the source shows them; ``azwizard test`` holds the answers against it.
    """
    read = read_api(source_folder)
    routes = list(read.routes)
    if answers.app.health_path not in {route.path for route in routes if route.method == "GET"}:
        routes.insert(0, ApiRoute("GET", answers.app.health_path, _("Does it answer?")))
    sign_in = next((route for route in routes if route.sign_in is not None), None)
    if sign_in is not None:  # the requests after it carry what it gives
        at = next(number for number, route in enumerate(routes) if route is sign_in)
        before = next((number for number, route in enumerate(routes[:at]) if _is_refused(route) or route.wants_token), at)
        routes.insert(before, routes.pop(at))
    routes.sort(key=lambda route: bool(SIGN_OUT_PATH.search(route.path)))  # what comes after it would no longer be signed in
    host = fqdn or f"{answers.app.name}.ENVIRONMENT.{answers.project.region}.azurecontainerapps.io"
    lines = [
        _("# The requests that {setup} answers. Open this file in VS Code with the extension REST Client.").format(
            setup=answers.project.setup
        )
    ]
    if fqdn is None:
        lines.append(_("# The address is known once the app is created: azwizard status shows it."))
    lines += [_("# Not understood in the source, so not here: {what}").format(what=_in_one_line(what)) for what in read.passed_over]
    lines += [f"@host = https://{host}", *_parameters(routes), ""]
    writer = _Writer(answers, sign_in.sign_in if sign_in else None)
    for route in routes:
        lines += [*writer.request(route, is_sign_in=route is sign_in), ""]
    return "\n".join(lines)


@dataclass
class _Writer:
    """Writes requests; what they carry depends on whether the app signs people in.

    :param sign_in: what the app's sign-in wants and gives.
    """

    answers: Answers
    sign_in: SignInView | None

    def request(self, route: ApiRoute, *, is_sign_in: bool) -> list[str]:
        """The lines of one request."""
        path = PARAMETER.sub(lambda match: f"{{{{{match['name']}}}}}", route.path)
        signing_in = route.sign_in if is_sign_in else None
        headers = self._headers(route)
        statuses = self._statuses(route, carries=bool(headers), signing_in=signing_in)
        lines = [f"### {route.title}"]
        lines += ["# @name login", *_prompts(signing_in)] if signing_in else []
        lines += [f"# expect {', '.join(map(str, statuses))}"] if statuses else []
        lines += [f"{route.method} {{{{host}}}}{path}{_query(route)}", *headers]
        return lines + (_sign_in_body(signing_in) if signing_in and signing_in.keys else _body(route))

    def _headers(self, route: ApiRoute) -> list[str]:
        """The headers of a request, the token that the app's sign-in gives among them."""
        token = self.sign_in.token if self.sign_in else ""
        carried = f"{self.sign_in.scheme} {{{{login.response.body.{token}}}}}" if self.sign_in and token else ""
        carries_token = bool(token) and (route.wants_token or "authorization" in {name.lower() for name in route.headers})
        lines = [
            f"Authorization: {carried}"
            if carries_token and header.lower() == "authorization"
            else f"{header}: {_value(header, self.answers)}"
            for header in route.headers
        ]
        if route.wants_token and not any(line.startswith("Authorization:") for line in lines):
            lines.append(f"Authorization: {carried or _value('Authorization', self.answers)}")
        return lines

    def _statuses(self, route: ApiRoute, *, carries: bool, signing_in: SignInView | None) -> tuple[int, ...]:
        """What may be answered to this very request: without those for who is not signed in when it carries a key, or for another body."""
        inputs = route.inputs
        left_out = set(REFUSES_A_BODY) if inputs.body is not None or inputs.form or inputs.files or inputs.query else set()
        signs_in_by_cookie = self.sign_in is not None and not self.sign_in.token and len(self.sign_in.given) == len(self.sign_in.keys)
        if carries or (signing_in is None and signs_in_by_cookie):
            left_out |= set(WANTS_SIGN_IN)
        if signing_in is not None:
            left_out |= {*REFUSES_A_BODY, *WANTS_SIGN_IN}
        return tuple(status for status in route.statuses if status not in left_out)


def _is_refused(route: ApiRoute) -> bool:
    return bool(set(route.statuses) & set(WANTS_SIGN_IN)) or "authorization" in {header.lower() for header in route.headers}


def _prompts(sign_in: SignInView) -> list[str]:
    """A line for each value that only the person knows."""
    return [f"# @prompt {key}" for key in sign_in.keys if key not in dict(sign_in.given)]


def _sign_in_body(sign_in: SignInView) -> list[str]:
    values = {key: dict(sign_in.given).get(key, f"{{{{{key}}}}}") for key in sign_in.keys}
    if sign_in.is_form:
        pairs = [f"{key}={value if value.startswith('{{') else quote_plus(value)}" for key, value in values.items()]
        return [f"Content-Type: {FORM}", "", "&".join(pairs)]
    return _json(values)


def _query(route: ApiRoute) -> str:
    query = {name: str(value).lower() if isinstance(value, bool) else value for name, value in route.inputs.query.items()}
    return f"?{urlencode(query, doseq=True)}" if query else ""


def _body(route: ApiRoute) -> list[str]:
    inputs = route.inputs
    if inputs.body is not None:
        return _json(inputs.body)
    if inputs.files:
        return _parts(inputs.form, inputs.files)
    return [f"Content-Type: {FORM}", "", urlencode(inputs.form, doseq=True)] if inputs.form else []


def _parts(fields: dict[str, Any], files: tuple[str, ...]) -> list[str]:
    """A form with files, which are texts that say what they are."""
    lines = [f"Content-Type: multipart/form-data; boundary={BOUNDARY}", ""]
    for name, value in fields.items():
        lines += [f"--{BOUNDARY}", f'Content-Disposition: form-data; name="{name}"', "", str(value)]
    for name in files:
        disposition = f'Content-Disposition: form-data; name="{name}"; filename="example.txt"'
        lines += [f"--{BOUNDARY}", disposition, "Content-Type: text/plain", "", "example"]
    return [*lines, f"--{BOUNDARY}--"]


def _json(body: object) -> list[str]:
    return ["Content-Type: application/json", "", json.dumps(body, indent=2, ensure_ascii=False)]


def _in_one_line(text: str) -> str:
    return " ".join(text.split())


def _parameters(routes: list[ApiRoute]) -> list[str]:
    """A variable of the file for each parameter in a path."""
    examples: dict[str, str] = {}
    for route in routes:
        for match in PARAMETER.finditer(route.path):
            examples.setdefault(match["name"], _example(match["kind"] or "", match["of"] or ""))
    return [f"@{name} = {value}" for name, value in examples.items()]


def _example(kind: str, limits: str) -> str:
    """A value that a converter of Flask takes: ``any(tea,cake)``, ``int(min=5)``, ``string(length=2)``."""
    if kind == "any" and limits:
        return limits.partition(",")[0].strip("\"' ")
    example = EXAMPLES.get(kind, "example")
    given = {name.strip(): value.strip() for name, _equals, value in (part.partition("=") for part in limits.split(","))}
    if kind in ("int", "float"):
        return given.get("min", example)
    least, most = (given.get(name) or given.get("length") for name in ("minlength", "maxlength"))
    example = (example * 9)[: max(len(example), int(least))] if least and least.isdigit() else example
    return example[: int(most)] if most and most.isdigit() else example


def _value(header: str, answers: Answers) -> str:
    """The environment variable of the person's own computer that holds what a header wants, as REST Client reads it."""
    variable_name = header.upper().replace("-", "_")
    secret = [variable.name for variable in answers.variables if variable.secret]
    name = next((name for name in secret if name in (variable_name, variable_name.removeprefix("X_"))), None)
    if header.lower() == "authorization":
        return f"Bearer {{{{$processEnv {name or 'TOKEN'}}}}}"
    return f"{{{{$processEnv {name or variable_name.removeprefix('X_')}}}}}"
