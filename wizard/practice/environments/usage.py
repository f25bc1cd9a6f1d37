"""What environments use, and what a region offers them: quotas and workload profiles."""

from __future__ import annotations

from wizard.practice.arm.context import PracticeCloud
from wizard.practice.arm.regions import region_of
from wizard.practice.arm.resources import GROUP, SUBSCRIPTION, everywhere, read
from wizard.practice.environments import documents as environment_documents
from wizard.practice.kernel.fidelity import recorded, specified
from wizard.practice.kernel.requests import Answer, Request, Router

ENVIRONMENTS = "Microsoft.App/managedEnvironments"
ENVIRONMENT_LIMIT = 50  # in a region, unless the fault `environment-quota` says another number
CORE_LIMIT = 100


class EnvironmentUsage:
    """What is asked about environments besides themselves."""

    def __init__(self, cloud: PracticeCloud) -> None:
        self._cloud = cloud

    def add_to(self, arm: Router) -> None:
        """Serve these reads on management.azure.com."""
        one, add = GROUP + ENVIRONMENTS + "/{name}", arm.add
        add(
            "GET",
            one + "/workloadProfileStates",
            self.workload_profile_states,
            action=f"{ENVIRONMENTS}/workloadProfileStates/read",
            known=recorded("200 with a list"),
        )
        add(
            "GET",
            SUBSCRIPTION + "Microsoft.App/locations/{location}/usages",
            self.usages,
            action="Microsoft.App/locations/usages/read",
            known=recorded("200 with a list"),
        )
        reading = f"{ENVIRONMENTS}/usages/read"
        add("GET", one + "/usages", self.own_usages, action=reading, known=specified("200 with a list"))
        place = SUBSCRIPTION + "Microsoft.App/locations/{location}/availableManagedEnvironmentsWorkloadProfileTypes"
        reading = "Microsoft.App/locations/availableManagedEnvironmentsWorkloadProfileTypes/read"
        add("GET", place, self.workload_profile_types, action=reading, known=recorded("200 with a list"))

    async def workload_profile_states(self, request: Request) -> Answer:
        """GET of how many nodes each workload profile of an environment runs."""
        environment = read(self._cloud, request, ENVIRONMENTS)
        states = [
            {
                "id": f"{environment['id']}/workloadProfileStates/{profile['name']}",
                "name": profile["name"],
                "type": f"{ENVIRONMENTS}/workloadProfileStates",
                "properties": {"currentCount": 0, "minimumCount": 0, "maximumCount": 0},
            }
            for profile in environment["properties"]["workloadProfiles"] or []
        ]
        return Answer(200, {"value": states})

    async def workload_profile_types(self, request: Request) -> Answer:
        """GET of the workload profiles that a region offers."""
        return Answer(200, {"value": [environment_documents.profile_type(request.path, *row) for row in environment_documents.PROFILES]})

    async def usages(self, request: Request) -> Answer:
        """GET of how many environments a region holds, and how many it may."""
        region = region_of(request.names["location"])
        used = sum(region_of(e["location"]) == region for e in everywhere(self._cloud, ENVIRONMENTS))
        limit = int(self._cloud.faults.value("environment-quota") or ENVIRONMENT_LIMIT)
        name = {"value": "ManagedEnvironmentCount", "localizedValue": "Managed Environment Count"}
        usages = [{"unit": "Count", "currentValue": used, "limit": limit, "name": name}]
        if (cores := self._cloud.faults.value("core-quota")) is not None:
            name = {"value": "ManagedEnvironmentConsumptionCores", "localizedValue": "Managed Environment Consumption Cores"}
            usages.append({"unit": "Count", "currentValue": 0, "limit": int(cores), "name": name})
        return Answer(200, {"value": usages})

    async def own_usages(self, request: Request) -> Answer:
        """GET of what one environment uses of its cores."""
        read(self._cloud, request, ENVIRONMENTS)
        name = {"value": "ManagedEnvironmentConsumptionCores", "localizedValue": "Managed Environment Consumption Cores"}
        return Answer(200, {"value": [{"unit": "Count", "currentValue": 0, "limit": CORE_LIMIT, "name": name}]})
