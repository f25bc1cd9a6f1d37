"""What a request carries so that a view accepts it: a body, a form, files, and the parameters of its query."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class RequestInputs:
    """Examples of all of it.

    :param body: what is sent as JSON; None for a request without.
    :param form: field -> value of a form.
    :param files: the fields of a form that are files.
    :param query: parameters that the view does not do without.
    :param choices: parameter of the path -> the values that it takes.
    """

    body: Any = None
    form: dict[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    query: dict[str, Any] = field(default_factory=dict)
    choices: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def of_method(self, method: str) -> RequestInputs:
        """The same for one method: what only reads has no body."""
        if method in ("POST", "PUT", "PATCH"):
            return self
        return RequestInputs(query=self.query, choices=self.choices)

    def merge(self, other: RequestInputs) -> None:
        """Take what another view, which this one depends on, wants besides."""
        self.body = self.body if self.body is not None else other.body
        self.form = {**other.form, **self.form}
        self.files = tuple(dict.fromkeys((*self.files, *other.files)))
        self.query = {**other.query, **self.query}
