"""What GitHub refuses, as errors a person can act on."""

from __future__ import annotations

import json
from typing import Any

from wizard.cloud.errors.cloud_error import CloudError, ErrorKind
from wizard.platform.language import _

TOKEN_VARIABLE = "AZWIZARD_GITHUB_TOKEN"  # noqa: S105  the name of a variable
MOVED_ON = "not-a-fast-forward"
"""The code of a push to a branch that someone else has pushed to meanwhile; GitHub has words for it only."""
NO_TOKEN = "no-token"  # noqa: S105  the code of an error
EMPTY = "empty-repository"
RULES = "rules"
"""The code of a push that a rule of the repository refuses."""

_KINDS = {
    400: ErrorKind.INVALID,
    401: ErrorKind.SIGN_IN,
    403: ErrorKind.AUTHORIZATION,
    404: ErrorKind.NOT_FOUND,
    409: ErrorKind.ALREADY,
    422: ErrorKind.INVALID,
    429: ErrorKind.THROTTLED,
}
_CODES = (
    (409, "Git Repository is empty", EMPTY),
    (422, "not a fast forward", MOVED_ON),
    (422, "rule violations", RULES),
    (409, "rule violations", RULES),
    (422, "protected branch", RULES),
    (422, "already exists", "already-exists"),
    (409, "Already exists", "already-exists"),
)
"""Status, and words of GitHub's, which has no codes: what they mean (docs.github.com, "Troubleshooting the REST API")."""


def refusal(response: Any) -> CloudError:
    """What an answer that is none means."""
    status = int(response.status_code)
    try:
        body = json.loads(response.text())
    except ValueError:
        body = {}
    details = [str(item.get("message") or "") for item in body.get("errors") or [] if isinstance(item, dict)]
    words = " ".join(filter(None, [str(body.get("message") or response.reason or status).strip(), *details]))
    code = next((code for at, part, code in _CODES if at == status and part.lower() in words.lower()), "")
    kind = ErrorKind.ALREADY if code == "already-exists" else _KINDS.get(status, ErrorKind.SERVER if status >= 500 else ErrorKind.OTHER)
    if status == 403 and ("rate limit" in words.lower() or response.headers.get("x-ratelimit-remaining") == "0"):
        kind = ErrorKind.THROTTLED
    remedy = ""
    if kind in (ErrorKind.SIGN_IN, ErrorKind.AUTHORIZATION, ErrorKind.NOT_FOUND):
        remedy = token_remedy(response.headers.get("X-Accepted-GitHub-Permissions", ""))
    elif kind in (ErrorKind.SERVER, ErrorKind.THROTTLED) or code == MOVED_ON:
        remedy = _("Do the same again; nothing is made twice.")
    return CloudError(kind, _("GitHub refused: {words}").format(words=words), remedy, code=code, message=words, status=status)


def no_token() -> CloudError:
    """Nobody gave a token."""
    return CloudError(
        ErrorKind.SIGN_IN,
        _("azwizard has no token for GitHub."),
        f"{token_remedy()} {by_hand()}",
        code=NO_TOKEN,
    )


def by_hand() -> str:
    """The way without a token."""
    return _(
        "Without a token: azwizard export pipeline --github writes the workflow, and at its top what to do by hand; "
        'build = "existing" under [pipeline] then takes the image.'
    )


def token_remedy(permissions: str = "") -> str:
    """How to give a token that may do it; the names are those of GitHub's own pages.

    :param permissions: what the call would have needed, as GitHub's header says; "" where it does not say.
    """
    needs = _(" (this takes {permissions})").format(permissions=permissions.replace("=", ": ")) if permissions else ""
    return _(
        "Sign in with gh auth login --scopes repo,workflow (a code in your browser); or make a fine-grained token for this repository "
        "that may write Contents, Workflows, Variables, Actions and Pull requests{needs}, and put it into {variable}."
    ).format(needs=needs, variable=TOKEN_VARIABLE)
