"""What ``$filter`` of a list of resources or groups says: ``eq`` and ``ne`` of a few names, with ``and`` and ``or``.

Azure refuses a filter that it does not understand: one that is passed over would give everything, and read as a result.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from wizard.practice.kernel.errors import GATEWAY, AzureError

_CLAUSE = re.compile(r"\s*\(?\s*(\w+)\s+(eq|ne)\s+'((?:[^']|'')*)'\s*\)?\s*", re.IGNORECASE)
_WORD = re.compile(r"and|or", re.IGNORECASE)
_TAG, _VALUE = "tagname", "tagvalue"
Clause = tuple[str, bool, str]
"""A name in small letters, whether it must be equal, and the value."""


class Filter:
    """A filter, read; `alternatives` are lists of clauses of which every one holds, of at least one list."""

    def __init__(self, text: str, names: tuple[str, ...]) -> None:
        """Raises AzureError 400 InvalidFilterInQueryString for what is none.

        :param names: what it may name beside a tag, in small letters.
        """
        self._text, self._names = text, (*names, _TAG, _VALUE)
        self.alternatives: list[list[Clause]] = [[]]
        position = 0
        while text.strip():
            position = self._clause(position)
            if position == len(text):
                break
            word = _WORD.match(text, position)
            if word is None:
                raise self._refused()
            position = word.end()
            if word[0].lower() == "or":
                self.alternatives.append([])

    def fits(self, facts: Mapping[str, str], tags: Mapping[str, str]) -> bool:
        """Whether something with these facts, by name, and these tags is what the filter wants."""
        lowered = {name.lower(): value for name, value in tags.items()}
        return any(self._all_hold(clauses, facts, lowered) for clauses in self.alternatives)

    def _clause(self, position: int) -> int:
        match = _CLAUSE.match(self._text, position)
        if match is None or match[1].lower() not in self._names:
            raise self._refused()
        self.alternatives[-1].append((match[1].lower(), match[2].lower() == "eq", match[3].replace("''", "'")))
        return match.end()

    def _all_hold(self, clauses: list[Clause], facts: Mapping[str, str], tags: Mapping[str, str]) -> bool:
        tag = next((value.lower() for name, _equal, value in clauses if name == _TAG), "")
        for name, equal, value in clauses:
            if name == _TAG:
                holds = value.lower() in tags
            elif name == _VALUE:
                holds = tags.get(tag) == value
            else:
                holds = facts.get(name, "").lower() == value.lower()
            if holds != equal:
                return False
        return True

    def _refused(self) -> AzureError:
        message = f"Invalid $filter '{self._text}' specified in the query string."
        return AzureError(400, "InvalidFilterInQueryString", message, headers=GATEWAY)
