"""Azure's refusals taken apart, and told by the rules of `wizard.cloud.errors.advice`."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from azure.core.exceptions import AzureError, HttpResponseError

from wizard.cloud.errors.action_phrases import action_phrase
from wizard.cloud.errors.advice import AdviceRule, for_refusal, for_sign_in
from wizard.cloud.errors.cloud_error import CloudError, ErrorKind, SignInError
from wizard.platform.language import N_, _
from wizard.platform.shown import from_outside


@dataclass(frozen=True)
class Refusal:
    """Azure's answer, taken apart: `detail` is the innermost code and message, which says the real reason."""

    code: str
    message: str
    target: str
    details: tuple[tuple[str, str], ...]
    body: Mapping[str, Any]

    @property
    def codes(self) -> list[tuple[str, str]]:
        """Code and message, from the most particular to the most general; a policy's with its reason, which Azure tells beside it."""
        return [*reversed(self.details), (self.code, f"{self.message}{_reason(self.message, self.body)}")]


BY_STATUS: dict[int, ErrorKind] = {
    401: ErrorKind.SIGN_IN,
    403: ErrorKind.AUTHORIZATION,
    404: ErrorKind.NOT_FOUND,
    409: ErrorKind.BUSY,
    429: ErrorKind.THROTTLED,
}
NEXT_MOVES: dict[ErrorKind, str] = {
    ErrorKind.AUTHORIZATION: N_(
        "Ask an owner of it for a role that allows this. A role given a moment ago needs up to ten minutes to take effect."
    ),
    ErrorKind.NOT_FOUND: N_("Make a new plan to see what is missing."),
    ErrorKind.BUSY: N_("Do the same again in a minute."),
    ErrorKind.THROTTLED: N_("Wait a little, then do the same again; it goes on from there."),
    ErrorKind.SERVER: N_("Do the same again; it goes on from there. https://azure.status.microsoft shows whether Azure knows of it."),
}


def explain(error: HttpResponseError) -> CloudError:
    """A refusal as a `CloudError`. The code decides, innermost first; the status only where the code is unknown."""
    refusal = take_apart(error)
    if refusal.body.get("error_description") or _is_sign_in_answer(error):
        return explain_sign_in(error)
    return _explained(refusal, error)


def explain_each(error: HttpResponseError) -> list[CloudError]:
    """What a refusal refuses, each of it as a `CloudError`: a validated deployment is told all at once, and one reason hides another."""
    whole = take_apart(error)
    leaves = [
        Refusal(str(leaf["code"]), str(leaf.get("message") or ""), str(leaf.get("target") or ""), (), leaf) for leaf in _leaves(whole.body)
    ]
    return [_explained(leaf, error) for leaf in leaves or [whole]]


def _leaves(inner: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The innermost details; a target stands at any of their levels."""
    leaves: list[Mapping[str, Any]] = []
    for child in inner.get("details") or []:
        if isinstance(child, dict) and child.get("code"):
            below = _leaves(child) or [child]
            leaves += [{"target": child.get("target"), **{key: value for key, value in leaf.items() if value}} for leaf in below]
    return leaves


def _explained(refusal: Refusal, error: HttpResponseError) -> CloudError:
    headers: Mapping[str, str] = getattr(error.response, "headers", None) or {}
    azure: dict[str, Any] = {
        "code": refusal.code,
        "message": refusal.message,
        "status": error.status_code,
        "correlation_id": headers.get("x-ms-correlation-request-id") or headers.get("x-ms-request-id") or "",
        "target": refusal.target,
        "details": refusal.details,
    }
    request = getattr(error.response, "request", None)
    operation = f"{getattr(request, 'method', '')} {getattr(request, 'url', '')}".strip()
    advice = for_refusal(refusal.codes, error.status_code or 0, operation)
    if advice is not None:
        return _apply(*advice, refusal, azure)
    return _by_status(error.status_code or 0, refusal, azure)


def take_apart(error: HttpResponseError) -> Refusal:
    """Code, message, target and details of Azure's answer, in each of the shapes that its services use (errors.md, envelope facts)."""
    body = _body(error)
    inner: dict[str, Any] = body
    if isinstance(body.get("error"), dict):
        inner = body["error"]
    elif isinstance(body.get("errors"), list) and body["errors"]:  # the registry's data plane
        inner = body["errors"][0]
    code, message = str(inner.get("code") or ""), str(inner.get("message") or "")
    if not code and error.error is not None:
        code, message = from_outside(str(error.error.code or "")), from_outside(str(error.error.message or ""))
    return Refusal(
        code=code or from_outside(str(error.reason or "")),
        message=message or from_outside(str(error.message or "")),
        target=str(inner.get("target") or ""),
        details=tuple(_details(inner)),
        body=inner,
    )


def _reason(message: str, inner: Mapping[str, Any]) -> str:
    """What a policy looked at where nobody wrote a reason into its refusal, as one would stand there: `` Reasons: 'location: ...'``.

    Azure tells it in additionalInfo, type PolicyViolation, evaluatedExpressions.
    """
    evaluated = [
        expression
        for extra in inner.get("additionalInfo") or []
        if isinstance(extra, dict) and isinstance(info := extra.get("info"), dict) and isinstance(info.get("evaluationDetails"), dict)
        for expression in info["evaluationDetails"].get("evaluatedExpressions") or []
        if isinstance(expression, dict) and expression.get("path")
    ]
    reason = "; ".join(map(_looked_at, evaluated)).replace("'", "")
    return f" Reasons: '{reason}'" if reason and "Reasons: '" not in message else ""


def _looked_at(expression: Mapping[str, Any]) -> str:
    """One expression of a policy: ``location: westeurope (NotIn swedencentral, italynorth)``, ``tag CostCenter: none (Exists false)``."""
    path, wanted = str(expression["path"]), expression.get("targetValue")
    tag = re.fullmatch(r"tags(?:\.|\['?)([^'\]]+)(?:'?\])?", path)
    targets = ", ".join(map(str, wanted)) if isinstance(wanted, list) else str(wanted)
    value = expression.get("expressionValue")
    name = f"tag {tag[1]}" if tag else path
    return f"{name}: {_('none') if value is None else value} ({expression.get('operator', '')} {targets})"


def _body(error: HttpResponseError) -> dict[str, Any]:
    try:
        text = error.response.text() if error.response is not None else ""
        body = json.loads(text)
        return from_outside(body) if isinstance(body, dict) else {}
    except (AzureError, ValueError, AttributeError, RecursionError):
        return {}


def _details(inner: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Nested codes, outermost first."""
    details: list[tuple[str, str]] = []
    nested = inner.get("innererror")
    for child in [*(inner.get("details") or []), *([nested] if isinstance(nested, dict) else [])]:
        if isinstance(child, dict) and child.get("code"):
            details.append((str(child["code"]), str(child.get("message") or inner.get("message") or "")))
            details += _details(child)
    return details


def _apply(rule: AdviceRule, words: str, refusal: Refusal, azure: dict[str, Any]) -> CloudError:
    match = rule.found_in(words)
    action = match.get("action", "")
    scope = match.get("scope", "").partition("/providers/Microsoft.Authorization/")[0]  # where a role is given, not the giving
    holes = {"message": words, "target": refusal.target or words, "policy": _policy_name(refusal), **match}
    holes |= {"scope": scope, "deed": action_phrase(action)}
    azure |= {"action": action, "scope": scope, "link": rule.link}
    make: Callable[..., CloudError] = CloudError
    arguments: tuple[Any, ...] = (ErrorKind(rule.kind),)
    if rule.kind == ErrorKind.SIGN_IN:
        make, arguments = SignInError, ()
    if rule.find and not re.search(rule.find, words, re.DOTALL):
        return make(*arguments, words, _(rule.remedy) if "{" not in rule.remedy else "", **azure)
    return make(*arguments, _(rule.what).format(**holes), _(rule.remedy).format(**holes), **azure)


def _policy_name(refusal: Refusal) -> str:
    for extra in refusal.body.get("additionalInfo") or []:
        info = extra.get("info") if isinstance(extra, dict) else None
        if isinstance(info, dict):
            name = info.get("policyDefinitionDisplayName") or info.get("policyAssignmentDisplayName") or info.get("policyDefinitionName")
            if name:
                return str(name)
    for member in ("policyDefinition", "policyAssignment"):
        match = re.search(rf'"{member}":\{{"name":"([^"]+)"', refusal.message)
        if match:
            return match[1]
    return _("of an unknown name")


def _by_status(status: int, refusal: Refusal, azure: dict[str, Any]) -> CloudError:
    """A refusal that no rule knows: Azure's own words, its code and what Azure's support asks for."""
    if status == 200 and not refusal.code.strip("OK"):  # an operation that ended Failed, without a word
        sentence = _("Azure began to make it, could not finish it, and gave no reason.")
        return CloudError(ErrorKind.SERVER, sentence, _("Do the same again; it goes on from there."), **azure)
    words = refusal.message or refusal.code or _("no reason given")
    traced = _("Azure's code: {code}; correlation id: {id}. azwizard report shows the full record.").format(
        code=refusal.code or status, id=azure["correlation_id"] or _("none")
    )
    if status == 401:
        again = _("Sign in again.")
        return SignInError(_("Azure did not accept your sign-in: {message}").format(message=words), f"{again} {traced}", **azure)
    kind = BY_STATUS.get(status, ErrorKind.SERVER if status >= 500 else ErrorKind.INVALID if status in (200, 400, 422) else ErrorKind.OTHER)
    remedy = _(NEXT_MOVES.get(kind, N_("Correct what Azure names, then do the same again; it goes on from there.")))
    return CloudError(kind, _("Azure refused: {message}").format(message=words), f"{remedy} {traced}", **azure)


def _is_sign_in_answer(error: HttpResponseError) -> bool:
    url = str(getattr(getattr(error.response, "request", None), "url", ""))
    return "/oauth2/" in url and ".azurecr." not in url


def explain_sign_in(error: AzureError) -> SignInError:
    """A refusal by the sign-in service, or by what stands in for it on this computer."""
    words = from_outside(str(error.message or error))
    if isinstance(error, HttpResponseError):
        words = str(_body(error).get("error_description") or words)
    response = getattr(error, "response", None)
    azure: dict[str, Any] = {"message": words, "status": getattr(response, "status_code", None)}
    code = re.search(r"AADSTS\d+", words)
    azure["code"] = code[0] if code else ""
    rule = for_sign_in(words)
    if rule is not None:
        match = rule.found_in(words)
        remedy = _(rule.remedy)
        remedy = remedy.format(**match) if match else remedy.replace("{command}", "az login")
        return SignInError(_(rule.what), remedy, link=rule.link, **azure)
    first_line = words.strip().splitlines()[0] if words.strip() else _("no reason given")
    return SignInError(_("Signing in did not work: {words}").format(words=first_line), _("Sign in again."), **azure)
