"""Azure Monitor on the practice cloud: what it tells of an app is what really happened at its door and in its copies."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.practice.apps import APP, GROUP, RUN, Deployment, write_api
from wizard.cloud.services.metrics import ERRORS, read_metrics

VERSION = "2024-02-01"
PATH = f"/resourceGroups/{GROUP}/providers/Microsoft.App/containerApps/{APP}"
FAILS = RUN + '\n\n@app.get("/fails")\ndef fails():\n    raise RuntimeError("on purpose")\n'


async def asked(deployment: Deployment, **query: str) -> Any:
    """A question about the app's metrics."""
    parameters = "&".join(f"{key.replace('filter', '$filter')}={value}" for key, value in query.items())
    return await deployment.practice.call("GET", f"{PATH}/providers/microsoft.insights/metrics?{parameters}", version=VERSION)


async def test_what_happened_is_counted_and_measured(deployment: Deployment, tmp_path: Path) -> None:
    await deployment.make_registry(write_api(tmp_path / "api", run=FAILS))
    app = await deployment.deploy(await deployment.body())
    statuses = [(await deployment.fetch(app, path))[0] for path in ("/health", "/nothing", "/fails", "/health")]
    assert statuses == [200, 404, 500, 200]

    async def arm(_method: str, path: str, _version: str) -> Any:
        query = dict(part.split("=") for part in path.partition("?")[2].split("&"))
        answer = await asked(deployment, **{key.replace("$filter", "filter"): value for key, value in query.items()})
        assert answer.status == 200, answer.body
        return answer.body

    values = await read_metrics(arm, "", datetime.now(UTC), 5)
    assert {name: sum(value or 0 for value in values[name]) for name in ("Requests", ERRORS)} == {"Requests": 4.0, ERRORS: 1.0}
    assert max(value or 0 for value in values["Replicas"]) == 1.0
    assert max(value or 0 for value in values["RestartCount"]) == 0.0
    assert all(len(each) == 5 for each in values.values())
    by_status = await asked(deployment, metricnames="requests", aggregation="total", filter="statusCode eq '*'", interval="PT1H")
    (metric,) = by_status.body["value"]
    totals = {series["metadatavalues"][0]["value"]: series["data"][-1]["total"] for series in metric["timeseries"]}
    assert totals == {"200": 2.0, "404": 1.0, "500": 1.0}
    assert (metric["name"]["value"], metric["unit"], by_status.body["namespace"]) == ("Requests", "Count", "microsoft.app/containerapps")


async def test_questions_that_azure_does_not_answer_are_refused(deployment: Deployment) -> None:
    await deployment.deploy(await deployment.body(image="mcr.microsoft.com/k8se/quickstart:latest"))
    for query, words in (
        ({"metricnames": "Requets"}, "Valid metrics: Requests,"),
        ({"metricnames": "Requests", "interval": "PT7M"}, "Detected invalid time grain input"),
        ({"metricnames": "Replicas", "filter": "podName eq '*'"}, "does not support requested dimension combination"),
        ({"timespan": "2026-11-30T10:00:00Z/2026-11-30T09:00:00Z"}, "Start time cannot be equal to or greater"),
        ({"aggregation": "median"}, "median"),
    ):
        answer = await asked(deployment, **query)
        assert (answer.status, answer.body["error"]["code"], words in answer.body["error"]["message"]) == (400, "BadRequest", True)
    missing = await deployment.practice.call("GET", f"{PATH}x/providers/Microsoft.Insights/metrics", version=VERSION)
    assert (missing.status, missing.body["error"]["code"]) == (404, "ResourceNotFound")
