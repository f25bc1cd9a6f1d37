"""What Azure DevOps refuses, as errors a person can act on."""

from __future__ import annotations

import json
from typing import Any

from wizard.cloud.errors.cloud_error import CloudError, ErrorKind
from wizard.platform.language import _

TOKEN_VARIABLE = "AZURE_DEVOPS_EXT_PAT"  # noqa: S105  where the az command looks for a personal access token too

MOVED_ON = "GitReferenceStaleException"
"""The code of a push to a branch that someone else has pushed to meanwhile (TF401028)."""

_KINDS = {400: ErrorKind.INVALID, 403: ErrorKind.AUTHORIZATION, 404: ErrorKind.NOT_FOUND, 409: ErrorKind.ALREADY, 429: ErrorKind.THROTTLED}


def is_json(response: Any) -> bool:
    """Whether it is an answer at all, and no page for people."""
    return "json" in response.headers.get("Content-Type", "")


def refusal(response: Any, organization: str, *, personal_token: bool) -> CloudError:
    """What an answer that is none means. The sign-in page comes with status 203, 302 or 401.

    :param organization: the one that was asked, or "" for all of the account's.
    :param personal_token: whether a personal access token (PAT) was sent.
    """
    status = int(response.status_code)
    if not is_json(response) and status == 404:
        return CloudError(
            ErrorKind.NOT_FOUND,
            _("There is no Azure DevOps organisation {name}.").format(name=organization),
            _("Correct organization under [pipeline]: it is the first part of your address, dev.azure.com/<organisation>."),
            status=status,
        )
    if (not is_json(response) and status < 500) or status == 401:
        return _not_let_in(status, organization, personal_token)
    try:
        body = json.loads(response.text())
    except ValueError:
        body = {}
    words, code = str(body.get("message") or response.reason or status), str(body.get("typeKey") or "")
    remedy = _("Do the same again; nothing is made twice.") if status >= 500 or status == 429 or code == MOVED_ON else ""
    if status == 403:
        remedy = _token_remedy() if personal_token else _group_remedy()
    return CloudError(
        _KINDS.get(status, ErrorKind.SERVER if status >= 500 else ErrorKind.OTHER),
        _("Azure DevOps refused: {words}").format(words=words),
        remedy,
        code=code,
        message=words,
        status=status,
    )


def _not_let_in(status: int, organization: str, personal_token: bool) -> CloudError:
    if not organization:
        why = _("Azure DevOps does not tell your organisations to this sign-in.")
        return CloudError(ErrorKind.AUTHORIZATION, why, _("Write organization under [pipeline] yourself."), status=status)
    remedy = _(
        "Open https://dev.azure.com/{name} once in your browser. When that works, the organisation is not connected to your "
        "Azure directory: make a personal access token there and set it as {variable}."
    ).format(name=organization, variable=TOKEN_VARIABLE)
    why = _("Azure DevOps does not let you into the organisation {name} with this sign-in.").format(name=organization)
    return CloudError(ErrorKind.AUTHORIZATION, why, _token_remedy() if personal_token else remedy, status=status)


def _group_remedy() -> str:
    """Azure DevOps has groups of its own, which no role in Azure gives."""
    return _(
        "An administrator of the project in Azure DevOps can let you: Project settings, Permissions, the groups Contributors and "
        "Build Administrators, and for connections Endpoint Creators. Then do the same again."
    )


def _token_remedy() -> str:
    """The scopes as the page calls them on which tokens are made."""
    return _(
        "Your personal access token in {variable} has expired, is of another organisation, or may too little. Make a new one that may: "
        "Code (Read & write), Build (Read & execute), Pipeline Resources (Use and manage), Service Connections (Read, query, & manage), "
        "Project and Team (Read). Or remove the variable: then your Azure sign-in is taken."
    ).format(variable=TOKEN_VARIABLE)
