"""The broken and the healthy deployments that the doctor is shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet

from tests.doctor import app_harms, harms
from tests.doctor.harms import based_on, bound, command, installed_by, script, starting
from tests.doctor.ward import TABLES, Break
from tests.practice.apps import DOCKERFILE, RUN


@dataclass(frozen=True)
class Illness:
    """One broken deployment.

    :param image: what differs in the image that is deployed (``run``, ``dockerfile``).
    :param harm: what happens after the deployment.
    :param says: words of the verdict's detail or evidence.
    :param faults: of the practice cloud, in force while it is deployed.
    :param built: whether the wizard builds the image of the code beside the setup file.
    :param person: what the person does where the wizard cannot.
    """

    verdict: str
    why: str = ""
    tables: dict[str, Any] = field(default_factory=dict)
    image: dict[str, str] = field(default_factory=dict)
    harm: Break | None = None
    says: str = ""
    person: Break | None = None
    faults: tuple[str, ...] = ()
    built: bool = False

    @property
    def title(self) -> str:
        return f"{self.verdict}: {self.why}".rstrip(": ")


NO_SHARE: dict[str, Any] = {"storage": {"shares": []}, "variables": TABLES["variables"][1:]}
IDENTITY: dict[str, Any] = {"app": {"port": 5000, "identity": "user"}}
BUILT: dict[str, Any] = {"pipeline": {"build": "registry", "image": "orders-api"}}
NO_NOBRL: dict[str, Any] = {"storage": {"shares": [{"designation": "db", "mount": "/project-container/databases"}]}}
OVER_CODE: dict[str, Any] = {
    "storage": {"shares": [{"designation": "db", "mount": "/project-container", "nobrl": True}]},
    "pipeline": {"build": "registry", "image": "orders-api", "check_code": False},
}
PILE = "pile = [bytes([1]) * (1 << 24) for _ in range(38)]"  # 608 MiB, more than the 512 that it has
HUNGRY = command("python", "-c", f"import subprocess; {PILE}; subprocess.run(['gunicorn', '--bind', '0.0.0.0:5000', 'run:app'])")
# A pile that is held until its holder is ended: one given back between two looks of the practice cloud would go unseen.
HELD = f"{PILE}\n    threading.Event().wait(20)"
BIG = {"run": RUN + f"\n\n@app.get('/big')\ndef big():\n    import threading\n    {HELD}\n    return str(len(pile))\n"}
SILENT = command("python", "-c", "import threading; threading.Event().wait()")
ILLNESSES = [
    Illness("loopback", "gunicorn on 127.0.0.1", image=bound("127.0.0.1:5000"), says="111", person=harms.repushed),
    Illness("wrong-port", "the image's port", image=bound("0.0.0.0:8000"), says="8000"),
    Illness("wrong-port", "the app's port, changed", harm=app_harms.port_changed, says="8080"),
    Illness("crash", "an exception", image=starting("raise RuntimeError('boom')"), says="boom", person=harms.repushed),
    Illness("crash", "a package", image=starting("import nothing_like_it"), says="nothing_like_it", person=harms.repushed),
    Illness("variable-missing", image=starting("os.environ['NEEDED']"), says="NEEDED", person=harms.repushed),
    Illness("out-of-memory", "at its start", image=HUNGRY, says="137"),
    Illness("out-of-memory", "each worker", image=starting(PILE), says="sent SIGKILL"),
    Illness("out-of-memory", "a request", image=BIG, harm=harms.asked_for_much, says="sent SIGKILL"),
    Illness("pull-role-missing", harm=harms.without_pull_role, says="crordersdev"),
    Illness("secret-role-missing", harm=harms.without_secrets_role),
    Illness("secret-role-missing", "still running", harm=harms.still_running_without_secrets_role, says="next start"),
    Illness("secret-missing", "deleted", harm=harms.secret_deleted, says="api-key"),
    Illness("secret-missing", "purged", harm=harms.secret_purged, says="api-key", person=harms.secret_written),
    Illness("secret-disabled", harm=harms.secret_switched_off, says="api-key", person=harms.secret_switched_on),
    Illness("key-rotated", "still running", harm=harms.key_rotated),
    Illness("key-rotated", "started again", harm=harms.key_rotated_and_restarted),
    Illness("share-missing", harm=harms.share_deleted, says="db"),
    Illness("shared-key-disabled", harm=harms.key_forbidden),
    Illness("ingress-internal", harm=app_harms.internal),
    Illness("ingress-restricted", harm=app_harms.restricted, says="203.0.113.0/24", person=app_harms.let_in),
    Illness("identity-missing", tables=IDENTITY, harm=harms.identity_deleted),
    Illness(
        "crash", "a program that is not in the image", image=command("guncorn", "run:app"), says="no program guncorn", person=harms.repushed
    ),
    Illness("crlf", "a start script of Windows", image=script("#!/bin/sh\\r\\n"), says="./start.sh is there", person=harms.repushed),
    Illness("exec-format", "a start script without a first line", image=script(""), says="#!", person=harms.repushed),
    Illness("not-executable", "a start script", image=script("#!/bin/sh\\n", mode="644"), says="x bit", person=harms.repushed),
    Illness("not-rehearsed", "a program", image=installed_by("apt-get install -y caddy", "caddy"), says="caddy", person=harms.repushed),
    Illness("not-rehearsed", "of a base image", image=based_on("contoso/caddy:2", "caddy"), says="contoso/caddy", person=harms.repushed),
    Illness("stopped", "the app", harm=app_harms.stopped),
    Illness("stopped", "the revision", harm=app_harms.deactivated),
    Illness("unpinned-image", harm=app_harms.by_tag),
    Illness("latest-moved", harm=harms.newer_pushed),
    Illness("latest-moved", "built here", tables=BUILT, built=True, harm=harms.latest_pushed, says="latest", person=harms.latest_taken),
    Illness("scaled-to-zero", tables=NO_SHARE, harm=app_harms.sleeps),
    Illness("new-version-failed", tables=NO_SHARE, harm=harms.unreachable_version, says="127.0.0.1", person=harms.older_version),
    Illness("database-locked", tables={**NO_NOBRL, "app": {"port": 5000, "health_path": "/health"}}, harm=harms.locked, says="nobrl"),
    Illness("share-over-code", tables=OVER_CODE, built=True, says="/project-container"),
    Illness(
        "api-error",
        image={"run": RUN.replace('return jsonify(status="ok")', "return 1 / 0")},
        says="ZeroDivisionError",
        person=harms.repushed,
    ),
    Illness("traffic-elsewhere", "a version that is switched off", harm=app_harms.older_one_off, says="100 %"),
    Illness("provider-not-registered", harm=app_harms.provider_off, says="Microsoft.App"),
    Illness("not-listening", "nothing listens", image=SILENT, says="5000", person=harms.repushed),
    Illness("ingress-off", harm=app_harms.ingress_off, says="ingress"),
    Illness("registry-missing", tables=BUILT, built=True, harm=harms.registry_deleted, says="crordersdev"),
    Illness("image-missing", "deleted", harm=harms.image_deleted, says="not in crordersdev", person=harms.repushed),
    Illness("image-missing", "deleted, and built here", tables=BUILT, built=True, harm=harms.image_deleted, says="not in crordersdev"),
    Illness("vault-firewall", "started again", harm=harms.vault_closed_and_restarted, says="firewall", person=harms.vault_opened),
    Illness("vault-firewall", "still running", harm=harms.vault_closed, says="next start", person=harms.vault_opened),
    Illness("vault-firewall", "not public", harm=harms.vault_not_public, person=harms.vault_opened),
    Illness("vault-missing", harm=harms.vault_deleted, says="kv-orders-dev", person=harms.vault_brought_back),
    Illness("storage-firewall", "started again", harm=harms.storage_closed_and_restarted, says="firewall", person=harms.storage_opened),
    Illness("storage-firewall", "still running", harm=harms.storage_closed, says="next start", person=harms.storage_opened),
    Illness("registry-firewall", harm=harms.registry_closed, says="crordersdev", person=harms.registry_opened),
    Illness("storage-missing", harm=harms.account_deleted, says="stordersdev"),
    Illness("share-not-connected", "still running", harm=harms.connection_deleted, says="next start"),
    Illness("share-not-connected", "started again", harm=harms.connection_deleted_and_restarted, says="azure-files-db"),
    Illness("mount-failed", "another key", harm=harms.wrong_key_connected, says="mount error(13)"),
    Illness("role-propagating", "secrets", harm=harms.secrets_role_given_anew, says="minutes ago"),
    Illness("role-propagating", "image", harm=harms.pull_role_given_anew, says="minutes ago"),
    Illness("pull-denied", "ABAC", harm=harms.rights_for_each_repository, says="UNAUTHORIZED", person=harms.rights_for_the_registry),
    Illness("secret-unreadable", "access policies", harm=harms.vault_with_policies, says="access policies"),
    Illness("environment-failed", harm=app_harms.environment_failed, says="Failed"),
    Illness("probe-failed", harm=app_harms.failing_probe, says="/healthz", person=app_harms.probe_corrected),
    Illness("probe-failed", "another port", harm=app_harms.probed_elsewhere, says="9999", person=app_harms.probe_corrected),
    Illness("not-running", "its first write failed", tables=IDENTITY, faults=("fail:Microsoft.App/containerApps",), says="no version"),
    Illness("no-answer", harm=app_harms.out_of_reach, person=app_harms.faults_gone),
]
HEALTHY: list[tuple[str, dict[str, Any], dict[str, str]]] = [
    ("as in the article", {}, {}),
    ("an identity made before", IDENTITY, {}),
    ("no share", NO_SHARE, {}),
    ("no secret", {"key_vault": {"secrets": []}, "variables": TABLES["variables"][:2]}, {}),
    ("another port", {"app": {"port": 8080}}, bound("0.0.0.0:8080")),
    ("two workers, no database", NO_SHARE, {"dockerfile": DOCKERFILE.replace('"--bind"', '"--workers", "2", "--bind"')}),
    ("asleep when nobody calls", {**NO_SHARE, "app": {"port": 5000, "min_replicas": 0}}, {}),
    ("a path that is not there", {"app": {"port": 5000, "health_path": "/nowhere"}}, {}),
    ("several copies", {**NO_SHARE, "app": {"port": 5000, "min_replicas": 2, "max_replicas": 3}}, {}),
    ("more memory", {"app": {"port": 5000, "cpu": 0.5, "memory": "1.0Gi"}}, {}),
]


def parameters(rows: Sequence[Illness], daily: Collection[str]) -> list[ParameterSet]:
    """The rows for a test: each day those of `daily` titles, by night all."""
    return [pytest.param(row, id=row.title, marks=() if row.title in daily else pytest.mark.nightly) for row in rows]
