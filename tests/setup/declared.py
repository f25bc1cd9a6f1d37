"""Every field that a setup file has, and values for it: right ones drawn from its own rule, and whatever else somebody writes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from wizard.sections.name_rules import NameRule
from wizard.sections.storage import Share
from wizard.sections.variables import Variable
from wizard.setup.answers import TABLES
from wizard.setup.introspection import Question, questions

DEVOPS = {"build": "azure-devops", "organization": "contoso", "project": "orders", "repository": "orders-api"}
GITHUB = {"build": "github", "owner": "contoso", "repository": "orders-api"}
BESIDE: dict[str, dict[str, Any]] = {
    **{f"pipeline.{key}": {"pipeline": DEVOPS} for key in ("organization", "project", "repository", "folder", "connection")},
    **{f"pipeline.{key}": {"pipeline": GITHUB} for key in ("owner", "branch", "deploy")},
    **{f"{table}.resource_group": {table: {"existing": True}} for table in ("key_vault", "registry", "storage", "environment")},
    "project.budget": {"project": {"budget_email": "me@example.com"}},
    "project.budget_email": {"project": {"budget": 5}},
    "app.before_deploy": {"app": {"identity": "user"}},
    "app.cpu": {"app": {"memory": ""}},
    "app.min_replicas": {"app": {"max_replicas": 1000}},
    "variables[0].secret": {"key_vault": {"secrets": ["api-key"]}},
}
"""What has to be said beside a field for its value to be looked at."""
AWKWARD = (
    *(
        "",
        " ",
        ".",
        "..",
        "/",
        "//",
        "~",
        "-",
        "--",
        "*",
        "%s",
        "{name}",
        "$(id)",
        "`id`",
        "${{ github.token }}",
        "{{ x }}",
        "[red]x[/red]",
    ),
    *("a\nb", "a\x00b", "\x1b[2J", "\x9b31m", "a\x85b", "\u202eabc", "a\u200bb", "\ufeff", "\u2028", "é", "日本", "ａ", "İ", "\U0001f600"),
    *("/a/../../etc", "../x", "a'b", 'a"b', "a\\b", "a;b", "a%2fb", "con", "NUL", "true", "null", "nan", "1e400", "0", "-1", "1_0", "١"),
    *("x" * 25, "x" * 300, "y/" * 600, "é" * 200),
)
TYPED = (True, False, 0, 1, -1, 2**63, 10**400, 1.5, float("nan"), float("inf"), [], ["a"], [1], [[]], {}, {"a": "b"}, {"a": {}},
         datetime.date(2020, 1, 1))  # fmt: skip
TEXTS = st.one_of(st.sampled_from(AWKWARD), st.text(st.characters(exclude_categories=["Cs"]), max_size=40))


@dataclass(frozen=True)
class DeclaredField:
    """One field and where it stands, such as ``storage.shares[0].mount``."""

    where: str
    question: Question

    def document(self, value: Any) -> dict[str, Any]:
        """A setup file's tables in which only this field may be wrong."""
        document = self.beside()
        table = self.where.partition(".")[0].partition("[")[0]
        if self.where.startswith("storage.shares"):
            document["storage"] = {"shares": [{"designation": "db", "mount": "/data", self.question.key: value}]}
        elif table == "variables":
            base = {} if self.question.key == "secret" else {"value": "x"}
            document["variables"] = [{"name": "LEVEL", **base, self.question.key: value}]
        else:
            document[table] = {**document.get(table, {}), self.question.key: value}
        return document

    def beside(self) -> dict[str, Any]:
        """A right setup file's tables, without this field."""
        document: dict[str, Any] = {"format": 2, "project": {"name": "orders"}}
        for table, keys in BESIDE.get(self.where, {}).items():
            document[table] = {**document.get(table, {}), **keys}
        return document

    def values(self) -> st.SearchStrategy[Any]:
        """Values of every sort, among them nearly right ones."""
        own: list[st.SearchStrategy[Any]] = [st.sampled_from(TYPED), TEXTS]
        if self.question.kind is str:
            own += [self.right(), st.tuples(self.right(), TEXTS).map(lambda pair: str(pair[0]) + pair[1])]
        elif self.question.kind is tuple:
            own.append(st.lists(TEXTS, max_size=3))
        elif self.question.kind is dict:
            own.append(st.dictionaries(TEXTS, TEXTS, max_size=3))
        else:
            own += [st.integers(), st.floats(), self.right()]
        return st.one_of(own)

    def right(self) -> st.SearchStrategy[Any]:
        """Values that its own rule takes."""
        question = self.question
        if question.choices:
            return st.sampled_from(question.choices)
        if isinstance(question.ask.check, NameRule):
            return names(question.ask.check)
        if question.kind is bool:
            return st.booleans()
        if question.kind is int:
            return st.integers(question.least or 0, question.most or 100)
        return st.just(question.default) if isinstance(question.default, str | float) and question.default != "" else st.just("a")


def names(rule: NameRule) -> st.SearchStrategy[str]:
    """Names that a rule takes."""
    return st.from_regex(rule.pattern, fullmatch=True).filter(lambda name: rule(name) is None)


def _declared() -> Iterator[DeclaredField]:
    tables: Mapping[str, Any] = {**TABLES, "storage.shares[0]": Share, "variables[0]": Variable}
    for where, table_type in tables.items():
        if where != "variables":
            yield from (DeclaredField(f"{where}.{question.key}", question) for question in questions(table_type) if not question.item)


DECLARED = tuple(_declared())
