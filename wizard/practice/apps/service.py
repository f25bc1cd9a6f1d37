"""Everything of container apps that the practice cloud serves: their routes, and what runs, reaches and measures them."""

from __future__ import annotations

from wizard.containers.ledger import LEDGER, Ledger, practice_label
from wizard.practice.apps.container_apps import APPS, DELETE_SECONDS, ContainerApps
from wizard.practice.apps.fleet import Fleet
from wizard.practice.apps.ingress import Ingress
from wizard.practice.apps.jobs import routes as jobs
from wizard.practice.apps.log_streams import LogStreams
from wizard.practice.apps.metrics import routes as metrics
from wizard.practice.apps.metrics.sampler import Sampler
from wizard.practice.apps.revision_routes import RevisionRoutes
from wizard.practice.apps.shapes import APP
from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.resources import GROUP, SUBSCRIPTION, serve_reads
from wizard.practice.environments import operations as app_operations
from wizard.practice.kernel.fidelity import recorded, specified
from wizard.practice.runtime.containers import ContainerRunner
from wizard.practice.runtime.interface import ReplicaRunner


def install(cloud: PracticeCloud) -> None:
    """Serve apps with their revisions, replicas, streams and their own traffic."""
    fleet = Fleet(cloud, _runner(cloud))
    ingress = Ingress(cloud, fleet)
    service = ContainerApps(cloud, fleet, ingress)
    one = GROUP + APPS + "/{name}"
    add = cloud.arm.add
    add("PUT", one, service.put, action=f"{APPS}/write", takes=APP, known=recorded("201 InProgress with Azure-AsyncOperation"))
    add(
        "PATCH",
        one,
        service.patch,
        action=f"{APPS}/write",
        takes=APP,
        known=recorded("202 without a body, with Azure-AsyncOperation and Location"),
    )
    serve_reads(cloud, APPS, one=recorded, group=recorded, subscription=specified)
    add("DELETE", one, service.delete, action=f"{APPS}/delete", known=recorded("202 without a body, with Location"))
    add("POST", one + "/listSecrets", service.list_secrets, action=f"{APPS}/listSecrets/action", known=recorded("200 with values"))
    add("POST", one + "/getAuthtoken", service.auth_token, action=f"{APPS}/getAuthToken/action", known=recorded("200 with a token"))
    add("POST", one + "/start", service.start, action=f"{APPS}/start/action", known=specified("202 with Location"))
    add("POST", one + "/stop", service.stop, action=f"{APPS}/stop/action", known=specified("202 with Location"))
    verification = SUBSCRIPTION + "Microsoft.App/getCustomDomainVerificationId"
    asking = "Microsoft.App/getCustomDomainVerificationId/action"
    add("POST", verification, service.verification_id, action=asking, known=specified("200 with a JSON text"))
    app_operations.serve(cloud, "containerapp")
    cloud.operations.when_done("app", service.provisioned, failed=service.provisioning_failed)
    cloud.operations.when_done("app-delete", service.deleted, failed=service.provisioning_failed)
    cloud.on_group_delete(APPS, service.remove, DELETE_SECONDS)
    RevisionRoutes(cloud, fleet).add_to(cloud.arm)
    executions = jobs.install(cloud, fleet.runner)
    LogStreams(cloud, fleet, executions.console).add_to(cloud.hosts)
    ingress.add_to(cloud.hosts)
    sampler = Sampler(fleet, fleet.metrics)
    metrics.install(cloud, fleet.metrics, sampler)
    cloud.on_close += [sampler.close, fleet.close, executions.close]
    fleet.resume()
    ingress.open_soon()


def _runner(cloud: PracticeCloud) -> ReplicaRunner:
    """What runs replicas: the engine, when there is one."""
    processes = ContainerRunner(cloud.home, environments=cloud.environments)
    if cloud.engine is None:
        return processes
    from wizard.practice.runtime.engine_runner import EngineRunner

    return EngineRunner(cloud.engine, practice_label(cloud.home), Ledger(cloud.home / LEDGER), cloud.home, processes)
