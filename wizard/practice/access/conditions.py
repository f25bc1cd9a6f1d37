"""Conditions of role assignments: which roles, and for whom, their holder may assign and take back (reference.md section 3).

The language is Azure's, version 2.0; what it says of role assignments is evaluated, and of stored data it is checked for its form:
``!(ActionMatches{'...'}) OR @Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId] ForAnyOfAnyValues:GuidEquals {...}``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

VERSION = "2.0"
_ATTRIBUTE = re.compile(
    r"@(Request|Resource)\[Microsoft\.Authorization/roleAssignments:(RoleDefinitionId|PrincipalType|PrincipalId)\]", re.I
)
# What conditions on stored data ask (learn: role-based-access-control/conditions-format): valid, and never true of a role assignment.
_OTHER_ATTRIBUTE = re.compile(
    r"@(?:Request|Resource)\[Microsoft\.Storage/storageAccounts[\w/]*:[\w.*/-]+(?:<\$?[^>]+\$?>)?\]"
    r"|@(?:Principal|Environment)\[Microsoft\.[\w./]+:[\w.*/-]+\]|@Environment\[(?:isPrivateLink|UtcNow|[\w./]+)\]",
    re.I,
)
_ACTION = re.compile(r"ActionMatches\s*\{\s*'([^']*)'\s*\}", re.IGNORECASE)
_SUB_OPERATION = re.compile(r"SubOperationMatches\s*\{\s*'([^']*)'\s*\}", re.IGNORECASE)
_EXISTS = re.compile(r"(?:Not)?Exists\b", re.IGNORECASE)
_OPERATOR = re.compile(r"(?:ForAnyOf(Any|All)Values:)?(GuidEquals|GuidNotEquals|StringEqualsIgnoreCase|StringNotEqualsIgnoreCase)\b", re.I)
_OTHER_OPERATOR = re.compile(
    r"(?:For(?:Any|All)Of(?:Any|All)Values:)?(?:String(?:Not)?(?:Equals(?:IgnoreCase)?|Like|StartsWith|Matches)|Guid(?:Not)?Equals"
    r"|Numeric(?:Not)?(?:Equals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals|InRange)|Bool(?:Not)?Equals"
    r"|DateTime(?:Not)?(?:Equals|LessThan|LessThanEquals|GreaterThan|GreaterThanEquals)|IpMatch|IpInRange)\b",
    re.I,
)
_VALUES = re.compile(r"\{([^{}]*)\}|('[^']*'|[0-9a-fA-F-]{36})")
_OTHER_VALUES = re.compile(r"\{[^{}]*\}|'[^']*'|true\b|false\b|-?[\d.]+|@(?:Principal|Resource|Request)\[[^\]]+\]", re.I)
_OR, _AND, _NOT = (re.compile(word, re.IGNORECASE) for word in (r"OR\b|\|\|", r"AND\b|&&", r"!|NOT\b"))


class InvalidCondition(ValueError):
    """A condition that is not in this language."""


@dataclass(frozen=True)
class AssignmentAttempt:
    """One call on a role assignment: its action, and what is said of the assignment in the request or known of it already.

    :param request: and `resource`: attribute names in small letters, such as ``roledefinitionid``, with their values.
    """

    action: str
    request: Mapping[str, str] = field(default_factory=dict)
    resource: Mapping[str, str] = field(default_factory=dict)


Test = Callable[[AssignmentAttempt], bool]


def parse(text: str) -> Test:
    """The condition as a question to an attempt. Raises InvalidCondition."""
    reader = _ConditionReader(text)
    test = reader.either()
    if reader.rest:
        raise InvalidCondition(reader.rest)
    return test


class _ConditionReader:
    """Reads a condition from left to right; `rest` is what is still to be read."""

    def __init__(self, text: str) -> None:
        self.rest = text.strip()

    def either(self) -> Test:
        tests = [self.both()]
        while self._skip(_OR):
            tests.append(self.both())
        return lambda attempt: any(test(attempt) for test in tests)

    def both(self) -> Test:
        tests = [self.one()]
        while self._skip(_AND):
            tests.append(self.one())
        return lambda attempt: all(test(attempt) for test in tests)

    def one(self) -> Test:
        if self._skip(_NOT):
            test = self.one()
            return lambda attempt: not test(attempt)
        if self._skip(re.compile(r"\(")):
            inner = self.either()
            self._take(re.compile(r"\)"))
            return inner
        if action := self._skip(_ACTION):
            return lambda attempt: attempt.action.lower() == action[1].lower()
        if self._skip(_SUB_OPERATION):
            return lambda attempt: False
        if self._skip(_EXISTS):
            self._take(_OTHER_ATTRIBUTE)
            return lambda attempt: False
        if self._skip(_OTHER_ATTRIBUTE):
            self._take(_OTHER_OPERATOR)
            self._take(_OTHER_VALUES)
            return lambda attempt: False
        return self._comparison()

    def _comparison(self) -> Test:
        source, name = (part.lower() for part in self._take(_ATTRIBUTE).groups())
        quantifier, operator = (str(part).lower() for part in self._take(_OPERATOR).groups())
        several, single = self._take(_VALUES).groups()
        values = {value.strip().strip("'").lower() for value in (several if several is not None else single).split(",")}
        differs = "not" in operator
        if differs is not (quantifier == "all") and len(values) > 1:
            raise InvalidCondition(operator)

        def compare(attempt: AssignmentAttempt) -> bool:
            known = attempt.request if source == "request" else attempt.resource
            return name in known and (known[name].lower() in values) is not differs

        return compare

    def _skip(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        match = pattern.match(self.rest)
        if match:
            self.rest = self.rest[match.end() :].lstrip()
        return match

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = self._skip(pattern)
        if match is None:
            raise InvalidCondition(self.rest)
        return match
