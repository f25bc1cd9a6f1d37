"""What stands in braces gets its value, from where REST Client takes it: typed, made up, an earlier answer, the file, an environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from wizard.platform.language import _
from wizard.testing.rest.environments import RequestEnvironments, dotenv_of, environments_of
from wizard.testing.rest.exchanges import Exchange, NoValue, value_of
from wizard.testing.rest.file import RestFile, RestRequest
from wizard.testing.rest.system_variables import SIGN_INS, NotUnderstood, system_variable
from wizard.testing.rest.urls import URI_KEPT

BRACES = re.compile(r"\{\{(.+?)\}\}")
FROM_OUTSIDE = re.compile(r"\$(?P<kind>processEnv|dotenv)\s+(?P<indirect>%?)(?P<name>[\w.-]+)|\$env\.(?P<jetbrains>\w+)")
HOST_NAMES = re.compile(r"(?:\w+_|api)?(?:host|server|domain)(?:_?name)?", re.IGNORECASE)  # never baseUrl, which may hold a path
PORT_NAMES = re.compile(r"(?:\w+_)?port", re.IGNORECASE)
SCHEME_NAMES = re.compile(r"scheme|protocol", re.IGNORECASE)
DEEPEST = 20  # variables within variables


@dataclass
class Sources:
    """Where values come from that no file of requests holds.

    :param typed: ``--var`` and what was typed.
    :param setup: the setup's variables, those of the vault too.
    :param exchanges: the answered requests of this run, by name.
    :param kept: values that handlers kept of answers.
    :param environment: the name of the setup's environment.
    :param host: the app's host name, for a file that leaves open where its ``{{host}}`` comes from.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    setup: Mapping[str, str] = field(default_factory=dict)
    exchanges: Mapping[str, Exchange] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    environment: str = ""
    host: str = ""


class Filling:
    """The values of one request. `secrets` are those that are hidden in what is shown; `missing` what has no value, with the reason."""

    def __init__(self, file: RestFile, sources: Sources) -> None:
        self._file, self._sources = file, sources
        self._environments: RequestEnvironments | None = None
        self._known: dict[str, str] = {}
        self.secrets: set[str] = set()
        self.missing: dict[str, str] = {}

    def fill(self, text: str) -> str:
        """`text` with each ``{{…}}`` replaced; what has no value stays, and is in `missing`. Braces in a value mean nothing."""
        return self._filled(text, 0)

    def _filled(self, text: str, depth: int) -> str:
        return BRACES.sub(lambda match: self._value_or_braces(match, depth), text)

    def _value_or_braces(self, match: re.Match[str], depth: int) -> str:
        words = match[1].strip()
        if words in self._known:
            return self._known[words]
        try:
            value = self._value(words, depth)
        except NoValue as reason:
            self.missing[words] = str(reason)
            return match[0]
        if not words.startswith("$"):
            self._known[words] = value  # REST Client asks for a value once a request, but makes up a new one each time
        return value

    def _value(self, words: str, depth: int) -> str:
        if words in self._sources.typed:
            return self._sources.typed[words]
        if words.startswith("$"):
            return self._sources.kept.get(words) or self._system(words)
        if words.partition(".")[0] in self._file.names and "." in words:
            return value_of(self._sources.exchanges, words)
        name = words.removeprefix("%")
        if (value := self._custom(name, depth)) is None:
            raise NoValue(self._why_none(name))
        return quote(value, safe=URI_KEPT) if words.startswith("%") else value

    def _custom(self, name: str, depth: int) -> str | None:
        if name in self._sources.typed:
            return self._sources.typed[name]
        if name in self._file.variables:
            if depth > DEEPEST:
                raise NoValue(_("it is made of itself"))
            return self._filled(self._file.variables[name], depth + 1)
        for value in (self._sources.kept.get(name), self.environments.get(name), self._sources.setup.get(name)):
            if value is not None:
                return value
        return self._hidden(os.environ.get(name)) or self._address(name)

    def _address(self, name: str) -> str | None:
        """What a variable that nothing gives a value stands for when its name says that it is only a part of the address."""
        parts = {HOST_NAMES: self._sources.host, PORT_NAMES: "443", SCHEME_NAMES: "https"}
        return next((value for names, value in parts.items() if value and names.fullmatch(name)), None)

    def _system(self, words: str) -> str:
        if match := FROM_OUTSIDE.fullmatch(words):
            name = match["jetbrains"] or match["name"]
            if match["indirect"]:
                name = self.environments.get(name) or name
            value = self._dotenv(name) if match["kind"] == "dotenv" else None
            if value is None and name in self._sources.setup:
                return self._sources.setup[name]  # those of the vault are hidden by who reads them
            value = os.environ.get(name) if value is None else value
            if value is None:
                raise NoValue(self._why_none(name))
            return self._hidden(value) or ""
        if words.split()[0] in SIGN_INS:
            raise NoValue(_("signing in with {what} is not done here").format(what=words.split()[0]))
        try:
            return system_variable(words)
        except NotUnderstood:
            raise NoValue(_("REST Client does not understand it in this form")) from None

    def _dotenv(self, name: str) -> str | None:
        variables = dotenv_of(self._file.path, self.environments.chosen)
        return variables[1].get(name) if variables else None

    def _hidden(self, value: str | None) -> str | None:
        if value:
            self.secrets.add(value)
        return value

    @property
    def environments(self) -> RequestEnvironments:
        """Those of the file's folders, read once a request."""
        if self._environments is None:
            self._environments = environments_of(self._file.path, self._sources.environment)
            self.secrets |= self._environments.secrets
        return self._environments

    def _why_none(self, name: str) -> str:
        environments = self.environments.that_have(name)
        if len(environments) > 1:
            return _("it differs in the environments {names}").format(names=", ".join(environments))
        return _("nothing gives it one")


def names_in(request: RestRequest) -> list[str]:
    """The names that a request and the variables it uses ask for, without ``$processEnv`` and the like before them."""
    names: dict[str, None] = {}
    waiting = [request.text, *(assertion.wanted for assertion in request.assertions)]
    while waiting:
        for words in BRACES.findall(waiting.pop()):
            name = words.strip().split()[-1].removeprefix("%").removeprefix("$env.") if words.strip() else ""
            if name and name not in names:
                names[name] = None
                waiting += [request.file.variables[name]] if name in request.file.variables else []
    return list(names)
