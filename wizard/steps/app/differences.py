"""What differs between the app in Azure and the one that the answers ask for, in words, each labelled with the section that asks for it.

Only what the answers ask for is compared, and as Azure means it: ids without regard to case, ``0.5`` as ``"0.5"``, ``1Gi`` as ``1.0Gi``.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from wizard.engine.step import Change
from wizard.platform.language import _
from wizard.steps.app.payload import HEALTH_PATH_TAG, PLACEHOLDER_IMAGE, SAID_BY_DOCKERFILE, desired_secrets
from wizard.steps.app.probes import are_ours, probed_paths, same_probes
from wizard.steps.app.scaling import rule_words

ARM = dict[str, Any]
DIGEST_SHOWN = 12


def differences(actual: ARM, desired: ARM) -> list[Change]:
    """Every difference that writing `desired` would remove.

    :param actual: the app as Azure holds it, in ARM's names.
    :param desired: from `desired_app`; an image of which the digest is not known yet is not compared.
    """
    return [
        *_of_app(actual, desired),
        *_of_revision(actual, desired),
        *_of_path(actual, desired),
        *_of_mounts(actual, desired),
        *_of_registry(actual, desired),
        *_of_secrets(actual, desired),
        *_of_variables(actual, desired),
    ]


def job_differences(actual: ARM, desired: ARM) -> list[Change]:
    """The same for the job that runs the command before each new version."""
    parts = (_of_command, _of_image, _of_size, _of_mounts, _of_registry, _of_secrets, _of_variables)
    return [change for part in parts for change in part(actual, desired)]


def execution_differences(container: ARM, desired: ARM) -> list[Change]:
    """What of the container that an execution ran is not as the job wants it now."""
    ran = {"properties": {"template": {"containers": [container]}}}
    return [change for part in (_of_command, _of_image, _of_variables) for change in part(ran, desired)]


def needs_new_revision(actual: ARM, desired: ARM) -> bool:
    """Whether writing `desired` begins a new revision: when the template changes, and not for what belongs to the app as a whole."""
    return any(change for part in (_of_revision, _of_mounts, _of_variables) for change in part(actual, desired))


def revision_differences(before: ARM, after: ARM) -> list[Change]:
    """What differs between two revisions of an app, as Azure shows them."""
    shown = copy.deepcopy(after)
    scale = shown["properties"]["template"].get("scale") or {}
    counts = {"minReplicas": scale.get("minReplicas") or 0, "maxReplicas": scale.get("maxReplicas") or 10}
    shown["properties"]["template"]["scale"] = counts | {"rules": scale.get("rules") or []}
    return [change for part in (_of_revision, _of_mounts, _of_variables) for change in part(before, shown)]


def _of_app(actual: ARM, desired: ARM) -> Iterator[Change]:
    desired_ingress, actual_ingress = _ingress(desired), _ingress(actual)
    yield from _changed(_("port"), actual_ingress.get("targetPort"), desired_ingress["targetPort"], "container_app")
    yield from _changed(
        _("reachable from everywhere"), _word(actual_ingress.get("external")), _word(desired_ingress["external"]), "container_app"
    )
    yield from _changed(
        _("answers without TLS"), _word(actual_ingress.get("allowInsecure")), _word(desired_ingress["allowInsecure"]), "container_app"
    )
    if actual_ingress and str(actual_ingress.get("transport")).lower() not in ("http", "auto"):
        yield Change(_("protocol"), str(actual_ingress.get("transport")), "http", "container_app")
    if _traffic(actual_ingress) != _traffic(desired_ingress) and actual_ingress:
        yield Change(_("who gets the requests"), _("several or older revisions"), _("the newest revision"), "container_app")
    mode = str(_configuration(actual).get("activeRevisionsMode") or "Single")
    if mode.lower() != "single":
        yield Change(_("revisions at work"), mode, "Single", "container_app")
    if not _identities(desired) <= _identities(actual):
        yield Change(_("identity"), str((actual.get("identity") or {}).get("type") or "None"), desired["identity"]["type"], "container_app")
    tags = actual.get("tags") or {}
    for tag, value in desired["tags"].items():
        if tag != HEALTH_PATH_TAG and tags.get(tag) != value:
            yield Change(_("tag {name}").format(name=tag), str(tags.get(tag) or _nothing()), value, "container_app")


def _of_command(actual: ARM, desired: ARM) -> Iterator[Change]:
    before, after = _container(actual, desired).get("command") or [], _container(desired)["command"]
    if before != after:
        yield Change(_("command"), before[-1] if before else _nothing(), after[-1], "revision")


def _of_revision(actual: ARM, desired: ARM) -> Iterator[Change]:
    desired_container, actual_container = _container(desired), _container(actual, desired)
    yield from _of_image(actual, desired)
    if started_by := [word for key in SAID_BY_DOCKERFILE for word in actual_container.get(key) or []]:
        yield Change(_("what starts it"), " ".join(map(str, started_by)), _("what the Dockerfile says"), "revision", is_answer=False)
    yield from _of_probes(actual_container.get("probes") or [], desired_container.get("probes"))
    yield from _of_size(actual, desired)
    scale, desired_scale = _template(actual).get("scale") or {}, _template(desired)["scale"]
    yield from _changed(_("copies that always run"), scale.get("minReplicas") or 0, desired_scale["minReplicas"], "revision")
    yield from _changed(_("most copies at once"), scale.get("maxReplicas") or 10, desired_scale["maxReplicas"], "revision")
    yield from _each("{name}", rule_words(scale.get("rules") or []), rule_words(desired_scale.get("rules") or []), "revision")


def _of_image(actual: ARM, desired: ARM) -> Iterator[Change]:
    image, before = str(_container(desired)["image"]), _container(actual, desired).get("image")
    known = not image.startswith("None/") and not image.endswith("@None")
    if known and str(before) != image:
        yield Change(_("image"), _short(before), _short(image), "revision", is_answer=False)


def _of_size(actual: ARM, desired: ARM) -> Iterator[Change]:
    before, after = _container(actual, desired).get("resources") or {}, _container(desired)["resources"]
    yield from _changed(_("processor cores"), _number(before.get("cpu")), _number(after["cpu"]), "revision")
    yield from _changed(_("memory"), _memory(before.get("memory")), _memory(after["memory"]), "revision")


def _of_probes(theirs: list[ARM], ours: list[ARM] | None) -> Iterator[Change]:
    """The code decides: where it shows that the health path answers, Azure asks for it. Others' probes are left alone."""
    if ours is None or not are_ours(theirs) or same_probes(theirs, ours):
        return
    before, after = probed_paths(theirs), probed_paths(ours)
    yield Change(_("how Azure asks whether it is ready"), before or _nothing(), after or _nothing(), "revision", is_answer=False)


def _of_path(actual: ARM, desired: ARM) -> Iterator[Change]:
    path = (actual.get("tags") or {}).get(HEALTH_PATH_TAG)
    yield from _changed(_("path to try"), path, desired["tags"][HEALTH_PATH_TAG], "revision")


def _of_mounts(actual: ARM, desired: ARM) -> Iterator[Change]:
    actual_mounts, desired_mounts = _mounts(actual, desired), _mounts(desired, desired)
    yield from _each(_("folder {name}"), actual_mounts, desired_mounts, "storage")


def _of_registry(actual: ARM, desired: ARM) -> Iterator[Change]:
    actual_registries = {
        str(item.get("server")).lower(): str(item.get("identity") or "").lower() for item in _configuration(actual).get("registries") or []
    }
    for registry in _configuration(desired)["registries"]:
        server, identity = str(registry["server"]), str(registry["identity"])
        if registry["server"] is not None and actual_registries.get(server.lower()) != identity.lower():
            before = actual_registries.get(server.lower())
            what = _("how the image is fetched from {server}").format(server=server)
            yield Change(what, _identity_word(before), _identity_word(identity), "identity")


def _of_secrets(actual: ARM, desired: ARM) -> Iterator[Change]:
    actual_secrets = {secret["name"]: _reference(secret) for secret in _configuration(actual).get("secrets") or []}
    for secret in desired_secrets(desired):
        before, after = actual_secrets.get(secret["name"]), _reference(secret)
        if before != after and after[0].startswith("https://"):  # otherwise there is no vault yet
            what = _("secret {name}").format(name=secret["name"])
            shown = _nothing() if before is None else _("a value of its own") if not before[0] else before[0]
            yield Change(what, shown, after[0] if before is None or before[0] != after[0] else _identity_word(after[1]), "secrets")


def _of_variables(actual: ARM, desired: ARM) -> Iterator[Change]:
    actual_variables, desired_variables = _variables(_container(actual, desired)), _variables(_container(desired))
    yield from _each(_("variable {name}"), actual_variables, desired_variables, "variables")


def _each(what: str, actual: Mapping[str, str], desired: Mapping[str, str], section: str) -> Iterator[Change]:
    for name in dict.fromkeys([*desired, *actual]):
        before, after = actual.get(name), desired.get(name)
        if before != after:
            yield Change(what.format(name=name), _nothing() if before is None else before, _nothing() if after is None else after, section)


def _changed(what: str, before: Any, after: Any, section: str) -> Iterator[Change]:
    if before != after:
        yield Change(what, _nothing() if before is None else str(before), str(after), section)


def _nothing() -> str:
    return _("nothing")


def _word(value: Any) -> str:
    return _("yes") if value else _("no")


def _configuration(app: ARM) -> ARM:
    return dict(app.get("properties", {}).get("configuration") or {})


def _template(app: ARM) -> ARM:
    return dict(app.get("properties", {}).get("template") or {})


def _ingress(app: ARM) -> ARM:
    return dict(_configuration(app).get("ingress") or {})


def _container(app: ARM, like: ARM | None = None) -> ARM:
    """The API's container: the one named as in `like`, or the only one there is."""
    containers = _template(app).get("containers") or [{}]
    name = _container(like).get("name") if like else None
    only = containers[0] if name is None or len(containers) == 1 else {}
    return dict(next((container for container in containers if container.get("name") == name), only))


def _traffic(ingress: ARM) -> list[tuple[Any, Any]]:
    """An ingress without a word on it sends everything to the newest revision."""
    rules = ingress.get("traffic") or [{"latestRevision": True, "weight": 100}]
    return [(bool(rule.get("latestRevision")), rule.get("weight")) for rule in rules if rule.get("weight")]


def _identities(app: ARM) -> set[str]:
    identity = app.get("identity") or {}
    users = {str(key).lower() for key in identity.get("userAssignedIdentities") or {}}
    return users | ({"system"} if "systemassigned" in str(identity.get("type") or "").lower() else set())


def _identity_word(identity: str | None) -> str:
    if not identity:
        return _nothing()
    return (
        _("the app's own identity") if identity.lower() == "system" else _("the identity {name}").format(name=identity.rpartition("/")[2])
    )


def _reference(secret: ARM) -> tuple[str, str]:
    return str(secret.get("keyVaultUrl") or "").lower(), str(secret.get("identity") or "").lower()


def _variables(container: ARM) -> dict[str, str]:
    return {
        str(item["name"]): _("the secret {name}").format(name=item["secretRef"]) if item.get("secretRef") else str(item.get("value") or "")
        for item in container.get("env") or []
    }


def _mounts(app: ARM, like: ARM) -> dict[str, str]:
    """Folder -> what is mounted there, in words."""
    volumes = {str(volume["name"]): volume for volume in _template(app).get("volumes") or []}
    return {
        str(mount["mountPath"]): _volume_words(volumes.get(str(mount["volumeName"]), {}))
        for mount in _container(app, like).get("volumeMounts") or []
    }


def _volume_words(volume: ARM) -> str:
    options = str(volume.get("mountOptions") or "")
    words = str(volume.get("storageName") or volume.get("storageType") or _nothing())
    return f"{words} ({options})" if options else words


def _number(value: Any) -> str | None:
    return None if value is None else f"{float(value):g}"


def _memory(value: Any) -> str | None:
    return None if value is None else f"{float(str(value).removesuffix('Gi')):g}Gi"


def _short(image: Any) -> str:
    """An image without its server, and with only the beginning of its digest."""
    name, at, digest = str(image).rpartition("/")[2].partition("@sha256:")
    return f"{name}{at}{digest[:DIGEST_SHOWN]}"


def is_placeholder(actual: ARM) -> bool:
    """Whether the app runs nothing of ours yet."""
    return [container.get("image") for container in _template(actual).get("containers") or []] == [PLACEHOLDER_IMAGE]
