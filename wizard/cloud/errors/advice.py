"""What is said of Azure's refusals and of what an app says while it runs: the rules of ``advice.toml``, and which of them holds."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("advice.toml")


@dataclass(frozen=True)
class AdviceRule:
    """One rule; the texts are translated when shown. advice.toml says what each key means.

    :param what: what happened.
    :param remedy: what to try.
    """

    what: str
    remedy: str
    link: str
    kind: str = ""
    entries: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    words: str = ""
    action: str = ""
    status: int = 0
    operation: str = ""
    find: str = ""
    verdict: str = ""

    def found_in(self, text: str) -> Mapping[str, str]:
        """What `find` found in Azure's words."""
        match = re.search(self.find, text, re.DOTALL) if self.find else None
        return match.groupdict() if match else {}

    def holds(self, code: str, message: str, status: int, operation: str) -> bool:
        """Whether it is about this code, said like this, with this status, in this operation (method and URL)."""
        return (
            code in self.codes
            and (not self.words or re.search(self.words, message) is not None)
            and (not self.action or self.action.lower() in message.lower())
            and (not self.status or self.status == status)
            and (not self.operation or re.search(self.operation, operation, re.IGNORECASE) is not None)
        )


@dataclass(frozen=True)
class Advice:
    """All rules, each table from the most specific to the least."""

    refusals: tuple[AdviceRule, ...]
    sign_in: tuple[AdviceRule, ...]
    said: tuple[AdviceRule, ...]


@cache
def advice() -> Advice:
    """The rules of the file."""
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return Advice(*(tuple(_rule(table) for table in tables[name]) for name in ("refusal", "sign_in", "said")))


def for_refusal(codes: Sequence[tuple[str, str]], status: int = 0, operation: str = "") -> tuple[AdviceRule, str] | None:
    """The rule for a refusal, and the message it is about; None when no rule knows any of its codes.

    :param codes: (code, message), from the innermost to the outermost.
    :param operation: method and URL of the request.
    """
    for code, message in codes:
        for rule in advice().refusals:
            if rule.holds(code, message, status, operation):
                return rule, message
    return None


def for_sign_in(words: str) -> AdviceRule | None:
    """The rule for an answer of the sign-in service, or of what stands in for it on this computer."""
    return next((rule for rule in advice().sign_in if re.search(rule.words, words, re.IGNORECASE)), None)


def for_said(lines: Sequence[str]) -> AdviceRule | None:
    """The rule for what the platform and the app said: the most specific that fits any of the lines."""
    text = "\n".join(lines)
    return next((rule for rule in advice().said if re.search(rule.words, text)), None)


def _rule(table: Mapping[str, object]) -> AdviceRule:
    known = {field.name for field in fields(AdviceRule)}
    values = {"remedy" if key == "try" else key: tuple(value) if isinstance(value, list) else value for key, value in table.items()}
    if unknown := values.keys() - known:
        raise ValueError(f"unknown keys in advice.toml: {unknown}")
    return AdviceRule(**values)  # type: ignore[arg-type]
