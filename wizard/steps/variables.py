"""Settings: the variables your API finds in its environment, plain ones and those that hold a secret."""

from __future__ import annotations

from typing import TYPE_CHECKING

from wizard.engine.contribution import Contribution

if TYPE_CHECKING:
    from azure.mgmt.appcontainers.models import EnvironmentVar

    from wizard.state.resource_snapshot import ResourceSnapshot


async def recover(snapshot: ResourceSnapshot) -> list[dict[str, str]]:
    """The variables of the app's container, in its order; none before the app has its first version."""
    app = await snapshot.app()
    template = app.properties.template if app and app.properties else None
    containers = (template.containers if template else None) or []
    configuration = app.properties.configuration if app and app.properties else None
    urls = {str(secret.name): str(secret.key_vault_url or "") for secret in (configuration.secrets if configuration else None) or []}
    in_vault = {name: url.rstrip("/").partition("/secrets/")[2].partition("/")[0] for name, url in urls.items()}
    return [_variable(item, in_vault) for item in containers[0].env or []] if containers else []


def _variable(variable: EnvironmentVar, in_vault: dict[str, str]) -> dict[str, str]:
    """One line.

    :param in_vault: what the app calls a secret -> what the vault calls it, which may have capitals.
    """
    if variable.secret_ref:
        return {"name": str(variable.name), "secret": in_vault.get(variable.secret_ref) or variable.secret_ref}
    return {"name": str(variable.name), "value": str(variable.value or "")}


CONTRIBUTION = Contribution(section="variables", recover=recover)
