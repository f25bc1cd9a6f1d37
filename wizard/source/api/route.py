"""One request that an API answers, as far as its source shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from wizard.source.api.inputs import RequestInputs
from wizard.source.api.view_facts import SignInView

WANTS_SIGN_IN = (401, 403)
"""What is answered to who has not signed in, or carries no key."""


@dataclass(frozen=True)
class ApiRoute:
    """One request: its method, its path as Flask writes it (``/orders/<int:number>``), and what the source shows of the rest.

    :param title: the first line of the view's docstring, or its name.
    :param headers: headers beyond the everyday ones that the source asks for, such as ``X-Api-Key``.
    :param inputs: examples of what the view accepts: a body, a form, parameters of the query.
    :param statuses: with which it answers to who sends `headers`; empty where the source does not show them.
    :param sign_in: what a view gives that signs people in.
    :param wants_token: whether it asks for the token that such a view gives.
    """

    method: str
    path: str
    title: str
    headers: tuple[str, ...] = ()
    inputs: RequestInputs = field(default_factory=RequestInputs, hash=False)
    statuses: tuple[int, ...] = ()
    sign_in: SignInView | None = None
    wants_token: bool = False

    @property
    def body(self) -> Any:
        """An example of the JSON that the view accepts; None when it reads none."""
        return self.inputs.body


@dataclass(frozen=True)
class ApiReading:
    """What a folder shows of an API.

    :param passed_over: registrations whose path or view was not understood, as ``app.py:12: app.add_url_rule(path, …)``.
    """

    routes: list[ApiRoute]
    passed_over: list[str]
