BEGIN TRANSACTION;
CREATE TABLE documents (collection TEXT, key TEXT, document TEXT, PRIMARY KEY (collection, key));
INSERT INTO "documents" VALUES('vault_app_secrets','/subscriptions/5ca082f3-0000-4000-8000-c401184ae3a8/resourceGroups/rg-older-dev/providers/Microsoft.App/containerapps/capp-older-dev','{}');
INSERT INTO "documents" VALUES('vault_secrets','kv-older-dev/api-key','{"name": "api-key", "versions": [{"value": "canary-older-1c7e", "id": "https://kv-older-dev.vault.azure.net/secrets/api-key/e0b35699e78b4509ad88d38411337b9b", "attributes": {"enabled": true, "created": 1796043869, "updated": 1796043869, "recoveryLevel": "CustomizedRecoverable+Purgeable", "recoverableDays": 7}, "tags": {"azwizard-setup": "older-dev", "azwizard-section": "key_vault", "azwizard-project": "older", "azwizard-environment": "dev"}}], "deleted": null}');
COMMIT;
PRAGMA user_version = 0;
