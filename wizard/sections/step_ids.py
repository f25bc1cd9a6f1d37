"""The ids of the steps, each written once: ``section.thing``, as events, journals and ``--json`` carry them.

Steps that there are several of, one a share, a secret or a role, add its name: see their classes in `wizard/steps/`.
"""

RESOURCE_GROUP = "project.resource_group"
BUDGET = "project.budget"
VAULT = "key_vault.vault"
VAULT_ADMINISTRATOR = "key_vault.administrator"
REGISTRY = "registry.registry"
STORAGE_ACCOUNT = "storage.account"
STORAGE_BACKUP = "storage.backup"
ENVIRONMENT = "environment.environment"
IDENTITY = "identity.identity"
APP_IDENTITY = "app.identity"
BEFORE_DEPLOY = "app.before_deploy"
REVISION = "app.revision"
RUNNING = "app.running"
NEW_VALUE = "app.new_value"
PIPELINE_IDENTITY = "pipeline.identity"
PIPELINE_ROLE = "pipeline.role"
PIPELINE_CONNECTION = "pipeline.connection"
PIPELINE_CODE = "pipeline.code"
PIPELINE = "pipeline.pipeline"
IMAGE = "pipeline.image"
PIPELINE_TRUST = "pipeline.trust"
PIPELINE_VARIABLES = "pipeline.variables"
OLD_IMAGES = "revision.old_images"
SECRET = "key_vault.secret."  # noqa: S105 - and the name of the secret


def secret(name: str) -> str:
    """The id of the step that puts a secret into the vault."""
    return f"{SECRET}{name}"
