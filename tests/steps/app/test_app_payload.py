"""What a change of the app sends back of what Azure answered."""

from __future__ import annotations

from azure.mgmt.appcontainers.models import ContainerApp

from wizard.steps.app.writing import writable


def test_only_what_the_api_version_lets_one_write_is_sent_back():
    """Azure answers with members that its specification of the PUT does not have (`delegatedIdentities`), at every depth."""
    container = {"name": "orders", "imageType": "ContainerImage", "env": [{"name": "A", "value": "1", "unknown": 2}]}
    app = ContainerApp(
        {
            "id": "/subscriptions/x",
            "location": "westeurope",
            "tags": {"owner": "me"},
            "properties": {
                "provisioningState": "Succeeded",
                "delegatedIdentities": [],
                "workloadProfileName": "Consumption",
                "template": {"containers": [container]},
            },
        }
    )
    assert writable(app) == {
        "location": "westeurope",
        "tags": {"owner": "me"},
        "properties": {
            "workloadProfileName": "Consumption",
            "template": {"containers": [{"name": "orders", "env": [{"name": "A", "value": "1"}]}]},
        },
    }
