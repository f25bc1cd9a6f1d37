"""The image: whether it is still there, may be fetched, is pinned, and is the newest of its tag."""

from __future__ import annotations

from dataclasses import replace

from wizard.cloud.errors.advice import for_said
from wizard.doctor.evidence import Evidence
from wizard.doctor.identity_causes import is_on_its_way
from wizard.doctor.verdict import START, Fix, Verdict, apply_again, asked_for, later, start_unless_running
from wizard.engine.step import Status
from wizard.platform.language import _
from wizard.sections import step_ids
from wizard.steps.app.differences import is_placeholder
from wizard.steps.image_build import NOT_INSTALLABLE, last_build
from wizard.steps.installing import STATE, installing_words

LINES_SHOWN = 8


async def build_failed(evidence: Evidence) -> Verdict | None:
    """Nothing is deployed, because the newest build in the setup's own registry waits for its packages, or ended on one of them."""
    if (evidence.app and not is_placeholder(evidence.app)) or evidence.answers.pipeline.build != "registry":
        return None
    registry = await evidence.plan.snapshot.registry()
    if registry is None or not evidence.plan.snapshot.is_ours(registry):
        return None
    lines = await last_build(evidence.cloud, (evidence.answers.registry.resource_group, evidence.answers.registry.name))
    if words := installing_words(lines[-1]) if lines else None:
        rule = for_said([STATE])
        return Verdict(rule.verdict, _(rule.what), (words,), Fix(_(rule.remedy))) if rule else None
    rule = for_said(lines)
    if rule is None or rule.verdict != NOT_INSTALLABLE:
        return None
    return Verdict(rule.verdict, _(rule.what), tuple(lines[-LINES_SHOWN:]), Fix(_(rule.remedy)))


async def registry_missing(evidence: Evidence) -> Verdict | None:
    """The registry itself was deleted, and every image with it."""
    if _reference(evidence) is None or await evidence.plan.snapshot.registry() is not None:
        return None
    name = evidence.answers.registry.name
    detail = _("The registry {name} with the images of your app is not there any more.").format(name=name) + later(evidence)
    lines = (_("{name}: not there").format(name=name),)
    cure = asked_for(evidence, step_ids.REGISTRY) or apply_again(evidence)
    image = evidence.looks.get(step_ids.IMAGE)
    if (
        cure.applies and image is not None and image.found is Status.BLOCKED
    ):  # until someone pushes it, and for that the registry must be there
        cure = replace(cure, options=f"{cure.options} --partial")
    return Verdict("registry-missing", detail, lines, cure)


def may_not_pull(evidence: Evidence) -> Verdict | None:
    """The role AcrPull was taken away."""
    look = evidence.looks.get("identity.acr_pull")
    if look is None or look.found is not Status.MISSING:
        return None
    detail = _("Your app's identity has no right to fetch its image from the registry.")
    if evidence.runs:
        detail += " " + _("It still runs with the image it has; its next start may fail.")
    lines = (_("no role AcrPull on {registry}").format(registry=evidence.answers.registry.name),)
    return Verdict("pull-role-missing", detail, lines, apply_again(evidence, *start_unless_running(evidence)))


async def image_missing(evidence: Evidence) -> Verdict | None:
    """The registry does not have what the app is to run."""
    reference = _reference(evidence)
    if reference is None or await _digest(evidence, reference) != "":
        return None
    detail = _("The registry does not have the image that your app runs: it was deleted, or its tag never existed.")
    lines = (_("{image}: not in {registry}").format(image=reference, registry=evidence.answers.registry.name),)
    look = evidence.looks[step_ids.IMAGE]
    if look.found is Status.BLOCKED:
        return Verdict("image-missing", detail, lines, Fix(f"{look.detail} {look.remedy}"))
    return Verdict("image-missing", detail, lines, apply_again(evidence))


async def denied(evidence: Evidence, lines: tuple[str, ...]) -> Verdict:
    """Image and role are there, and the platform still cannot fetch it."""
    registry = await evidence.plan.snapshot.registry()
    if registry is not None and await is_on_its_way(evidence, str(registry.id)):
        detail = _("The right of your app to fetch its image was given minutes ago and has not taken effect yet.")
        return Verdict("role-propagating", detail, lines, apply_again(evidence, *START))
    detail = _("The image could not be fetched from the registry: it refuses your app's identity, or what the app signs in with.")
    return Verdict("pull-denied", detail, lines, asked_for(evidence, step_ids.REGISTRY) or apply_again(evidence, *START))


def unpinned(evidence: Evidence) -> Verdict | None:
    """An app that runs a tag gets whatever that tag names at its next start."""
    image = str(evidence.container.get("image") or "")
    if "@" in image or _reference(evidence) is None:
        return None
    detail = _("Your app runs a tag, not a certain image: at its next start it may run something else than now.")
    return Verdict("unpinned-image", detail, (image,), apply_again(evidence))


async def not_the_newest(evidence: Evidence) -> Verdict | None:
    """The tag that the setup follows names another image than the one that runs."""
    pipeline = evidence.answers.pipeline
    tag = pipeline.tag if pipeline.build == "existing" else "latest"
    _name, _at, running = str(evidence.container.get("image") or "").partition("@")
    newest = None if tag.startswith("sha256:") else await _digest(evidence, f"{pipeline.image}:{tag}")
    if not running or not newest or newest == running:
        return None
    detail = _("The tag {tag} names another image than the one that runs: a new image was pushed, and the app was not told.").format(
        tag=tag
    )
    lines = (_("runs {digest}").format(digest=running[:19]), _("{tag} is {digest}").format(tag=tag, digest=newest[:19]))
    if pipeline.build == "existing":
        return Verdict("latest-moved", detail, lines, apply_again(evidence))
    take = _("To run the newer one, take the image that {tag} names instead of building your folder.").format(tag=tag)
    options = f"{apply_again(evidence).options} --set pipeline.build=existing --set pipeline.tag={tag}"
    return Verdict("latest-moved", detail, lines, Fix(take, "apply", options, ("pipeline.build", "pipeline.tag")))


def _reference(evidence: Evidence) -> str | None:
    """``orders-api@sha256:...`` or ``orders-api:1.4`` in the setup's own registry; None for an image from elsewhere."""
    server, _slash, image = str(evidence.container.get("image") or "").partition("/")
    if server.partition(".")[0].lower() != evidence.answers.registry.name.lower():
        return None
    return image if "@" in image or ":" in image else f"{image}:latest"


async def _digest(evidence: Evidence, reference: str) -> str | None:
    """The digest; "" when the registry does not have it, None when it may not be asked."""
    from azure.core.exceptions import HttpResponseError

    try:
        if await evidence.plan.snapshot.registry() is None:
            return ""
        return await evidence.plan.snapshot.image_digest(reference) or ""
    except HttpResponseError:
        return None
